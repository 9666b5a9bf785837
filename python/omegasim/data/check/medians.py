"""Medians of a stream of numbers, in bounded memory."""

import polars as pl

# To four digits a number has few values: spreads and prices keep all that is shown of them.
_DIGITS = 4


class Medians:
    """The median of the numbers of each key, lower of the middle two, to four digits."""

    def __init__(self) -> None:
        self._counts = pl.DataFrame(schema={"key": pl.Int32, "value": pl.Float64, "count": pl.Int64})

    def add(self, numbers: pl.DataFrame) -> None:
        """Count some more numbers: columns `key` and `value`; what is not finite does not count."""
        counted = (
            numbers.select(pl.col("key").cast(pl.Int32), pl.col("value").cast(pl.Float64))
            .filter(pl.col("value").is_finite())
            .with_columns(pl.col("value").round_sig_figs(_DIGITS))
            .group_by("key", "value")
            .agg(count=pl.len().cast(pl.Int64))
        )
        self._counts = pl.concat([self._counts, counted]).group_by("key", "value").agg(pl.col("count").sum())

    def result(self) -> dict[int, float]:
        """Median by key."""
        table = self._counts.sort("key", "value").with_columns(
            below=pl.col("count").cum_sum().over("key"), all=pl.col("count").sum().over("key")
        )
        middle = table.filter(2 * pl.col("below") >= pl.col("all")).group_by("key", maintain_order=True).first()
        return {int(key): float(value) for key, value in middle.select("key", "value").rows()}
