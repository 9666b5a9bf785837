//! Hashes of a result in a fixed encoding (R2).
//!
//! Numbers are little-endian, text carries its length, an absent value is a zero byte and a present one follows
//! a byte of one. Symbols and tags go in by name, so that runs which number them differently still agree.

use crate::portfolio::journal::Event;
use crate::portfolio::result::RunResult;
use crate::portfolio::trade::Trade;
use blake3::{Hash, Hasher};

/// R2: one hash over the hashes of trades, events and equity.
#[must_use]
pub fn fingerprint(result: &RunResult) -> String {
    Hashes::of(result).fingerprint()
}

/// R2: the hashes of the tables of a result.
pub struct Hashes {
    trades: Hash,
    events: Hash,
    equity: Hash,
}

impl Hashes {
    /// Hashes every table once.
    #[must_use]
    pub fn of(result: &RunResult) -> Self {
        Self { trades: trades(result), events: events(result), equity: equity(result) }
    }

    /// One hash over the three.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hasher = Hasher::new();
        hasher.update(b"omegasim run 1");
        for hash in [self.trades, self.events, self.equity] {
            hasher.update(hash.as_bytes());
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The hash of the trades table.
    #[must_use]
    pub fn trades(&self) -> String {
        self.trades.to_hex().to_string()
    }

    /// The hash of the events table.
    #[must_use]
    pub fn events(&self) -> String {
        self.events.to_hex().to_string()
    }

    /// The hash of the equity table.
    #[must_use]
    pub fn equity(&self) -> String {
        self.equity.to_hex().to_string()
    }
}

/// The hash of a text.
#[must_use]
pub fn text_hash(text: &str) -> String {
    blake3::hash(text.as_bytes()).to_hex().to_string()
}

fn trades(result: &RunResult) -> Hash {
    let mut encoder = Encoder::new("trades", result.trades.len());
    for trade in &result.trades {
        encode_trade(&mut encoder, trade, result);
    }
    encoder.finish()
}

fn encode_trade(encoder: &mut Encoder, trade: &Trade, result: &RunResult) {
    encoder.unsigned(trade.ticket);
    encoder.name(&result.symbols, trade.symbol);
    encoder.integers(&[trade.magic]);
    encoder.text(trade.side.name());
    encoder.text(trade.order_type.name());
    encoder.integers(&[trade.signal_time, trade.entry_time, trade.exit_time]);
    encoder.numbers(&[trade.entry_price, trade.exit_price]);
    encoder.optionals(&[trade.initial_stop_loss, trade.stop_loss, trade.take_profit]);
    encoder.numbers(&[trade.volume, trade.risk, trade.risk_per_trade, trade.result, trade.commission, trade.swap]);
    encoder.numbers(&[trade.net, trade.r_multiple]);
    encoder.text(trade.reason.name());
    encoder.flag(trade.ambiguous);
    encoder.flag(trade.gap);
    encoder.numbers(&[trade.mae, trade.mfe, trade.slippage_entry, trade.slippage_exit]);
    encoder.tag(&result.tags, trade.tag);
}

fn events(result: &RunResult) -> Hash {
    let mut encoder = Encoder::new("events", result.events.len());
    for event in &result.events {
        encode_event(&mut encoder, event, result);
    }
    encoder.finish()
}

fn encode_event(encoder: &mut Encoder, event: &Event, result: &RunResult) {
    encoder.integers(&[event.time]);
    encoder.text(event.kind.name());
    encoder.flag(event.ticket.is_some());
    encoder.unsigned(event.ticket.unwrap_or(0));
    encoder.name(&result.symbols, event.symbol);
    encoder.integers(&[event.magic]);
    encoder.optionals(&[event.price, event.volume, event.amount, event.rate]);
    encoder.text(event.reason.map_or("", |reason| reason.name()));
    encoder.numbers(&[event.balance]);
    encoder.tag(&result.tags, event.tag);
}

fn equity(result: &RunResult) -> Hash {
    let table = &result.equity;
    let mut encoder = Encoder::new("equity", table.time.len());
    encoder.column(&table.time, |time| time.to_le_bytes());
    for column in [&table.balance, &table.equity, &table.margin, &table.drawdown] {
        encoder.column(column, |value| value.to_le_bytes());
    }
    encoder.finish()
}

/// Feeds eight-byte values in blocks, little end first on every platform.
pub(crate) fn hash_column<T: Copy>(hasher: &mut Hasher, values: &[T], bytes: impl Fn(T) -> [u8; 8]) {
    const BLOCK: usize = 2048;
    let mut buffer = [0; BLOCK * 8];
    for block in values.chunks(BLOCK) {
        let words = &mut buffer[..block.len() * 8];
        for (word, &value) in words.chunks_exact_mut(8).zip(block) {
            word.copy_from_slice(&bytes(value));
        }
        hasher.update(words);
    }
}

/// Feeds values to a hash in blocks.
pub(crate) struct Encoder {
    hasher: Hasher,
    buffer: Vec<u8>,
}

impl Encoder {
    const BLOCK: usize = 1 << 16;

    pub(crate) fn new(table: &str, rows: usize) -> Self {
        let mut encoder = Self { hasher: Hasher::new(), buffer: Vec::with_capacity(Self::BLOCK + 64) };
        encoder.text(table);
        encoder.unsigned(rows as u64);
        encoder
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        if self.buffer.len() >= Self::BLOCK {
            self.hasher.update(&self.buffer);
            self.buffer.clear();
        }
    }

    fn column<T: Copy>(&mut self, values: &[T], bytes: impl Fn(T) -> [u8; 8]) {
        self.hasher.update(&self.buffer);
        self.buffer.clear();
        hash_column(&mut self.hasher, values, bytes);
    }

    fn unsigned(&mut self, value: u64) {
        self.bytes(&value.to_le_bytes());
    }

    fn integers(&mut self, values: &[i64]) {
        values.iter().for_each(|value| self.bytes(&value.to_le_bytes()));
    }

    fn numbers(&mut self, values: &[f64]) {
        values.iter().for_each(|value| self.bytes(&value.to_bits().to_le_bytes()));
    }

    pub(crate) fn flag(&mut self, value: bool) {
        self.bytes(&[u8::from(value)]);
    }

    fn optionals(&mut self, values: &[Option<f64>]) {
        for value in values {
            self.flag(value.is_some());
            self.numbers(value.as_slice());
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.unsigned(text.len() as u64);
        self.bytes(text.as_bytes());
    }

    fn name(&mut self, names: &[String], index: u32) {
        self.text(names.get(index as usize).map_or("", String::as_str));
    }

    fn tag(&mut self, tags: &[String], tag: Option<u32>) {
        self.flag(tag.is_some());
        if let Some(tag) = tag {
            self.name(tags, tag);
        }
    }

    pub(crate) fn finish(mut self) -> Hash {
        self.hasher.update(&self.buffer);
        self.hasher.finalize()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::execution::order::OrderType;
    use crate::execution::position::ExitReason;
    use crate::market::side::Side;
    use crate::portfolio::equity::EquityTable;
    use crate::portfolio::journal::EventKind;
    use std::sync::Arc;

    fn trade(ticket: u64, symbol: u32, tag: Option<u32>) -> Trade {
        Trade {
            ticket,
            symbol,
            magic: 7,
            side: Side::Short,
            order_type: OrderType::Stop,
            signal_time: 1,
            entry_time: 2,
            exit_time: 3,
            entry_price: 1.1,
            exit_price: 1.2,
            initial_stop_loss: Some(1.3),
            stop_loss: None,
            take_profit: None,
            volume: 0.1,
            risk: 10.0,
            risk_per_trade: 11.0,
            risk_causes: crate::portfolio::risk_causes::RiskCauses::default(),
            result: -5.0,
            commission: 1.0,
            swap: 0.0,
            net: -6.0,
            r_multiple: -0.5,
            reason: ExitReason::StopLoss,
            ambiguous: false,
            gap: true,
            mae: -6.0,
            mfe: 2.0,
            slippage_entry: 0.0,
            slippage_exit: 0.0,
            tag,
        }
    }

    fn event(reason: Option<crate::portfolio::journal::Reason>) -> Event {
        Event {
            time: 1,
            kind: EventKind::Filled,
            ticket: Some(1),
            symbol: 0,
            magic: 0,
            price: Some(1.1),
            volume: None,
            reason,
            amount: None,
            rate: None,
            balance: 100.0,
            tag: None,
        }
    }

    fn run() -> RunResult {
        RunResult {
            symbols: vec!["A".into(), "B".into()],
            tags: vec!["x".into()],
            trades: vec![trade(1, 0, Some(0)), trade(2, 1, None)],
            events: vec![event(None)],
            equity: Arc::new(EquityTable {
                time: vec![1].into(),
                balance: vec![2.0],
                equity: vec![3.0],
                margin: vec![4.0],
                drawdown: vec![0.0],
            }),
            ..RunResult::default()
        }
    }

    #[test]
    fn r2_the_numbering_of_symbols_and_tags_does_not_matter() {
        let mut other = run();
        other.symbols = vec!["B".into(), "A".into()];
        other.tags = vec!["unused".into(), "x".into()];
        other.trades = vec![trade(1, 1, Some(1)), trade(2, 0, None)];
        other.events[0].symbol = 1;
        assert_eq!(fingerprint(&run()), fingerprint(&other));
    }

    #[test]
    fn r2_every_table_counts() {
        let base = run();
        let changes: [fn(&mut RunResult); 4] = [
            |run| run.trades[1].mfe = 2.0 + 4e-16,
            |run| run.events[0] = event(Some(crate::portfolio::journal::Reason::Oco)),
            |run| Arc::make_mut(&mut run.equity).margin[0] = -4.0,
            |run| run.trades[1].stop_loss = Some(0.0),
        ];
        for change in changes {
            let mut changed = run();
            change(&mut changed);
            assert_ne!(fingerprint(&base), fingerprint(&changed));
        }
    }

    #[test]
    fn r2_only_the_table_that_changed_has_another_hash() {
        let mut changed = run();
        Arc::make_mut(&mut changed.equity).time = vec![9].into();
        let (before, after) = (Hashes::of(&run()), Hashes::of(&changed));
        assert_eq!(before.trades(), after.trades());
        assert_eq!(before.events(), after.events());
        assert_ne!(before.equity(), after.equity());
    }
}
