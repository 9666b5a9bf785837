"""Columns of any kind into the core, and back in kind."""

from collections.abc import Sequence
from typing import Any, TypeVar

import polars as pl

from omegasim import _core
from omegasim.errors import ARGUMENT, COLUMN_TYPE, InputError

C = TypeVar("C")
"""A column: polars Series, numpy array of one dimension, or pandas Series; what comes back is of the same kind."""

_INPUTS = {name: inputs for name, inputs, _, _ in _core.indicator_definitions()}
_OUTPUTS = {name: outputs for name, _, _, outputs in _core.indicator_definitions()}


def single(name: str, parameters: Sequence[float], *columns: C) -> C:
    """An indicator of one output."""
    return computed(name, parameters, *columns)[0]


def computed(name: str, parameters: Sequence[float], *columns: C) -> list[C]:
    """The outputs of an indicator over columns of one kind and length."""
    kinds = {_kind(column, name) for column in columns}
    if len(kinds) > 1:
        raise InputError(f"{name}: columns of one kind, please; found {', '.join(sorted(kinds))}", ARGUMENT)
    if kinds == {"polars"}:
        return _of_polars(name, parameters, columns)
    arrays = [_array(column, name) for column in columns]
    places = _places(len(arrays[0]), len(_OUTPUTS[name]))
    _core.indicator_arrays(name, list(parameters), arrays, places)
    return in_kind(columns[0], places, _names(name))


def in_kind(example: Any, outputs: Sequence[Any], names: Sequence[str]) -> list[Any]:
    """Numbers as columns like the example: a pandas one has its index, a polars one a name."""
    kind = _kind(example, "indicator")
    if kind == "polars":
        return [pl.Series(name, output, dtype=pl.Float64) for name, output in zip(names, outputs, strict=True)]
    arrays = [_array(output, "indicator") for output in outputs]
    if kind == "numpy":
        return arrays
    return [type(example)(array, index=example.index, name=name) for name, array in zip(names, arrays, strict=True)]


def nanoseconds(time: C) -> C:
    """Times as float64 nanoseconds since 1970-01-01 UTC, in kind; numbers are taken as they are."""
    column: Any = time
    if isinstance(column, pl.Series):
        column = column.dt.epoch("ns").cast(pl.Float64) if column.dtype == pl.Datetime else column
    elif _kind(column, "time") == "pandas":
        column = column.dt.as_unit("ns").astype("int64").astype("float64") if hasattr(column, "dt") else column
    elif column.dtype.kind == "M":
        column = column.astype("datetime64[ns]").astype("int64").astype("float64")
    found: C = column
    return found


def _kind(column: object, what: str) -> str:
    if isinstance(column, pl.Series):
        return "polars"
    kind = type(column).__module__.partition(".")[0]
    if kind == "numpy" and getattr(column, "ndim", None) == 1:
        return kind
    if kind == "pandas" and type(column).__name__ == "Series":
        return kind
    raise InputError(
        f"{what}: expected a polars Series, a numpy array of one dimension or a pandas Series, "
        f"found {type(column).__name__}",
        ARGUMENT,
    )


def _of_polars(name: str, parameters: Sequence[float], columns: Sequence[Any]) -> list[Any]:
    inputs = [_floats(column, name).alias(title) for column, title in zip(columns, _INPUTS[name], strict=True)]
    short = next((column for column in inputs if len(column) != len(inputs[0])), None)
    if short is not None:
        raise InputError(f"{name}: column {short.name} has {len(short)} rows, the first one {len(inputs[0])}", ARGUMENT)
    table = pl.DataFrame(_core.indicator_table(name, list(parameters), pl.DataFrame(inputs)))
    return [table.get_column(output).alias(title) for output, title in zip(_OUTPUTS[name], _names(name), strict=True)]


def _floats(column: pl.Series, name: str) -> pl.Series:
    if not (column.dtype.is_numeric() or column.dtype == pl.Null):
        raise InputError(f"{name}: a column has type {column.dtype}; expected numbers", COLUMN_TYPE)
    if column.dtype != pl.Float64:
        column = column.cast(pl.Float64)
    # A null is a missing value, which is NaN to the core.
    return column.fill_null(float("nan")) if column.null_count() else column


def _array(column: Any, name: str) -> Any:
    import numpy as np

    try:
        return np.ascontiguousarray(column, dtype=np.float64)
    except (TypeError, ValueError):
        kind = getattr(column, "dtype", type(column).__name__)
        raise InputError(f"{name}: a column has type {kind}; expected numbers", COLUMN_TYPE) from None


def _places(rows: int, outputs: int) -> list[Any]:
    """Arrays of numpy's own memory, which stays warm from call to call."""
    import numpy as np

    if outputs > 1:
        # An allocator keeps as much at hand as it was once given back in one piece.
        np.empty(rows * outputs, dtype=np.float64)
    return [np.empty(rows, dtype=np.float64) for _ in range(outputs)]


def _names(name: str) -> list[str]:
    outputs = _OUTPUTS[name]
    return [name] if len(outputs) == 1 else [f"{name}_{output}" for output in outputs]
