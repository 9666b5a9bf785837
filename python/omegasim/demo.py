"""The demonstration: a year of made-up EURUSD minutes and a simple strategy."""

from datetime import datetime
from pathlib import Path

import polars as pl

from omegasim.batch import Work, work_of
from omegasim.config import Account, Config
from omegasim.costs import Commission, Costs, Slippage
from omegasim.data.synthetic import synthetic_bars
from omegasim.instrument import Instrument
from omegasim.rules import Rules
from omegasim.sizing import Sizing

DAYS = 260


def demo_config() -> Config:
    """Settings of the demonstration."""
    eurusd = Instrument(
        symbol="EURUSD",
        base="EUR",
        quote="USD",
        tick_size=1e-5,
        pip_size=1e-4,
        contract_size=100_000.0,
        volume_min=0.01,
        volume_step=0.01,
        volume_max=200.0,
    )
    return Config(
        account=Account(currency="USD", balance=100_000.0, leverage=30.0),
        instruments=(eurusd,),
        rules=Rules.preset("default", max_positions=1),
        sizing=Sizing.risk_amount(100.0),
        costs=Costs(slippage=Slippage.uniform(0.1, 0.2), commission=Commission.per_lot(2.5)),
        seed=42,
    )


def crossover_signals(bars: pl.DataFrame, fast: int = 240, slow: int = 1440) -> pl.DataFrame:
    """Follow the crossing of two moving averages of the mid price, with a stop at 20 and a target at 30 pips."""
    mid = (pl.col("bid_close") + pl.col("ask_close")) / 2
    above = mid.rolling_mean(fast) > mid.rolling_mean(slow)
    crossed = bars.select("time", above=above).filter(pl.col("above") != pl.col("above").shift())
    return crossed.select(
        "time",
        direction=pl.when("above").then(pl.lit("long")).otherwise(pl.lit("short")),
        stop_loss_pips=pl.lit(20.0),
        take_profit_pips=pl.lit(30.0),
        tag=pl.lit("crossover"),
    )


def demo_work() -> Work:
    """Bars, signals and settings, ready to run."""
    config = demo_config()
    bars = synthetic_bars(config.instruments[0], bars=DAYS * 1440, start="2024-01-01", seed=42)
    return work_of(bars, crossover_signals(bars.frame), config, ticks=None, finer=None, equity="bars")


def demo_folder(parent: Path) -> Path:
    """A folder name that no run has yet."""
    name = f"demo-{datetime.now():%Y%m%d-%H%M%S}"
    candidates = (parent / (name if count == 1 else f"{name}-{count}") for count in range(1, 1_000))
    return next(path for path in candidates if not path.exists())
