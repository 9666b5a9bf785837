//! Which of the execution model's choices a run makes.

use crate::bounds::at_least;
use crate::error::Error;
use crate::time::parse_timeframe;
use serde::{Deserialize, Serialize};

/// The choices of the execution model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rules {
    /// Where the values come from; `legacy` switches to the replaced simulator's rules (V).
    pub preset: Preset,
    /// G1: the quote that a stop entry watches.
    pub stop_trigger: StopTrigger,
    /// G2: where a gap through a level fills.
    pub gap_fill: GapFill,
    /// G2: where a gap through a take profit fills.
    pub take_profit_gap: GapFill,
    /// G2: where a gap through a limit fills.
    pub limit_gap: GapFill,
    /// I: what happens inside a bar.
    pub intrabar: Intrabar,
    /// S2: what becomes of a pending order beyond the market.
    pub beyond: Beyond,
    /// T8: when market orders fill.
    pub market_fill: MarketFill,
    /// T3: timeframe of the bars that signals were computed from.
    pub signal_timeframe: Option<String>,
    /// L6: bars, or milliseconds on ticks, by which a signal acts later.
    pub delay: u32,
    /// G5: pips by which exits are touched early.
    pub pip_buffer_factor: f64,
    /// L1: whether limits and take profits slip too.
    pub slippage_on_limits: bool,
    /// S2: limit of open positions per symbol and magic number.
    pub max_positions: Option<u32>,
    /// A3: when margin is checked.
    pub margin_check: MarginCheck,
    /// M7: what becomes of positions open at the end.
    pub end_of_data: EndOfData,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            preset: Preset::Default,
            stop_trigger: StopTrigger::Opposite,
            gap_fill: GapFill::Open,
            take_profit_gap: GapFill::Open,
            limit_gap: GapFill::Open,
            intrabar: Intrabar::Worst,
            beyond: Beyond::Fill,
            market_fill: MarketFill::NextOpen,
            signal_timeframe: None,
            delay: 0,
            pip_buffer_factor: 0.0,
            slippage_on_limits: false,
            max_positions: None,
            margin_check: MarginCheck::Close,
            end_of_data: EndOfData::Close,
        }
    }
}

impl Rules {
    /// The rules of a preset.
    #[must_use]
    pub fn preset(preset: Preset) -> Self {
        let rules = Self { preset, ..Self::default() };
        match preset {
            Preset::Default => rules,
            Preset::Metatrader => Self {
                stop_trigger: StopTrigger::FillSide,
                beyond: Beyond::Reject,
                intrabar: Intrabar::Candle,
                ..rules
            },
            Preset::Legacy => Self {
                stop_trigger: StopTrigger::FillSide,
                gap_fill: GapFill::Level,
                pip_buffer_factor: 0.5,
                margin_check: MarginCheck::Off,
                end_of_data: EndOfData::Keep,
                ..rules
            },
        }
    }

    /// Whether the replaced simulator's rules (V1 to V10) apply.
    #[must_use]
    pub fn legacy(&self) -> bool {
        self.preset == Preset::Legacy
    }

    /// Checks every number.
    ///
    /// # Errors
    /// `Error::Config` names the field.
    pub fn check(&self) -> Result<(), Error> {
        at_least("rules.pip_buffer_factor", self.pip_buffer_factor, 0.0)?;
        self.signal_lag().map(|_| ())
    }

    /// T3: how long after its time a signal is known.
    ///
    /// # Errors
    /// `Error::Config` where `signal_timeframe` is no timeframe.
    pub fn signal_lag(&self) -> Result<SignalLag, Error> {
        match self.signal_timeframe.as_deref() {
            None => Ok(SignalLag::NextBar),
            Some("tick") => Ok(SignalLag::NextTick),
            Some(name) => parse_timeframe(name)
                .map(SignalLag::Timeframe)
                .map_err(|error| Error::Config { field: "rules.signal_timeframe".into(), message: error.to_string() }),
        }
    }
}

/// T3: when a signal is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignalLag {
    /// At the end of its bar: the first bar strictly later.
    NextBar,
    /// At once: the first tick strictly later.
    NextTick,
    /// A timeframe after its time.
    Timeframe(i64),
}

/// Named sets of rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Preset {
    #[default]
    Default,
    Metatrader,
    Legacy,
}

/// G1: the quote that a stop entry watches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopTrigger {
    /// A long waits for the bid, a short for the ask.
    #[default]
    Opposite,
    /// The side that the entry fills on.
    FillSide,
}

/// G2: where a gap through a level fills.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum GapFill {
    /// At the open, for better and for worse.
    #[default]
    Open,
    /// At the level, as if there had been no gap.
    Level,
}

/// I: what happens inside a bar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Intrabar {
    /// I1, I2: the stop loss first.
    #[default]
    Worst,
    /// I3: the take profit first.
    Best,
    /// I4: open, high, low, close.
    Ohlc,
    /// I4: open, low, high, close.
    Olhc,
    /// I4: the extreme nearer to the open first.
    Nearest,
    /// I4: by the colour of the candle.
    Candle,
    /// I5: replayed on finer data.
    Drill,
}

impl Intrabar {
    /// Whether prices walk a path inside the bar (I4).
    #[must_use]
    pub fn is_path(self) -> bool {
        matches!(self, Self::Ohlc | Self::Olhc | Self::Nearest | Self::Candle)
    }
}

/// S2: what becomes of a pending order beyond the market at its arrival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Beyond {
    /// G3: fills at once at the open.
    #[default]
    Fill,
    /// Rejected as `invalid_price`.
    Reject,
}

/// T8: when market orders fill.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarketFill {
    /// At the open of the next bar.
    #[default]
    NextOpen,
    /// At the close of the signal's bar.
    SignalClose,
}

/// A3: when margin is checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarginCheck {
    /// At entry and at the close of each bar.
    #[default]
    Close,
    /// At entry and at the price of each bar that is worst for the account.
    WorstPrice,
    /// Never.
    Off,
}

/// M7: what becomes of positions open at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum EndOfData {
    /// Closed at the last close.
    #[default]
    Close,
    /// Listed in `open_positions`.
    Keep,
}
