"""A user's function over columns inside a run: it is given closed bars and no others."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from omegasim import _core
from omegasim.errors import ARGUMENT, InputError
from omegasim.indicators.own import one_name, table


class Growing:
    """What a function over columns makes of the bars that are closed now: `[-1]` is the newest, `[-2]` the one before.

    When it is read after a bar closed, the function runs over all closed bars, or the newest `rows` of them. Later bars
    are not in the columns that it is given, so there is nothing to check; what lies before its first row is NaN.
    """

    def __init__(
        self, function: Any, parameters: Sequence[Any], columns: list[pl.Series], closed: _core.IndicatorView,
        rows: int | None,
    ) -> None:  # fmt: skip
        if rows is not None and rows < 1:
            raise InputError(f"rows: expected at least 1, found {rows}", ARGUMENT)
        self._function, self._parameters, self._columns = function, tuple(parameters), columns
        self._closed, self._rows = closed, rows
        self._count = 0
        self._values = pl.Series(dtype=pl.Float64)

    def __len__(self) -> int:
        """How many bars are closed."""
        return len(self._closed)

    def __getitem__(self, index: int) -> float:
        """The value so many bars back, as the function gives it now."""
        if index >= 0:
            raise IndexError("count back from the newest closed value, which is [-1]")
        count = len(self._closed)
        if count != self._count:
            self._values, self._count = self._over(count), count
        if -index > len(self._values):
            return float("nan")
        value: float = self._values[index]
        return value

    def _over(self, count: int) -> pl.Series:
        start = 0 if self._rows is None else max(count - self._rows, 0)
        given = [column.slice(start, count - start) for column in self._columns]
        name = one_name(self._function)
        found = table(self._function(*given, *self._parameters), name)
        if found.shape == (count - start, 1):
            return found.to_series()
        raise InputError(
            f"{name}: expected one column of {count - start} rows, as many as it was given; "
            f"found {found.width} of {found.height}",
            ARGUMENT,
        )
