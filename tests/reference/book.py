"""What the simulator keeps of one symbol: its steps, marks, orders and positions."""

from bisect import bisect_left

from .instrument import Instrument
from .quotes import steps_of
from .terms import Terms


class Book:
    """One symbol."""

    def __init__(self, index: int, config: dict, costs: dict, series: dict, finer: list) -> None:
        self.index = index
        self.instrument = Instrument(config)
        self.terms = Terms(config, costs)
        self.sessions = config.get("sessions")
        multiplier = costs["spread_multiplier"]
        self.symbol = self.instrument.symbol
        self.grid = self.instrument.grid
        self.is_ticks = series["kind"] == "ticks"
        self.steps = steps_of(series, multiplier, self.grid)
        self.times = list(series["time"])
        self.levels = [steps_of(level, multiplier, self.grid) for level in finer]
        self.level_times = [list(level["time"]) for level in finer]
        self.row = -1
        self.bar = None
        self.has_bar = False
        self.is_drilled = False
        self.mark = None
        self.mark_spreads = 0.0, 0.0
        self.pending = {}
        self.open = {}
        self.due = {}
        self.due_at_close = {}

    def orders(self) -> list:
        """Resting orders, ascending ticket."""
        return [self.pending[ticket] for ticket in sorted(self.pending)]

    def positions(self) -> list:
        """Open positions, ascending ticket."""
        return [self.open[ticket] for ticket in sorted(self.open)]

    def tickets(self) -> list:
        """B: orders and positions together, ascending ticket."""
        return sorted([*self.pending, *self.open])

    def mark_at(self, bar, at: str) -> None:
        """N6: the mark moves to a quote of the bar."""
        self.mark = getattr(bar.bid, at), getattr(bar.ask, at)
        self.mark_spreads = (bar.spread(at),) * 2

    def mark_at_worst(self, bar) -> None:
        """N63: the mark moves to where the bar was worst for longs and for shorts, each with its spread (L3)."""
        self.mark = bar.bid.low, bar.ask.high
        self.mark_spreads = bar.spread("low"), bar.spread("high")

    def previous_range(self) -> float:
        """L3: high minus low of the bid bar before the current one; its newest where it has none in this step."""
        newest = self.row - 1 if self.has_bar else self.row
        if self.is_ticks or newest < 0:
            return 0.0
        previous = self.steps[newest].bid
        return previous.high - previous.low

    def settle(self) -> None:
        """A new step begins for whatever stands."""
        for position in self.open.values():
            position.settle()
        for order in self.pending.values():
            order.settle()

    def inside(self, level: int, bar) -> list:
        """I5: the finer steps inside a bar."""
        times = self.level_times[level]
        return self.levels[level][bisect_left(times, bar.time) : bisect_left(times, bar.time + bar.span)]
