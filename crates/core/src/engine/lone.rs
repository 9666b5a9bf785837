//! Passing over whole trades that meet nothing else from their entry to their exit.

use crate::engine::course::Course;
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
        let Some(mut course) = self.schedule.course(signals, ahead) else {
            return 0;
        };
        let rows = ahead.first_rows(simulator.rows_of_terms(symbol, ahead));
        let stretch = Stretch { symbol, tick: self.ticks, rows, signals };
        // Rows behind, and those of them whose equity is written down.
        let (mut row, mut marked) = (0, 0);
        loop {
            row = course.due(&rows, row);
            let Some(signal) = course.sole_market_order(&rows, row) else { break };
            match simulator.enter_alone(&stretch, marked, row, signal) {
                Arrival::Unclear => break,
                Arrival::Refused => {
                    course.take(1);
                    row += 1;
                }
                Arrival::Held(lone) => {
                    course.take(1);
                    let gone;
                    (row, gone) = hold_alone(&mut course, &stretch, simulator, &lone);
                    marked = row;
                    if !gone {
                        break;
                    }
                    // The account is flat from the end of the exit's bar on.
                    marked -= 1;
                }
            }
        }
        let taken = course.taken();
        self.schedule.leave_behind(taken, row);
        simulator.pass_over(symbol, &rows.part(marked..row));
        row
    }
}

/// Lives through the rows of a position; the next row, and whether the position is gone by then.
#[inline(always)]
fn hold_alone(course: &mut Course, stretch: &Stretch, simulator: &mut Simulator, lone: &Lone) -> (usize, bool) {
    let (rows, start, until) = (&stretch.rows, lone.row + 1, lone.exit.unwrap_or(stretch.rows.len()));
    let crowding = if !simulator.is_silent() {
        simulator.crowding(stretch.symbol, lone)
    } else {
        course.drop_unheard(start..until, |magic| lone.is_at_limit(magic));
        None
    };
    let opens = rows.opens();
    let turned_away =
        |row, signal| simulator.turns_away_beside(lone, crowding.as_ref(), stretch, opens.at(row), row, signal);
    let row = course.hand_on(rows, start..until, turned_away);
    let due = course.due(rows, row);
    let leaves = row == until && lone.exit.is_some() && due > until;
    if leaves {
        course.fetch_next(rows, due);
        simulator.leave_alone(lone, stretch, row);
    } else {
        simulator.keep_in_book(lone, stretch, row);
    }
    (row + usize::from(leaves), leaves)
}
