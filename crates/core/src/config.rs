//! The settings of one run, the same in Python, TOML and JSON.

use crate::account::margin::Margin;
use crate::bounds::{above, at_least, wrong, wrong_text};
use crate::calendar::start_of_date;
use crate::costs::commission::Commission;
use crate::costs::slippage::Slippage;
use crate::costs::swap::{Rollover, Swaps};
use crate::error::Error;
use crate::execution::rules::Rules;
use crate::execution::sizing::Sizing;
use crate::instrument::Instrument;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// A whole run's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Whose money.
    pub account: Account,
    /// What may be traded.
    pub instruments: Vec<Instrument>,
    /// The execution rules.
    #[serde(default)]
    pub rules: Rules,
    /// How risk becomes volume.
    pub sizing: Sizing,
    /// What a fill costs.
    #[serde(default)]
    pub costs: Costs,
    /// Start of the counter-based generator (L4).
    #[serde(default)]
    pub seed: u64,
}

/// The account a run starts with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Currency of all money.
    pub currency: String,
    /// Decimal digits of booked fees.
    #[serde(default = "two")]
    pub digits: u32,
    /// Balance at the start.
    pub balance: f64,
    /// Notional per margin.
    #[serde(default = "thirty")]
    pub leverage: f64,
    /// A3: equity over margin below which positions are closed.
    #[serde(default = "half")]
    pub stop_out_level: f64,
    /// A5: what a second order of a symbol does.
    #[serde(default)]
    pub mode: Mode,
    /// F1: the currency through which two pairs convert.
    #[serde(default = "dollar")]
    pub hub: String,
    /// F1: constant rates by pair, such as `EURUSD`.
    #[serde(default)]
    pub rates: BTreeMap<String, f64>,
    /// F2: hours after which a rate that moves is too old.
    #[serde(default)]
    pub stale_limit_hours: Option<f64>,
}

/// A5: whether every order makes its own position.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every `open` makes its own position.
    #[default]
    Hedging,
    /// One position a symbol.
    Netting,
}

/// What a fill costs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Costs {
    /// L3: the slippage model.
    pub slippage: Slippage,
    /// C1: the commission.
    pub commission: Commission,
    /// C3: when days roll over, for instruments with swaps.
    pub swap: Rollover,
    /// C2: stress on commissions.
    pub cost_multiplier: f64,
    /// C2: stress on slippage.
    pub slippage_multiplier: f64,
    /// C2: stress on spreads.
    pub spread_multiplier: f64,
}

impl Default for Costs {
    fn default() -> Self {
        Self {
            slippage: Slippage::None,
            commission: Commission::default(),
            swap: Rollover::default(),
            cost_multiplier: 1.0,
            slippage_multiplier: 1.0,
            spread_multiplier: 1.0,
        }
    }
}

fn dollar() -> String {
    "USD".into()
}
fn two() -> u32 {
    2
}
fn thirty() -> f64 {
    30.0
}
fn half() -> f64 {
    0.5
}

impl Config {
    /// Reads a configuration and checks every number in it.
    ///
    /// # Errors
    /// `Error::Config` names the field and what was expected.
    pub fn from_json(text: &str) -> Result<Self, Error> {
        let config: Self = serde_json::from_str(text).map_err(|error| {
            let text = error.to_string();
            // The text is made by programs: its lines and columns help nobody.
            let message = text.split_once(" at line ").map_or(text.as_str(), |(message, _)| message);
            Error::Config { field: "settings".into(), message: message.into() }
        })?;
        config.check()?;
        Ok(config)
    }

    /// Checks every number against its range.
    ///
    /// # Errors
    /// `Error::Config` names the first field that is out of range.
    pub fn check(&self) -> Result<(), Error> {
        at_least("account.balance", self.account.balance, 0.0)?;
        above("account.leverage", self.account.leverage, 0.0)?;
        at_least("account.stop_out_level", self.account.stop_out_level, 0.0)?;
        for (pair, rate) in &self.account.rates {
            above(format_args!("account.rates.{pair}"), *rate, 0.0)?;
            if pair.len() != 6 || !pair.is_ascii() {
                return Err(wrong_text(
                    format_args!("account.rates.{pair}"),
                    "expected a pair of two currencies such as EURUSD",
                ));
            }
        }
        if let Some(hours) = self.account.stale_limit_hours {
            above("account.stale_limit_hours", hours, 0.0)?;
        }
        if self.account.digits > 8 {
            return Err(wrong("account.digits", "a whole number from 0 to 8", f64::from(self.account.digits)));
        }
        if self.instruments.is_empty() {
            return Err(Error::Config {
                field: "instruments".into(),
                message: "expected at least one instrument".into(),
            });
        }
        for (index, instrument) in self.instruments.iter().enumerate() {
            check_instrument(index, instrument)?;
            if self.instruments[..index].iter().any(|other| other.symbol == instrument.symbol) {
                return Err(Error::Config {
                    field: format!("instruments[{index}].symbol"),
                    message: format!("{:?} is given twice", instrument.symbol),
                });
            }
        }
        self.rules.check()?;
        self.sizing.check()?;
        self.costs.check()
    }
}

impl Costs {
    fn check(&self) -> Result<(), Error> {
        self.slippage.check()?;
        self.commission.check()?;
        self.swap.calendar()?;
        at_least("costs.cost_multiplier", self.cost_multiplier, 0.0)?;
        at_least("costs.slippage_multiplier", self.slippage_multiplier, 0.0)?;
        at_least("costs.spread_multiplier", self.spread_multiplier, 0.0)
    }
}

/// What messages call a field of an instrument.
struct InstrumentField {
    index: usize,
    name: &'static str,
}

impl Display for InstrumentField {
    fn fmt(&self, out: &mut Formatter) -> fmt::Result {
        write!(out, "instruments[{}].{}", self.index, self.name)
    }
}

fn check_instrument(index: usize, instrument: &Instrument) -> Result<(), Error> {
    let field = |name| InstrumentField { index, name };
    above(field("tick_size"), instrument.tick_size, 0.0)?;
    above(field("pip_size"), instrument.pip_size, 0.0)?;
    above(field("contract_size"), instrument.contract_size, 0.0)?;
    // Volumes have eight decimals (Z3).
    at_least(field("volume_min"), instrument.volume_min, 1e-8)?;
    at_least(field("volume_step"), instrument.volume_step, 1e-8)?;
    at_least(field("volume_max"), instrument.volume_max, instrument.volume_min)?;
    at_least(field("stops_level"), instrument.stops_level, 0.0)?;
    if let Some(value) = instrument.tick_value {
        above(field("tick_value"), value, 0.0)?;
    }
    check_conditions(field(""), instrument.margin.as_ref(), instrument.swaps.as_ref())?;
    let mut last = None;
    for (number, dated) in instrument.history.iter().enumerate() {
        let name = format!("{}history[{number}].", field(""));
        let from = start_of_date(&dated.from).map_err(|text| wrong_text(format_args!("{name}from"), &text))?;
        if last.is_some_and(|last| from <= last) {
            return Err(wrong_text(format_args!("{name}from"), "expected a later date than that of the entry before"));
        }
        last = Some(from);
        check_conditions(&name, dated.margin.as_ref(), dated.swaps.as_ref())?;
        if let Some(commission) = &dated.commission {
            commission.check()?;
        }
    }
    Ok(())
}

fn check_conditions(field: impl Display, margin: Option<&Margin>, swaps: Option<&Swaps>) -> Result<(), Error> {
    if let Some(margin) = margin {
        margin.check(&format!("{field}margin"))?;
    }
    if let Some(swaps) = swaps {
        swaps.check(&format!("{field}swaps"))?;
    }
    Ok(())
}
