//! The columns of a signals table as a caller has them (S).

use crate::column::Column;
use crate::execution::signal::Signal;

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
    pub(super) fn first(&self, condition: impl Fn(T) -> bool) -> Option<(usize, T)> {
        if self.valid.is_some() {
            return self.rows().find(|&(_, value)| condition(value));
        }
        let values = self.values.as_slice();
        // Mostly there is none: the compiler looks at many at once.
        if values.iter().fold(0, |any, &value| any | -i64::from(condition(value))) == 0 {
            return None;
        }
        values.iter().position(|&value| condition(value)).map(|row| (row, values[row]))
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = (usize, T)> + '_ {
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

impl SignalColumns {
    /// Signals as columns, but for symbol, action, side and order type: a table has those as they are.
    pub(super) fn of_signals(rows: &[Signal], times: Vec<i64>, tags: Vec<String>) -> Self {
        Self {
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
            ..Self::default()
        }
    }
}

/// None where no row has a value.
fn column<T: Copy + Default>(rows: &[Signal], value: impl Fn(&Signal) -> Option<T>) -> Option<Values<T>> {
    let values: Vec<Option<T>> = rows.iter().map(value).collect();
    values.iter().any(Option::is_some).then(|| values.into())
}

/// None where every row has the value that a missing column means.
fn unless<T: Copy + Default + PartialEq>(usual: T, rows: &[Signal], value: impl Fn(&Signal) -> T) -> Option<Values<T>> {
    column(rows, |row| Some(value(row)).filter(|value| *value != usual))
}
