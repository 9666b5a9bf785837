"""A stream of tables in which every row sees its neighbours, whatever table they came in."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import polars as pl

from omegasim.data.changes import ROW

# Rows that are worked on at once; small files come together, which saves work.
_ROWS = 250_000


@dataclass(frozen=True)
class Window:
    """Rows of a stream, with some rows ahead of them and behind them."""

    table: pl.DataFrame
    """All rows; `_row` numbers them from the start of the stream."""
    start: int
    """Number of the first own row."""
    end: int
    """Number behind the last own row."""

    def own(self, table: pl.DataFrame, row: str = ROW) -> pl.DataFrame:
        """The window's own rows among those of a table that numbers them."""
        return table.filter(pl.col(row).is_between(self.start, self.end, closed="left"))

    @property
    def rows(self) -> pl.DataFrame:
        """The own rows, without their numbers."""
        return self.own(self.table).drop(ROW)


def windows(frames: Iterable[pl.DataFrame], around: int) -> Iterator[Window]:
    """Cut a stream into windows that see so many rows around their own."""
    ahead: pl.DataFrame | None = None
    pending: list[pl.DataFrame] = []
    count = 0
    for frame in frames:
        if frame.is_empty():
            continue
        pending.append(frame.with_row_index(ROW, offset=count))
        count += len(frame)
        if sum(map(len, pending)) >= around + _ROWS:
            rows = pl.concat(pending)
            window = _window(ahead, rows, len(rows) - around)
            yield window
            ahead = window.table.filter(pl.col(ROW) < window.end).tail(around)
            pending = [rows.tail(around)] if around else []
    if pending:
        rows = pl.concat(pending)
        yield _window(ahead, rows, len(rows))


def _window(ahead: pl.DataFrame | None, rows: pl.DataFrame, own: int) -> Window:
    start = int(rows.item(0, ROW))
    table = rows if ahead is None else pl.concat([ahead, rows])
    return Window(table.rechunk(), start, start + own)
