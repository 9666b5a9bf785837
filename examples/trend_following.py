"""Following the trend of the hours on minutes: an ATR sets the stop loss and how far it trails.

Runs on a made-up market, or on a folder of recorded data: `python examples/trend_following.py [DIR]`.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import omegasim as om

EURUSD = om.instruments.fx("EURUSD")


@dataclass
class TrendFollowing(om.Strategy):
    """In with a crossing of two averages of hours, out by the trailing stop or the opposite crossing."""

    fast: int = 5
    slow: int = 20
    atr_length: int = 14
    stop_atrs: float = 2.5

    timeframes = ("H1",)
    warmup = 60 * 21

    def on_start(self) -> None:
        self.fast_line = self.indicator("ema", self.fast, timeframe="H1", side="mid")
        self.slow_line = self.indicator("ema", self.slow, timeframe="H1", side="mid")
        self.atr = self.indicator("atr", self.atr_length, timeframe="H1")

    def on_bar(self, bar: om.Bar) -> None:
        before = self.fast_line[-2] - self.slow_line[-2]
        now = self.fast_line[-1] - self.slow_line[-1]
        if not (before <= 0.0 < now or now < 0.0 <= before):
            return
        self.close()
        pips = self.stop_atrs * self.atr[-1] / EURUSD.pip_size
        order = self.buy if now > 0.0 else self.sell
        order(stop_loss_pips=pips, trail_pips=pips, trail_start_pips=pips / 2, tag="crossing")


def main() -> None:
    recorded = Path(sys.argv[1]) / "eurusd_m1_2014-05.parquet" if len(sys.argv) > 1 else None
    bars = om.read_bars(recorded) if recorded else om.synthetic_bars(EURUSD, bars=100_000)
    config = om.Config(
        account=om.Account(currency="USD", balance=100_000.0),
        instruments=[EURUSD],
        sizing=om.Sizing.risk_amount(500.0),
        costs=om.Costs(commission=om.Commission.per_lot(2.5)),
    )
    result = om.Backtest(bars, TrendFollowing(), config).run()
    print(result)
    print(result.record.strategies[0]["parameters"])
    print(result.trades.select("entry_time", "direction", "r_multiple", "mfe", "reason").head())


if __name__ == "__main__":
    main()
