"""Which way, and how steadily."""

from omegasim.indicators.columns import C, computed, nanoseconds, single
from omegasim.indicators.results import Dmi, Pivots, SuperTrend


def adx(high: C, low: C, close: C, period: int = 14) -> C:
    """Average directional index, 0 to 100 (Wilder 1978), seeded as TA-Lib does: first value at row `2 period - 1`."""
    return single("adx", (period,), high, low, close)


def dmi(high: C, low: C, close: C, period: int = 14) -> Dmi[C]:
    """Directional movement index: +DI and -DI, 0 to 100 (Wilder 1978), the first at row `period`."""
    return Dmi(*computed("dmi", (period,), high, low, close))


def supertrend(high: C, low: C, close: C, period: int = 10, width: float = 3.0) -> SuperTrend[C]:
    """SuperTrend (Seban): a line that follows the trend, and its direction, 1 up and -1 down.

    Bands lie `width` ATRs of `period` around `(high + low) / 2`. The upper only falls and the lower only rises until a
    close lies beyond it, which turns the trend. NaN before the first such close: other packages begin with a guess.
    """
    return SuperTrend(*computed("supertrend", (period, width), high, low, close))


def choppiness(high: C, low: C, close: C, period: int = 14) -> C:
    """Choppiness index (Dreiss): near 100 to and fro, near 0 straight on.

    `100 * log(sum of true ranges / (highest high - lowest low)) / log(period)`.
    """
    return single("choppiness", (period,), high, low, close)


def pivots(time: C, high: C, low: C, close: C, start: float = 0.0) -> Pivots[C]:
    """Floor traders' pivots of the session before.

    `pivot = (high + low + close) / 3`, `r1 = 2 pivot - low`, `s1 = 2 pivot - high`, `r2, s2 = pivot +- range`,
    `r3, s3 = r1 + range, s1 - range`.

    Parameters
    ----------
    time : column
        Open times of the bars, UTC where they name no zone.
    high, low, close : column
        Prices.
    start : float
        Hours after midnight UTC at which sessions begin.
    """
    return Pivots(*computed("pivots", (start,), nanoseconds(time), high, low, close))
