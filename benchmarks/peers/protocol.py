"""What every peer's script shares: the arrays it is given and the line it answers with."""

import json
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np

STOP_LOSS = 0.0020
TAKE_PROFIT = 0.0030
UNITS = 100_000.0
EVERY = 50


class Arrays:
    """Bars without a spread, and the bars at whose open an order is filled if nothing is open."""

    def __init__(self, path: str, rows: int) -> None:
        stored = np.load(path)
        self.time, self.open, self.high, self.low, self.close = (
            np.ascontiguousarray(stored[name][:rows]) for name in ("time", "open", "high", "low", "close")
        )
        self.entries = np.zeros(len(self.open), dtype=bool)
        self.entries[1::EVERY] = True


def arrays() -> tuple[Arrays, int]:
    """The arrays and the number of repeats that the command line names."""
    path, rows, repeats = sys.argv[1:4]
    return Arrays(path, int(rows)), int(repeats)


def answer(versions: dict[str, str], work: Callable[[], tuple[int, float]], repeats: int, name: str = "run") -> None:
    """Time the work, the first call aside, and print what came of it: trades, profit, seconds."""
    trades, profit = work() if repeats > 1 else (None, None)
    seconds = []
    for _ in range(repeats):
        started = time.perf_counter()
        trades, profit = work()
        seconds.append(time.perf_counter() - started)
    print(
        json.dumps(
            {
                "work": name,
                "versions": versions,
                "trades": int(trades),
                "profit": float(profit),
                "seconds": statistics.median(seconds),
                "repeats": repeats,
            }
        ),
        flush=True,
    )
