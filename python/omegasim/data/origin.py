"""What the origin of files says about them: the unit of their spread, their side, their clock."""

import logging
from collections.abc import Iterator

import polars as pl

from omegasim.data.bars import Side
from omegasim.data.finish import Finish
from omegasim.data.layout import Unit
from omegasim.data.lazy import LazyTable
from omegasim.data.progress import Watch
from omegasim.data.reading import Reading
from omegasim.data.source import Bi5Part, Source, within

logger = logging.getLogger("omegasim")


def finished(source: Source, reading: Reading, watch: Watch | None = None) -> Iterator[pl.DataFrame]:
    """Rows of a source within the span, spreads in price units, bars with their open time."""
    finish = Finish(reading, unit_of(source), source.where)
    for frame in source.batches(reading, watch):
        yield within(finish(frame), reading)


def unit_of(source: Source) -> Unit:
    """What a column `spread` of the files is counted in."""
    first = source.parts[0]
    if isinstance(first, LazyTable):
        return "points" if first.rates else "price"
    return source.layout.unit if source.layout else "price"


def assumed_clock(source: Source, reading: Reading) -> str | None:
    """Why times that were taken for UTC may be others; None where their clock is known."""
    first = source.parts[0]
    rates = isinstance(first, LazyTable) and first.rates and not first.zoned
    if reading.timezone is not None:
        return None
    if rates or source.format in ("metatrader", "copy_rates"):
        return "times are the broker's server clock and were taken for UTC"
    if source.format == "lean" and source.layout is not None and source.layout.zone is None:
        return "times are on the clock of LEAN's market, which no folder tells, and were taken for UTC"
    return None


def warn_of_clock(source: Source, reading: Reading) -> None:
    """Say on the log that times were taken for UTC whose clock nothing in the file tells."""
    assumed = assumed_clock(source, reading)
    if assumed:
        usual = "" if source.format == "lean" else ", often 'America/New_York+7'"
        logger.warning("%s: %s; timezone= names the clock%s", source.where, assumed, usual)


def side_told(source: Source) -> Side | None:
    """Side of bars of one side, where the file's name tells it."""
    first = source.parts[0]
    if isinstance(first, Bi5Part):
        return first.file.side
    return source.layout.side if source.layout else None


def told_side(source: Source, frame: pl.DataFrame) -> Side | None:
    """Side that bars without one in their columns have by their file's name."""
    return side_told(source) if "open" in frame.columns else None
