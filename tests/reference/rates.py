"""Conversion of money (F): which rate there is at a moment, and how old it may be."""

from bisect import bisect_right

HOUR = 3_600_000_000_000


class RateError(Exception):
    """F2: a rate that is not there, or too old."""


class Moving:
    """F1: the middle of the newest close that is known; of the run's own symbols only what the run has come to."""

    def __init__(self, pair: str, known: list[int], mids: list[float], book=None) -> None:
        self.pair = pair
        self.book = book
        self.known = known
        self.mids = mids

    def at(self, moment: int, stale_limit) -> float:
        """N55: the rate at a moment."""
        newest = bisect_right(self.known, moment) - 1
        if self.book is not None:
            newest = min(newest, self.book.row)
        if newest < 0:
            raise RateError(f"{self.pair}: no rate is known at {moment}")
        if stale_limit is not None and moment - self.known[newest] > stale_limit:
            raise RateError(f"{self.pair}: the rate at {moment} is from {self.known[newest]}")
        return self.mids[newest]


def moving(pair: str, steps: list, book=None) -> Moving:
    """A rate from bars or ticks."""
    known = [step.time + step.span for step in steps]
    return Moving(pair, known, [(step.bid.close + step.ask.close) / 2.0 for step in steps], book)


class Rates:
    """F1: constants, then given series, then the symbols of the run."""

    def __init__(self, account: dict, series: dict[str, list], books: list) -> None:
        self.hub = account.get("hub") or "USD"
        hours = account.get("stale_limit_hours")
        self.stale_limit = None if hours is None else hours * HOUR
        self.pairs = {}
        for pair, value in (account.get("rates") or {}).items():
            self.pairs.setdefault((pair[:3], pair[3:]), value)
        for pair, steps in series.items():
            self.pairs.setdefault((pair[:3], pair[3:]), moving(pair, steps))
        for book in books:
            one = book.instrument
            self.pairs.setdefault((one.base, one.quote), moving(one.base + one.quote, book.steps, book))

    def rate(self, start: str, end: str, moment: int) -> float:
        """F1: identity, a pair, its inverse, or two of these through the hub."""
        if start == end:
            return 1.0
        if self._connects(start, end):
            return self._one(start, end, moment)
        if self._connects(start, self.hub) and self._connects(self.hub, end):
            return self._one(start, self.hub, moment) * self._one(self.hub, end, moment)
        raise RateError(f"{start}{end}: no path")

    def _connects(self, start: str, end: str) -> bool:
        return (start, end) in self.pairs or (end, start) in self.pairs

    def _one(self, start: str, end: str, moment: int) -> float:
        if (start, end) in self.pairs:
            return self._value(self.pairs[start, end], moment)
        return 1.0 / self._value(self.pairs[end, start], moment)

    def _value(self, rate, moment: int) -> float:
        """N55: constants never age."""
        return rate.at(moment, self.stale_limit) if isinstance(rate, Moving) else rate
