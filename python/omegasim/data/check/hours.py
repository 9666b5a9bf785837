"""When bars are expected: in the hours of an instrument, or in those in which the file usually has rows."""

from dataclasses import dataclass

import polars as pl

from omegasim.instrument import Instrument
from omegasim.terms import Sessions

NEW_YORK = "America/New_York"
_SESSIONS = (("asia", 17, 3), ("europe", 3, 8), ("america", 8, 17))
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class UsualHours:
    """The hours of the week, on New York's clock, in which at least half of the weeks have a row."""

    traded: pl.DataFrame

    @classmethod
    def of_file(cls, hours: pl.DataFrame) -> "UsualHours":
        """Learn them from the hours that have rows, column `time`."""
        clock = _on_the_clock(hours)
        weeks = clock.get_column("week").n_unique()
        traded = clock.group_by("hour").agg(weeks=pl.col("week").n_unique()).filter(pl.col("weeks") * 2 >= weeks)
        return cls(traded.select("hour"))

    @property
    def name(self) -> str:
        """What it is called."""
        return "hours of the week in which at least half of the file's weeks have rows, on New York's clock"

    @property
    def sessions(self) -> list[str]:
        """Names of the sessions."""
        return [name for name, _, _ in _SESSIONS]

    def session_of(self, times: pl.DataFrame) -> pl.Series:
        """Session in which each `time` lies; null outside."""
        table = _on_the_clock(times)
        hour = pl.col("hour") % 24
        session: pl.Expr = pl.lit(None, pl.String)
        for name, start, end in _SESSIONS:
            inside = (hour >= start) | (hour < end) if start > end else (hour >= start) & (hour < end)
            session = pl.when(inside).then(pl.lit(name)).otherwise(session)
        traded = pl.col("hour").is_in(self.traded.get_column("hour").implode())
        return table.select(pl.when(traded).then(session).alias("session")).to_series()


@dataclass(frozen=True)
class OwnHours:
    """The sessions of an instrument, its holidays left out."""

    symbol: str
    terms: Sessions

    @classmethod
    def of(cls, instrument: Instrument | None) -> "OwnHours | None":
        """The hours of an instrument; None where it has none."""
        if instrument is None or instrument.sessions is None:
            return None
        return cls(instrument.symbol, instrument.sessions)

    @property
    def name(self) -> str:
        """What it is called."""
        count = len(self.terms.holidays)
        return f"sessions of {self.symbol} in {self.terms.zone}, {count} holiday{'' if count == 1 else 's'} left out"

    @property
    def sessions(self) -> list[str]:
        """Names of the sessions."""
        return [self._label(index) for index in range(len(self.terms.hours))]

    def _label(self, index: int) -> str:
        hours = self.terms.hours[index]
        days = f"{hours.days[0]} to {hours.days[-1]}" if len(hours.days) > 2 else " and ".join(hours.days)
        return f"{days} {hours.open}-{hours.close}"

    def session_of(self, times: pl.DataFrame) -> pl.Series:
        """Session in which each `time` lies; null outside and on holidays."""
        return times.select(self.session.alias("session")).to_series()

    @property
    def session(self) -> pl.Expr:
        """Session of a column `time`."""
        local = pl.col("time").dt.convert_time_zone(self.terms.zone)
        second = local.dt.hour().cast(pl.Int32) * 3600 + local.dt.minute().cast(pl.Int32) * 60 + local.dt.second()
        session: pl.Expr = pl.lit(None, pl.String)
        for index, hours in enumerate(self.terms.hours):
            days = [_WEEKDAYS.index(day) + 1 for day in hours.days]
            inside = (second >= _seconds(hours.open)) & (second < _seconds(hours.close))
            session = (
                pl.when(inside & local.dt.weekday().is_in(days)).then(pl.lit(self._label(index))).otherwise(session)
            )
        holidays = pl.Series(self.terms.holidays, dtype=pl.String).str.to_date()
        return pl.when(~local.dt.date().is_in(holidays.implode())).then(session)


Calendar = UsualHours | OwnHours


def _seconds(clock: str) -> int:
    hours, minutes, *seconds = map(int, clock.split(":"))
    return hours * 3600 + minutes * 60 + (seconds[0] if seconds else 0)


def _on_the_clock(table: pl.DataFrame) -> pl.DataFrame:
    local = pl.col("time").dt.convert_time_zone(NEW_YORK)
    # The week is counted from its Sunday, when it begins to trade.
    sunday = (local + pl.duration(days=1)).dt
    return table.select(
        hour=(local.dt.weekday().cast(pl.Int32) % 7) * 24 + local.dt.hour().cast(pl.Int32),
        week=sunday.iso_year().cast(pl.Int32) * 100 + sunday.week(),
    )
