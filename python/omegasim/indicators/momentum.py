"""How far and how fast a price went."""

from omegasim.indicators.columns import C, computed, single
from omegasim.indicators.results import Macd, Stochastic


def rsi(values: C, period: int = 14) -> C:
    """Relative strength index, 0 to 100: Wilder-smoothed gains as a share of all changes (Wilder 1978).

    NaN where the price never moved; TA-Lib says 0 there.

    Examples
    --------
    >>> import numpy as np, omegasim as om
    >>> om.indicators.rsi(np.array([1.0, 2.0, 1.5, 2.5]), 2)
    array([        nan,         nan, 66.66666667, 85.71428571])
    """
    return single("rsi", (period,), values)


def macd(values: C, fast: int = 12, slow: int = 26, signal: int = 9) -> Macd[C]:
    """MACD (Appel): `EMA(fast) - EMA(slow)`, the EMA of it, and the difference of the two.

    Both averages begin at the same row, the fast one with the mean of the `fast` values up to it, as TA-Lib does.
    The line is known before the signal; TA-Lib leaves it out until then.
    """
    return Macd(*computed("macd", (fast, slow, signal), values))


def roc(values: C, period: int = 10) -> C:
    """Rate of change since `period` rows ago, in percent."""
    return single("roc", (period,), values)


def momentum(values: C, period: int = 10) -> C:
    """Change since `period` rows ago, in units of the values."""
    return single("momentum", (period,), values)


def stochastic(high: C, low: C, close: C, period: int = 14, smooth: int = 3, signal: int = 3) -> Stochastic[C]:
    """Stochastic oscillator (Lane), 0 to 100: the close within the range of `period` bars.

    %K is its simple average over `smooth` bars, %D that of %K over `signal`. %K is known before %D; TA-Lib leaves it
    out until then. NaN where the range is nothing; TA-Lib says 0 there.
    """
    return Stochastic(*computed("stochastic", (period, smooth, signal), high, low, close))


def cci(high: C, low: C, close: C, period: int = 20) -> C:
    """Commodity channel index: distance of the typical price from its mean in 0.015 mean deviations (Lambert 1980).

    NaN where the price never moved; TA-Lib says 0 there.
    """
    return single("cci", (period,), high, low, close)


def williams_r(high: C, low: C, close: C, period: int = 14) -> C:
    """Williams %R, -100 to 0: how far the close is below the highest high, in percent of the range.

    NaN where the range is nothing; TA-Lib says 0 there.
    """
    return single("williams_r", (period,), high, low, close)
