"""What is left to do on typed rows: a spread in price units, bars stamped with their open time."""

import polars as pl

from omegasim.data.layout import Unit, is_price
from omegasim.data.reading import Reading
from omegasim.errors import ARGUMENT, SPREAD_TWICE, InputError

_DECIMALS = 10
_SAMPLE = 100_000


class Finish:
    """Finishes the rows of one symbol; what it finds out from the first rows holds for the later ones."""

    def __init__(self, reading: Reading, unit: Unit, where: str) -> None:
        self._reading, self._where = reading, where
        self._unit = reading.spread if isinstance(reading.spread, str) else unit
        self._step: float | None = None
        self._shift: int | None = None

    def __call__(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Finish rows; both sides, one side and ticks alike."""
        return self._opened(self._priced(frame))

    def _priced(self, frame: pl.DataFrame) -> pl.DataFrame:
        spread = self._reading.spread
        both = {"bid_open", "ask_open"} <= set(frame.columns) or "bid" in frame.columns
        if spread is not None and (both or (not isinstance(spread, str) and "spread" in frame.columns)):
            held = "bid and ask" if both else "a column 'spread'"
            raise InputError(
                f"{self._where}: spread is given, and the table has {held}; drop one of them", SPREAD_TWICE
            )
        if isinstance(spread, str) and "spread" not in frame.columns:
            raise InputError(f"{self._where}: spread={spread!r}, and the table has no column 'spread'", SPREAD_TWICE)
        if spread is not None and not isinstance(spread, str):
            return frame.with_columns(spread=pl.lit(float(spread)))
        if "spread" not in frame.columns or both or self._unit == "price":
            return frame
        if self._step is None:
            self._step = self._unit_size(frame)
        return frame.with_columns(pl.col("spread") * self._step)

    def _unit_size(self, frame: pl.DataFrame) -> float:
        instrument = self._reading.instrument
        if self._unit == "pips":
            if instrument is None:
                raise InputError(f"{self._where}: spread='pips' needs to know the pip; expected instrument=", ARGUMENT)
            return instrument.pip_size
        return instrument.tick_size if instrument else point_of(frame)

    def _opened(self, frame: pl.DataFrame) -> pl.DataFrame:
        """T2: bars carry their open time."""
        if self._reading.time_is == "open" or frame.is_empty():
            return frame
        if self._shift is None:
            self._shift = self._reading.timeframe or usual_distance(frame)
        if self._shift is None:
            raise InputError(f"{self._where}: time_is='close' with a single bar; expected timeframe=", ARGUMENT)
        return frame.with_columns(pl.col("time") - pl.duration(nanoseconds=self._shift))


def point_of(frame: pl.DataFrame) -> float:
    """The last decimal place that the prices of a table use."""
    names = [name for name in frame.columns if is_price(name)]
    values = pl.concat([frame.get_column(name).head(_SAMPLE).alias("price") for name in names]).drop_nulls()
    for decimals in range(_DECIMALS):
        scaled = values * 10.0**decimals
        if ((scaled - scaled.round()).abs() < 1e-4).all():
            return float(f"1e-{decimals}")
    return float(f"1e-{_DECIMALS}")


def usual_distance(frame: pl.DataFrame) -> int | None:
    """T2: the most frequent distance of successive times, in nanoseconds; the shorter of two equally frequent."""
    distances = frame.get_column("time").diff().drop_nulls().cast(pl.Int64).alias("distance")
    counts = distances.filter(distances > 0).value_counts().sort("count", "distance", descending=[True, False])
    return int(counts.item(0, "distance")) if len(counts) else None
