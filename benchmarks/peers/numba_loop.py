"""One loop compiled by numba."""

import platform

import numba
import numpy as np
from loops import STOPS, UNITS, grid, make_loop  # noqa: F401 - UNITS is a constant of the compiled loop
from protocol import answer, arrays

VERSIONS = {"numba": numba.__version__, "python": platform.python_version()}

data, repeats = arrays()
loop = numba.njit(make_loop(numba.njit(grid)))
columns = (data.open, data.high, data.low, data.close, data.entries)
answer(VERSIONS, lambda: loop(*columns, *STOPS), repeats)


@numba.njit(parallel=True)
def swept(columns, stops, targets, trades, profits):
    for run in numba.prange(len(stops)):
        trades[run], profits[run] = loop(
            columns[0], columns[1], columns[2], columns[3], columns[4], stops[run], targets[run]
        )


part = tuple(column[:100_000] for column in columns)
pairs = [(stop, target) for stop in range(10, 60, 5) for target in range(15, 115, 10)]
stops, targets = (np.array(values, dtype=float) * 1e-4 for values in zip(*pairs, strict=True))
trades, profits = np.zeros(len(pairs), dtype=np.int64), np.zeros(len(pairs))


def sweep() -> tuple[int, float]:
    swept(part, stops, targets, trades, profits)
    return trades.sum(), profits.sum()


answer(VERSIONS, sweep, repeats, "sweep")
