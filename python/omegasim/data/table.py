"""A table of any library as a polars frame."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import polars as pl

from omegasim.data.headers import time_columns
from omegasim.errors import ARGUMENT, InputError


class ArrowStream(Protocol):
    """What can export itself as an Arrow stream: polars, pandas, pyarrow, duckdb."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


if TYPE_CHECKING:
    Table: TypeAlias = pl.DataFrame | pl.LazyFrame | ArrowStream | Mapping[str, Any]
else:
    Table: TypeAlias = Any


def frame_of(table: Table, what: str) -> pl.DataFrame:
    """Take a table of any library as a polars frame, without a copy where the library's tables never change.

    Raises
    ------
    InputError
        It is no table, or its columns differ in length.
    """
    if isinstance(table, pl.DataFrame):
        return table
    if isinstance(table, pl.LazyFrame):
        return table.collect()
    if _is_pandas(table):
        return _from_pandas(table)
    columns = _by_name(table)
    if columns is None and not (hasattr(table, "__arrow_c_stream__") or hasattr(table, "__arrow_c_array__")):
        raise _no_table(table, what)
    try:
        return pl.DataFrame(table if columns is None else columns)
    except (pl.exceptions.PolarsError, TypeError, ValueError) as error:
        reason = str(error).partition("\n")[0]
        raise InputError(f"{what}: the table cannot be read: {reason}", ARGUMENT) from None


def _by_name(table: object) -> dict[str, Any] | None:
    """Columns of a mapping of names to arrays, or of a structured array such as MetaTrader's `copy_rates` gives."""
    if isinstance(table, Mapping):
        return {str(name): _kept(values) for name, values in table.items()}
    names = getattr(getattr(table, "dtype", None), "names", None)
    if names is None or isinstance(table, pl.Series):
        return None
    array: Any = table
    return {name: _kept(array[name]) for name in names}


def _kept(values: Any) -> Any:
    """A column that nobody else writes to, in one piece: polars would share the memory of arrays."""
    return values.copy() if type(values).__module__.partition(".")[0] in ("numpy", "pandas") else values


def _no_table(table: object, what: str) -> InputError:
    return InputError(
        f"{what}: expected an Arrow table (polars, pandas, pyarrow, duckdb) or arrays by name, "
        f"found {type(table).__name__}",
        ARGUMENT,
    )


def _is_pandas(table: object) -> bool:
    return type(table).__module__.partition(".")[0] == "pandas" and hasattr(table, "columns")


def _from_pandas(table: Any) -> pl.DataFrame:
    # An index of times is the time column that Arrow export would drop.
    if not time_columns([str(name) for name in table.columns]) and hasattr(table.index, "tz"):
        table = table.rename_axis("time").reset_index()
    # Arrow would share the memory of a table that its owner may write to.
    return pl.from_pandas(table.copy(deep=True))
