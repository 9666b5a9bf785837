"""The side of bars that files of one side do not hold."""

from typing import Any

import polars as pl

from omegasim import _core
from omegasim.data.bars import Side
from omegasim.data.headers import PRICES
from omegasim.data.origin import side_told
from omegasim.data.reading import Reading
from omegasim.data.source import Source
from omegasim.errors import ARGUMENT, MISSING_SPREAD, SPREAD_TWICE, InputError, OmegaError


class Completion:
    """Names the side of bars, and makes the other one where a spread is given for it (Q2).

    Parameters
    ----------
    sources
        The files; of two nothing is left to complete.
    reading
        How they are read; `instrument` knows the pip and the price grid.
    side, spread_pips
        As in `om.read_bars`.
    """

    def __init__(self, sources: list[Source], reading: Reading, side: Side | None, spread_pips: float | None) -> None:
        self._where, self._reading = sources[0].where, reading
        self._side, self._spread_pips = side, spread_pips
        self._told = side_told(sources[0])
        self._rows = 0
        self.makes_both = spread_pips is not None or side == "mid"
        """Whether the other side is made."""
        if (side is not None or spread_pips is not None) and (len(sources) > 1 or sources[0].kind == "ticks"):
            given = "side" if side is not None else "spread_pips"
            raise InputError(
                f"{self._where}: {given} is given, and both sides are there; drop one of them", SPREAD_TWICE
            )
        if self.makes_both and reading.instrument is None:
            raise InputError(
                f"{self._where}: to make the other side takes the pip and the price grid; expected the symbol of a "
                "ready instrument, or instruments with the broker's symbol list",
                ARGUMENT,
            )

    def named(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Bars of one side under the name of that side, where it is the ask's."""
        both = "open" not in frame.columns
        if both and (self._side is not None or self._spread_pips is not None):
            raise InputError(
                f"{self._where}: side or spread_pips is given, and the files name their sides; drop it", SPREAD_TWICE
            )
        if "spread" in frame.columns and self._spread_pips is not None:
            raise InputError(
                f"{self._where}: spread_pips is given, and the files have a column 'spread'; drop one of them",
                SPREAD_TWICE,
            )
        if self._side == "mid" and self._spread_pips is None and "spread" not in frame.columns:
            raise InputError(f"{self._where}: bars of the mid need a spread; expected spread_pips", MISSING_SPREAD)
        ask = not both and not self.makes_both and (self._side or self._told) == "ask"
        return frame.rename({price: f"ask_{price}" for price in PRICES}) if ask else frame

    def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Bars with both sides, where the other one is to be made; else as they are.

        Raises
        ------
        OmegaError
            A row breaks Q3.
        """
        instrument = self._reading.instrument
        if not self.makes_both or instrument is None or frame.is_empty():
            return frame
        try:
            bars = _core.Bars.from_one_side(
                frame,
                symbol=self._where,
                side=self._side or self._told or "bid",
                spread_pips=self._spread_pips,
                instrument_json=instrument.model_dump_json(),
                timeframe=self._reading.timeframe,
            )
        except OmegaError as error:
            raise type(error)(f"in the rows from {self._rows:,} on: {error}", error.code) from None
        self._rows += len(frame)
        return pl.DataFrame(bars)

    def facts(self) -> dict[str, Any]:
        """What was said of the sides."""
        instrument = self._reading.instrument
        return {
            "side": self._side or self._told,
            "spread_pips": self._spread_pips,
            "instrument": instrument.model_dump(mode="json") if self.makes_both and instrument else None,
        }
