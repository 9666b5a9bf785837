"""A user's own indicators: a function on columns, or a class with `update`; and any indicator row by row."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Protocol

import polars as pl

from omegasim import _core
from omegasim.errors import ARGUMENT, InputError
from omegasim.indicators.columns import in_kind


class Updating(Protocol):
    """A class of which each new value is asked by `update`."""

    def update(self, *values: float) -> Any:
        """Take a row; return its value, or a tuple of values."""


Own = Callable[..., Any] | type[Updating]


class Stream:
    """Any indicator by name, one row at a time.

    Parameters
    ----------
    name : str
        Such as "rsi"; `om.indicators.NAMES` has all.
    *parameters : float
        In the order of the function of that name; the rest have their defaults.

    Examples
    --------
    >>> import omegasim as om
    >>> average = om.indicators.Stream("sma", 2)
    >>> [average.update(value) for value in (1.0, 2.0, 4.0)]
    [nan, 1.5, 3.0]
    """

    def __init__(self, name: str, *parameters: float) -> None:
        self._core = _core.IndicatorStream(name, list(parameters))
        self.update = self._core.update
        """Take a row, one number an input (times in nanoseconds), and return the value, or a tuple of values."""

    @property
    def outputs(self) -> list[str]:
        """The names of the values."""
        return self._core.outputs


def apply(indicator: Own, *columns: Any, parameters: Iterable[Any] = ()) -> Any:
    """A user's own indicator over columns.

    Parameters
    ----------
    indicator : function or class
        `function(*columns, *parameters)` returns a column or a tuple of columns; `class(*parameters)` has
        `update(*row)`, which returns a number or a tuple of numbers.
    *columns : column
        Of one kind and length.
    parameters : iterable
        What follows the columns, or makes the object.

    Raises
    ------
    InputError
        The indicator is neither.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> class Highest:
    ...     def __init__(self):
    ...         self.value = float("-inf")
    ...     def update(self, price):
    ...         self.value = max(self.value, price)
    ...         return self.value
    >>> om.indicators.apply(Highest, pl.Series([1.0, 3.0, 2.0])).to_list()
    [1.0, 3.0, 3.0]
    """
    if not is_own(indicator):
        raise InputError(f"indicator: expected a function or a class with update, found {indicator!r}", ARGUMENT)
    if not inspect.isclass(indicator):
        return indicator(*columns, *parameters)
    one: Any = indicator(*parameters)
    rows = [one.update(*row) for row in zip(*(_numbers(column) for column in columns), strict=True)]
    if rows and isinstance(rows[0], tuple):
        outputs = list(zip(*rows, strict=True))
        return tuple(in_kind(columns[0], outputs, [f"{one_name(indicator)}_{i}" for i in range(len(outputs))]))
    return in_kind(columns[0], [rows], [one_name(indicator)])[0]


def is_own(indicator: object) -> bool:
    """Whether it is a function on columns or a class with `update`."""
    if inspect.isclass(indicator):
        return callable(getattr(indicator, "update", None))
    return callable(indicator)


def one_name(indicator: Any) -> str:
    """What messages and columns call it."""
    return str(getattr(indicator, "__name__", type(indicator).__name__))


def table(found: Any, name: str) -> pl.DataFrame:
    """What a user's own returned, as columns of numbers; null is NaN."""
    outputs = list(found) if isinstance(found, tuple) else [found]
    columns = [pl.Series(str(index), output, dtype=pl.Float64) for index, output in enumerate(outputs)]
    if not columns:
        raise InputError(f"{name}: returned no column", ARGUMENT)
    return pl.DataFrame([column.fill_null(float("nan")) for column in columns])


def _numbers(column: Any) -> Sequence[float]:
    numbers: Sequence[float] = column.to_list() if isinstance(column, pl.Series) else column.tolist()
    return numbers
