"""How far prices range: true range, deviation, bands."""

from omegasim.indicators.columns import C, computed, single
from omegasim.indicators.results import Bands


def true_range(high: C, low: C, close: C) -> C:
    """The largest of high - low, |high - close before|, |low - close before| (Wilder 1978); NaN at the first bar."""
    return single("true_range", (), high, low, close)


def atr(high: C, low: C, close: C, period: int = 14) -> C:
    """Average true range: Wilder's smoothing, seeded with the mean of the first `period` true ranges."""
    return single("atr", (period,), high, low, close)


def standard_deviation(values: C, period: int = 20) -> C:
    """Standard deviation of the last `period` values, divisor `period`."""
    return single("standard_deviation", (period,), values)


def zscore(values: C, period: int = 20) -> C:
    """Distance from the mean of the last `period` values in their standard deviations; NaN where these are 0."""
    return single("zscore", (period,), values)


def bollinger(values: C, period: int = 20, width: float = 2.0) -> Bands[C]:
    """Bollinger bands: the mean, and `width` standard deviations (divisor `period`) on each side.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> om.indicators.bollinger(pl.Series([1.0, 2.0, 3.0, 4.0]), 2, 1.0).upper.to_list()
    [nan, 2.0, 3.0, 4.0]
    """
    return Bands(*computed("bollinger", (period, width), values))


def keltner(high: C, low: C, close: C, period: int = 20, width: float = 2.0, atr_period: int = 10) -> Bands[C]:
    """Keltner channel in its modern form: the EMA of the close, and `width` ATRs on each side."""
    return Bands(*computed("keltner", (period, width, atr_period), high, low, close))


def donchian(high: C, low: C, period: int = 20) -> Bands[C]:
    """Donchian channel: highest high, lowest low of the last `period` bars, this one included, and their middle."""
    return Bands(*computed("donchian", (period,), high, low))
