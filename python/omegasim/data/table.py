"""Any Arrow table as a polars frame."""

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import polars as pl

from omegasim.data.headers import time_columns
from omegasim.errors import ARGUMENT, InputError


class ArrowStream(Protocol):
    """What can export itself as an Arrow stream: polars, pandas, pyarrow, duckdb."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


if TYPE_CHECKING:
    Table: TypeAlias = pl.DataFrame | pl.LazyFrame | ArrowStream
else:
    Table: TypeAlias = Any


def frame_of(table: Table, what: str) -> pl.DataFrame:
    """Take any Arrow table as a polars frame, without a copy where the library allows it."""
    if isinstance(table, pl.DataFrame):
        return table
    if isinstance(table, pl.LazyFrame):
        return table.collect()
    if _is_pandas(table):
        return _from_pandas(table)
    if not hasattr(table, "__arrow_c_stream__"):
        raise InputError(
            f"{what}: expected an Arrow table (polars, pandas, pyarrow, duckdb), found {type(table).__name__}", ARGUMENT
        )
    try:
        return pl.DataFrame(table)
    except pl.exceptions.PolarsError as error:
        raise InputError(f"{what}: the Arrow table cannot be read: {error}", ARGUMENT) from None


def _is_pandas(table: object) -> bool:
    return type(table).__module__.partition(".")[0] == "pandas" and hasattr(table, "index")


def _from_pandas(table: Any) -> pl.DataFrame:
    # An index of times is the time column that Arrow export would drop.
    if not time_columns([str(name) for name in table.columns]) and hasattr(table.index, "tz"):
        table = table.rename_axis("time").reset_index()
    return pl.from_pandas(table)
