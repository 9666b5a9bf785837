"""Ten fixed scenarios whose tables are stored."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
from builders import EURUSD

import omegasim as om

XAUUSD = om.Instrument(
    symbol="XAUUSD", base="XAU", quote="USD", tick_size=0.01, pip_size=0.1, contract_size=100.0,
    volume_min=0.01, volume_step=0.01, volume_max=50.0, stops_level=20.0,
)  # fmt: skip
COMMISSION = om.Commission.per_million(25.0, min_fee=0.5)
SLIPPAGE = om.Slippage.uniform(0.2, 0.3)


@dataclass(frozen=True)
class Scenario:
    """A name and the run behind it."""

    name: str
    run: Callable[[], om.Result]


def minutes(rows: int, *, seed: int, instrument: om.Instrument = EURUSD, price: float = 1.1) -> om.Bars:
    """A made-up market of some days."""
    return om.synthetic_bars(instrument, bars=rows, start="2024-01-04", seed=seed, price=price, volatility=0.25)


def settings(**changes: Any) -> om.Config:
    """A usual account with costs."""
    start: dict[str, Any] = {
        "account": om.Account(currency="USD", balance=100_000.0),
        "instruments": (EURUSD,),
        "sizing": om.Sizing.risk_amount(100.0),
        "costs": om.Costs(slippage=SLIPPAGE, commission=COMMISSION),
        "seed": 42,
    }
    return om.Config(**{**start, **changes})


def every(frame: pl.DataFrame, step: int) -> pl.DataFrame:
    """Every so many rows, long and short in turn."""
    rows = frame.gather_every(step, offset=5).with_row_index("n")
    side = pl.when(pl.col("n") % 2 == 0).then(pl.lit("long")).otherwise(pl.lit("short"))
    return rows.with_columns(direction=side, sign=pl.when(pl.col("n") % 2 == 0).then(1.0).otherwise(-1.0))


def market_orders(frame: pl.DataFrame, step: int = 60, **columns: pl.Expr) -> pl.DataFrame:
    """Market orders with exits in pips."""
    exits = {"stop_loss_pips": pl.lit(12.0), "take_profit_pips": pl.lit(18.0)}
    return every(frame, step).select("time", "direction", **{**exits, **columns})


def pending_orders(frame: pl.DataFrame, step: int = 40) -> pl.DataFrame:
    """Limits, stops and stop limits around the market, some in groups, some that expire."""
    kinds = pl.Series(["limit", "stop", "stop_limit"], dtype=pl.String)
    away = pl.when(pl.col("n") % 3 == 0).then(-4e-4).otherwise(4e-4) * pl.col("sign")
    return every(frame, step).select(
        "time",
        "direction",
        order_type=pl.lit(kinds).gather(pl.col("n") % 3),
        price=pl.col("bid_close") + away,
        limit_price=pl.when(pl.col("n") % 3 == 2).then(pl.col("bid_close") + away - 1e-4 * pl.col("sign")),
        stop_loss_pips=pl.lit(10.0),
        take_profit_pips=pl.lit(15.0),
        oco=pl.when(pl.col("n") % 4 < 2).then(pl.col("n").cast(pl.Int64) // 2),
        expires=pl.when(pl.col("n") % 5 == 0).then(pl.col("time") + timedelta(minutes=90)),
        magic=pl.col("n").cast(pl.Int64) % 3,
        tag=pl.when(pl.col("n") % 2 == 0).then(pl.lit("even")),
    )


def managed(frame: pl.DataFrame) -> pl.DataFrame:
    """Market orders with break-even, trailing and a time stop."""
    return market_orders(
        frame,
        take_profit_pips=pl.lit(60.0),
        trail_pips=pl.lit(8.0),
        trail_start_pips=pl.lit(5.0),
        trail_step_pips=pl.lit(1.0),
        break_even_pips=pl.lit(4.0),
        break_even_offset_pips=pl.lit(0.5),
        max_holding=pl.duration(hours=6),
    )


def actions(frame: pl.DataFrame) -> pl.DataFrame:
    """Opens, then partial closes, modifications and cancellations of them."""
    names = pl.Series(["open", "open", "modify", "close", "cancel"], dtype=pl.String)
    is_open, is_pending = pl.col("n") % 5 < 2, pl.col("n") % 5 == 1
    return every(frame, 30).select(
        "time",
        action=pl.lit(names).gather(pl.col("n") % 5),
        direction=pl.when(is_open).then(pl.col("direction")),
        order_type=pl.when(is_pending).then(pl.lit("limit")).otherwise(pl.lit("market")),
        price=pl.when(is_pending).then(pl.col("bid_close") - 6e-4 * pl.col("sign")),
        stop_loss_pips=pl.when(is_open).then(15.0),
        take_profit_pips=pl.when(pl.col("n") % 5 < 3).then(25.0),
        fraction=pl.when(pl.col("n") % 5 == 3).then(0.5),
    )


def ticks_of(bars: om.Bars) -> pl.DataFrame:
    """Four ticks a bar, two of them at one time."""
    parts = []
    for place, (name, second) in enumerate((("open", 0), ("low", 20), ("high", 20), ("close", 50))):
        time = pl.col("time") + timedelta(seconds=second)
        parts.append(bars.frame.select(time, bid=f"bid_{name}", ask=f"ask_{name}", place=pl.lit(place)))
    return pl.concat(parts).sort("time", "place", maintain_order=True).drop("place")


def hours_of(bars: om.Bars) -> pl.DataFrame:
    """The same market as bars of an hour."""
    columns = []
    for side in ("bid", "ask"):
        columns += [
            pl.col(f"{side}_open").first(), pl.col(f"{side}_high").max(),
            pl.col(f"{side}_low").min(), pl.col(f"{side}_close").last(),
        ]  # fmt: skip
    return bars.frame.group_by_dynamic("time", every="1h").agg(columns)


def legacy() -> om.Result:
    """The replaced simulator's rules over pending orders with levels."""
    bars = minutes(4_000, seed=9)
    frame = pending_orders(bars.frame)
    frame = frame.filter(pl.col("order_type") != "stop_limit").select(
        "time", "direction", "order_type", "price", "magic",
        stop_loss=pl.col("price") - pl.when(pl.col("direction") == "long").then(1e-3).otherwise(-1e-3),
        take_profit=pl.col("price") + pl.when(pl.col("direction") == "long").then(2e-3).otherwise(-2e-3),
    )  # fmt: skip
    costs = om.Costs(slippage=om.Slippage.fixed(0.2), commission=COMMISSION)
    sizing = om.Sizing.risk_amount(100.0, below_min="min")
    return om.simulate(bars, frame, settings(rules=om.Rules.preset("legacy"), costs=costs, sizing=sizing))


def two_symbols() -> om.Result:
    """A small account that runs out of margin over two symbols."""
    euro, gold = minutes(3_000, seed=10), minutes(2_500, seed=11, instrument=XAUUSD, price=2_000.0)
    rows = [market_orders(bars.frame, 90, symbol=pl.lit(name), stop_loss_pips=pl.lit(None, pl.Float64))
            for name, bars in (("EURUSD", euro), ("XAUUSD", gold))]  # fmt: skip
    account = om.Account(currency="USD", balance=1_500.0, leverage=100.0, stop_out_level=0.9)
    config = settings(account=account, instruments=(EURUSD, XAUUSD), sizing=om.Sizing.fixed_lots(0.2))
    return om.simulate({"EURUSD": euro, "XAUUSD": gold}, pl.concat(rows).sort("time", "symbol"), config)


def drilled() -> om.Result:
    """Hours, drilled to minutes, drilled to ticks."""
    bars = minutes(6_000, seed=8)
    hours = hours_of(bars)
    config = settings(rules=om.Rules(intrabar="drill"))
    return om.simulate(hours, market_orders(hours, 2), config, finer=[bars.frame, ticks_of(bars)])


def on_ticks() -> om.Result:
    """Pending orders over ticks."""
    bars = minutes(1_500, seed=7)
    config = settings(rules=om.Rules(signal_timeframe="M1", delay=250))
    return om.simulate(None, pending_orders(bars.frame), config, ticks=ticks_of(bars))


def over(signals: Callable[[pl.DataFrame], pl.DataFrame], seed: int, **changes: Any) -> Callable[[], om.Result]:
    """A run over minutes."""

    def run() -> om.Result:
        bars = minutes(4_000, seed=seed)
        return om.simulate(bars, signals(bars.frame), settings(**changes))

    return run


NETTING = om.Account(currency="USD", balance=100_000.0, mode="netting")
SCENARIOS = (
    Scenario("market_orders", over(market_orders, 1)),
    Scenario("pending_orders", over(pending_orders, 2)),
    Scenario("metatrader", over(pending_orders, 3, rules=om.Rules.preset("metatrader"))),
    Scenario("best_with_buffer", over(managed, 4, rules=om.Rules(intrabar="best", pip_buffer_factor=0.5))),
    Scenario("managed_on_a_path", over(managed, 5, rules=om.Rules(intrabar="nearest"))),
    Scenario("netting", over(actions, 6, account=NETTING, sizing=om.Sizing.fixed_lots(0.5))),
    Scenario("ticks", on_ticks),
    Scenario("drilled", drilled),
    Scenario("legacy", legacy),
    Scenario("two_symbols", two_symbols),
)
