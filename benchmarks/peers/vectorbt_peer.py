"""vectorbt with its Rust backend; exits are known to it from the bar after the entry.

A bar whose open closes a trade opens none, and distances are shares of the price that are not rounded to ticks.
"""

from importlib.metadata import version

import numpy as np
import vectorbt
from protocol import STOP_LOSS, TAKE_PROFIT, UNITS, answer, arrays

data, repeats = arrays()
VERSIONS = {"vectorbt": version("vectorbt"), "vectorbt-rust": version("vectorbt-rust")}


def portfolio(rows: int, stop: object, target: object, engine: str) -> vectorbt.Portfolio:
    """An order at the open of the bars where one is due, where nothing is open."""
    opens, highs, lows, closes, entries = (
        column[:rows] for column in (data.open, data.high, data.low, data.close, data.entries)
    )
    column = (lambda values: values[:, None]) if np.ndim(stop) else (lambda values: values)
    if np.ndim(stop):
        # One column a pair of distances.
        stop, target = stop[None, :] / opens[:, None], target[None, :] / opens[:, None]
    else:
        stop, target = stop / opens, target / opens
    return vectorbt.Portfolio.from_signals(
        column(closes), column(entries), column(np.zeros(rows, dtype=bool)), open=column(opens), high=column(highs),
        low=column(lows), price=column(opens), size=UNITS,
        sl_stop=stop, tp_stop=target, stop_entry_price="price", stop_exit_price="stoplimit", init_cash=1e7,
        freq="1min", engine=engine,
    )  # fmt: skip


def checked(result: vectorbt.Portfolio) -> tuple[int, float]:
    records = result.trades.values
    return len(records), float(records["pnl"].sum())


def run(engine: str = "rust") -> tuple[int, float]:
    return checked(portfolio(len(data.open), STOP_LOSS, TAKE_PROFIT, engine))


def with_equity() -> tuple[int, float]:
    result = portfolio(len(data.open), STOP_LOSS, TAKE_PROFIT, "rust")
    if len(result.value()) != len(result.drawdown()):
        raise SystemExit("the equity curve is incomplete")
    return checked(result)


pairs = [(stop, target) for stop in range(10, 60, 5) for target in range(15, 115, 10)]
stops, targets = (np.array(values, dtype=float) * 1e-4 for values in zip(*pairs, strict=True))


def sweep() -> tuple[int, float]:
    return checked(portfolio(100_000, stops, targets, "rust"))


answer(VERSIONS, run, repeats)
answer(VERSIONS, with_equity, repeats, "equity")
answer(VERSIONS, sweep, min(repeats, 3), "sweep")
answer({**VERSIONS, "engine": "numba"}, lambda: run("numba"), min(repeats, 3))
