"""How sure a mean is, by drawing from the sample again and again."""

from dataclasses import dataclass

import polars as pl

DRAWS = 2_000
_NUMBERS = 12_000_000
_AT_ONCE = 1_000_000
_LEAST = 300


@dataclass(frozen=True)
class Interval:
    """A mean with the interval that holds 95 % of its redrawn values."""

    mean: float
    low: float
    high: float
    draws: int
    seed: int


def mean_interval(values: pl.Series, seed: int) -> Interval | None:
    """Percentile bootstrap of the mean; None without at least two values.

    Parameters
    ----------
    values : Series
        The sample, such as the R multiples of the trades.
    seed : int
        Equal seeds give equal intervals.

    References
    ----------
    B. Efron, R. Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13.
    """
    if len(values) < 2:
        return None
    draws = max(_LEAST, min(DRAWS, _NUMBERS // len(values)))
    at_once = max(1, min(draws, _AT_ONCE // len(values)))
    batches = -(-draws // at_once)
    means = pl.concat([_means(values, at_once, seed + batch) for batch in range(batches)])[:draws]
    low, high = (_plain(means.quantile(share, "linear")) for share in (0.025, 0.975))
    return Interval(_plain(values.mean()), low, high, draws, seed)


def _means(values: pl.Series, count: int, seed: int) -> pl.Series:
    """Means of redrawn samples, side by side in one long draw."""
    drawn = values.rename("value").sample(len(values) * count, with_replacement=True, seed=seed % 2**63)
    return drawn.reshape((count, len(values))).arr.mean()


def _plain(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
