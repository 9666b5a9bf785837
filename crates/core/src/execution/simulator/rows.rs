//! What is pending and what is open, as rows of tables (O2).

use super::{Simulator, SymbolState};
use crate::column::Column;
use crate::execution::position::Position;
use crate::portfolio::result::{OrderRow, PositionRow, RunResult};
use std::sync::Arc;

impl Simulator {
    /// Pending orders by ticket.
    #[must_use]
    pub fn order_rows(&self) -> Vec<OrderRow> {
        let mut rows: Vec<OrderRow> = Vec::new();
        for (symbol, state) in self.symbols.iter().enumerate() {
            rows.extend(state.book.orders().map(|order| OrderRow {
                ticket: order.ticket,
                symbol: symbol as u32,
                magic: order.magic,
                side: order.side,
                order_type: order.order_type,
                signal_time: order.signal_time,
                price: order.price,
                limit_price: order.limit_price,
                stop_loss: order.stop_loss,
                take_profit: order.take_profit,
                volume: order.volume,
                expires: order.expires,
                oco: order.oco,
                tag: order.tag,
            }));
        }
        rows.sort_by_key(|row| row.ticket);
        rows
    }

    /// Open positions by ticket.
    #[must_use]
    pub fn position_rows(&self) -> Vec<PositionRow> {
        let mut rows: Vec<PositionRow> = Vec::new();
        for (symbol, state) in self.symbols.iter().enumerate() {
            rows.extend(state.book.positions().map(|position| state.row(symbol, position)));
        }
        rows.sort_by_key(|row| row.ticket);
        rows
    }

    /// The oldest open position of a symbol with a magic number.
    pub(crate) fn oldest_position(&self, symbol: usize, magic: i64) -> Option<PositionRow> {
        let state = &self.symbols[symbol];
        let oldest = state.book.positions().filter(|position| position.magic == magic).min_by_key(|one| one.ticket);
        oldest.map(|position| state.row(symbol, position))
    }

    /// What the run leaves; times and steps are the engine's to fill in.
    #[must_use]
    pub fn into_result(mut self, tags: Vec<String>) -> RunResult {
        self.hand_over(tags)
    }

    /// The same without a copy: the simulator's own tables are empty then.
    pub(crate) fn hand_over(&mut self, tags: Vec<String>) -> RunResult {
        let mut trades = std::mem::take(&mut self.trades);
        // O1: symbols drilled one after the other close out of order in time.
        trades.sort_by_key(|trade| trade.exit_time);
        RunResult {
            symbols: self.symbols.iter().map(|state| state.instrument.symbol.clone()).collect(),
            tags,
            orders: self.order_rows(),
            open_positions: self.position_rows(),
            initial_balance: self.config.account.balance,
            balance: self.balance,
            first_time: None,
            last_time: None,
            steps: 0,
            drilled: self.drilled,
            undrilled: self.undrilled,
            stale_rates: std::mem::take(&mut self.stale_rates),
            trades,
            events: std::mem::take(&mut self.events),
            equity: Arc::new(self.equity.take_table()),
        }
    }

    /// Makes room for an equity row at each time of a series.
    pub fn expect_equity(&mut self, times: &Column<i64>) {
        self.equity.expect(times);
    }

    /// Makes room for trades.
    pub fn reserve_trades(&mut self, trades: usize) {
        self.trades.reserve(trades);
    }

    /// Makes room for events.
    pub fn reserve_events(&mut self, events: usize) {
        self.events.reserve(events);
    }

    /// Whether nobody reads the events.
    #[must_use]
    pub(crate) fn is_silent(&self) -> bool {
        self.silent
    }

    /// From now on no events are written.
    pub fn stop_journal(&mut self) {
        self.silent = true;
        self.events = Vec::new();
    }
}

impl SymbolState {
    fn row(&self, symbol: usize, position: &Position) -> PositionRow {
        PositionRow {
            ticket: position.ticket,
            symbol: symbol as u32,
            magic: position.magic,
            side: position.side,
            order_type: position.order_type,
            signal_time: position.signal_time,
            entry_time: position.entry_time,
            entry_price: position.entry_price,
            initial_stop_loss: position.initial_stop_loss,
            stop_loss: position.stop_loss,
            take_profit: position.take_profit,
            volume: position.volume,
            risk: position.risk.left,
            risk_per_trade: position.risk_per_trade.left,
            commission: position.commission.left,
            swap: position.swap.left,
            open_profit: position.profit_at(position.side.exit_price(self.quote), position.volume, self.unit)
                * self.rate,
            tag: position.tag,
        }
    }
}
