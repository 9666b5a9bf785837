"""Times against the trading week: missing bars, weekends, a clock of another zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from omegasim.data.check.finding import Finding, Rule
from omegasim.data.check.hours import NEW_YORK, Calendar, OwnHours, UsualHours
from omegasim.data.layout import Kind
from omegasim.data.zones import Zone
from omegasim.errors import OmegaError
from omegasim.instrument import Instrument

_MINUTE = 60_000_000_000
_HOUR = 60 * _MINUTE
_DAY = 24 * _HOUR
_CLOCKS = (
    "UTC", "America/New_York+7", "Europe/Helsinki", "Etc/GMT+5", "America/New_York", "Europe/London", "Europe/Paris",
    "UTC+1", "UTC+2", "UTC+3",
)  # fmt: skip
_CLOSE = 17 * 60
# Weeks that close within half an hour of the close agree with it.
_NEAR = 30
_AT_ONCE = 1_000_000
_DISTANCES = 100_000


@dataclass(frozen=True)
class Missing:
    """Bars that a session should have and has not."""

    session: str
    expected: int
    missing: int

    @property
    def share(self) -> float:
        """Part that is missing."""
        return self.missing / self.expected if self.expected else 0.0


class Times:
    """The times of a stream, as far as the calendar needs them: which minutes have a row, and the edges of hours."""

    def __init__(self) -> None:
        self._minutes = pl.Series("minute", [], pl.Int64)
        self._waiting: list[pl.Series] = []
        self._edges = pl.DataFrame(schema={"hour": pl.Int64, "first": pl.Int64, "last": pl.Int64})
        self._distances = pl.DataFrame(schema={"distance": pl.Int64, "count": pl.Int64})
        self._last: int | None = None

    def add(self, times: pl.Series) -> None:
        """Look at some more times."""
        ns = times.drop_nulls().to_physical().alias("time")
        if ns.is_empty():
            return
        self._waiting.append((ns // _MINUTE).unique().alias("minute"))
        if sum(map(len, self._waiting)) > max(_AT_ONCE, len(self._minutes)):
            self._gather()
        edges = ns.to_frame().group_by(hour=pl.col("time") // _HOUR)
        edges_of = edges.agg(first=pl.col("time").min(), last=pl.col("time").max())
        together = pl.concat([self._edges, edges_of]).group_by("hour")
        self._edges = together.agg(pl.col("first").min(), pl.col("last").max())
        self._add_distances(ns)

    def _add_distances(self, ns: pl.Series) -> None:
        whole = ns if self._last is None else pl.concat([pl.Series("time", [self._last]), ns])
        self._last = int(ns[-1])
        distances = whole.diff().drop_nulls().alias("distance").to_frame().filter(pl.col("distance") > 0)
        counted = distances.group_by("distance").agg(count=pl.len().cast(pl.Int64))
        both = pl.concat([self._distances, counted]).group_by("distance").agg(pl.col("count").sum())
        if len(both) > 2 * _DISTANCES:
            both = both.top_k(_DISTANCES, by="count")
        self._distances = both

    def _gather(self) -> None:
        self._minutes = pl.concat([self._minutes, *self._waiting]).unique()
        self._waiting = []

    def usual_distance(self) -> int | None:
        """T2: the most frequent distance of successive times; the shorter of two equally frequent."""
        ordered = self._distances.sort("count", "distance", descending=[True, False])
        return int(ordered.item(0, "distance")) if len(ordered) else None

    def edges(self) -> pl.Series:
        """First and last time of each hour, sorted, in UTC: all that lie at the edge of a pause of hours."""
        times = pl.concat([self._edges.get_column("first"), self._edges.get_column("last").alias("first")])
        return times.unique().sort().cast(pl.Datetime("ns", "UTC")).alias("time")

    def calendar(self, instrument: Instrument | None) -> Calendar:
        """The hours of the instrument, or those that the file shows."""
        hours = self._edges.select(time=(pl.col("hour") * _HOUR).cast(pl.Datetime("ns", "UTC")))
        return OwnHours.of(instrument) or UsualHours.of_file(hours)

    def missing(self, step: int, calendar: Calendar) -> list[Missing]:
        """Bars missing by session, a million slots at a time; ticks and bars of seconds count by minutes."""
        self._gather()
        step = max(step, _MINUTE)
        if self._minutes.is_empty() or step >= _DAY:
            return []
        slots = (self._minutes * _MINUTE // step).unique().alias("slot")
        there = _counted((slots[start : start + _AT_ONCE] for start in range(0, len(slots), _AT_ONCE)), step, calendar)
        first, last = int(slots.min()), int(slots.max())  # type: ignore[arg-type]
        grid = (
            pl.int_range(start, min(start + _AT_ONCE, last + 1), eager=True).alias("slot")
            for start in range(first, last + 1, _AT_ONCE)
        )
        expected = _counted(grid, step, calendar)
        return [
            Missing(name, expected.get(name, 0), expected.get(name, 0) - there.get(name, 0))
            for name in calendar.sessions
        ]


def _counted(chunks: Iterable[pl.Series], step: int, calendar: Calendar) -> dict[str, int]:
    counts: dict[str, int] = {}
    for slots in chunks:
        times = slots.to_frame().select(time=(pl.col("slot") * step).cast(pl.Datetime("ns", "UTC")))
        sessions = calendar.session_of(times).drop_nulls().value_counts()
        for name, count in sessions.rows():
            counts[name] = counts.get(name, 0) + count
    return counts


def closed_rule(instrument: Instrument | None, kind: Kind) -> Rule:
    """Rows in hours without trade: outside an instrument's sessions, or between New York's Friday and Sunday close."""
    own = OwnHours.of(instrument)
    filler = 'clean="filler" where they are filler; else ' if kind == "bars" else ""
    cure = f"{filler}timezone=, if the clock is another"
    if own is not None:
        return Rule(
            "closed", "note", lambda _: own.session.is_null(), f"{{rows}} rows lie outside the {own.name}", cure
        )
    local = pl.col("time").dt.convert_time_zone(NEW_YORK)
    minute, day = _minutes(local), local.dt.weekday()
    closed = (day == 6) | ((day == 5) & (minute >= _CLOSE)) | ((day == 7) & (minute < _CLOSE))
    return Rule("weekend", "note", lambda _: closed, "{rows} rows lie between New York's Friday and Sunday close", cure)


def clock_findings(times: pl.Series, step: int) -> list[Finding]:
    """Weeks that end at another hour than New York's Friday close, and begin at another than its Sunday's."""
    naive = times.dt.replace_time_zone(None)
    if step > 4 * _HOUR or naive.is_empty():
        return []
    edges = {name: _edges(naive, name, step) for name in _CLOCKS}
    here = edges["UTC"]
    best = max(_CLOCKS, key=lambda name: edges[name] or 0.0)
    score = edges[best]
    if here is None or score is None or best == "UTC" or score < 0.6 or here > score - 0.3:
        return []
    return [
        Finding(
            "clock",
            "warning",
            f"{here:.0%} of the weeks end and begin with New York's close; on the clock {best} it would be {score:.0%}",
            cure=f'timezone="{best}"',
        )
    ]


def _edges(naive: pl.Series, zone: str, step: int) -> float | None:
    """Share of weekly edges at New York's close, were the times on a clock; None without a weekend."""
    try:
        local = Zone.parse(zone).to_utc(naive, "").dt.convert_time_zone(NEW_YORK)
    except OmegaError:
        return 0.0
    table = pl.DataFrame({"last": local, "first": local.shift(-1)}).drop_nulls()
    pause = pl.col("first") - pl.col("last")
    gaps = table.filter((pause > timedelta(hours=24)) & (pause < timedelta(hours=80)))
    if gaps.is_empty():
        return None
    ended = pl.col("last") + pl.duration(nanoseconds=step)
    closes = ((_minutes(ended) - _CLOSE).abs() <= _NEAR) & (ended.dt.weekday() == 5)
    # Metals open an hour after currencies.
    opens = (_minutes(pl.col("first")) - _CLOSE).is_between(-_NEAR, _NEAR + 60) & (pl.col("first").dt.weekday() == 7)
    right = gaps.select((closes.mean() + opens.mean()) / 2).item()
    return float(right)


def _minutes(time: pl.Expr) -> pl.Expr:
    return time.dt.hour().cast(pl.Int32) * 60 + time.dt.minute()
