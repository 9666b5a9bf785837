"""Time and memory of `simulate` on a million bars with equity on every bar, and on ten million bars and ticks without.

Bars: a market order every 50th bar, one position at a time, stop loss 20 and take profit 30 pips. Goals: less than
50 ms; a peak that grows by at most 1.5 times the input with equity, 0.3 times without.
Ticks: one position always open with the same distances. Goals: 60 ms to prepare, 500 million a second to run.
"""

import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

import omegasim as om

ROWS = 1_000_000
MANY_ROWS = 10_000_000
REPEATS = 7


def settings(signal_timeframe: str | None = None) -> om.Config:
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
        rules=om.Rules.preset("default", max_positions=1, signal_timeframe=signal_timeframe),
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


def measured_memory(bars: om.Bars, signals: pl.DataFrame, config: om.Config, equity: str, goal: float) -> None:
    """Print what the first run of the process adds; a later one would reuse what the first has freed."""
    size = bars.frame.estimated_size() + signals.estimated_size()
    gc.collect()
    reset_peak()
    before = peak_memory()
    result = om.simulate(bars, signals, config, equity=equity)
    grown = peak_memory() - before
    trades, rows = result.trades.height, result.equity.height
    print(f"{len(bars):,} bars, {signals.height:,} signals, {trades:,} trades, {rows:,} rows of equity")
    print(
        f"peak memory + {grown / 2**20:.1f} MiB for {size / 2**20:.1f} MiB of input: {grown / size:.2f} (goal {goal})"
    )


def measured_memory_of(path: Path) -> None:
    """The same over stored bars, without equity, where nothing has been freed that could be reused."""
    frame = pl.read_ipc(path)
    bars = om.Bars(frame)
    measured_memory(bars, orders(bars), settings(), "off", 0.3)


def times(work: Callable[[], object]) -> tuple[float, float]:
    """Best and median seconds of several calls."""
    seconds = []
    for _ in range(REPEATS):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds), sorted(seconds)[REPEATS // 2]


def measured_time(bars: om.Bars, signals: pl.DataFrame, config: om.Config) -> None:
    """Print the best and the median of several runs."""
    best, median = times(lambda: om.simulate(bars, signals, config))
    print(f"simulate: best {best * 1e3:.1f} ms, median {median * 1e3:.1f} ms (goal 50 ms)")


def random_ticks() -> pl.DataFrame:
    """Five ticks a second that move by at most three points, half a pip wide."""
    points = 200_000 + np.random.default_rng(1).integers(-3, 4, MANY_ROWS).cumsum()
    milliseconds = 1_577_836_800_000 + 200 * np.arange(MANY_ROWS)
    return pl.DataFrame({"time": milliseconds, "bid": points / 1e5, "ask": (points + 5) / 1e5}).with_columns(
        pl.col("time").cast(pl.Datetime("ms", "UTC"))
    )


def always_open(ticks: om.Ticks) -> pl.DataFrame:
    """A signal at the first tick and wherever the position of the last one ends; it is filled a tick later."""
    bid, ask = (ticks.frame[side].to_numpy() for side in ("bid", "ask"))
    rows, row = [], 0
    while row + 1 < len(bid):
        rows.append(row)
        entry, row, size = ask[row + 1], row + 1, 1 << 14
        while row < len(bid):
            part = bid[row : row + size]
            ends = np.flatnonzero((part < entry - 0.001995) | (part > entry + 0.002995))
            if len(ends):
                row += int(ends[0])
                break
            row += size
    return ticks.frame[rows].select(
        "time", direction=pl.lit("long"), stop_loss_pips=pl.lit(20.0), take_profit_pips=pl.lit(30.0)
    )


def measured_ticks() -> None:
    """Print the times to prepare ticks and to run them with a position always open."""
    frame = random_ticks()
    best, median = times(lambda: om.Ticks(frame))
    print(f"{MANY_ROWS:,} ticks: prepared in {best * 1e3:.1f} ms, median {median * 1e3:.1f} ms (goal 60 ms)")
    ticks, config = om.Ticks(frame), settings("tick")
    signals = always_open(ticks)
    trades = om.simulate(None, signals, config, ticks=ticks, equity="off").trades
    held = (trades["exit_time"] - trades["entry_time"]).sum() / (frame["time"][-1] - frame["time"][0])
    best, median = times(lambda: om.simulate(None, signals, config, ticks=ticks, equity="off"))
    print(f"{signals.height:,} signals, {trades.height:,} trades, a position open {held:.2%} of the time")
    speed = MANY_ROWS / median / 1e6
    print(f"simulate: best {best * 1e3:.1f} ms, median {median * 1e3:.1f} ms, {speed:,.0f} million a second (goal 500)")


def in_a_new_process(work: Callable[..., None], *arguments: object) -> None:
    """Run a measurement where nothing has been allocated before."""
    process = get_context("spawn").Process(target=work, args=arguments)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def main() -> None:
    print(f"load {os.getloadavg()[0]:.1f}")
    config, bars = settings(), om.synthetic_bars(bars=ROWS, seed=1)
    signals = orders(bars)
    if sys.platform == "linux":
        measured_memory(bars, signals, config, "bars", 1.5)
    measured_time(bars, signals, config)
    if sys.platform == "linux":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bars.arrow"
            om.synthetic_bars(bars=MANY_ROWS, seed=1).frame.write_ipc(path)
            in_a_new_process(measured_memory_of, path)
    in_a_new_process(measured_ticks)
    print(f"load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
