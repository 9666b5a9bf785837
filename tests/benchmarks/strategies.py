"""Bars a second of a strategy as a class, beside the same strategy in backtesting.py, in one run.

At each bar the strategy reads two prices and an indicator; every 50th bar it buys if it is flat, with a stop loss of 20
and a take profit of 30 pips. The rival is installed into an environment of its own under target/peers. Seconds of the
processor are printed beside those of the clock: they alone say something where others work on the same machine.
Goal: 1.5 million bars a second, better 3.
"""

import json
import platform
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

import polars as pl

import omegasim as om

ROWS, RIVAL_ROWS, REPEATS = 1_000_000, 100_000, 7
ENVIRONMENT = Path(__file__).parents[2] / "target" / "peers" / "backtesting"
RIVAL = """
import json, sys, time, warnings
import pandas as pd
warnings.filterwarnings("ignore")
import backtesting
from backtesting import Backtest, Strategy

class Every50th(Strategy):
    def init(self):
        self.average = self.I(lambda close: pd.Series(close).rolling(20).mean(), self.data.Close)
        self.bars = 0

    def next(self):
        self.bars += 1
        ahead = self.data.Close[-1] + self.data.Open[-1] > 2 * self.average[-1]
        if self.bars % 50 == 0 and not self.position:
            price = self.data.Close[-1]
            self.buy(size=1000, sl=price - 0.0020, tp=price + 0.0030)

frame = pd.read_csv(sys.argv[1], parse_dates=["time"], index_col="time")
test = Backtest(frame, Every50th, cash=1_000_000, margin=0.03)
started, used = time.perf_counter(), time.process_time()
stats = test.run()
spent = [time.perf_counter() - started, time.process_time() - used]
print(json.dumps([backtesting.__version__, *spent, int(stats["# Trades"])]))
"""


class Every50th(om.Strategy):
    """Reads two prices and an indicator at every bar."""

    def on_start(self) -> None:
        """Ask for the indicator."""
        self.average = self.indicator("sma", 20)
        self.bars = 0

    def on_bar(self, bar: om.Bar) -> None:
        """Buy every 50th bar if flat."""
        self.bars += 1
        self.ahead = bar.close + bar.open > 2 * self.average[-1]
        if self.bars % 50 == 0 and self.position is None:
            self.buy(stop_loss_pips=20.0, take_profit_pips=30.0)


def settings() -> om.Config:
    return om.Config(
        account=om.Account(currency="USD", balance=1_000_000.0),
        instruments=[om.instruments.fx("EURUSD")],
        sizing=om.Sizing.fixed_lots(0.01),
    )


def seconds(bars: om.Bars) -> tuple[float, float, int]:
    """Seconds of the clock, of the processor, and trades."""
    backtest = om.Backtest(bars, Every50th(), settings())
    started, used = time.perf_counter(), time.process_time()
    result = backtest.run()
    return time.perf_counter() - started, time.process_time() - used, result.record.counts["trades"]


def rival(bars: om.Bars) -> tuple[str, float, float, int]:
    """Version, seconds of the clock and of the processor, and trades of backtesting.py."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "backtesting"], check=True)
    path = ENVIRONMENT / "bars.csv"
    bars.frame.select("time", Open="bid_open", High="bid_high", Low="bid_low", Close="bid_close").write_csv(path)
    done = subprocess.run([python, "-c", RIVAL, path], check=True, capture_output=True, text=True)
    version, spent, used, trades = json.loads(done.stdout.splitlines()[-1])
    return version, spent, used, trades


def main() -> None:
    bars = om.synthetic_bars(om.instruments.fx("EURUSD"), bars=ROWS)
    few = om.Bars(bars.frame.head(RIVAL_ROWS))
    seconds(few)
    spent, used, trades = zip(*(seconds(bars) for _ in range(REPEATS)), strict=True)
    print(f"python {platform.python_version()}, polars {pl.__version__}, {ROWS:,} bars, {trades[0]:,} trades")
    print(
        f"omegasim        {rate(ROWS, statistics.median(spent))} million bars a second, best {rate(ROWS, min(spent))};"
    )
    print(
        f"                {rate(ROWS, statistics.median(used))} a second of the processor, best {rate(ROWS, min(used))}"
    )
    try:
        version, rival_spent, rival_used, rival_trades = rival(few)
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"backtesting.py could not be run: {error}", file=sys.stderr)
        return
    print(f"backtesting.py  {rate(RIVAL_ROWS, rival_spent)} million bars a second over {RIVAL_ROWS:,} bars;")
    print(f"  {version:14}{rate(RIVAL_ROWS, rival_used)} a second of the processor, {rival_trades:,} trades")
    clock = rival_spent / RIVAL_ROWS * ROWS / statistics.median(spent)
    processor = rival_used / RIVAL_ROWS * ROWS / statistics.median(used)
    print(f"ratio           {clock:6.1f} by the clock, {processor:.1f} by the processor")


def rate(rows: int, seconds: float) -> str:
    """Million rows a second."""
    return f"{rows / seconds / 1e6:6.3f}"


if __name__ == "__main__":
    main()
