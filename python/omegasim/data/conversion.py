"""Files of market data of any format as one Parquet file, in bounded memory."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl

from omegasim.data.finish import Finish
from omegasim.data.headers import PRICES
from omegasim.data.layout import Kind
from omegasim.data.origin import told_side, unit_of, warn_of_server_time
from omegasim.data.progress import watched
from omegasim.data.reading import Reading
from omegasim.data.source import Source, open_source, within
from omegasim.errors import EXISTING_FILE, UNREADABLE_TIME, UNWRITABLE, ExistingFileError, FileError, InputError

KEY = "omegasim"
_ROW_GROUP = 250_000
# Rows that are sorted at once: some hundred megabytes.
_SORTED = 3_000_000


@dataclass(frozen=True)
class Conversion:
    """What a conversion wrote."""

    rows: int
    facts: dict[str, Any]


@dataclass(frozen=True)
class _Piece:
    """Rows of one sorted stretch, on disk."""

    path: Path
    rows: int
    first: int
    last: int
    sorted: bool
    """Whether the rows came sorted."""


def convert_file(
    path: Path,
    out: Path,
    reading: Reading,
    *,
    kind: Kind | None = None,
    force: bool = False,
    report: Callable[[int], None] = lambda _: None,
) -> Conversion:
    """Convert files to one Parquet file: sorted, typed, with the facts of what it was in its metadata.

    The file appears under its name when it is complete; `report` is told about bytes read.

    Raises
    ------
    OmegaError
        The input cannot be read, or the output cannot be written.
    """
    if out.suffix.lower() not in (".parquet", ".pq"):
        raise FileError(f"{out}: expected a name that ends with .parquet", UNWRITABLE)
    if out.exists() and not force:
        raise ExistingFileError(f"{out}: exists already; expected a new name or --force", EXISTING_FILE)
    source = open_source(path, reading, kind)
    warn_of_server_time(source, reading)
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise FileError(f"{out}: cannot be written: {error.strerror}", UNWRITABLE) from None
    try:
        pieces = list(_pieces(source, reading, folder, report))
        if not pieces:
            raise InputError(f"{source.where}: no rows; expected at least one", UNREADABLE_TIME)
        ordered = _ordered(pieces, folder)
        facts = _facts(source, reading, ordered, was_sorted=ordered == pieces and all(piece.sorted for piece in pieces))
        whole = folder / "whole.parquet"
        pl.scan_parquet([piece.path for piece in ordered]).sink_parquet(
            whole, row_group_size=_ROW_GROUP, metadata={KEY: json.dumps(facts)}
        )
        whole.replace(out)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{out}: cannot be written: {error.strerror or error}", UNWRITABLE) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Conversion(sum(piece.rows for piece in ordered), facts)


def facts_of(path: Path) -> dict[str, Any] | None:
    """What a converted file was, by its metadata; None for other files."""
    text = pl.read_parquet_metadata(path).get(KEY)
    return None if text is None else json.loads(text)


def _pieces(source: Source, reading: Reading, folder: Path, report: Callable[[int], None]) -> Iterator[_Piece]:
    finish = Finish(reading, unit_of(source), source.where)
    for frame in source.batches(reading, watched(report)):
        frame = within(finish(frame), reading)
        if frame.is_empty():
            continue
        if frame.get_column("time").null_count():
            raise InputError(f"{source.where}: a row has no time; expected one in each", UNREADABLE_TIME)
        if told_side(source, frame) == "ask":
            frame = frame.rename({price: f"ask_{price}" for price in PRICES})
        yield _written(frame, folder)


def _written(frame: pl.DataFrame, folder: Path) -> _Piece:
    # A stable sort: ticks of one time act in row order.
    came_sorted = frame.get_column("time").is_sorted()
    frame = frame if came_sorted else frame.sort("time", maintain_order=True)
    times = frame.get_column("time").to_physical()
    path = next(name for number in count() if not (name := folder / f"{number:06}.parquet").exists())
    frame.write_parquet(path, compression="lz4")
    return _Piece(path, len(frame), int(times[0]), int(times[-1]), came_sorted)


def _ordered(pieces: list[_Piece], folder: Path) -> list[_Piece]:
    """Pieces one after the other in time; those that overlap are mixed."""
    ordered: list[_Piece] = []
    for group in _groups(pieces):
        ordered += group if len(group) == 1 else _mixed(group, folder)
    return ordered


def _groups(pieces: list[_Piece]) -> Iterator[list[_Piece]]:
    group: list[_Piece] = []
    last = 0
    # Ties keep the order of the file.
    for piece in sorted(pieces, key=lambda piece: piece.first):
        if group and piece.first >= last and pieces.index(piece) > pieces.index(group[-1]):
            yield group
            group = []
        last = max(last, piece.last) if group else piece.last
        group.append(piece)
    if group:
        yield group


def _mixed(group: list[_Piece], folder: Path) -> list[_Piece]:
    """Sort overlapping pieces, span by span, so that no more than some millions of rows are held."""
    first, last = min(piece.first for piece in group), max(piece.last for piece in group)
    parts = -(-sum(piece.rows for piece in group) // _SORTED)
    width = (last - first) // parts + 1
    time = pl.col("time").dt.timestamp("ns")
    # In the order of the file, which decides among rows of one time.
    table = pl.scan_parquet([piece.path for piece in sorted(group, key=lambda piece: piece.path.name)])
    mixed = []
    for start in range(first, last + 1, width):
        frame = table.filter((time >= start) & (time < start + width)).collect()
        if len(frame):
            mixed.append(_written(frame, folder))
    return mixed


def _facts(source: Source, reading: Reading, pieces: list[_Piece], *, was_sorted: bool) -> dict[str, Any]:
    from omegasim._core import __version__

    layout = source.layout
    return {
        "version": __version__,
        "files": [path.name for path in source.paths],
        "bytes": sum(path.stat().st_size for path in source.paths),
        "format": source.format,
        "kind": source.kind,
        "symbol": reading.name,
        "timezone": reading.timezone or (layout.zone if layout else None) or "UTC",
        "time_is": reading.time_is,
        "spread": reading.spread or unit_of(source),
        "was_sorted": was_sorted,
        "rows": sum(piece.rows for piece in pieces),
        "first_time": pieces[0].first,
        "last_time": pieces[-1].last,
    }
