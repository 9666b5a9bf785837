"""Conversion of money (F): which rate there is at a moment, and how old it may be."""

from bisect import bisect_right

HOUR = 3_600_000_000_000
DAY = 24 * HOUR


class RateError(Exception):
    """F2: a rate that is not there, or too old."""


class Moving:
    """F1: the middle of the newest close that is known; of the run's own symbols only what the run has come to."""

    def __init__(self, pair: str, known: list[int], mids: list[float], book=None) -> None:
        self.pair = pair
        self.book = book
        self.known = known
        self.mids = mids

    def newest(self, moment: int) -> int:
        """The row that is known at a moment; -1 where there is none."""
        newest = bisect_right(self.known, moment) - 1
        return newest if self.book is None else min(newest, self.book.row)

    def at(self, moment: int, stale_limit) -> float:
        """N55: the rate at a moment."""
        newest = self.newest(moment)
        if newest < 0:
            raise RateError(f"{self.pair}: no rate is known at {moment}")
        if stale_limit is not None and moment - self.known[newest] > stale_limit:
            raise RateError(f"{self.pair}: the rate at {moment} is from {self.known[newest]}")
        return self.mids[newest]


def moving(pair: str, steps: list, book=None) -> Moving:
    """A rate from bars or ticks."""
    known = [step.time + step.span for step in steps]
    return Moving(pair, known, [(step.bid.close + step.ask.close) / 2.0 for step in steps], book)


def aged(known: int, moment: int) -> int:
    """N55: what lies between two times, Saturdays and Sundays left out; the first day of 1970 was a Thursday."""
    age = 0
    while known < moment:
        day = known // DAY
        until = min(moment, (day + 1) * DAY)
        age += 0 if day % 7 in (2, 3) else until - known
        known = until
    return age


class Rates:
    """F1: constants, then given series, then the symbols of the run."""

    def __init__(self, account: dict, series: dict[str, list], books: list) -> None:
        self.hub = account.get("hub") or "USD"
        hours = account.get("stale_limit_hours")
        self.stale_limit = None if hours is None else hours * HOUR
        self.pairs = {}
        self.stale, self.oldest = 0, None
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

    def booked(self, start: str, end: str, moment: int) -> float:
        """N55: a rate that money is booked at; the older of two tells how old it was."""
        rate = self.rate(start, end, moment)
        steps = [(start, end)] if self._connects(start, end) else [(start, self.hub), (self.hub, end)]
        pairs = [self.pairs.get((one, two), self.pairs.get((two, one))) for one, two in steps]
        known = [(pair.known[pair.newest(moment)], pair.pair) for pair in pairs if isinstance(pair, Moving)]
        if known:
            since, name = min(known, key=lambda one: one[0])
            self._note({"pair": name, "time": moment, "known_from": since, "age": aged(since, moment)})
        return rate

    def _note(self, used: dict) -> None:
        self.stale += used["age"] > 24 * HOUR
        if self.oldest is None or used["age"] > self.oldest["age"]:
            self.oldest = used

    def _connects(self, start: str, end: str) -> bool:
        return (start, end) in self.pairs or (end, start) in self.pairs

    def _one(self, start: str, end: str, moment: int) -> float:
        if (start, end) in self.pairs:
            return self._value(self.pairs[start, end], moment)
        return 1.0 / self._value(self.pairs[end, start], moment)

    def _value(self, rate, moment: int) -> float:
        """N55: constants never age."""
        return rate.at(moment, self.stale_limit) if isinstance(rate, Moving) else rate
