"""Omega itself."""

import polars as pl
from protocol import EVERY, STOP_LOSS, TAKE_PROFIT, answer, arrays

import omegasim as om

data, repeats = arrays()
sides = {f"{side}_{name}": getattr(data, name) for side in ("bid", "ask") for name in ("open", "high", "low", "close")}
time = pl.Series("time", data.time).cast(pl.Datetime("ns", "UTC"))
frame = pl.DataFrame([time]).with_columns(**sides)
eurusd = om.Instrument(
    symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4, contract_size=100_000.0,
    volume_min=0.01, volume_step=0.01, volume_max=200.0,
)  # fmt: skip
config = om.Config(
    account=om.Account(currency="USD", balance=1e7, leverage=500.0),
    instruments=[eurusd],
    rules=om.Rules.preset("default", max_positions=1),
    sizing=om.Sizing.fixed_lots(1.0),
)
versions = {"omegasim": om.__version__}
bars = om.Bars(frame)
pips = {"stop_loss_pips": STOP_LOSS * 1e4, "take_profit_pips": TAKE_PROFIT * 1e4}
signals = frame.gather_every(EVERY).select("time", direction=pl.lit(1), **{k: pl.lit(v) for k, v in pips.items()})


def checked(result: om.Result) -> tuple[int, float]:
    trades = result.trades
    return trades.height, trades["result"].sum()


def run(equity: str = "off", table: object = bars) -> tuple[int, float]:
    return checked(om.simulate(table, signals, config, equity=equity))


def with_equity() -> tuple[int, float]:
    result = om.simulate(bars, signals, config, equity="bars")
    if result.equity.height != len(bars):
        raise SystemExit("the equity curve is incomplete")
    return checked(result)


answer(versions, run, repeats)
answer(versions, with_equity, repeats, "equity")
answer(versions, lambda: run(table=frame), repeats, "frame")

part = om.Bars(frame.head(100_000))
few = frame.head(100_000).gather_every(EVERY).select("time", direction=pl.lit(1))
grid = {
    "stop_loss_pips": [float(pips) for pips in range(10, 60, 5)],
    "take_profit_pips": [float(pips) for pips in range(15, 115, 10)],
}


def sweep() -> tuple[int, float]:
    swept = om.sweep(part, few, config, grid=grid).frame
    return swept["trades"].sum(), swept["gross_profit"].sum()


answer(versions, sweep, repeats, "sweep")
