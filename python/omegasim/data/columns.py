"""Tables as given become tables with the names and types that the simulator takes."""

import polars as pl

from omegasim.data.formats import bar_prices
from omegasim.data.headers import bar_names, require, tick_names
from omegasim.data.reading import Reading
from omegasim.data.times import time_series
from omegasim.errors import COLUMN_TYPE, InputError

_AS_IT_IS = Reading()


def bar_columns(frame: pl.DataFrame, where: str, reading: Reading = _AS_IT_IS) -> pl.DataFrame:
    """Name and type the columns of bars.

    Returns `time`, then both sides (`bid_open` to `ask_close`) or one side (`open` to `close`, or its four
    `bid_` or `ask_` columns), then `volume` and `spread` where there are any.
    """
    found = bar_names(frame.columns, where)
    prices = bar_prices(found)
    require(found, prices, frame.columns, where)
    names = {name: found[name] for name in (*prices, "volume", "spread") if name in found}
    return _selected(frame, names, where, reading)


def tick_columns(frame: pl.DataFrame, where: str, reading: Reading = _AS_IT_IS) -> pl.DataFrame:
    """Name and type the columns of ticks: `time`, `bid`, `ask`."""
    if "time_msc" in frame.columns:
        frame = frame.drop("time", strict=False).rename({"time_msc": "time"})
    found = tick_names(frame.columns, where)
    require(found, ("bid", "ask"), frame.columns, where)
    return _selected(frame, {name: found[name] for name in ("bid", "ask")}, where, reading)


def looks_like_ticks(frame: pl.DataFrame) -> bool:
    """Whether a table has a bid and an ask instead of bars."""
    return tick_names(frame.columns, "table").keys() >= {"bid", "ask"}


def _selected(frame: pl.DataFrame, names: dict[str, str], where: str, reading: Reading) -> pl.DataFrame:
    columns = [_number(frame.get_column(column), where).alias(name) for name, column in names.items()]
    times = time_series(frame, where, reading.zone(None), zoned=reading.timezone is not None)
    return pl.DataFrame([times, *columns]).rechunk()


def _number(column: pl.Series, where: str) -> pl.Series:
    if column.dtype.is_numeric() or column.dtype == pl.Null:
        return column.cast(pl.Float64)
    example = column.drop_nulls().head(1).to_list()
    raise InputError(
        f"{where}: column {column.name!r} has type {column.dtype}{f' ({example[0]!r})' if example else ''}; "
        "expected numbers",
        COLUMN_TYPE,
    )
