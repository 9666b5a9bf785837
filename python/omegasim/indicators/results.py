"""Indicators of several outputs: tuples whose items have names."""

from typing import Any, Generic, NamedTuple, TypeVar

C = TypeVar("C")


class Bands(NamedTuple, Generic[C]):
    """Middle, upper and lower band."""

    middle: C
    upper: C
    lower: C


class Macd(NamedTuple, Generic[C]):
    """MACD line, its signal line, and the difference of the two."""

    line: C
    signal: C
    histogram: C


class Dmi(NamedTuple, Generic[C]):
    """+DI and -DI."""

    plus: C
    minus: C


class Stochastic(NamedTuple, Generic[C]):
    """%K and %D."""

    k: C
    d: C


class SuperTrend(NamedTuple, Generic[C]):
    """The line, and the direction: 1 up, -1 down."""

    line: C
    direction: C


class Pivots(NamedTuple, Generic[C]):
    """The pivot, resistances and supports."""

    pivot: C
    r1: C
    s1: C
    r2: C
    s2: C
    r3: C
    s3: C


class KalmanGarch(NamedTuple, Generic[C]):
    """The Kalman mean, and the z-score of what it did not expect."""

    mean: C
    zscore: C


RESULTS: dict[str, Any] = {
    "bollinger": Bands,
    "keltner": Bands,
    "donchian": Bands,
    "macd": Macd,
    "dmi": Dmi,
    "stochastic": Stochastic,
    "supertrend": SuperTrend,
    "pivots": Pivots,
    "kalman_garch_zscore": KalmanGarch,
}
"""What holds the outputs of an indicator that has several."""
