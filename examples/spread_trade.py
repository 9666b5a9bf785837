"""A spread between two symbols: when they part further than usual, the dear one is sold and the cheap one bought.

Runs on a made-up market, or on a folder of recorded data: `python examples/spread_trade.py [DIR]`.
"""

import math
import sys
from collections import deque
from pathlib import Path
from statistics import fmean, stdev

import omegasim as om

FIRST, SECOND = om.instruments.fx("EURUSD"), om.instruments.fx("NZDUSD")


class SpreadTrade(om.Strategy):
    """Trades the logarithm of the ratio of two mid prices back to its mean of the last day."""

    timeframes = ("M15",)

    def __init__(self, length: int = 96, far: float = 2.0, near: float = 0.3) -> None:
        self.length, self.far, self.near = length, far, near
        self.ratios: deque[float] = deque(maxlen=length)
        self.mids: dict[str, float] = {}

    def on_bar(self, bar: om.Bar) -> None:
        self.mids[bar.symbol] = math.log((bar.bid_close + bar.ask_close) / 2)
        # The second symbol of a time is told of last.
        if bar.symbol != SECOND.symbol or len(self.mids) < 2:
            return
        self.ratios.append(self.mids[FIRST.symbol] - self.mids[SECOND.symbol])
        if len(self.ratios) < self.length:
            return
        score = (self.ratios[-1] - fmean(self.ratios)) / (stdev(self.ratios) or math.inf)
        if self.positions and abs(score) < self.near:
            self.close(symbol=FIRST.symbol)
            self.close(symbol=SECOND.symbol)
        elif not self.positions and abs(score) > self.far:
            dear, cheap = (FIRST, SECOND) if score > 0 else (SECOND, FIRST)
            self.sell(dear.symbol, tag=f"{score:+.1f}")
            self.buy(cheap.symbol, tag=f"{score:+.1f}")


def main() -> None:
    if len(sys.argv) > 1:
        folder = Path(sys.argv[1])
        bars = {
            one.symbol: om.read_bars(folder / f"{one.symbol.lower()}_m1_2014-05.parquet") for one in (FIRST, SECOND)
        }
    else:
        bars = {
            FIRST.symbol: om.synthetic_bars(FIRST, bars=40_000, seed=1),
            SECOND.symbol: om.synthetic_bars(SECOND, bars=40_000, price=0.86, seed=2),
        }
    config = om.Config(
        account=om.Account(currency="USD", balance=100_000.0),
        instruments=[FIRST, SECOND],
        sizing=om.Sizing.notional(100_000.0),
    )
    result = om.Backtest(bars, SpreadTrade(), config).run()
    print(result)
    print(result.trades.select("symbol", "direction", "entry_time", "exit_time", "net", "tag").head(4))


if __name__ == "__main__":
    main()
