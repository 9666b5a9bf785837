"""What is traded."""

from collections.abc import Sequence
from typing import Annotated, Self

from pydantic import model_validator

from omegasim.settings import AsTuple, Name, NotNegative, Positive, Settings
from omegasim.swap import Swaps
from omegasim.terms import Dated, Margin, Sessions


class Instrument(Settings):
    """A tradable symbol with its price and volume grids.

    Examples
    --------
    >>> import omegasim as om
    >>> eurusd = om.Instrument(symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4,
    ...                        contract_size=100_000, volume_min=0.01, volume_step=0.01, volume_max=200)
    >>> eurusd.pip_size
    0.0001
    """

    symbol: Name
    """Name, as in the signals and the market data."""
    base: Name
    """Base currency."""
    quote: Name
    """Quote currency: prices are in it."""
    tick_size: Positive
    """Smallest price step, a point."""
    pip_size: Positive
    """A pip in price units."""
    contract_size: Positive
    """Units of the base in one lot."""
    volume_min: Positive
    """Smallest volume in lots."""
    volume_step: Positive
    """Step of the volume grid in lots."""
    volume_max: Positive
    """Largest volume in lots."""
    tick_value: Positive | None = None
    """Account money that one tick of one lot is worth; replaces conversion where given."""
    stops_level: NotNegative = 0.0
    """Least distance of stops from the market, in points."""
    margin: Margin | None = None
    """A3: its own margin, where the account's leverage is not all."""
    swaps: Swaps | None = None
    """C3: what holding it over a rollover books."""
    sessions: Sessions | None = None
    """S2: when orders may arrive; around the clock where absent."""
    history: Annotated[Sequence[Dated], AsTuple] = ()
    """Conditions that hold from a day on, by rising date."""

    @model_validator(mode="after")
    def _volumes_in_order(self) -> Self:
        if self.volume_max < self.volume_min:
            raise ValueError(
                f"volume_max: expected at least volume_min ({self.volume_min:g}), found {self.volume_max:g}"
            )
        return self
