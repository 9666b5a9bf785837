"""Bars that are read while the rest of the program is still being imported.

Nothing depends on it: what was not read ahead is read when it is asked for, and what is wrong with it is told then.
"""

import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegasim import _core
from omegasim.data.format import PARQUET
from omegasim.errors import OmegaError

if TYPE_CHECKING:
    import polars as pl

# Bytes of all files together; larger ones are worth the wait for the columns and the span that are needed of them.
_MOST = 64 << 20
_reading: "dict[Path, Future[_core.Bars | pl.DataFrame | None]]" = {}


def read_ahead(arguments: Sequence[str]) -> None:
    """Begin to read the Parquet files of bars that a config file names, the first file among some arguments."""
    try:
        config = next(filter(Path.is_file, map(Path, arguments)), None)
        paths = {} if config is None else dict(_bars_of(config))
        size = sum(path.stat().st_size for path in paths)
    except OSError:
        return
    if not paths or size > _MOST:
        return
    pool = ThreadPoolExecutor(max_workers=1)
    for path, alone in paths.items():
        _reading[path] = pool.submit(_read, path, alone=alone)
    pool.shutdown(wait=False)


def ready(path: Path) -> _core.Bars | None:
    """Bars of a file that was read ahead and whose columns left nothing to find out, checked; else None."""
    bars = _reading[path].result() if path in _reading else None
    if not isinstance(bars, _core.Bars):
        return None
    del _reading[path]
    return bars


def taken(path: Path) -> "pl.DataFrame | None":
    """The table of a file that was read ahead, once; None where it was not or could not be."""
    reading = _reading.pop(path, None)
    table = None if reading is None else reading.result()
    return None if isinstance(table, _core.Bars) else table


def _read(path: Path, *, alone: bool) -> "_core.Bars | pl.DataFrame | None":
    bars = _checked(path) if alone else None
    if bars is not None:
        return bars
    import polars as pl

    try:
        return pl.read_parquet(path, hive_partitioning=False, glob=False).rechunk()
    except (pl.exceptions.PolarsError, OSError):
        return None


def _checked(path: Path) -> _core.Bars | None:
    try:
        bars = _core.Bars.read_parquet(path)
    except OmegaError:
        return None
    if bars is not None:
        # What the record of the run asks for at its end, when there is more to wait for.
        _ = bars.hash
    return bars


def _bars_of(config: Path) -> Iterator[tuple[Path, bool]]:
    """Files that are needed from begin to end, and whether nothing else is said about each."""
    try:
        series: Any = tomllib.loads(config.read_text(encoding="utf-8")).get("data")
    except ValueError:
        return
    for source in series.values() if isinstance(series, dict) else ():
        named = source.get("bars") if isinstance(source, dict) and not source.keys() & {"start", "end"} else None
        if isinstance(named, str) and named.lower().endswith(PARQUET) and (config.parent / named).is_file():
            yield config.parent / named, source.keys() == {"bars"}
