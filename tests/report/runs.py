"""Runs whose pages are looked at."""

from datetime import UTC, datetime

import polars as pl
from builders import EURUSD, flat, long, settings, signals

import omegasim as om

MARKUP = "</script><script>document.title='broken'</script><td onclick=alert(1)>&quot;"


def costly() -> om.Config:
    return settings(
        sizing=om.Sizing.risk_amount(100.0),
        costs=om.Costs(slippage=om.Slippage.uniform(0.1, 0.2), commission=om.Commission.per_lot(2.5)),
    )


def market(
    bars: int, every: int, stop: float = 10.0, target: float = 15.0, tag: str = "demo", config: om.Config | None = None
) -> om.Result:
    """Long and short by turns over made-up minutes."""
    series = om.synthetic_bars(EURUSD, bars=bars, seed=3)
    turn = pl.int_range(pl.len()) % 2 == 0
    orders = series.frame.gather_every(every).select(
        "time",
        direction=pl.when(turn).then(pl.lit("long")).otherwise(pl.lit("short")),
        stop_loss_pips=pl.lit(stop),
        take_profit_pips=pl.lit(target),
        tag=pl.lit(tag),
    )
    return om.simulate(series, orders, config or costly())


def year() -> om.Result:
    """A year of minutes with about 5,000 trades."""
    return market(260 * 1440, 75)


def many() -> om.Result:
    """A hundred thousand trades."""
    small = settings(sizing=om.Sizing.fixed_lots(0.01))
    return market(300_000, 3, stop=3.0, target=3.0, config=small)


def empty() -> om.Result:
    return om.simulate(flat(30), None, settings())


def one_trade() -> om.Result:
    return om.simulate(flat(30), signals(long(3, stop_loss_pips=10.0)), settings())


def one_bar() -> om.Result:
    return om.simulate(flat(1), signals(long(0, stop_loss_pips=10.0)), settings())


def all_losses() -> om.Result:
    return om.simulate(
        flat(60), signals(*(long(minute, stop_loss_pips=10.0) for minute in range(1, 40, 3))), settings()
    )


def hostile() -> om.Result:
    return market(2_000, 100, tag=MARKUP)


def no_equity() -> om.Result:
    return om.simulate(flat(30), signals(long(3, stop_loss_pips=10.0)), settings(), equity="off")


def weekdays(days: int = 120) -> om.Result:
    """One bar a weekday, a trade that stays open."""
    times = pl.datetime_range(datetime(2024, 1, 1, tzinfo=UTC), datetime(2024, 12, 31, tzinfo=UTC), "1d", eager=True)
    times = times.dt.cast_time_unit("ns").filter(times.dt.weekday() <= 5)[:days]
    close = pl.Series([1.1 + 0.01 * ((7 * day * day) % 13 - 6) / 6 for day in range(days)])
    bars = pl.DataFrame({"time": times})
    for side, spread in (("bid", 0.0), ("ask", 0.0001)):
        bars = bars.with_columns(
            (close + spread + shift).round(5).alias(f"{side}_{name}")
            for name, shift in (("open", 0.0), ("high", 0.001), ("low", -0.001), ("close", 0.0))
        )
    order = bars.head(1).select("time", direction=pl.lit("long"))
    return om.simulate(om.Bars(bars, timeframe="D1"), order, settings())


SMALL = {
    "empty": empty, "one trade": one_trade, "one bar": one_bar, "all losses": all_losses, "no equity": no_equity,
}  # fmt: skip
