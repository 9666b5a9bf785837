"""Signals from files."""

from pathlib import Path

import polars as pl

from omegasim.data.files import read_table
from omegasim.data.times import utc

_NUMBERS = (
    "price", "limit_price", "stop_loss", "take_profit", "stop_loss_pips", "take_profit_pips", "volume", "risk",
    "fraction", "trail_pips", "trail_start_pips", "trail_step_pips", "break_even_pips", "break_even_offset_pips",
)  # fmt: skip
_TYPES: dict[str, pl.DataType | type[pl.DataType]] = {
    **dict.fromkeys(_NUMBERS, pl.Float64),
    **dict.fromkeys(("magic", "magic_number", "oco"), pl.Int64),
    "ticket": pl.UInt64,
}
_EMPTY: dict[str, pl.DataType | type[pl.DataType]] = {
    **_TYPES,
    **dict.fromkeys(("time", "expires"), pl.Datetime("ns", "UTC")),
    "max_holding": pl.Duration("ns"),
}


def read_signals(path: str | Path) -> pl.DataFrame:
    """Read signals from a Parquet, CSV or Arrow file.

    Text knows no types: in CSV `time` and `expires` may have any usual spelling, `max_holding` is in seconds.
    Everything else is left to the check of the signals, which names column and row.
    """
    frame = read_table(path)
    if Path(path).suffix.lower() in (".parquet", ".pq", ".arrow", ".feather", ".ipc"):
        return frame
    return frame.with_columns([_typed(column, Path(path).name) for column in frame])


def without_nulls(frame: pl.DataFrame) -> pl.DataFrame:
    """Give columns of nothing but nulls, which some libraries leave without a type, the type of their name."""
    empty = [name for name, kind in frame.schema.items() if kind == pl.Null]
    if not empty:
        return frame
    return frame.with_columns(frame[name].cast(_EMPTY.get(name, pl.String)) for name in empty)


def _typed(column: pl.Series, where: str) -> pl.Series:
    empty = column.null_count() == len(column)
    if column.name in ("time", "expires"):
        return column.cast(pl.Datetime("ns", "UTC")) if empty else utc(column, where).alias(column.name)
    if column.name == "max_holding" and (empty or column.dtype.is_numeric()):
        return (column.cast(pl.Float64) * 1e9).cast(pl.Int64).cast(pl.Duration("ns"))
    if column.name == "direction" and column.dtype.is_integer():
        return column.cast(pl.Int8)
    kind = _TYPES.get(column.name)
    if kind is not None and (empty or column.dtype.is_integer() or (kind == pl.Float64 and column.dtype.is_numeric())):
        return column.cast(kind)
    return column
