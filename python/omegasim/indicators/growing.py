"""A user's own indicator inside a run: it is given closed bars and no others."""

import itertools
import math
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
        _check_counts_back(index)
        count = len(self._closed)
        if count != self._count:
            self._values, self._count = self._over(count), count
        if -index > len(self._values):
            return math.nan
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


class Following:
    """A class with `update`, which is given each bar once, when somebody looks after its close."""

    def __init__(
        self, kind: Any, parameters: Sequence[Any], columns: list[pl.Series], closed: _core.IndicatorView
    ) -> None:
        self._name, self._one = one_name(kind), kind(*parameters)
        self._rows = zip(*(column.to_list() for column in columns), strict=True)
        self.closed = closed
        self.seen: list[tuple[float, ...]] = []
        self.outputs = _outputs(kind(*parameters), len(columns))

    def catch_up(self) -> None:
        """Give it the bars that have closed since."""
        for row in itertools.islice(self._rows, len(self.closed) - len(self.seen)):
            self.seen.append(self._values(self._one.update(*row)))

    def _values(self, found: Any) -> tuple[float, ...]:
        values = found if isinstance(found, tuple) else (found,)
        if len(values) != self.outputs:
            raise InputError(
                f"{self._name}: update returned {len(values)} values, and {self.outputs} for missing prices; "
                "expected as many at every row",
                ARGUMENT,
            )
        return tuple(math.nan if value is None else float(value) for value in values)


class Followed:
    """One value of a class with `update`: `[-1]` is that of the newest closed bar, `[-2]` of the one before."""

    def __init__(self, following: Following, output: int) -> None:
        self._following, self._output = following, output

    def __len__(self) -> int:
        """How many bars are closed."""
        return len(self._following.closed)

    def __getitem__(self, index: int) -> float:
        """The value so many bars back; NaN before the first."""
        _check_counts_back(index)
        self._following.catch_up()
        seen = self._following.seen
        return seen[index][self._output] if -index <= len(seen) else math.nan


def _check_counts_back(index: int) -> None:
    if index >= 0:
        raise IndexError("count back from the newest closed value, which is [-1]")


def _outputs(probe: Any, inputs: int) -> int:
    """How many values an object of the class gives, as it says of a row whose prices are missing."""
    try:
        found = probe.update(*[math.nan] * inputs)
    except Exception:
        # It cannot do without prices: then it is one of those that give a number.
        return 1
    return len(found) if isinstance(found, tuple) else 1
