"""What a broker asks for holding a position: margin, swaps, hours, and how these change."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import ConfigDict, Field, model_validator

from omegasim.costs import Commission
from omegasim.settings import AsTuple, NotNegative, Positive, Settings, Zone
from omegasim.swap import Clock, Day, Days, Swaps, Weekday


class Tier(Settings):
    """A leverage that holds up to a volume.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Tier(up_to=10.0, leverage=100.0).leverage
    100.0
    """

    up_to: Positive | None = None
    """Lots up to which it holds; absent in the last tier."""
    leverage: Positive
    """Notional per margin."""


class Margin(Settings):
    """A3: an instrument's own margin, where the account's leverage is not all.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Margin(leverage=20.0, hedged=0.5).hedged
    0.5
    """

    leverage: Positive | None = None
    """Notional per margin; the account's where absent."""
    tiers: Annotated[Sequence[Tier], AsTuple] = ()
    """Leverage by volume of one side, first lots first; the last tier is open."""
    hedged: NotNegative = 1.0
    """Part of the smaller side's margin that is charged beside the larger side's."""


class Hours(Settings):
    """A span of some days of the week in which a market is open.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Hours(days=["monday"], open="09:00", close="17:30").close
    '17:30'
    """

    days: Annotated[Sequence[Weekday], AsTuple]
    """On which days."""
    open: Clock
    """From this time of day on."""
    close: Clock
    """Up to, not including, this one; "24:00" is the end of the day."""

    @model_validator(mode="after")
    def _closes_after_it_opens(self) -> Self:
        if self.close <= self.open:
            raise ValueError(f"expected the close after the open, found {self.open} to {self.close}")
        return self


class Sessions(Settings):
    """S2: when orders may arrive; an `open` outside is rejected as `market_closed`.

    Examples
    --------
    >>> import omegasim as om
    >>> hours = om.Hours(days=["monday", "tuesday"], open="08:00", close="22:00")
    >>> om.Sessions(zone="Europe/Berlin", hours=[hours]).holidays
    ()
    """

    zone: Zone
    """IANA zone of the hours."""
    hours: Annotated[Sequence[Hours], AsTuple]
    """Spans of the week."""
    holidays: Days = ()
    """Dates in that zone on which nothing is traded."""


class Dated(Settings):
    """An instrument's conditions from a UTC day on; what is absent stays as it was.

    Examples
    --------
    >>> import omegasim as om
    >>> om.Dated(day="2024-03-01", swaps=om.Swaps(kind="money", long=-7.0, short=-1.0)).swaps.long
    -7.0
    """

    model_config = ConfigDict(populate_by_name=True)

    day: Day = Field(alias="from")
    """First day; `from` in files."""
    margin: Margin | None = None
    """Margin from then on."""
    swaps: Swaps | None = None
    """Swaps from then on."""
    commission: Commission | None = None
    """Commission of this instrument from then on."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.margin is None and self.swaps is None and self.commission is None:
            raise ValueError("expected margin, swaps or commission, found none of them")
        return self
