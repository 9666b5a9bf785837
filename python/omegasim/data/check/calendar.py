"""Times against the trading week: missing bars, weekends, a clock of another zone."""

from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from omegasim.data.check.finding import Finding, found
from omegasim.data.cleaners import filler_rows
from omegasim.data.zones import Zone
from omegasim.errors import OmegaError

_NEW_YORK = "America/New_York"
_MINUTE = 60_000_000_000
_DAY = 1440 * _MINUTE
_SESSIONS = (("asia", 17, 3), ("europe", 3, 8), ("america", 8, 17))
_CLOCKS = (
    "UTC", "America/New_York+7", "Europe/Helsinki", "Etc/GMT+5", "America/New_York", "Europe/London", "Europe/Paris",
    "UTC+1", "UTC+2", "UTC+3",
)  # fmt: skip
_CLOSE = 17 * 60
# Weeks that close within half an hour of the close agree with it.
_NEAR = 30


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


def missing_bars(frame: pl.DataFrame, step: int) -> list[Missing]:
    """Bars missing in the hours of the week in which the market usually trades, by session on New York's clock.

    An hour of the week counts as traded where at least half of the weeks have a row in it; ticks count by minutes.
    """
    times = frame.get_column("time").drop_nulls()
    if times.is_empty() or step >= _DAY:
        return []
    slots = pl.DataFrame({"time": times}).with_columns(slot=pl.col("time").dt.timestamp("ns") // step).unique("slot")
    slots = _on_the_clock(slots)
    weeks = slots.get_column("week").n_unique()
    traded = slots.group_by("hour").agg(weeks=pl.col("week").n_unique()).filter(pl.col("weeks") * 2 >= weeks)
    grid = pl.select(slot=pl.int_range(int(slots["slot"].min()), int(slots["slot"].max()) + 1))  # type: ignore[arg-type]
    grid = grid.with_columns(time=(pl.col("slot") * step).cast(pl.Datetime("ns", "UTC")))
    grid = _on_the_clock(grid).join(traded, on="hour", how="semi")
    gone = grid.join(slots.select("slot"), on="slot", how="anti")
    counts = []
    for name, start, end in _SESSIONS:
        hour = pl.col("hour") % 24
        inside = (hour >= start) | (hour < end) if start > end else (hour >= start) & (hour < end)
        counts.append(Missing(name, grid.filter(inside).height, gone.filter(inside).height))
    return counts


def weekend_findings(frame: pl.DataFrame) -> list[Finding]:
    """Rows between New York's Friday and Sunday close."""
    local = pl.col("time").dt.convert_time_zone(_NEW_YORK)
    minute = local.dt.hour().cast(pl.Int32) * 60 + local.dt.minute()
    day = local.dt.weekday()
    closed = (day == 6) | ((day == 5) & (minute >= _CLOSE)) | ((day == 7) & (minute < _CLOSE))
    filler = frame.filter(closed & filler_rows(frame)).height
    cure = 'clean="filler"' if filler else "timezone=, if the clock is another"
    return found("weekend", "note", frame, closed, "{rows} rows lie between New York's Friday and Sunday close", cure)


def clock_findings(frame: pl.DataFrame, step: int) -> list[Finding]:
    """Weeks that end at another hour than New York's Friday close, and begin at another than its Sunday's."""
    naive = frame.get_column("time").drop_nulls().unique().sort().dt.replace_time_zone(None)
    if step > 4 * 60 * _MINUTE:
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
        local = Zone.parse(zone).to_utc(naive, "").dt.convert_time_zone(_NEW_YORK)
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


def _on_the_clock(table: pl.DataFrame) -> pl.DataFrame:
    local = pl.col("time").dt.convert_time_zone(_NEW_YORK)
    # The week is counted from its Sunday, when it begins to trade.
    sunday = (local + pl.duration(days=1)).dt
    return table.with_columns(
        hour=(local.dt.weekday().cast(pl.Int32) % 7) * 24 + local.dt.hour().cast(pl.Int32),
        week=sunday.iso_year().cast(pl.Int32) * 100 + sunday.week(),
    )
