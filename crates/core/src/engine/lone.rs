//! Passing over whole trades that meet nothing else from their entry to their exit.

use crate::engine::feed::Feed;
use crate::execution::signal_rows::SignalRows;
use crate::execution::simulator::lone::{Arrival, Lone, Stretch};
use crate::execution::simulator::Simulator;
use crate::market::span::Span;

impl Feed<'_> {
    /// Lives through such trades, and the rows between them, for as long as nothing else comes; how many rows it took.
    pub(super) fn pass_alone(&mut self, signals: &SignalRows, simulator: &mut Simulator, ahead: &Span) -> usize {
        let symbol = self.symbol;
        if !simulator.lives_alone(symbol) {
            return 0;
        }
        let rows = ahead.first_rows(simulator.rows_of_terms(symbol, ahead));
        let stretch = Stretch { symbol, tick: self.ticks, rows, signals };
        // Rows behind, and those of them whose equity is written down.
        let (mut row, mut marked) = (0, 0);
        while let Some(signal) = self.next_sole(&stretch, &mut row, rows.len()) {
            match simulator.enter_alone(&stretch, marked, row, signal) {
                Arrival::Unclear => break,
                Arrival::Refused => {
                    self.schedule.take_first();
                    row += 1;
                }
                Arrival::Held(lone) => {
                    self.schedule.take_first();
                    let gone;
                    (row, gone) = self.hold_alone(&stretch, simulator, lone);
                    marked = row;
                    if !gone {
                        break;
                    }
                    // The account is flat from the end of the exit's bar on.
                    marked -= 1;
                }
            }
        }
        simulator.pass_over(symbol, &rows.part(marked..row));
        row
    }

    /// Lives through the rows of a position; the next row, and whether the position is gone by then.
    fn hold_alone(&mut self, stretch: &Stretch, simulator: &mut Simulator, mut lone: Lone) -> (usize, bool) {
        let (mut row, until) = (lone.row + 1, lone.exit.unwrap_or(stretch.rows.len()));
        if simulator.is_silent() && until > row {
            let refused = |magic| lone.is_at_limit(magic);
            self.schedule.drop_unheard(&stretch.rows.part(row..until), stretch.signals, refused);
        }
        let crowding = if simulator.is_silent() { None } else { simulator.crowding(stretch.symbol, &lone) };
        let turned_away = |row, signal| simulator.turns_away_beside(&lone, crowding.as_ref(), stretch, row, signal);
        row = self.schedule.hand_on(&stretch.rows, row..until, stretch.signals, turned_away);
        let leaves = row == until
            && lone.exit.is_some()
            && self.schedule.awake_from(stretch.signals) > stretch.rows.times()[until];
        if leaves {
            simulator.leave_alone(&mut lone, stretch, row);
            self.schedule.pass(1);
            (row + 1, true)
        } else {
            simulator.keep_in_book(lone, stretch, row);
            (row, false)
        }
    }

    /// Goes on to the next row before `until` at which signals act; the market order that acts there alone.
    fn next_sole(&mut self, stretch: &Stretch, row: &mut usize, until: usize) -> Option<usize> {
        let (rows, signals) = (&stretch.rows, stretch.signals);
        let next = self.schedule.next_at_open(signals);
        let from = next.map_or_else(|| self.schedule.awake_from(signals), |next| next.from);
        let near = *row < until && rows.times()[until - 1] >= from;
        let due = if near { rows.rows_before(*row, from) } else { until };
        self.schedule.pass((due - *row) as u64);
        *row = due;
        next.filter(|_| due < until)?.sole_market_order(rows.times()[due], signals)
    }
}
