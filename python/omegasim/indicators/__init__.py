"""Indicators over columns, row by row, and over bars of any timeframe.

Each function takes columns (polars Series, numpy array, pandas Series) and returns columns of the same kind. A value
depends on its row and those before it. NaN stands for what is not known yet. A row whose input is missing (NaN,
infinite, null) is NaN; then a window is NaN until the missing value has left it, and a recursion, such as an
exponential average, goes on from where it was. Where a definition divides nothing by nothing, the value is NaN.

`Stream` takes rows one at a time, `Cache` computes each indicator over bars once, `apply` takes a user's own.
"""

from omegasim import _core
from omegasim.indicators.averages import dema, ema, sma, tema, wma
from omegasim.indicators.cache import Cache, View
from omegasim.indicators.models import (
    garch,
    garch_window,
    kalman_garch_zscore,
    kalman_mean,
    kalman_zscore,
    volatility_clusters,
)
from omegasim.indicators.momentum import cci, macd, momentum, roc, rsi, stochastic, williams_r
from omegasim.indicators.own import Stream, apply
from omegasim.indicators.ranges import atr, bollinger, donchian, keltner, standard_deviation, true_range, zscore
from omegasim.indicators.results import Bands, Dmi, KalmanGarch, Macd, Pivots, Stochastic, SuperTrend
from omegasim.indicators.trend import adx, choppiness, dmi, pivots, supertrend
from omegasim.indicators.volume import mfi, obv, vwap

NAMES = tuple(sorted(name for name, _, _, _ in _core.indicator_definitions()))
"""The names of all indicators."""

__all__ = [
    "NAMES",
    "Bands",
    "Cache",
    "Dmi",
    "KalmanGarch",
    "Macd",
    "Pivots",
    "Stochastic",
    "Stream",
    "SuperTrend",
    "View",
    "adx",
    "apply",
    "atr",
    "bollinger",
    "cci",
    "choppiness",
    "dema",
    "dmi",
    "donchian",
    "ema",
    "garch",
    "garch_window",
    "kalman_garch_zscore",
    "kalman_mean",
    "kalman_zscore",
    "keltner",
    "macd",
    "mfi",
    "momentum",
    "obv",
    "pivots",
    "roc",
    "rsi",
    "sma",
    "standard_deviation",
    "stochastic",
    "supertrend",
    "tema",
    "true_range",
    "volatility_clusters",
    "vwap",
    "williams_r",
    "wma",
    "zscore",
]
