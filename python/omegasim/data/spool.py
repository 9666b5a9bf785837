"""Tables of any size on disk: sorted by time, and given back some rows at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import polars as pl

from omegasim.data.progress import Report

# Rows that are sorted at once: some hundred megabytes.
_SORTED = 3_000_000
_PIECE = 250_000


@dataclass(frozen=True)
class Piece:
    """Rows of one sorted stretch, on disk."""

    path: Path
    rows: int
    first: int
    last: int
    sorted: bool
    """Whether the rows came sorted."""


def spooled(frames: Iterable[pl.DataFrame], folder: Path) -> list[Piece]:
    """Write a stream to disk; every piece is sorted in itself."""
    pieces, pending = [], list[pl.DataFrame]()
    for frame in frames:
        if len(frame):
            pending.append(frame)
        if sum(map(len, pending)) >= _PIECE:
            pieces.append(_written(pl.concat(pending), folder))
            pending = []
    if pending:
        pieces.append(_written(pl.concat(pending), folder))
    return pieces


def read(pieces: Iterable[Piece], report: Report = lambda _: None) -> Iterator[pl.DataFrame]:
    """Give the rows back, piece by piece."""
    done = 0
    for piece in pieces:
        yield pl.read_parquet(piece.path)
        done += piece.rows
        report(done)


def ordered(pieces: list[Piece], folder: Path, report: Report = lambda _: None) -> list[Piece]:
    """Pieces one after the other in time; those that overlap are mixed."""
    result: list[Piece] = []
    done = 0
    for group in _groups(pieces):
        result += group if len(group) == 1 else _mixed(group, folder)
        done += sum(piece.rows for piece in group)
        report(done)
    return result


def _written(frame: pl.DataFrame, folder: Path) -> Piece:
    # A stable sort: ticks of one time act in row order.
    came_sorted = frame.get_column("time").is_sorted()
    frame = frame if came_sorted else frame.sort("time", maintain_order=True)
    times = frame.get_column("time").to_physical()
    path = next(name for number in count() if not (name := folder / f"{number:06}.parquet").exists())
    frame.write_parquet(path, compression="lz4")
    return Piece(path, len(frame), int(times[0]), int(times[-1]), came_sorted)


def _groups(pieces: list[Piece]) -> Iterator[list[Piece]]:
    group: list[Piece] = []
    last = newest = 0
    # Ties keep the order of the file.
    for place, piece in sorted(enumerate(pieces), key=lambda pair: pair[1].first):
        if group and piece.first >= last and place > newest:
            yield group
            group = []
        last = max(last, piece.last) if group else piece.last
        newest = place
        group.append(piece)
    if group:
        yield group


def _mixed(group: list[Piece], folder: Path) -> list[Piece]:
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
