"""Parquet and Arrow files, read lazily: the columns and the span that are asked for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import polars as pl

from omegasim.data.ahead import taken
from omegasim.data.columns import bar_columns, tick_columns
from omegasim.data.format import PARQUET
from omegasim.data.formats import bar_prices
from omegasim.data.headers import bar_names, require, tick_names, time_columns
from omegasim.data.layout import Kind
from omegasim.data.progress import Watch
from omegasim.data.reading import Reading
from omegasim.errors import ARGUMENT, UNREADABLE_FILE, FileError, InputError

_ROWS = 1_000_000
_P = TypeVar("_P")


@dataclass(frozen=True)
class LazyTable:
    """A Parquet or Arrow file."""

    path: Path
    kind: Kind
    columns: tuple[str, ...]
    """Columns that are needed."""
    symbol: str | None
    """Symbol that a partitioned folder's names tell."""

    @classmethod
    def of(cls, path: Path, root: Path, kind: Kind | None) -> "LazyTable":
        """Look at the file's schema.

        Raises
        ------
        FileError
            The file is damaged.
        InputError
            It has no columns of bars or ticks.
        """
        names = list(_schema(path))
        ticks = tick_names(names, path.name)
        bars = bar_names(names, path.name)
        whole = set(bar_prices(bars)) <= bars.keys()
        if ticks.keys() >= {"bid", "ask"} and (kind == "ticks" or not whole):
            found, kind = ticks, "ticks"
        elif kind == "ticks" and not whole:
            require(ticks, ("bid", "ask"), names, path.name)
        else:
            require(bars, bar_prices(bars), names, path.name)
            found, kind = bars, "bars"
        extra = [name for name in ("tick_volume", "real_volume", "time_msc") if name in names]
        wanted = dict.fromkeys([*time_columns(names), *found.values(), *extra])
        return cls(path, kind or "bars", tuple(wanted), _partition(path, root))

    @property
    def rates(self) -> bool:
        """Whether it was written from what `copy_rates` gave."""
        return {"tick_volume", "real_volume", "spread"} <= set(self.columns)

    @property
    def zoned(self) -> bool:
        """Whether its times bring their zone."""
        schema = _schema(self.path)
        return any(getattr(schema[name], "time_zone", None) for name in time_columns(self.columns))

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    def first_time(self, reading: Reading) -> int | None:
        """Time of the first row in nanoseconds; None where there is no row."""
        head = self._typed(_scan(self.path).select(self.columns).head(1).collect(), reading)
        return None if head.is_empty() else int(head.get_column("time").to_physical()[0])

    def batches(self, reading: Reading, watch: Watch) -> Iterator[pl.DataFrame]:
        """Typed rows, some at a time."""
        ahead = taken(self.path)
        if ahead is not None:
            yield self._typed(ahead.select(self.columns), reading)
            return
        table = _span(_scan(self.path).select(self.columns), reading)
        try:
            rows = max(1, _scan(self.path).select(pl.len()).collect().item())
            for batch in _batches(table, rows):
                yield self._typed(batch, reading)
                watch.advance(self.size * len(batch) // rows)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unreadable(self.path, error) from None

    def _typed(self, frame: pl.DataFrame, reading: Reading) -> pl.DataFrame:
        typed = bar_columns if self.kind == "bars" else tick_columns
        return typed(frame, self.path.name, reading)


def _batches(table: pl.LazyFrame, rows: int) -> Iterator[pl.DataFrame]:
    # A table that is one batch is read faster without a stream.
    return iter([table.collect()]) if rows <= _ROWS else table.collect_batches(chunk_size=_ROWS, maintain_order=True)


def of_symbol(parts: Sequence[_P], reading: Reading, where: str) -> list[_P]:
    """Parts of the symbol that is meant, where a partitioned folder holds several.

    Raises
    ------
    InputError
        Nobody said which symbol, or the folder does not hold it.
    """
    symbols = sorted({part.symbol for part in parts if isinstance(part, LazyTable) and part.symbol})
    if not symbols or (len(symbols) == 1 and not reading.name):
        return list(parts)
    if reading.name not in symbols:
        asked = f"symbol={reading.name!r} is not among" if reading.name else "the folder holds"
        raise InputError(f"{where}: {asked} {', '.join(symbols)}; expected symbol= with one of them", ARGUMENT)
    return [part for part in parts if isinstance(part, LazyTable) and part.symbol == reading.name]


def _scan(path: Path) -> pl.LazyFrame:
    if path.name.lower().endswith(PARQUET):
        return pl.scan_parquet(path, hive_partitioning=False, glob=False)
    return pl.scan_ipc(path, glob=False)


def _schema(path: Path) -> pl.Schema:
    try:
        return _scan(path).collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> FileError:
    kind = "Parquet" if path.name.lower().endswith(PARQUET) else "Arrow"
    reason = str(error).strip().partition("\n")[0] or type(error).__name__
    return FileError(f"{path}: cannot be read as {kind}: {reason}", UNREADABLE_FILE)


def _span(table: pl.LazyFrame, reading: Reading) -> pl.LazyFrame:
    """Leave out what lies far outside the span, so that it is not even read."""
    schema = table.collect_schema()
    names = time_columns(schema.names())
    kind = schema[names[0]] if len(names) == 1 else None
    if not isinstance(kind, pl.Datetime):
        return table
    # Room for clocks of other zones and for bars stamped with their close.
    room = 40 * 86_400_000_000_000
    for bound, sign in ((reading.start, -1), (reading.end, 1)):
        if bound is None:
            continue
        value = pl.lit(bound + sign * room).cast(pl.Datetime("ns", kind.time_zone)).cast(kind)
        table = table.filter(pl.col(names[0]) >= value if sign < 0 else pl.col(names[0]) < value)
    return table


def _partition(path: Path, root: Path) -> str | None:
    if not root.is_dir():
        return None
    for part in path.relative_to(root).parts[:-1]:
        name, _, value = part.partition("=")
        if name.lower() in ("symbol", "pair", "instrument", "ticker") and value:
            return value
    return None
