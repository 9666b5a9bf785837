"""Mean reversion on hours, in calm markets, with the trend of the days: twelve years of EURUSD.

A price that fell far below its Kalman mean is bought, one that rose far above it is sold, if the GARCH volatility is
usual and the trend of the closed days points that way. Back at the mean the position is closed.
Needs a folder of recorded data: `python examples/mean_reversion.py DIR`.
"""

import sys
from pathlib import Path

import polars as pl

import omegasim as om

EURUSD = om.Instrument(
    symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4, contract_size=100_000.0,
    volume_min=0.01, volume_step=0.01, volume_max=200.0,
)  # fmt: skip
CONFIG = om.Config(
    account=om.Account(currency="USD", balance=100_000.0),
    instruments=[EURUSD],
    rules=om.Rules.preset("default", max_positions=1),
    sizing=om.Sizing.risk_amount(500.0),
    costs=om.Costs(slippage=om.Slippage.fixed(0.1), commission=om.Commission.per_lot(2.5)),
)
PROCESS, OBSERVATION = 1e-7, 1e-5
"""Variances of the Kalman filter: the mean moves 3 pips an hour, prices lie 30 pips around it."""
FAR = 2.0
"""Standard deviations from the mean at which a position is opened."""
USUAL = 0.0015
"""Volatility of an hour above which none is opened."""


def signals(bars: om.Bars) -> pl.DataFrame:
    """Openings and closings; each acts on the bar after the one that it was computed from."""
    cache = om.indicators.Cache(bars)
    known = bars.frame.select(
        "time",
        score=cache.column("kalman_zscore", PROCESS, OBSERVATION, side="mid"),
        volatility=cache.column("garch", 0.0, 0.06, 0.92, 500, side="mid"),
        day=cache.column("ema", 5, timeframe="D1", side="mid"),
        trend=cache.column("ema", 50, timeframe="D1", side="mid"),
    ).filter(pl.all_horizontal(pl.col("score", "volatility", "day", "trend").is_finite()))
    calm = pl.col("volatility") < USUAL
    long = calm & (pl.col("score") < -FAR) & (pl.col("day") > pl.col("trend"))
    short = calm & (pl.col("score") > FAR) & (pl.col("day") < pl.col("trend"))
    opened = known.filter(long | short).select(
        "time",
        action=pl.lit("open"),
        direction=pl.when(pl.col("score") < 0).then(pl.lit("long")).otherwise(pl.lit("short")),
        stop_loss_pips=pl.lit(60.0),
        max_holding=pl.duration(days=5),
    )
    side = pl.col("score").sign()
    crossed = known.filter(side != side.shift(1)).select(
        "time",
        action=pl.lit("close"),
        direction=pl.when(pl.col("score") > 0).then(pl.lit("long")).otherwise(pl.lit("short")),
    )
    return pl.concat([crossed, opened], how="diagonal").sort("time", maintain_order=True)


def main() -> None:
    path = Path(sys.argv[1] if len(sys.argv) > 1 else ".") / "eurusd_h1_2007-2018.parquet"
    if not path.is_file():
        print(f"skipped: {path} is not there; give the folder that holds it")
        return
    bars = om.read_bars(path)
    table = signals(bars)
    print(f"{len(bars):,} hours, {table.height:,} signals")
    result = om.simulate(bars, table, CONFIG)
    print(result)
    years = result.trades.group_by(year=pl.col("exit_time").dt.year()).agg(
        trades=pl.len(), net=pl.col("net").sum().round(2)
    )
    print(years.sort("year"))


if __name__ == "__main__":
    main()
