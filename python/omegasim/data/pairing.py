"""Bid and ask bars of two streams side by side, in bounded memory."""

from collections.abc import Iterator

import polars as pl

from omegasim.data.clean import report
from omegasim.errors import UNMATCHED_ROWS, UNREADABLE_TIME, InputError


class Pairing:
    """Puts two streams of sorted bars side by side.

    Parameters
    ----------
    drop
        Whether rows whose time is in one of the streams only are dropped and counted, or an error.
    where
        What messages call the files.
    """

    def __init__(self, *, drop: bool, where: str) -> None:
        self._drop, self._where = drop, where
        self.unmatched = 0
        """Rows dropped so far."""

    def __call__(self, bids: Iterator[pl.DataFrame], asks: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Pair the streams of bid and ask.

        Raises
        ------
        InputError
            Times fall, or, unless they are to be dropped, are in one of the streams only.
        """
        bid, ask = _Side(bids, "bid", self._where), _Side(asks, "ask", self._where)
        rows = 0
        while ends := [side.last for side in (bid, ask) if not side.over]:
            # What comes may repeat the last time, but no earlier one.
            end = min(ends)
            ours, theirs = bid.before(end), ask.before(end)
            rows += len(ours) + len(theirs)
            yield self._paired(ours, theirs)
            for side in (bid, ask):
                if side.last == end:
                    side.more()
        yield self._paired(bid.rows, ask.rows)
        report("unmatched", self.unmatched, rows + len(bid.rows) + len(ask.rows), self._where)

    def _paired(self, bid: pl.DataFrame, ask: pl.DataFrame) -> pl.DataFrame:
        if bid.get_column("time").equals(ask.get_column("time")):
            return pl.concat([bid, ask.drop("time")], how="horizontal")
        if not self._drop:
            raise InputError(f"{self._where}: {_difference(bid, ask)}", UNMATCHED_ROWS)
        both = bid.join(ask, on="time", how="inner", maintain_order="left")
        self.unmatched += len(bid) + len(ask) - 2 * len(both)
        return both


class _Side:
    """A stream with the rows of it that wait for the other side."""

    def __init__(self, frames: Iterator[pl.DataFrame], name: str, where: str) -> None:
        self._frames, self._name, self._where = frames, name, where
        self.over = False
        self.rows = next(frames)
        self._check(self.rows)
        self.last = _end(self.rows)

    def more(self) -> None:
        """Wait with the next rows too."""
        following = next((frame for frame in self._frames if len(frame)), None)
        if following is None:
            self.over = True
            return
        self.rows = pl.concat([self.rows, following])
        self._check(self.rows)
        self.last = _end(self.rows)

    def before(self, end: int) -> pl.DataFrame:
        """Give away the rows before a time."""
        count = self.rows.get_column("time").to_physical().search_sorted(end)
        given, self.rows = self.rows[:count], self.rows[count:]
        return given

    def _check(self, rows: pl.DataFrame) -> None:
        times = rows.get_column("time")
        if times.null_count() or not times.is_sorted():
            raise InputError(
                f"{self._where}: a time of the {self._name} side is missing or before the one ahead of it; "
                "expected sorted times in both files, and omegasim data convert sorts",
                UNREADABLE_TIME,
            )


def _end(rows: pl.DataFrame) -> int:
    return int(rows.get_column("time").to_physical()[-1]) if len(rows) else -(2**63)


def _difference(bid: pl.DataFrame, ask: pl.DataFrame) -> str:
    for ours, theirs, side in ((bid, ask, "bid"), (ask, bid, "ask")):
        alone = ours.join(theirs, on="time", how="anti", maintain_order="left")
        if len(alone):
            first = alone.get_column("time")[0].isoformat()
            return (
                f"the row of the {side} side at {first} has no partner; expected the same times in both, or unmatched"
            )
    return "the sides repeat different times; expected the same times in both, or duplicates and unmatched cleaned"
