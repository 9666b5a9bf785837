"""Markets and calls that the tests of the indicators share."""

import numpy as np

import omegasim as om
from omegasim import _core

PARAMETERS = {
    "sma": (7,),
    "ema": (7,),
    "wma": (7,),
    "dema": (5,),
    "tema": (4,),
    "rsi": (7,),
    "macd": (3, 7, 4),
    "roc": (5,),
    "momentum": (5,),
    "stochastic": (6, 3, 2),
    "cci": (7,),
    "williams_r": (7,),
    "true_range": (),
    "atr": (7,),
    "standard_deviation": (7,),
    "zscore": (7,),
    "bollinger": (7, 1.5),
    "keltner": (6, 1.5, 5),
    "donchian": (7,),
    "adx": (5,),
    "dmi": (5,),
    "supertrend": (5, 1.0),
    "choppiness": (7,),
    "pivots": (22.0,),
    "obv": (),
    "mfi": (7,),
    "vwap": (22.0,),
    "kalman_mean": (1e-7, 1e-6),
    "kalman_zscore": (1e-7, 1e-6),
    "garch": (0.0, 0.1, 0.8, 10),
    "garch_window": (12, 0.0, 0.1, 0.8),
    "kalman_garch_zscore": (1e-7, 1e-6, 0.0, 0.1, 0.8, 10),
    "volatility_clusters": (5, 20, 3, 0.05),
}
"""Every indicator with parameters short enough for small markets."""

INPUTS = {name: inputs for name, inputs, _, _ in _core.indicator_definitions()}


def call(name, columns):
    """The outputs of an indicator over a market."""
    inputs = (columns["close" if title == "price" else title] for title in INPUTS[name])
    result = getattr(om.indicators, name)(*inputs, *PARAMETERS[name])
    return list(result) if isinstance(result, tuple) else [result]


def market(rows: int, seed: int = 1, price: float = 1.1, volatility: float = 1e-3) -> dict[str, np.ndarray]:
    """Hourly bars of a random walk."""
    random = np.random.default_rng(seed)
    close = price * np.exp(np.cumsum(random.normal(0.0, volatility, rows)))
    return {
        "time": np.datetime64("2024-01-01T00", "ns") + np.arange(rows) * np.timedelta64(1, "h"),
        "high": close * (1 + volatility * random.random(rows)),
        "low": close * (1 - volatility * random.random(rows)),
        "close": close,
        "volume": random.integers(1_000, 100_000, rows).astype(float),
    }
