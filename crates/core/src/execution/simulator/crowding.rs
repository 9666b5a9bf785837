//! S2: orders that the limit of positions refuses for certain, told from few of their numbers.

use super::lone::Lone;
use super::Simulator;
use crate::account::margin::Bound;
use crate::costs::commission::Leg;
use crate::costs::slippage::Slippage;
use crate::execution::signal_rows::SignalRows;
use crate::execution::sizing::{sized_volume, BelowMin, SizingKind};
use crate::market::quote::Quote;

/// More than a volume grows on its way to the grid, in lots.
const ROUNDED: f64 = 1e-6;
/// More than doubles lose on the way, as a part.
const NOISE: f64 = 1e-9;

/// What makes an order beside a lone position so sound that nothing is left to refuse it but the limit of positions.
#[derive(Clone, Copy, Debug)]
pub struct Crowding {
    pip_size: f64,
    tick_size: f64,
    /// How far apart a level and the price that it is checked against have to be.
    clear: f64,
    /// Below this price the account could carry what follows.
    price: f64,
    /// Volumes that a sizing by risk may come to.
    volumes: [f64; 2],
    /// Whether the volume of an order that asks for no risk is one that could be carried.
    fits: bool,
    /// Z5: money that an order risks which does not say itself.
    risk: Option<f64>,
    /// Money of one lot for a price move of one.
    move_of_one: f64,
}

impl Crowding {
    /// Whether the limit of positions refuses a market order of the position's magic number, and no check before it
    /// does; `false` where it takes all the checks to know.
    #[inline(always)]
    pub(super) fn refuses(&self, signals: &SignalRows, signal: usize, price: f64, market: Quote) -> bool {
        let spread = market.ask - market.bid;
        let [stop_loss, take_profit] = signals.pips(signal).map(|pips| pips.map(|pips| pips * self.pip_size));
        let sound = |away: f64, gap: f64| (gap > self.clear) & (away + self.clear < price);
        let sized = match (signals.risk(signal).or(self.risk), stop_loss) {
            (Some(money), Some(away)) => self.is_sized(money, away),
            (Some(_), None) => true,
            (None, _) => self.fits,
        };
        sized
            & signals.is_plain(signal)
            & (price < self.price)
            & stop_loss.is_none_or(|away| sound(away, away - spread))
            & take_profit.is_none_or(|away| sound(away, away + spread))
    }

    /// Z2: whether money over the loss of one lot is a volume that could be carried, wherever the stop loss goes to on
    /// the grid.
    #[inline(always)]
    fn is_sized(&self, money: f64, away: f64) -> bool {
        let [least, most] = self.volumes;
        let [nearest, farthest] = [away - self.tick_size, away + self.tick_size].map(|away| away * self.move_of_one);
        (money < most * nearest) & (money > least * farthest)
    }
}

impl Simulator {
    /// S2: what is certain of orders beside a position, up to its exit; `None` where nothing is.
    ///
    /// A level goes to the grid by at most half a tick, as does the nearest one that `stops_level` allows: more than
    /// two ticks apart, they stay in their order. What the account can carry at some price it can carry at a lower one,
    /// and its equity is never less than at the levels of the position, which no row up to its exit touches.
    pub fn crowding(&self, symbol: usize, lone: &Lone) -> Option<Crowding> {
        let (sizing, state) = (&self.config.sizing, &self.symbols[symbol]);
        if self.config.costs.slippage != Slippage::None {
            return None;
        }
        let (instrument, price) = (&state.instrument, 2.0 * lone.entry_price());
        let most = self.carried_beside(symbol, lone, price)?;
        let least = match sizing.below_min {
            BelowMin::Reject => instrument.volume_min * (1.0 + NOISE),
            BelowMin::Min if instrument.volume_min <= most => 0.0,
            BelowMin::Min => return None,
        };
        let fixed = (sizing.kind == SizingKind::FixedLots).then_some(sizing.amount);
        let fixed = fixed.and_then(|amount| sized_volume(instrument, amount, sizing.below_min));
        Some(Crowding {
            pip_size: instrument.pip_size,
            tick_size: instrument.tick_size,
            clear: (instrument.stops_level + 2.0) * instrument.tick_size + NOISE * price,
            price,
            volumes: [least, most * (1.0 - NOISE)],
            fits: fixed.is_some_and(|volume| volume <= most),
            // What depends on the equity is not known here, and no number is like that.
            risk: sizing.risk(self.balance, || f64::NAN),
            move_of_one: state.unit * state.rate,
        })
    }

    /// A3: a volume that the account could carry beside a position at any price up to this one.
    fn carried_beside(&self, symbol: usize, lone: &Lone, price: f64) -> Option<f64> {
        if !self.checks_margin() {
            return Some(f64::MAX);
        }
        let state = &self.symbols[symbol];
        let needed = |volume: f64| {
            let bound = Bound { side: lone.side(), volume, entry_price: price };
            state.margin_alone(bound, self.config.account.leverage) + self.fee(symbol, Leg::Entry, volume, price)
        };
        let free = self.marks(symbol).equity(lone.worst_quote()?) - state.margin;
        let volume = free / needed(1.0) / 2.0;
        (needed(volume + ROUNDED) <= free).then_some(volume)
    }
}
