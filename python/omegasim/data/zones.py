"""Clocks of brokers and exchanges: naive times become UTC."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Self

import polars as pl

from omegasim.errors import ARGUMENT, UNREADABLE_TIME, InputError

_FIXED = re.compile(r"(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
_SHIFTED = re.compile(r"(\w+(?:/[\w\-]+)+)([+-])(\d{1,2})")
_HOUR = 3_600_000_000_000


@dataclass(frozen=True)
class Zone:
    """A clock: a zone of the zone database, hours ahead of it.

    `Europe/Helsinki` and other names follow that place's daylight saving time; `UTC+2` has none; and
    `America/New_York+7`, the usual server time of MetaTrader brokers, is New York's clock seven hours on.
    """

    name: str
    ahead: int = 0
    """Nanoseconds by which the clock is ahead of the named zone."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the name of a clock.

        Raises
        ------
        InputError
            There is no such zone.
        """
        fixed = _FIXED.fullmatch(text.strip())
        shifted = _SHIFTED.fullmatch(text.strip())
        if fixed:
            sign, hours, minutes = fixed.groups()
            zone = cls("UTC", _signed(sign, int(hours) * 60 + int(minutes or 0)))
        elif shifted and not text.startswith("Etc/"):
            name, sign, hours = shifted.groups()
            zone = cls(name, _signed(sign, int(hours) * 60))
        else:
            zone = cls(text.strip())
        try:
            _known(zone.name)
        except pl.exceptions.PolarsError:
            raise InputError(
                f"timezone: no zone {text!r}; expected a name such as 'Europe/Helsinki', 'UTC+2' or "
                "'America/New_York+7'",
                ARGUMENT,
            ) from None
        return zone

    def to_utc(self, naive: pl.Series, where: str, offset: int = 0) -> pl.Series:
        """Times on this clock as times in UTC; of an hour that comes twice the order of rows says which it is.

        Raises
        ------
        InputError
            A time that the clock skips.
        """
        if self.ahead:
            naive = pl.select(naive - pl.duration(nanoseconds=self.ahead)).to_series().alias("time")
        if self.name == "UTC":
            return naive.dt.replace_time_zone("UTC")
        early = naive.dt.replace_time_zone(self.name, ambiguous="earliest", non_existent="null")
        skipped = (early.is_null() & naive.is_not_null()).arg_max()
        if skipped is not None and early.null_count() > naive.null_count():
            raise InputError(
                f"{where}: row {offset + skipped}: {naive[skipped]} does not exist in {self.name}, where the clocks "
                "skip it; expected another timezone, perhaps one without daylight saving time such as 'UTC+2'",
                UNREADABLE_TIME,
            )
        late = naive.dt.replace_time_zone(self.name, ambiguous="latest", non_existent="null")
        twice = (early != late).fill_null(False)
        if not twice.any():
            return early.dt.convert_time_zone("UTC")
        return _by_order(naive, early, late, twice)


UTC = Zone("UTC")


def _by_order(naive: pl.Series, early: pl.Series, late: pl.Series, twice: pl.Series) -> pl.Series:
    """The repeated hour, first time round until the clock falls back, second time from there on."""
    table = pl.DataFrame({"naive": naive, "early": early, "late": late, "twice": twice})
    back = (pl.col("naive") < pl.col("naive").shift()).fill_null(False)
    fallen = back.cum_sum().over(pl.col("naive").dt.date()) > 0
    chosen = pl.when(pl.col("twice") & fallen).then("late").otherwise("early")
    return table.select(chosen.dt.convert_time_zone("UTC").alias("time")).to_series()


def _signed(sign: str, minutes: int) -> int:
    return (-1 if sign == "-" else 1) * minutes * (_HOUR // 60)


@cache
def _known(name: str) -> None:
    if name == "UTC":
        return
    pl.Series([0]).cast(pl.Datetime("ns")).dt.replace_time_zone(name, ambiguous="earliest", non_existent="null")
