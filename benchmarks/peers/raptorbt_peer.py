"""raptorbt, as a class that decides in each bar, and over arrays of signals.

The class decides before the exits of that bar are known; a take profit that a bar opens beyond fills at its price.
Over arrays, distances are shares of the price, and a second entry needs an exit signal before it: preparation works out
where each trade ends and sets the signals there. No entry can be decided on the bar of an exit signal.
Each run has an equity curve and its metrics computed.
"""

from importlib.metadata import version

import numpy as np
import raptorbt
from protocol import EVERY, STOP_LOSS, TAKE_PROFIT, answer, arrays

data, repeats = arrays()
due = data.entries.tolist()
prices = (data.time, data.open, data.high, data.low, data.close, np.ones(len(due)))
# What may be spent buys one lot of a hundred thousand at every price there is, and never two.
one_lot = raptorbt.InstrumentConfig(lot_size=100_000.0, alloted_capital=150_000.0)


def settings(**distances: float) -> raptorbt.BacktestConfig:
    """An order decided at a close is filled at the next open."""
    config = raptorbt.BacktestConfig(initial_capital=1e7, fees=0.0, fill_timing="next_bar_open")
    if distances:
        config.set_fixed_stop(distances["stop"])
        config.set_fixed_target(distances["target"])
    return config


class Workload(raptorbt.Strategy):
    """An order for the next open where one is due and nothing is open."""

    def on_bar(self, ctx: object) -> None:
        bar = ctx.idx + 1
        if bar < len(due) and due[bar] and ctx.position is None:
            self.enter()

    def on_position_opened(self, ctx: object, _event: object) -> None:
        price = ctx.position.entry_price
        ctx.set_stop_price(round(price - STOP_LOSS, 5))
        ctx.set_target_price(round(price + TAKE_PROFIT, 5))


def checked(result: raptorbt.BacktestResult) -> tuple[int, float]:
    metrics = result.metrics
    return metrics.total_trades, metrics.end_value - metrics.start_value


def run() -> tuple[int, float]:
    return checked(raptorbt.run_strategy_backtest(Workload(), *prices, config=settings(), instrument_config=one_lot))


def closing_bar(bar: int, rows: int, stop: float, target: float) -> int:
    """The bar that closes what was bought at the open of `bar`, or `rows`."""
    price, size = data.open[bar], 512
    while bar < rows:
        part = slice(bar, min(bar + size, rows))
        hits = np.flatnonzero((data.low[part] <= price * (1.0 - stop)) | (data.high[part] >= price * (1.0 + target)))
        if len(hits):
            return bar + int(hits[0])
        bar, size = part.stop, 2 * size
    return rows


def signals(rows: int, stop: float, target: float) -> tuple[np.ndarray, np.ndarray]:
    """Entries at the close before the bars where an order is due and nothing is open, and the bars where each ends."""
    entries, exits, bar = np.zeros(rows, dtype=bool), np.zeros(rows, dtype=bool), 1
    while bar < rows:
        entries[bar - 1] = True
        closed = closing_bar(bar, rows, stop, target)
        exits[closed : closed + 1] = True
        bar += EVERY * -(-(closed + 2 - bar) // EVERY)
    return entries, exits


def item(rows: int, stop: float, target: float) -> raptorbt.BatchSingleItem:
    """Signals for distances that are those of the work at the mean price."""
    level = data.open[:rows].mean()
    stop, target = stop / level, target / level
    entries, exits = signals(rows, stop, target)
    return raptorbt.BatchSingleItem(
        f"{stop} {target}", entries, exits, config=settings(stop=stop, target=target), instrument_config=one_lot
    )


def batch(rows: int, items: list[raptorbt.BatchSingleItem]) -> tuple[int, float]:
    results = [checked(result) for _, result in raptorbt.batch_single_backtest(*(c[:rows] for c in prices), items)]
    return sum(trades for trades, _ in results), sum(profit for _, profit in results)


one = [item(len(due), STOP_LOSS, TAKE_PROFIT)]
pairs = [(stop, target) for stop in range(10, 60, 5) for target in range(15, 115, 10)]
part = min(100_000, len(due))
items = [item(part, stop * 1e-4, target * 1e-4) for stop, target in pairs]

versions = {"raptorbt": version("raptorbt")}
answer({**versions, "input": "class"}, run, 1)
answer({**versions, "input": "arrays"}, lambda: batch(len(due), one), repeats)
answer({**versions, "input": "arrays"}, lambda: batch(part, items), min(repeats, 3), "sweep")
