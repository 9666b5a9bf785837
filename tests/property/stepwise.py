"""The work of a case through the stepwise door."""

from collections.abc import Iterator
from typing import Any

from property.doors import NAMES, bars_first, config_of, series_of, signals_of
from reference.cases import Case

import omegasim as om

Rates = dict[str, om.Bars | om.Ticks]
Step = tuple[int, dict[str, tuple[float, ...]], set[str]]


def rows_of_series(series: dict[str, Any]) -> list[tuple[float, ...]]:
    """A series as the tuples that a simulator takes."""
    if series["kind"] == "ticks":
        return list(zip(series["time"], series["bid"], series["ask"], strict=True))
    ask = series["ask"] or [()] * len(series["time"])
    return [(time, *bid, *offer) for time, bid, offer in zip(series["time"], series["bid"], ask, strict=True)]


def steps_of(case: Case) -> Iterator[Step]:
    """T5, N3: time, the bars or ticks at it, the symbols whose data end with it."""
    rows = {symbol: rows_of_series(series) for symbol, series in case.market.items()}
    at = dict.fromkeys(rows, 0)
    while waiting := {symbol: rows[symbol][at[symbol]] for symbol in rows if at[symbol] < len(rows[symbol])}:
        time = min(row[0] for row in waiting.values())
        step = {symbol: row for symbol, row in waiting.items() if row[0] == time}
        for symbol in step:
            at[symbol] += 1
        yield int(time), step, {symbol for symbol in step if at[symbol] == len(rows[symbol])}


class Drive:
    """A case on its way through the stepwise door; signals come one by one, each before the bar of its time."""

    def __init__(self, case: Case, equity: str = "bars", *, table: bool = False, rates: Rates | None = None) -> None:
        self.case = bars_first(case)
        self.steps = list(steps_of(self.case))
        self.signals = list(self.case.signals)
        self.simulator = om.ExecutionSimulator(
            config_of(self.case),
            symbols=list(self.case.market),
            equity=equity,
            rates=rates,
            timeframe={symbol: NAMES.get(series.get("timeframe")) for symbol, series in self.case.market.items()},
        )
        self.finer = {
            symbol: [series_of(symbol, level) for level in levels] for symbol, levels in self.case.finer.items()
        }
        if table and self.signals:
            self.simulator.process_signals_batch(signals_of(self.signals))
            self.signals = []

    def run(self, steps: int | None = None) -> None:
        """Go on, for some steps or to the end."""
        for time, bars, last in self.steps[: len(self.steps) if steps is None else steps]:
            while self.signals and self.signals[0]["time"] <= time:
                self._take(self.signals.pop(0))
            finer = {symbol: self.finer[symbol] for symbol in bars if symbol in self.finer}
            self.simulator.on_bars(bars, last=last, finer=finer or None)
        self.steps = self.steps[len(self.steps) if steps is None else steps :]

    def finish(self) -> om.Result:
        """The rest, and the end."""
        self.run()
        while self.signals:
            self._take(self.signals.pop(0))
        return self.simulator.finish()

    def cut(self) -> None:
        """Save, throw away and restore."""
        self.simulator = om.ExecutionSimulator.restore(self.simulator.snapshot())

    def _take(self, signal: dict[str, Any]) -> None:
        self.simulator.process_signal({name: value for name, value in signal.items() if value is not None})
