"""What the origin of files says about them: the unit of their spread, their side, their clock."""

import logging

import polars as pl

from omegasim.data.bars import Side
from omegasim.data.layout import Unit
from omegasim.data.lazy import LazyTable
from omegasim.data.reading import Reading
from omegasim.data.source import Bi5Part, Source

logger = logging.getLogger("omegasim")


def unit_of(source: Source) -> Unit:
    """What a column `spread` of the files is counted in."""
    first = source.parts[0]
    if isinstance(first, LazyTable):
        return "points" if first.rates else "price"
    return source.layout.unit if source.layout else "price"


def warn_of_server_time(source: Source, reading: Reading) -> None:
    """Say on the log that MetaTrader's times were taken for UTC."""
    if source.format in ("metatrader", "copy_rates") and reading.timezone is None:
        logger.warning(
            "%s: times are the broker's server clock and were taken for UTC; timezone= names the clock, "
            "often 'America/New_York+7'",
            source.where,
        )


def told_side(source: Source, frame: pl.DataFrame) -> Side | None:
    """Side of a table of one side, where the file's name tells it."""
    if "open" not in frame.columns:
        return None
    first = source.parts[0]
    if isinstance(first, Bi5Part):
        return first.file.side
    return source.layout.side if source.layout else None
