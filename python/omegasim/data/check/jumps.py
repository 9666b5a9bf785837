"""Moves far beyond the usual from one row to the next, weekends and other pauses apart."""

import math

import polars as pl

from omegasim.data.changes import ROW
from omegasim.data.check.finding import Finding, View, numbered
from omegasim.data.check.medians import Medians

# Moves are counted by their size in steps of about two percent, which needs no second look at the file.
_STEPS = 100
_FACTOR = 2 * _STEPS
_LEAST = math.ceil(math.log10(0.003) * _STEPS)
_PAUSE_HOURS = 4
_FIRST = 3


class Jumps:
    """Moves of a stream: a jump is a hundred times the usual move, and at least 0.3 %."""

    def __init__(self, price: str) -> None:
        self._price = price
        self._sizes = Medians()
        self._counts: dict[int, int] = {}
        self._first: pl.DataFrame | None = None

    def add(self, view: View) -> None:
        """Look at some more rows."""
        table, price = view.table, pl.col(self._price)
        sound = pl.Series("sound", (view.powers.get_column(self._price) == 0).fill_null(True))
        moves = table.with_columns(
            sound,
            size=(price.log().diff().abs().fill_nan(None).log10() * _STEPS).floor(),
            pause=pl.col("time").diff().dt.total_hours() >= _PAUSE_HOURS,
        ).with_columns(counts=~pl.col("pause") & pl.col("sound") & pl.col("sound").shift().fill_null(True))
        moves = view.window.own(moves).filter(pl.col("size").is_finite())
        self._sizes.add(moves.select(key=pl.lit(0), value="size"))
        large = moves.filter(pl.col("counts").fill_null(False) & (pl.col("size") >= _LEAST))
        for size, count in large.group_by("size").len().rows():
            self._counts[int(size)] = self._counts.get(int(size), 0) + count
        large = large.drop("sound", "pause", "counts")
        seen = large if self._first is None else pl.concat([self._first, large])
        self._first = seen.group_by("size", maintain_order=True).head(_FIRST).select(large.columns)

    def findings(self) -> list[Finding]:
        """The finding; none where nothing jumps."""
        usual = self._sizes.result().get(0)
        if usual is None or self._first is None:
            return []
        limit = max(int(usual) + _FACTOR, _LEAST)
        count = sum(number for size, number in self._counts.items() if size >= limit)
        if not count:
            return []
        rows = self._first.filter(pl.col("size") >= limit).sort(ROW).drop("size")
        message = f"{count:,} rows jump by more than {10 ** (limit / _STEPS):.1%} from the row ahead"
        return [Finding("jumps", "warning", message, count, numbered(rows))]
