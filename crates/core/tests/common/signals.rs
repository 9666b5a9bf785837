//! Signals and what they say.

use omegasim_core::execution::order::OrderType;
use omegasim_core::execution::side::Side;
use omegasim_core::execution::signal::{Action, Signal};

/// A market order to buy.
pub fn long(time: i64) -> Signal {
    Signal::market(time, 0, Side::Long)
}

/// A market order to sell.
pub fn short(time: i64) -> Signal {
    Signal::market(time, 0, Side::Short)
}

/// A pending order.
pub fn pending(time: i64, side: Side, order_type: OrderType, price: f64) -> Signal {
    Signal { order_type, price: Some(price), ..Signal::market(time, 0, side) }
}

/// A buy limit.
pub fn buy_limit(time: i64, price: f64) -> Signal {
    pending(time, Side::Long, OrderType::Limit, price)
}

/// A sell limit.
pub fn sell_limit(time: i64, price: f64) -> Signal {
    pending(time, Side::Short, OrderType::Limit, price)
}

/// A buy stop.
pub fn buy_stop(time: i64, price: f64) -> Signal {
    pending(time, Side::Long, OrderType::Stop, price)
}

/// A sell stop.
pub fn sell_stop(time: i64, price: f64) -> Signal {
    pending(time, Side::Short, OrderType::Stop, price)
}

/// A buy stop that goes on as a limit.
pub fn buy_stop_limit(time: i64, price: f64, limit_price: f64) -> Signal {
    Signal { limit_price: Some(limit_price), ..pending(time, Side::Long, OrderType::StopLimit, price) }
}

/// A request about what stands.
pub fn request(time: i64, action: Action) -> Signal {
    Signal { action, side: None, ..long(time) }
}

/// A request to close.
pub fn close(time: i64) -> Signal {
    request(time, Action::Close)
}

/// A request to cancel.
pub fn cancel(time: i64) -> Signal {
    request(time, Action::Cancel)
}

/// A request to modify.
pub fn modify(time: i64) -> Signal {
    request(time, Action::Modify)
}

/// What a signal says besides.
pub trait Terms: Sized {
    /// The signal, changed.
    fn with(self, change: impl FnOnce(&mut Signal)) -> Self;

    fn stop_loss(self, level: f64) -> Self {
        self.with(|signal| signal.stop_loss = Some(level))
    }
    fn take_profit(self, level: f64) -> Self {
        self.with(|signal| signal.take_profit = Some(level))
    }
    fn volume(self, lots: f64) -> Self {
        self.with(|signal| signal.volume = Some(lots))
    }
    fn risk(self, money: f64) -> Self {
        self.with(|signal| signal.risk = Some(money))
    }
    fn magic(self, magic: i64) -> Self {
        self.with(|signal| signal.magic = magic)
    }
    fn ticket(self, ticket: u64) -> Self {
        self.with(|signal| signal.ticket = Some(ticket))
    }
    fn fraction(self, fraction: f64) -> Self {
        self.with(|signal| signal.fraction = fraction)
    }
    fn expires(self, time: i64) -> Self {
        self.with(|signal| signal.expires = Some(time))
    }
    fn trail(self, pips: f64) -> Self {
        self.with(|signal| signal.trail_pips = Some(pips))
    }
    fn break_even(self, pips: f64) -> Self {
        self.with(|signal| signal.break_even_pips = Some(pips))
    }
    fn max_holding(self, duration: i64) -> Self {
        self.with(|signal| signal.max_holding = Some(duration))
    }
    fn oco(self, group: i64) -> Self {
        self.with(|signal| signal.oco = Some(group))
    }
    fn of_symbol(self, symbol: u32) -> Self {
        self.with(|signal| signal.symbol = symbol)
    }
}

impl Terms for Signal {
    fn with(mut self, change: impl FnOnce(&mut Signal)) -> Self {
        change(&mut self);
        self
    }
}
