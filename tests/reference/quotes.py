"""Bars and ticks as the simulator meets them: one step of one symbol."""

from typing import NamedTuple

from .grid import Grid


class Ohlc(NamedTuple):
    """Four prices of one side."""

    open: float
    high: float
    low: float
    close: float


class Bar(NamedTuple):
    """One step: a bar, or a tick whose four prices are one (G6)."""

    time: int
    bid: Ohlc
    ask: Ohlc
    is_tick: bool
    span: int

    def spread(self, at: str) -> float:
        """G: the spread at the open, high, low or close."""
        return getattr(self.ask, at) - getattr(self.bid, at)


def widened(bid: float, ask: float, multiplier: float, grid: Grid) -> tuple[float, float]:
    """C2: the pair of prices with its spread multiplied."""
    mid = (bid + ask) / 2.0
    distance = (ask - bid) / 2.0
    return grid.nearest(mid - distance * multiplier), grid.nearest(mid + distance * multiplier)


def _extremes(four) -> Ohlc:
    """C2: low and high are the extremes of the four prices."""
    return Ohlc(four[0], max(four), min(four), four[3])


def _rebuilt(bid: Ohlc, ask: Ohlc, multiplier: float, grid: Grid) -> tuple[Ohlc, Ohlc]:
    pairs = [widened(b, a, multiplier, grid) for b, a in zip(bid, ask, strict=False)]
    return _extremes([b for b, _ in pairs]), _extremes([a for _, a in pairs])


def _tick(time: int, bid: float, ask: float) -> Bar:
    return Bar(time, Ohlc(bid, bid, bid, bid), Ohlc(ask, ask, ask, ask), True, 0)


def steps_of(series: dict, multiplier: float, grid: Grid) -> list[Bar]:
    """The steps of a series, spreads multiplied (C2)."""
    steps = []
    for time, bid, ask in zip(series["time"], series["bid"], series["ask"], strict=False):
        if series["kind"] == "ticks":
            if multiplier != 1.0:
                bid, ask = widened(bid, ask, multiplier, grid)
            steps.append(_tick(time, bid, ask))
            continue
        bid, ask = Ohlc(*bid), Ohlc(*ask)
        if multiplier != 1.0:
            bid, ask = _rebuilt(bid, ask, multiplier, grid)
        steps.append(Bar(time, bid, ask, False, series["timeframe"]))
    return steps
