"""Columns of any kind into the core, and back in kind."""

from collections.abc import Callable, Sequence
from functools import cache
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
    kind = _kind(columns[0], name)
    for column in columns[1:]:
        if _kind(column, name) != kind:
            kinds = sorted({_kind(column, name) for column in columns})
            raise InputError(f"{name}: columns of one kind, please; found {', '.join(kinds)}", ARGUMENT)
    if kind == "polars":
        return _of_polars(name, parameters, columns)
    arrays = [_array(column, name) for column in columns]
    places = _places(len(arrays[0]), len(_OUTPUTS[name]))
    _core.indicator_arrays(name, parameters, arrays, places)
    return places if kind == "numpy" else in_kind(columns[0], places, _names(name))


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


def _kind(column: Any, what: str) -> str:
    kind = _kind_of(type(column))
    if kind is None or (kind == "numpy" and getattr(column, "ndim", None) != 1):
        raise InputError(
            f"{what}: expected a polars Series, a numpy array of one dimension or a pandas Series, "
            f"found {type(column).__name__}",
            ARGUMENT,
        )
    return kind


def _kind_of_type(column: type) -> str | None:
    """What columns of a type are, numpy's of whatever dimension."""
    if issubclass(column, pl.Series):
        return "polars"
    package = column.__module__.partition(".")[0]
    return package if package == "numpy" or (package, column.__name__) == ("pandas", "Series") else None


_kind_of: Callable[[type], str | None] = cache(_kind_of_type)


@cache
def _numpy() -> Any:
    """Imported where it is needed; asking again takes less than importing again."""
    import numpy

    return numpy


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
    np = _numpy()
    try:
        return np.ascontiguousarray(column, dtype=np.float64)
    except (TypeError, ValueError):
        kind = getattr(column, "dtype", type(column).__name__)
        raise InputError(f"{name}: a column has type {kind}; expected numbers", COLUMN_TYPE) from None


def _places(rows: int, outputs: int) -> list[Any]:
    """Arrays of numpy's own memory, which stays warm from call to call."""
    empty = _numpy().empty
    if outputs == 1:
        return [empty(rows)]
    # An allocator keeps as much at hand as it was once given back in one piece.
    empty(rows * outputs)
    return [empty(rows) for _ in range(outputs)]


def _names(name: str) -> list[str]:
    outputs = _OUTPUTS[name]
    return [name] if len(outputs) == 1 else [f"{name}_{output}" for output in outputs]
