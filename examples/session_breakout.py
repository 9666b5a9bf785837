"""A breakout of the Asian range: two stop orders at London's open, the first fill cancels the other.

Runs on a made-up market, or on a folder of recorded data: `python examples/session_breakout.py [DIR]`.
"""

import sys
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

import omegasim as om

LONDON = ZoneInfo("Europe/London")
EURUSD = om.instruments.fx("EURUSD")


class SessionBreakout(om.Strategy):
    """Stop orders above and below the range of the night, with the range as risk; flat by the evening."""

    filters = (om.filters.Weekdays(["monday", "tuesday", "wednesday", "thursday", "friday"]), om.filters.MaxSpread(2.0))

    def __init__(self, night: int = 8, evening: int = 20, buffer_pips: float = 1.0) -> None:
        self.night, self.evening = night, evening
        self.buffer = buffer_pips * EURUSD.pip_size
        self.group = 0

    def on_bar(self, bar: om.Bar) -> None:
        clock = self.now.astimezone(LONDON)
        if (clock.hour, clock.minute) == (self.night, 0):
            self.open_the_day()
        elif (clock.hour, clock.minute) == (self.evening, 0):
            self.cancel()
            self.close()

    def open_the_day(self) -> None:
        bars = self.history(n=self.night * 60).filter(pl.col("time") >= self.now - timedelta(hours=self.night))
        if bars.is_empty() or self.position is not None:
            return
        self.group += 1
        above = max(bars["ask_high"].to_list()) + self.buffer
        below = min(bars["bid_low"].to_list()) - self.buffer
        for order, price, stop_loss, tag in ((self.buy, above, below, "above"), (self.sell, below, above, "below")):
            target = 2 * price - stop_loss
            order(order_type="stop", price=price, stop_loss=stop_loss, take_profit=target, oco=self.group, tag=tag)
        self.log(f"range {(above - below) / EURUSD.pip_size:.1f} pips")


def main() -> None:
    recorded = Path(sys.argv[1]) / "eurusd_m1_2014-05.parquet" if len(sys.argv) > 1 else None
    bars = om.read_bars(recorded) if recorded else om.synthetic_bars(EURUSD, bars=60_000)
    config = om.Config(
        account=om.Account(currency="USD", balance=100_000.0),
        instruments=[EURUSD],
        sizing=om.Sizing.risk_percent(0.5),
        costs=om.Costs(slippage=om.Slippage.fixed(0.2), commission=om.Commission.per_lot(2.5)),
    )
    result = om.Backtest(bars, SessionBreakout(), config).run()
    print(result)
    print(result.trades.group_by("tag", "reason").agg(trades=pl.len(), net=pl.col("net").sum().round(2)).sort("tag"))
    print(result.log.head(3))


if __name__ == "__main__":
    main()
