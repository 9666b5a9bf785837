"""What keeps a strategy from opening. Closing, changing and cancelling are never filtered.

An order that a filter holds back is in the events as `rejected` with reason `filtered`. Filters look at the moment at
which the order is given, which is the close of a bar.
"""

import json
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any, Literal

from omegasim.errors import ARGUMENT, InputError
from omegasim.news import News
from omegasim.swap import Weekday
from omegasim.terms import Hours, Sessions

ALL_DAYS: tuple[Weekday, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
Impact = Literal["low", "medium", "high"]


class Filter:
    """Base of the filters."""

    def _settings(self, news: News | None) -> dict[str, Any]:
        raise NotImplementedError


class TradingHours(Filter):
    """Open between two times of day only; hours may reach over midnight.

    Parameters
    ----------
    start, end : str
        Times of day such as "08:00"; from the start up to, not including, the end.
    zone : str
        IANA zone of these times; daylight saving is the zone's own.
    days : collection of str
        On which days the hours begin.

    Examples
    --------
    >>> import omegasim as om
    >>> om.filters.TradingHours("08:00", "16:30", zone="Europe/London", days=["monday", "friday"])
    TradingHours('08:00', '16:30', zone='Europe/London')
    """

    def __init__(self, start: str, end: str, *, zone: str = "UTC", days: Collection[Weekday] = ALL_DAYS) -> None:
        self.start, self.end, self.zone = start, end, zone
        days = [day for day in ALL_DAYS if day in set(days)] if set(days) <= set(ALL_DAYS) else list(days)
        if _clock(start) < _clock(end):
            hours = [Hours(days=days, open=start, close=end)]
        else:
            following = [ALL_DAYS[(ALL_DAYS.index(day) + 1) % 7] for day in days if day in ALL_DAYS]
            hours = [Hours(days=days, open=start, close="24:00")]
            if _clock(end) > "00:00":
                hours.append(Hours(days=following, open="00:00", close=end))
        self._sessions = Sessions(zone=zone, hours=hours)

    def __repr__(self) -> str:
        return f"TradingHours({self.start!r}, {self.end!r}, zone={self.zone!r})"

    def _settings(self, news: News | None) -> dict[str, Any]:
        return _hours(self._sessions)


class Weekdays(Filter):
    """Open on some days of the week only.

    Parameters
    ----------
    days : collection of str
        Such as "monday".
    zone : str
        IANA zone of the days.

    Examples
    --------
    >>> import omegasim as om
    >>> om.filters.Weekdays(["tuesday", "wednesday", "thursday"])
    Weekdays(['tuesday', 'wednesday', 'thursday'], zone='UTC')
    """

    def __init__(self, days: Collection[Weekday], *, zone: str = "UTC") -> None:
        self.days, self.zone = list(days), zone
        self._sessions = Sessions(zone=zone, hours=[Hours(days=self.days, open="00:00", close="24:00")])

    def __repr__(self) -> str:
        return f"Weekdays({self.days}, zone={self.zone!r})"

    def _settings(self, news: News | None) -> dict[str, Any]:
        return _hours(self._sessions)


class Holidays(Filter):
    """Open on all days but these.

    Parameters
    ----------
    dates : sequence of date or str
        Such as "2024-12-25".
    zone : str
        IANA zone of the dates.

    Examples
    --------
    >>> import omegasim as om
    >>> om.filters.Holidays(["2024-12-25", "2025-01-01"], zone="America/New_York")
    Holidays(2 dates, zone='America/New_York')
    """

    def __init__(self, dates: Sequence[date | str], *, zone: str = "UTC") -> None:
        self.zone = zone
        always = Hours(days=ALL_DAYS, open="00:00", close="24:00")
        self._sessions = Sessions(zone=zone, hours=[always], holidays=[str(day) for day in dates])

    def __repr__(self) -> str:
        return f"Holidays({len(self._sessions.holidays)} dates, zone={self.zone!r})"

    def _settings(self, news: News | None) -> dict[str, Any]:
        return _hours(self._sessions)


class NewsBlackout(Filter):
    """Open at no time around scheduled news of the symbol's currencies; the news are the run's (`Backtest(news=)`).

    Parameters
    ----------
    before, after : timedelta
        How long before and after an event.
    impacts : collection of str, optional
        Which events count, by their column `impact`; all where not given.
    currencies : collection of str, optional
        Events of which currencies count, for every symbol; those of the symbol where not given.

    Examples
    --------
    >>> import omegasim as om
    >>> from datetime import timedelta
    >>> om.filters.NewsBlackout(timedelta(minutes=30), timedelta(minutes=15), impacts=["high"])
    NewsBlackout(0:30:00 before, 0:15:00 after)
    """

    def __init__(
        self,
        before: timedelta,
        after: timedelta,
        *,
        impacts: Collection[str] | None = None,
        currencies: Collection[str] | None = None,
    ) -> None:
        if before < timedelta(0) or after < timedelta(0):
            raise InputError(f"news: expected spans of time that are not negative, found {before}, {after}", ARGUMENT)
        self.before, self.after = before, after
        self.impacts = None if impacts is None else {impact.lower() for impact in impacts}
        self.currencies = None if currencies is None else set(currencies)

    def __repr__(self) -> str:
        return f"NewsBlackout({self.before} before, {self.after} after)"

    def _settings(self, news: News | None) -> dict[str, Any]:
        if news is None:
            raise InputError("filters: NewsBlackout needs the run's news; expected Backtest(news=...)", ARGUMENT)
        events = [
            (event.time, "" if self.currencies is not None else event.currency)
            for event in news.scheduled()
            if (self.impacts is None or event.impact.lower() in self.impacts)
            and (self.currencies is None or event.currency in self.currencies)
        ]
        return {
            "kind": "news",
            "before": _nanoseconds(self.before),
            "after": _nanoseconds(self.after),
            "events": events,
        }


class MaxSpread(Filter):
    """Open at no spread wider than this, at the close of the bar.

    Parameters
    ----------
    pips : float
        The widest spread.

    Examples
    --------
    >>> import omegasim as om
    >>> om.filters.MaxSpread(1.5)
    MaxSpread(1.5)
    """

    def __init__(self, pips: float) -> None:
        self.pips = float(pips)
        if not self.pips >= 0.0:
            raise InputError(f"MaxSpread: expected a number of at least 0, found {pips}", ARGUMENT)

    def __repr__(self) -> str:
        return f"MaxSpread({self.pips})"

    def _settings(self, news: News | None) -> dict[str, Any]:
        return {"kind": "spread", "max_pips": self.pips}


class CoolDown(Filter):
    """Open nothing for a while after losses in a row; a loss is a trade with a negative net result.

    Parameters
    ----------
    duration : timedelta
        How long, from the close of the bar in which the last of them closed.
    losses : int
        How many losses in a row; afterwards they count anew.

    Examples
    --------
    >>> import omegasim as om
    >>> from datetime import timedelta
    >>> om.filters.CoolDown(timedelta(hours=4), losses=2)
    CoolDown(4:00:00, losses=2)
    """

    def __init__(self, duration: timedelta, *, losses: int = 1) -> None:
        if duration <= timedelta(0) or losses < 1:
            raise InputError(
                f"CoolDown: expected a duration above 0 and at least one loss, found {duration}, {losses}", ARGUMENT
            )
        self.duration, self.losses = duration, losses

    def __repr__(self) -> str:
        return f"CoolDown({self.duration}, losses={self.losses})"

    def _settings(self, news: News | None) -> dict[str, Any]:
        return {"kind": "pause", "losses": self.losses, "duration": _nanoseconds(self.duration)}


def to_json(filters: Sequence[Filter], news: News | None) -> str:
    """Filters as the core reads them."""
    for one in filters:
        if not isinstance(one, Filter):
            raise InputError(f"filters: expected omegasim.filters, found {type(one).__name__}", ARGUMENT)
    return json.dumps([one._settings(news) for one in filters])


def _hours(sessions: Sessions) -> dict[str, Any]:
    return {"kind": "hours", **sessions.model_dump(mode="json")}


def _clock(text: str) -> str:
    return text.strip().zfill(5)


def _nanoseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1) * 1000
