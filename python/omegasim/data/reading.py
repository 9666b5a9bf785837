"""How a file or table is to be read, where its looks do not say it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, TypeAlias

from omegasim.data.format import FORMATS
from omegasim.data.zones import Zone
from omegasim.errors import ARGUMENT, BAD_SPREAD, InputError, NumberError
from omegasim.instrument import Instrument

TimeIs = Literal["open", "close"]
Spread: TypeAlias = float | Literal["price", "points", "pips"]
Moment: TypeAlias = str | datetime


@dataclass(frozen=True)
class Reading:
    """What the caller said about a file or table; nothing said leaves it to detection."""

    format: str | None = None
    timezone: str | None = None
    time_is: str = "open"
    decimal: str = "."
    spread: Spread | None = None
    start: int | None = None
    end: int | None = None
    symbol: str = ""
    instrument: Instrument | None = None
    divisor: float | None = None
    timeframe: int | None = None

    def __post_init__(self) -> None:
        if self.format is not None and self.format not in FORMATS:
            raise InputError(f"format: expected one of {', '.join(FORMATS)}, found {self.format!r}", ARGUMENT)
        if self.time_is not in ("open", "close"):
            raise InputError(f"time_is: expected 'open' or 'close', found {self.time_is!r}", ARGUMENT)
        if self.decimal not in (".", ","):
            raise InputError(f"decimal: expected '.' or ',', found {self.decimal!r}", ARGUMENT)
        if isinstance(self.spread, str) and self.spread not in ("price", "points", "pips"):
            raise InputError(
                f"spread: expected a number in price units, 'price', 'points' or 'pips', found {self.spread!r}",
                ARGUMENT,
            )
        if isinstance(self.spread, int | float) and not 0 <= self.spread < float("inf"):
            raise NumberError(f"spread: expected a finite number of at least 0, found {self.spread!r}", BAD_SPREAD)
        if self.divisor is not None and not 0 < self.divisor < float("inf"):
            raise NumberError(f"divisor: expected a finite number above 0, found {self.divisor!r}", ARGUMENT)
        if self.start is not None and self.end is not None and self.start >= self.end:
            raise InputError("start: expected a time before end", ARGUMENT)
        if self.timezone is not None:
            Zone.parse(self.timezone)

    def zone(self, usual: str | None) -> Zone:
        """The clock of the times: as the caller said, else the format's usual one, else UTC."""
        return Zone.parse(self.timezone or usual or "UTC")

    @property
    def name(self) -> str:
        """Symbol, as far as anybody said."""
        return self.symbol or (self.instrument.symbol if self.instrument else "")


def moment(value: Moment | None, what: str) -> int | None:
    """Nanoseconds of a time; a naive one is UTC.

    Raises
    ------
    InputError
        It is no time.
    """
    if value is None:
        return None
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        since = found - datetime(1970, 1, 1, tzinfo=UTC)
    except (ValueError, AttributeError, TypeError):
        raise InputError(
            f"{what}: expected a time such as 2024-01-31 or a datetime, found {value!r}", ARGUMENT
        ) from None
    return ((since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds) * 1_000


def spread_of(text: str | None) -> Spread | None:
    """A spread as it is written on a command line: a number, or what a column counts."""
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text  # type: ignore[return-value]
