"""What holding a position over a rollover costs or earns (C3)."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from omegasim.settings import AsTuple, Settings, Zone

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Number = Annotated[float, Field(allow_inf_nan=False)]


def _as_text(value: Any) -> Any:
    return value.isoformat() if type(value) is date else value


def _existing(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise ValueError('expected a date that exists, such as "2024-12-25"') from None


def _clock(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError('expected a time of day such as "17:00"')
    return text


_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00")

Clock = Annotated[str, AfterValidator(_clock)]
Day = Annotated[str, BeforeValidator(_as_text), AfterValidator(_existing)]
Days = Annotated[Sequence[Day], AsTuple]


class Swaps(Settings):
    """C3: what holding one lot over a rollover books; below zero it is charged.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Swaps(kind="points", long=-6.5, short=1.2).triple_day
    'wednesday'
    """

    kind: Literal["points", "money", "percent"]
    """Points of price, account money a lot, or percent of the notional a year of 360 days."""
    long: Number
    """For a long."""
    short: Number
    """For a short."""
    triple_day: Weekday = "wednesday"
    """The day whose rollover books three days; none does on Saturday and Sunday, when nothing rolls over."""


class Rollover(Settings):
    """C3: when days roll over, from Monday to Friday.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Rollover(holidays=["2024-12-25"]).zone
    'America/New_York'
    """

    time: Clock = "17:00"
    """Time of day."""
    zone: Zone = "America/New_York"
    """IANA zone of that time."""
    holidays: Days = ()
    """Dates in that zone on which nothing rolls over."""
