"""Bars that are read while the rest of the program is still being imported.

Nothing depends on it: what was not read ahead is read when it is asked for, and what is wrong with it is told then.
"""

import tomllib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import polars as pl

from omegasim.data.files import PARQUET

# Bytes of all files together; larger ones are worth the wait for the columns and the span that are needed of them.
_MOST = 64 << 20
_reading: dict[Path, Future[pl.DataFrame]] = {}


def read_ahead(config: Path) -> None:
    """Begin to read the Parquet files of bars that a config file names."""
    paths = list(_bars_of(config))
    if not paths or sum(path.stat().st_size for path in paths) > _MOST:
        return
    pool = ThreadPoolExecutor(max_workers=1)
    for path in paths:
        _reading[path] = pool.submit(_read, path)
    pool.shutdown(wait=False)


def taken(path: Path) -> pl.DataFrame | None:
    """The table of a file that was read ahead, once; None where it was not or could not be."""
    reading = _reading.pop(path, None)
    try:
        return None if reading is None else reading.result()
    except (pl.exceptions.PolarsError, OSError):
        return None


def _read(path: Path) -> pl.DataFrame:
    return pl.read_parquet(path, hive_partitioning=False, glob=False).rechunk()


def _bars_of(config: Path) -> Iterator[Path]:
    """Files that are needed from begin to end."""
    try:
        series: Any = tomllib.loads(config.read_text(encoding="utf-8")).get("data")
    except (OSError, ValueError):
        return
    for source in series.values() if isinstance(series, dict) else ():
        named = source.get("bars") if isinstance(source, dict) and not source.keys() & {"start", "end"} else None
        if isinstance(named, str) and named.lower().endswith(PARQUET) and (config.parent / named).is_file():
            yield config.parent / named
