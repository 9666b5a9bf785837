"""Moving averages."""

from omegasim.indicators.columns import C, single


def sma(values: C, period: int = 20) -> C:
    """Simple moving average: the mean of the last `period` values.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> om.indicators.sma(pl.Series([1.0, 2.0, 3.0, 4.0]), 2).to_list()
    [nan, 1.5, 2.5, 3.5]
    """
    return single("sma", (period,), values)


def ema(values: C, period: int = 20) -> C:
    """Exponential moving average with `2 / (period + 1)` for each new value.

    Seeded with the mean of the first `period` values, as TA-Lib does.
    """
    return single("ema", (period,), values)


def wma(values: C, period: int = 20) -> C:
    """Weighted moving average: weights 1 (oldest) to `period` (newest)."""
    return single("wma", (period,), values)


def dema(values: C, period: int = 20) -> C:
    """Double exponential moving average `2 e1 - e2`, `e2` being the EMA of the EMA `e1` (Mulloy 1994)."""
    return single("dema", (period,), values)


def tema(values: C, period: int = 20) -> C:
    """Triple exponential moving average `3 e1 - 3 e2 + e3` (Mulloy 1994)."""
    return single("tema", (period,), values)
