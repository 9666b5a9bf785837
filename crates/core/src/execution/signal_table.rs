//! The signals of a run as a checked table of columns (S, S1).

use crate::column::Column;
use crate::error::Error;
use crate::execution::order::OrderType;
use crate::execution::signal::{Action, Signal};
use crate::execution::signal_rows::{Cells, SignalRows};
use crate::market::side::Side;
use std::sync::Arc;

/// Values of a column with nulls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values<T> {
    /// One a row; what stands at a null has no meaning.
    pub values: Column<T>,
    /// Which rows hold a value; `None` where all do.
    pub valid: Option<Vec<bool>>,
}

impl<T: Copy> Values<T> {
    /// The value of a row, where it has one.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<T> {
        match &self.valid {
            Some(valid) if !valid[row] => None,
            _ => Some(self.values.as_slice()[row]),
        }
    }

    /// The first row with a value that satisfies a condition.
    fn first(&self, condition: impl Fn(T) -> bool) -> Option<(usize, T)> {
        if self.valid.is_some() {
            return self.rows().find(|&(_, value)| condition(value));
        }
        let values = self.values.as_slice();
        values.iter().position(|&value| condition(value)).map(|row| (row, values[row]))
    }

    fn rows(&self) -> impl Iterator<Item = (usize, T)> + '_ {
        (0..self.values.len()).filter_map(|row| self.get(row).map(|value| (row, value)))
    }
}

impl<T: Copy + Default> From<Vec<Option<T>>> for Values<T> {
    fn from(rows: Vec<Option<T>>) -> Self {
        let valid = rows.iter().any(Option::is_none).then(|| rows.iter().map(Option::is_some).collect());
        let values: Vec<T> = rows.into_iter().map(Option::unwrap_or_default).collect();
        Self { values: values.into(), valid }
    }
}

/// Text of a column: each row points at a word or is null.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct Text {
    pub rows: Vec<Option<u32>>,
    pub words: Vec<String>,
}

impl Text {
    /// The text of a row, where it has one.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        self.rows[row].map(|word| self.words[word as usize].as_str())
    }
}

impl<'a> FromIterator<Option<&'a str>> for Text {
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(texts: I) -> Self {
        let mut known = std::collections::BTreeMap::<&str, u32>::new();
        let mut words: Vec<String> = Vec::new();
        // Most rows say what the row before them said.
        let mut last: Option<(&str, u32)> = None;
        let rows = texts.into_iter().map(|text| {
            let text = text?;
            let word = match last {
                Some((same, word)) if same == text => word,
                _ => *known.entry(text).or_insert_with(|| {
                    words.push(text.into());
                    words.len() as u32 - 1
                }),
            };
            last = Some((text, word));
            Some(word)
        });
        let rows = rows.collect();
        Self { rows, words }
    }
}

/// Directions as words, or as 1 and -1.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs)]
pub enum Directions {
    Words(Text),
    Numbers(Values<i64>),
}

/// The columns as a caller has them, before any check; only `time` must be there.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct SignalColumns {
    pub time: Values<i64>,
    pub symbol: Option<Text>,
    pub action: Option<Text>,
    pub direction: Option<Directions>,
    pub order_type: Option<Text>,
    pub price: Option<Values<f64>>,
    pub limit_price: Option<Values<f64>>,
    pub stop_loss: Option<Values<f64>>,
    pub take_profit: Option<Values<f64>>,
    pub stop_loss_pips: Option<Values<f64>>,
    pub take_profit_pips: Option<Values<f64>>,
    pub volume: Option<Values<f64>>,
    pub risk: Option<Values<f64>>,
    pub magic: Option<Values<i64>>,
    pub ticket: Option<Values<u64>>,
    pub fraction: Option<Values<f64>>,
    pub expires: Option<Values<i64>>,
    pub trail_pips: Option<Values<f64>>,
    pub trail_start_pips: Option<Values<f64>>,
    pub trail_step_pips: Option<Values<f64>>,
    pub break_even_pips: Option<Values<f64>>,
    pub break_even_offset_pips: Option<Values<f64>>,
    pub max_holding: Option<Values<i64>>,
    pub oco: Option<Values<i64>>,
    pub tag: Option<Text>,
}

/// Signals that passed S1, sorted by time, in columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SignalTable {
    symbols: Arc<Vec<String>>,
    symbol: Arc<Vec<u32>>,
    ordinal: Arc<Vec<u32>>,
    action: Option<Arc<Vec<Action>>>,
    side: Arc<Vec<Option<Side>>>,
    order_type: Option<Arc<Vec<OrderType>>>,
    /// Numbers, times and tags; what was turned into the columns above is gone from it.
    rest: SignalColumns,
}

impl SignalTable {
    /// S1: checks every column; `symbols` are those of the run, in order.
    ///
    /// # Errors
    /// Names column and first row of a breach.
    pub fn check(mut columns: SignalColumns, symbols: &[String]) -> Result<Self, Error> {
        let rows = columns.time.values.len();
        check_size(rows)?;
        check_lengths(&columns, rows)?;
        check_times(&columns.time)?;
        check_numbers(&columns)?;
        check_pairs(&columns, rows)?;
        let symbol = symbol_indices(columns.symbol.take(), symbols, rows)?;
        let action = columns.action.take().map(|text| words("action", &text, action_of, Action::Open)).transpose()?;
        let order_type = columns.order_type.take();
        let order_type =
            order_type.map(|text| words("order_type", &text, order_type_of, OrderType::Market)).transpose()?;
        let side = sides(columns.direction.take(), rows)?;
        let ordinal = ordinals(columns.time.values.as_slice(), &symbol, symbols.len());
        let table = Self {
            symbols: Arc::new(symbols.to_vec()),
            symbol: Arc::new(symbol),
            ordinal: Arc::new(ordinal),
            action: action.map(Arc::new),
            side: Arc::new(side),
            order_type: order_type.map(Arc::new),
            rest: columns,
        };
        table.check_opens()?;
        Ok(table)
    }

    /// S1: the same signals with number columns of other tables, each row as the named row there.
    ///
    /// # Errors
    /// As `check`.
    pub fn with_numbers<'a>(&self, columns: impl Iterator<Item = (&'a SignalColumns, usize)>) -> Result<Self, Error> {
        let mut table = self.clone();
        let mut moves_prices = false;
        for (values, row) in columns {
            moves_prices |= values.price.is_some() || values.limit_price.is_some();
            table.rest = table.rest.with_constants(values, row);
        }
        check_numbers(&table.rest)?;
        check_pairs(&table.rest, table.len())?;
        if moves_prices {
            table.check_opens()?;
        }
        Ok(table)
    }

    /// A table of rows that are known to be sound; ordinals are counted anew.
    #[must_use]
    pub fn from_rows(rows: Vec<Signal>, tags: Vec<String>) -> Self {
        let count = rows.iter().map(|row| row.symbol as usize + 1).max().unwrap_or(0);
        let times: Vec<i64> = rows.iter().map(|row| row.time).collect();
        let symbol: Vec<u32> = rows.iter().map(|row| row.symbol).collect();
        Self {
            symbols: Arc::new((0..count).map(|index| index.to_string()).collect()),
            ordinal: Arc::new(ordinals(&times, &symbol, count)),
            symbol: Arc::new(symbol),
            action: Some(Arc::new(rows.iter().map(|row| row.action).collect())),
            side: Arc::new(rows.iter().map(|row| row.side).collect()),
            order_type: Some(Arc::new(rows.iter().map(|row| row.order_type).collect())),
            rest: columns_of(&rows, times, tags),
        }
    }

    /// How many signals there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.symbol.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.symbol.is_empty()
    }

    /// T3: the time of a row's signal.
    #[must_use]
    pub fn time(&self, row: usize) -> i64 {
        self.times()[row]
    }

    /// The times of all rows; they never fall.
    #[must_use]
    pub fn times(&self) -> &[i64] {
        self.rest.time.values.as_slice()
    }

    /// Index of a row's symbol in the run.
    #[must_use]
    pub fn symbol(&self, row: usize) -> u32 {
        self.symbol[row]
    }

    /// The symbols of the run.
    #[must_use]
    pub fn symbols(&self) -> &[String] {
        &self.symbols
    }

    /// The labels that tag indices point at.
    #[must_use]
    pub fn tags(&self) -> &[String] {
        self.rest.tag.as_ref().map_or(&[], |text| &text.words)
    }

    /// What a row's signal does.
    #[must_use]
    pub fn action(&self, row: usize) -> Action {
        self.action.as_ref().map_or(Action::Open, |actions| actions[row])
    }

    /// How a row's order waits.
    #[must_use]
    pub fn order_type(&self, row: usize) -> OrderType {
        self.order_type.as_ref().map_or(OrderType::Market, |types| types[row])
    }

    /// The direction of a row, where it has one.
    #[must_use]
    pub fn side(&self, row: usize) -> Option<Side> {
        self.side[row]
    }

    /// Its columns, looked up once.
    #[must_use]
    pub fn rows(&self) -> SignalRows<'_> {
        let rest = &self.rest;
        SignalRows {
            time: rest.time.values.as_slice(),
            symbol: &self.symbol,
            ordinal: &self.ordinal,
            action: self.action.as_deref().map_or(&[], Vec::as_slice),
            side: &self.side,
            order_type: self.order_type.as_deref().map_or(&[], Vec::as_slice),
            price: Cells::of(&rest.price),
            limit_price: Cells::of(&rest.limit_price),
            stop_loss: Cells::of(&rest.stop_loss),
            take_profit: Cells::of(&rest.take_profit),
            stop_loss_pips: Cells::of(&rest.stop_loss_pips),
            take_profit_pips: Cells::of(&rest.take_profit_pips),
            volume: Cells::of(&rest.volume),
            risk: Cells::of(&rest.risk),
            magic: Cells::of(&rest.magic),
            ticket: Cells::of(&rest.ticket),
            fraction: Cells::of(&rest.fraction),
            expires: Cells::of(&rest.expires),
            trail_pips: Cells::of(&rest.trail_pips),
            trail_start_pips: Cells::of(&rest.trail_start_pips),
            trail_step_pips: Cells::of(&rest.trail_step_pips),
            break_even_pips: Cells::of(&rest.break_even_pips),
            break_even_offset_pips: Cells::of(&rest.break_even_offset_pips),
            max_holding: Cells::of(&rest.max_holding),
            oco: Cells::of(&rest.oco),
            tag: rest.tag.as_ref().map_or(&[], |text| &text.rows),
        }
    }

    /// S1: what an `open` needs: a direction, and the levels of a pending order.
    fn check_opens(&self) -> Result<(), Error> {
        for row in (0..self.len()).filter(|&row| self.action(row) == Action::Open) {
            let order_type = self.order_type(row);
            if self.side[row].is_none() {
                return Err(wrong("direction", row, "missing; an open needs \"long\" or \"short\""));
            }
            if order_type != OrderType::Market && at(&self.rest.price, row).is_none() {
                return Err(wrong("price", row, &format!("missing; a {} order needs it", order_type.name())));
            }
            if order_type == OrderType::StopLimit && at(&self.rest.limit_price, row).is_none() {
                return Err(wrong("limit_price", row, "missing; a stop_limit order needs it"));
            }
        }
        Ok(())
    }
}

fn at<T: Copy>(column: &Option<Values<T>>, row: usize) -> Option<T> {
    column.as_ref().and_then(|values| values.get(row))
}

fn wrong(column: &str, row: usize, message: &str) -> Error {
    Error::SignalColumn { column: column.into(), row: Some(row), message: message.into() }
}

fn check_size(rows: usize) -> Result<(), Error> {
    let limit = u32::MAX as usize;
    if rows > limit {
        return Err(Error::TooManyRows { table: "signals".into(), rows, limit });
    }
    Ok(())
}

fn check_lengths(columns: &SignalColumns, rows: usize) -> Result<(), Error> {
    let texts = [
        ("symbol", columns.symbol.as_ref()),
        ("action", columns.action.as_ref()),
        ("order_type", columns.order_type.as_ref()),
        ("tag", columns.tag.as_ref()),
    ];
    let integers = [
        ("magic", columns.magic.as_ref()),
        ("expires", columns.expires.as_ref()),
        ("max_holding", columns.max_holding.as_ref()),
        ("oco", columns.oco.as_ref()),
    ];
    let direction = columns.direction.as_ref().map(|directions| match directions {
        Directions::Words(text) => text.rows.len(),
        Directions::Numbers(values) => values.values.len(),
    });
    let mut lengths = vec![("direction", direction), ("ticket", columns.ticket.as_ref().map(|c| c.values.len()))];
    lengths.extend(texts.map(|(name, text)| (name, text.map(|text| text.rows.len()))));
    lengths.extend(integers.map(|(name, values)| (name, values.map(|values| values.values.len()))));
    lengths.extend(numbers(columns).map(|(name, values, _)| (name, values.map(|values| values.values.len()))));
    let wrong = lengths.into_iter().find_map(|(name, length)| length.filter(|&l| l != rows).map(|l| (name, l)));
    wrong.map_or(Ok(()), |(column, found)| {
        Err(Error::ColumnLength { symbol: "signals".into(), column: column.into(), expected: rows, found })
    })
}

fn check_times(times: &Values<i64>) -> Result<(), Error> {
    if let Some(row) = times.valid.as_ref().and_then(|valid| valid.iter().position(|valid| !valid)) {
        return Err(wrong("time", row, "null; a signal needs a time"));
    }
    let slice = times.values.as_slice();
    match slice.windows(2).position(|pair| pair[0] > pair[1]) {
        None => Ok(()),
        Some(row) => Err(Error::SignalsUnsorted { row: row + 1, time: slice[row + 1], previous: slice[row] }),
    }
}

/// What S1 asks of a number beyond being finite.
#[derive(Clone, Copy)]
enum Range {
    Finite,
    Above0,
    AtLeast0,
    Fraction,
}

impl Range {
    /// A value that holds lies between these.
    fn bounds(self) -> (f64, f64) {
        match self {
            Self::Finite => (f64::NEG_INFINITY, f64::INFINITY),
            Self::Above0 => (0.0, f64::INFINITY),
            Self::AtLeast0 => (0_f64.next_down(), f64::INFINITY),
            Self::Fraction => (0.0, 1_f64.next_up()),
        }
    }

    fn expected(self) -> &'static str {
        match self {
            Self::Finite => "a finite number",
            Self::Above0 => "a finite number above 0",
            Self::AtLeast0 => "a finite number of at least 0",
            Self::Fraction => "a number above 0 and at most 1",
        }
    }
}

type Number<'a> = (&'static str, Option<&'a Values<f64>>, Range);

fn numbers(columns: &SignalColumns) -> [Number<'_>; 14] {
    [
        ("price", columns.price.as_ref(), Range::Finite),
        ("limit_price", columns.limit_price.as_ref(), Range::Finite),
        ("stop_loss", columns.stop_loss.as_ref(), Range::Finite),
        ("take_profit", columns.take_profit.as_ref(), Range::Finite),
        ("stop_loss_pips", columns.stop_loss_pips.as_ref(), Range::Above0),
        ("take_profit_pips", columns.take_profit_pips.as_ref(), Range::Above0),
        ("volume", columns.volume.as_ref(), Range::Above0),
        ("risk", columns.risk.as_ref(), Range::AtLeast0),
        ("fraction", columns.fraction.as_ref(), Range::Fraction),
        ("trail_pips", columns.trail_pips.as_ref(), Range::Above0),
        ("trail_start_pips", columns.trail_start_pips.as_ref(), Range::AtLeast0),
        ("trail_step_pips", columns.trail_step_pips.as_ref(), Range::AtLeast0),
        ("break_even_pips", columns.break_even_pips.as_ref(), Range::Above0),
        ("break_even_offset_pips", columns.break_even_offset_pips.as_ref(), Range::Finite),
    ]
}

/// S1: NaN and infinity anywhere, and what is out of range.
fn check_numbers(columns: &SignalColumns) -> Result<(), Error> {
    for (name, values, range) in numbers(columns) {
        let (above, below) = range.bounds();
        let found = values.and_then(|values| values.first(|value| !(value > above && value < below)));
        if let Some((row, value)) = found {
            return Err(wrong(name, row, &format!("{value}; expected {}", range.expected())));
        }
    }
    let holding = columns.max_holding.as_ref();
    match holding.and_then(|values| values.rows().find(|&(_, value)| value <= 0)) {
        Some((row, value)) => Err(wrong("max_holding", row, &format!("{value} ns; expected more than 0"))),
        None => Ok(()),
    }
}

/// S1: a level and a distance together; a break-even offset that reaches its trigger.
fn check_pairs(columns: &SignalColumns, rows: usize) -> Result<(), Error> {
    let both = |level: &Option<Values<f64>>, distance: &Option<Values<f64>>| {
        let both = level.is_some() && distance.is_some();
        (0..if both { rows } else { 0 }).find(|&row| at(level, row).is_some() && at(distance, row).is_some())
    };
    if let Some(row) = both(&columns.stop_loss, &columns.stop_loss_pips) {
        return Err(wrong("stop_loss_pips", row, "given together with stop_loss; expected one of the two"));
    }
    if let Some(row) = both(&columns.take_profit, &columns.take_profit_pips) {
        return Err(wrong("take_profit_pips", row, "given together with take_profit; expected one of the two"));
    }
    let Some(triggers) = &columns.break_even_pips else { return Ok(()) };
    let reached = triggers.rows().find_map(|(row, trigger)| {
        at(&columns.break_even_offset_pips, row)
            .filter(|&offset| offset >= trigger)
            .map(|offset| (row, trigger, offset))
    });
    reached.map_or(Ok(()), |(row, trigger, offset)| {
        Err(wrong("break_even_offset_pips", row, &format!("{offset}; expected less than break_even_pips, {trigger}")))
    })
}

fn symbol_indices(column: Option<Text>, symbols: &[String], rows: usize) -> Result<Vec<u32>, Error> {
    let missing = |row| match symbols.len() {
        1 => Ok(0),
        _ => Err(wrong("symbol", row, &format!("missing; expected one of {}", symbols.join(", ")))),
    };
    let Some(text) = column else {
        return if rows == 0 { Ok(Vec::new()) } else { missing(0).map(|index| vec![index; rows]) };
    };
    let known: Vec<Option<u32>> = text
        .words
        .iter()
        .map(|word| symbols.iter().position(|symbol| symbol == word).map(|index| index as u32))
        .collect();
    let index = |(row, word): (usize, &Option<u32>)| match *word {
        None => missing(row),
        Some(word) => known[word as usize].ok_or_else(|| {
            let found = &text.words[word as usize];
            wrong("symbol", row, &format!("unknown symbol {found:?}; expected one of {}", symbols.join(", ")))
        }),
    };
    text.rows.iter().enumerate().map(index).collect()
}

/// Meanings of a column of words; a null has the default one.
fn words<T: Copy>(
    column: &str,
    text: &Text,
    meaning: impl Fn(&str) -> Result<T, &'static str>,
    default: T,
) -> Result<Vec<T>, Error> {
    let meanings: Vec<_> = text.words.iter().map(|word| meaning(word)).collect();
    let value = |(row, word): (usize, &Option<u32>)| match *word {
        None => Ok(default),
        Some(word) => meanings[word as usize]
            .map_err(|expected| wrong(column, row, &format!("{:?}; expected {expected}", text.words[word as usize]))),
    };
    text.rows.iter().enumerate().map(value).collect()
}

fn action_of(word: &str) -> Result<Action, &'static str> {
    match word {
        "open" => Ok(Action::Open),
        "close" => Ok(Action::Close),
        "modify" => Ok(Action::Modify),
        "cancel" => Ok(Action::Cancel),
        _ => Err("open, close, modify or cancel"),
    }
}

fn order_type_of(word: &str) -> Result<OrderType, &'static str> {
    match word {
        "market" => Ok(OrderType::Market),
        "limit" => Ok(OrderType::Limit),
        "stop" => Ok(OrderType::Stop),
        "stop_limit" => Ok(OrderType::StopLimit),
        _ => Err("market, limit, stop or stop_limit"),
    }
}

const DIRECTIONS: &str = "long or short, buy or sell, 1 or -1";

fn side_of(word: &str) -> Result<Option<Side>, &'static str> {
    match word {
        "long" | "buy" | "1" => Ok(Some(Side::Long)),
        "short" | "sell" | "-1" => Ok(Some(Side::Short)),
        _ => Err(DIRECTIONS),
    }
}

fn sides(column: Option<Directions>, rows: usize) -> Result<Vec<Option<Side>>, Error> {
    let number = |values: &Values<i64>, row: usize| match values.get(row) {
        None => Ok(None),
        Some(1) => Ok(Some(Side::Long)),
        Some(-1) => Ok(Some(Side::Short)),
        Some(other) => Err(wrong("direction", row, &format!("{other}; expected {DIRECTIONS}"))),
    };
    match column {
        None => Ok(vec![None; rows]),
        Some(Directions::Words(text)) => words("direction", &text, side_of, None),
        Some(Directions::Numbers(values)) => (0..rows).map(|row| number(&values, row)).collect(),
    }
}

/// L4: position among the signals of the same symbol and time.
fn ordinals(times: &[i64], symbol: &[u32], symbols: usize) -> Vec<u32> {
    let mut counts: Vec<(Option<i64>, u32)> = vec![(None, 0); symbols];
    let ordinal = |(&time, &symbol): (&i64, &u32)| {
        let (last, count) = &mut counts[symbol as usize];
        if *last != Some(time) {
            (*last, *count) = (Some(time), 0);
        }
        *count += 1;
        *count - 1
    };
    times.iter().zip(symbol).map(ordinal).collect()
}

fn columns_of(rows: &[Signal], times: Vec<i64>, tags: Vec<String>) -> SignalColumns {
    /// None where no row has a value.
    fn column<T: Copy + Default>(rows: &[Signal], value: impl Fn(&Signal) -> Option<T>) -> Option<Values<T>> {
        let values: Vec<Option<T>> = rows.iter().map(value).collect();
        values.iter().any(Option::is_some).then(|| values.into())
    }
    /// None where every row has the value that a missing column means.
    fn unless<T: Copy + Default + PartialEq>(
        usual: T,
        rows: &[Signal],
        value: impl Fn(&Signal) -> T,
    ) -> Option<Values<T>> {
        column(rows, |row| Some(value(row)).filter(|value| *value != usual))
    }
    SignalColumns {
        time: Values { values: times.into(), valid: None },
        price: column(rows, |row| row.price),
        limit_price: column(rows, |row| row.limit_price),
        stop_loss: column(rows, |row| row.stop_loss),
        take_profit: column(rows, |row| row.take_profit),
        stop_loss_pips: column(rows, |row| row.stop_loss_pips),
        take_profit_pips: column(rows, |row| row.take_profit_pips),
        volume: column(rows, |row| row.volume),
        risk: column(rows, |row| row.risk),
        magic: unless(0, rows, |row| row.magic),
        ticket: column(rows, |row| row.ticket),
        fraction: unless(1.0, rows, |row| row.fraction),
        expires: column(rows, |row| row.expires),
        trail_pips: column(rows, |row| row.trail_pips),
        trail_start_pips: unless(0.0, rows, |row| row.trail_start_pips),
        trail_step_pips: unless(0.0, rows, |row| row.trail_step_pips),
        break_even_pips: column(rows, |row| row.break_even_pips),
        break_even_offset_pips: unless(0.0, rows, |row| row.break_even_offset_pips),
        max_holding: column(rows, |row| row.max_holding),
        oco: column(rows, |row| row.oco),
        tag: Some(Text { rows: rows.iter().map(|row| row.tag).collect(), words: tags }),
        ..SignalColumns::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn e1_6001_a_table_has_more_rows_than_can_be_counted() {
        let error = check_size(u32::MAX as usize + 1).unwrap_err();
        assert_eq!(error.code(), 6001);
        assert_eq!(error.to_string(), "signals: 4294967296 rows; at most 4294967295 are possible");
    }
}
