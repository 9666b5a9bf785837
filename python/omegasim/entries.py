"""Signals from columns that say where to enter and where to leave, without a loop."""

from collections.abc import Mapping
from typing import Any, TypeAlias

import polars as pl

from omegasim.data.bars import Bars
from omegasim.data.table import frame_of
from omegasim.errors import ARGUMENT, MISSING_COLUMN, InputError
from omegasim.schemas import TRADE_SIGNAL_SCHEMA

Where: TypeAlias = Any
"""A polars expression, a column's name, or as many booleans as there are rows."""

_GIVEN = ("time", "symbol", "action", "direction")


def signals_from(
    table: Any,
    *,
    long: Where = None,
    short: Where = None,
    exit_long: Where = None,
    exit_short: Where = None,
    symbol: str | None = None,
    **columns: Any,
) -> pl.DataFrame:
    """Signals at the rows where a condition holds; they act on the next bar, as every signal does.

    Parameters
    ----------
    table : Bars or Arrow table
        One row a bar, with a column `time` (the bar's open) and whatever the conditions read.
    long, short : expression, column name or booleans
        Where a long or a short is opened; null counts as false.
    exit_long, exit_short : expression, column name or booleans
        Where all longs or shorts are closed; at one bar exits come before entries.
    symbol : str, optional
        Whose; needed where a run has several symbols. Its magic number may stand in `magic=`.
    **columns
        Any other column of the signals table for the entries, such as `stop_loss_pips=20.0`, `price=pl.col("high")`,
        `order_type="stop"`; a mapping `{"long": ..., "short": ...}` gives each side its own. `magic` holds for exits
        too.

    Returns
    -------
    polars.DataFrame
        Sorted by time, for `simulate`.

    Raises
    ------
    InputError
        A column is unknown, a condition is no boolean, or there is nothing to look for.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> bars = om.synthetic_bars(bars=5_000)
    >>> close = pl.col("bid_close")
    >>> signals = om.signals_from(
    ...     bars,
    ...     long=close > close.shift(1).rolling_max(60),
    ...     exit_long=close < close.shift(1).rolling_min(60),
    ...     stop_loss_pips=20.0,
    ... )
    >>> signals.columns
    ['time', 'action', 'direction', 'stop_loss_pips']
    """
    frame = table.frame if isinstance(table, Bars) else frame_of(table, "table")
    if "time" not in frame.columns:
        raise InputError(f"table: column 'time' is missing; found {', '.join(frame.columns)}", MISSING_COLUMN)
    for name in columns:
        if name in _GIVEN or name not in TRADE_SIGNAL_SCHEMA.names:
            expected = ", ".join(one for one in TRADE_SIGNAL_SCHEMA.names if one not in _GIVEN)
            raise InputError(f"unknown column {name!r}; expected {expected}", ARGUMENT)
    shared = {name: value for name, value in columns.items() if name == "magic"}
    parts = [
        _rows(frame, "exit_long", exit_long, "close", "long", shared),
        _rows(frame, "exit_short", exit_short, "close", "short", shared),
        _rows(frame, "long", long, "open", "long", columns),
        _rows(frame, "short", short, "open", "short", columns),
    ]
    found = [part for part in parts if part is not None]
    if not found:
        raise InputError("expected at least one of long, short, exit_long, exit_short", ARGUMENT)
    signals = pl.concat(found, how="diagonal_relaxed").sort("_row", maintain_order=True).drop("_row")
    return signals if symbol is None else signals.insert_column(1, pl.lit(symbol).alias("symbol"))


def _rows(
    frame: pl.DataFrame, name: str, where: Where, action: str, direction: str, columns: Mapping[str, Any]
) -> pl.DataFrame | None:
    if where is None:
        return None
    condition = _column(frame, name, where)
    if condition.dtype != pl.Boolean:
        raise InputError(f"{name}: expected booleans, found {condition.dtype}", ARGUMENT)
    values = [_value(frame, key, _of_side(value, direction)) for key, value in columns.items()]
    return frame.select(
        pl.col("time"),
        pl.lit(action).alias("action"),
        pl.lit(direction).alias("direction"),
        *values,
        pl.int_range(pl.len()).alias("_row"),
    ).filter(condition.fill_null(value=False))


def _of_side(value: Any, direction: str) -> Any:
    if not isinstance(value, Mapping):
        return value
    if set(value) != {"long", "short"}:
        raise InputError(
            f"expected a value for 'long' and one for 'short', found {', '.join(map(str, value))}", ARGUMENT
        )
    return value[direction]


def _value(frame: pl.DataFrame, name: str, value: Any) -> pl.Expr | pl.Series:
    if isinstance(value, pl.Expr):
        return value.alias(name)
    if isinstance(value, pl.Series):
        return _whole(frame, name, value).alias(name)
    return pl.lit(value).alias(name)


def _column(frame: pl.DataFrame, name: str, where: Where) -> pl.Series:
    if isinstance(where, str) and where not in frame.columns:
        raise InputError(f"{name}: no column {where!r}; found {', '.join(frame.columns)}", MISSING_COLUMN)
    try:
        if isinstance(where, str | pl.Expr):
            return frame.select(where).to_series()
        return _whole(frame, name, pl.Series(name, where))
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        raise InputError(f"{name}: {str(error).partition(chr(10))[0]}", ARGUMENT) from None


def _whole(frame: pl.DataFrame, name: str, column: pl.Series) -> pl.Series:
    if len(column) != frame.height:
        raise InputError(f"{name}: expected {frame.height} values, one a row, found {len(column)}", ARGUMENT)
    return column
