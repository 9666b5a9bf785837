//! A bar replayed on finer data (I5).

use super::{Moment, Only, Simulator, StepBar};
use crate::execution::rules::Intrabar;
use crate::market::quote::{Bar, Point};
use crate::market::series::Series;

impl Simulator {
    /// I5: B2 to B6 on each finer step of the bar; the whole bar under `worst` where there are none.
    pub(super) fn drill(&mut self, item: &StepBar) {
        let coarse_time = self.time;
        self.replay(item.symbol, &item.bar, item.timeframe, item.finer);
        self.time = coarse_time;
        // F1: the symbols that follow in this step still stand at its beginning.
        self.refresh_rates(coarse_time);
    }

    fn replay(&mut self, symbol: usize, bar: &Bar, timeframe: i64, finer: &[Series]) {
        let rows =
            finer.first().map_or(0..0, |series| series.rows_between(bar.time, bar.time.saturating_add(timeframe)));
        let Some((series, deeper)) = finer.split_first().filter(|_| !rows.is_empty()) else {
            self.undrilled += 1;
            return self.finer_step(symbol, bar, timeframe, false);
        };
        self.drilled += 1;
        for row in rows {
            let step = series.bar(row);
            let until = step.time.saturating_add(series.timeframe() - 1);
            let goes_deeper = !series.is_ticks() && !deeper.is_empty() && !self.symbols[symbol].is_quiet(&step, until);
            if goes_deeper {
                self.replay(symbol, &step, series.timeframe(), deeper);
            } else {
                self.finer_step(symbol, &step, series.timeframe(), series.is_ticks());
            }
        }
    }

    /// B2 to B6 of one finer step, the equity point excepted.
    fn finer_step(&mut self, symbol: usize, bar: &Bar, timeframe: i64, tick: bool) {
        let moment = Moment { symbol, bar: *bar, tick, model: Intrabar::Worst, only: Only::All, counts: true };
        self.time = bar.time;
        self.step += 1;
        self.refresh_rates(bar.time);
        self.symbols[symbol].quote = bar.quote(Point::Open);
        self.before_inside(&moment);
        self.inside(&moment);
        self.symbols[symbol].quote = bar.quote(Point::Close);
        self.refresh_rates(bar.time.saturating_add(timeframe));
        self.close_of_bar(&moment);
        self.stop_out();
        self.tidy(symbol);
    }
}
