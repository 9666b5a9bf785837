"""Time and memory of `simulate` on a million bars with equity on every bar.

A market order every 50th bar, one position at a time, stop loss 20 and take profit 30 pips.
Goals: less than 50 ms, and a peak that grows by at most 1.5 times the input.
"""

import gc
import sys
import time
from pathlib import Path

import polars as pl

import omegasim as om

ROWS = 1_000_000
REPEATS = 7


def settings() -> om.Config:
    eurusd = om.Instrument(
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
    return om.Config(
        account=om.Account(currency="USD", balance=100_000.0),
        instruments=[eurusd],
        rules=om.Rules.preset("default", max_positions=1),
        sizing=om.Sizing.risk_amount(100.0),
    )


def orders(bars: om.Bars) -> pl.DataFrame:
    return bars.frame.gather_every(50).select(
        "time", direction=pl.lit("long"), stop_loss_pips=pl.lit(20.0), take_profit_pips=pl.lit(30.0)
    )


def peak_memory() -> int:
    """Largest resident size since the last reset, in bytes."""
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM"))


def reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def measured_memory(bars: om.Bars, signals: pl.DataFrame, config: om.Config) -> None:
    """Print what the first run of the process adds; a later one would reuse what the first has freed."""
    size = bars.frame.estimated_size() + signals.estimated_size()
    gc.collect()
    reset_peak()
    before = peak_memory()
    result = om.simulate(bars, signals, config)
    grown = peak_memory() - before
    print(f"{ROWS:,} bars, {signals.height:,} signals, {result.trades.height:,} trades, {result.equity.height:,} rows")
    print(f"peak memory + {grown / 2**20:.1f} MiB for {size / 2**20:.1f} MiB of input: {grown / size:.2f} (goal 1.5)")


def measured_time(bars: om.Bars, signals: pl.DataFrame, config: om.Config) -> None:
    """Print the best and the median of several runs."""
    times = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        om.simulate(bars, signals, config)
        times.append(time.perf_counter() - start)
    print(f"simulate: best {min(times) * 1e3:.1f} ms, median {sorted(times)[REPEATS // 2] * 1e3:.1f} ms (goal 50 ms)")


def main() -> None:
    config, bars = settings(), om.synthetic_bars(bars=ROWS, seed=1)
    signals = orders(bars)
    if sys.platform == "linux":
        measured_memory(bars, signals, config)
    measured_time(bars, signals, config)


if __name__ == "__main__":
    main()
