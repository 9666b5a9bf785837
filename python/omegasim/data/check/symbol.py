"""Suspicion of a wrong symbol or a lost decimal point: the price against what its symbol is known to cost."""

import polars as pl

from omegasim.data.check.finding import Finding
from omegasim.data.check.medians import Medians
from omegasim.data.symbols import usual_prices, year_of_prices
from omegasim.instrument import Instrument

_SAMPLE = 100_000
# In ticks: enough for prices in whole ticks that came through a division.
_NEAR = 0.01


class Price:
    """The usual price of a stream, and a sample for the grid that it is on."""

    def __init__(self, column: str) -> None:
        self._column = column
        self._medians = Medians()
        self._sample = pl.Series(column, [], pl.Float64)

    def add(self, rows: pl.DataFrame) -> None:
        """Look at some more rows."""
        prices = rows.get_column(self._column)
        self._medians.add(rows.select(key=pl.lit(0), value=self._column))
        if len(self._sample) < _SAMPLE:
            self._sample = pl.concat([self._sample, prices.head(_SAMPLE - len(self._sample))])

    def findings(self, name: str, instrument: Instrument | None) -> list[Finding]:
        """What the name and the instrument say to the price."""
        price = self._medians.result().get(0)
        if price is None:
            return []
        return [*_in_range(price, name, instrument), *self._on_grid(instrument)]

    def _on_grid(self, instrument: Instrument | None) -> list[Finding]:
        if instrument is None:
            return []
        ticks = self._sample / instrument.tick_size
        off = ((ticks - ticks.round()).abs() > _NEAR).mean()
        if not isinstance(off, float) or off < 0.5:
            return []
        message = f"{off:.0%} of the prices are not on the grid of {instrument.symbol}, {instrument.tick_size:g}"
        cure = "another instrument, or divisor= where the decimal point is wrong"
        return [Finding("grid", "warning", message, cure=cure)]


def _in_range(price: float, name: str, instrument: Instrument | None) -> list[Finding]:
    bounds = usual_prices(name)
    if bounds is None:
        on = "" if instrument is None else "; the price grid of the instrument is"
        message = f"no price range is known for {name!r}: the decimal point of its price {price:g} is not checked{on}"
        return [Finding("unchecked", "note", message, cure="symbol=, where the name is another")]
    if bounds[0] <= price <= bounds[1]:
        return []
    message = (
        f"the usual price is {price:g}, and the name says a symbol between {bounds[0]:g} and {bounds[1]:g} "
        f"(prices up to {year_of_prices()}, with room)"
    )
    return [Finding("symbol", "warning", message, cure="symbol=, or divisor= where the decimal point is wrong")]
