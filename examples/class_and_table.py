"""One strategy written twice, as a class and as a table of signals: the trades are the same, to the bit.

Runs on a made-up market, or on a folder of recorded data: `python examples/class_and_table.py [DIR]`.
"""

import sys
from pathlib import Path

import polars as pl

import omegasim as om

EURUSD = om.instruments.fx("EURUSD")
LENGTH = 240
STOP_LOSS, TAKE_PROFIT = 15.0, 25.0
"""In pips."""


class Channel(om.Strategy):
    """Long above the channel of the closes before, short below; one position at a time is the rules' affair."""

    def on_start(self) -> None:
        self.high = self.indicator("donchian", LENGTH).upper
        self.low = self.indicator("donchian", LENGTH).lower

    def on_bar(self, bar: om.Bar) -> None:
        if bar.close > self.high[-2]:
            self.buy(stop_loss_pips=STOP_LOSS, take_profit_pips=TAKE_PROFIT)
        elif bar.close < self.low[-2]:
            self.sell(stop_loss_pips=STOP_LOSS, take_profit_pips=TAKE_PROFIT)


def table(bars: om.Bars) -> pl.DataFrame:
    """The same without a loop."""
    channel = om.indicators.Cache(bars).column("donchian", LENGTH)
    frame = bars.frame.with_columns(high=channel.upper.shift(1), low=channel.lower.shift(1))
    known = pl.col("high").is_finite()
    close = pl.col("bid_close")
    return om.signals_from(
        frame,
        long=known & (close > pl.col("high")),
        short=known & (close < pl.col("low")),
        stop_loss_pips=STOP_LOSS,
        take_profit_pips=TAKE_PROFIT,
    )


def main() -> None:
    recorded = Path(sys.argv[1]) / "eurusd_m1_2014-05.parquet" if len(sys.argv) > 1 else None
    bars = om.read_bars(recorded) if recorded else om.synthetic_bars(EURUSD, bars=50_000)
    config = om.Config(
        account=om.Account(currency="USD", balance=100_000.0),
        instruments=[EURUSD],
        rules=om.Rules(max_positions=1),
        sizing=om.Sizing.risk_amount(200.0),
    )
    led = om.Backtest(bars, Channel(), config).run()
    given = om.simulate(bars, table(bars), config)
    print(led)
    print(given)
    if led.fingerprint != given.fingerprint:
        raise SystemExit("the class and the table disagree")


if __name__ == "__main__":
    main()
