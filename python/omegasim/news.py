"""A calendar of news: what is scheduled is known beforehand, what is published only from its time on."""

from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from omegasim.data.table import frame_of
from omegasim.data.times import utc
from omegasim.errors import ARGUMENT, COLUMN_TYPE, MISSING_COLUMN, InputError

COLUMNS = ("time", "currency", "impact", "title", "forecast", "previous", "actual")


@dataclass(frozen=True, slots=True)
class NewsEvent:
    """One event; `actual` is None until it is published. The time is nanoseconds in UTC."""

    time: int
    currency: str
    impact: str
    title: str
    forecast: Any
    previous: Any
    actual: Any


class News:
    """A table of events.

    Parameters
    ----------
    table : Arrow table
        Columns `time` and `currency`; optional `impact`, `title`, `forecast`, `previous`, `actual`. Times in any
        usual spelling; a naive one is UTC.

    Raises
    ------
    InputError
        A column is missing, unknown, or holds no times.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> from datetime import datetime
    >>> news = om.News(pl.DataFrame({"time": [datetime(2024, 3, 8, 13, 30)], "currency": ["USD"],
    ...                              "impact": ["high"], "title": ["Nonfarm Payrolls"], "actual": [275.0]}))
    >>> len(news)
    1
    """

    def __init__(self, table: Any) -> None:
        frame = frame_of(table, "news")
        for name in ("time", "currency"):
            if name not in frame.columns:
                raise InputError(f"news: column {name!r} is missing; found {', '.join(frame.columns)}", MISSING_COLUMN)
        unknown = [name for name in frame.columns if name not in COLUMNS]
        if unknown:
            raise InputError(f"news: unknown column {unknown[0]!r}; expected {', '.join(COLUMNS)}", ARGUMENT)
        times = utc(frame.get_column("time"), "news")
        if times.null_count() > 0:
            raise InputError("news: time: expected times without nulls", COLUMN_TYPE)
        frame = frame.with_columns(times.dt.epoch("ns").alias("time")).sort("time", maintain_order=True)
        self._events = [
            NewsEvent(
                row["time"],
                row["currency"] or "",
                row.get("impact") or "",
                row.get("title") or "",
                row.get("forecast"),
                row.get("previous"),
                row.get("actual"),
            )
            for row in frame.iter_rows(named=True)
        ]
        self._times = [event.time for event in self._events]

    def __len__(self) -> int:
        return len(self._events)

    def scheduled(self) -> list[NewsEvent]:
        """All events, without what they publish."""
        return [_unpublished(event) for event in self._events]

    def _published(self, now: int) -> list[NewsEvent]:
        return self._events[: bisect_right(self._times, now)]

    def _ahead(self, now: int) -> list[NewsEvent]:
        return [_unpublished(event) for event in self._events[bisect_right(self._times, now) :]]


class NewsView:
    """The news of a run at the moment of a strategy's decision."""

    def __init__(self, news: News | None, now: Callable[[], int]) -> None:
        self.__news, self.__now = news, now

    def published(self, n: int = 10, *, currency: str | None = None) -> list[NewsEvent]:
        """The newest events whose time has come, oldest first."""
        events = [] if self.__news is None else self.__news._published(self.__now())
        kept = [event for event in events if currency in (None, event.currency)]
        return kept[-n:] if n > 0 else []

    def ahead(self, n: int = 10, *, currency: str | None = None) -> list[NewsEvent]:
        """The next scheduled events, without what they will publish."""
        events = [] if self.__news is None else self.__news._ahead(self.__now())
        return [event for event in events if currency in (None, event.currency)][:n]


def _unpublished(event: NewsEvent) -> NewsEvent:
    return NewsEvent(event.time, event.currency, event.impact, event.title, event.forecast, event.previous, None)
