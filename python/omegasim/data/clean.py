"""Cleaning, by name, counted and listed; nothing is cleaned that was not asked for.

`crossed`, `crossed:swap`, `crossed:lift`
    Ask below bid, on any of a bar's four prices: drops the row; swaps bid and ask where they are crossed; lifts the
    ask to the bid.
`duplicates`
    Bars: of rows with the same time keeps the last. Ticks, which may share a time: drops a tick that repeats
    time, bid and ask of the tick ahead of it.
`ohlc`
    Bars: widens high and low, on each side, so that they contain open and close.
`outliers`, `outliers:drop`
    Prices ten, a hundred, a thousand times too large or too small against those around them, which lost their decimal
    point: puts it back; or drops the row.
`filler`
    Bars: drops those without volume whose prices are all the same, which some vendors write where nothing traded.
`stale`, `stale:30`
    Rows that repeat the prices of the row ahead, once ten (or that many) of them follow each other: drops the repeats.
`unmatched`
    Bars of two files: drops rows whose time is in one of the files only.

`one_sided` is no choice but a fact: an export of ticks that leaves out the side that did not change begins with rows
of which one side is not known yet. They are dropped, counted and listed.
"""

import logging
from collections.abc import Callable, Iterable, Iterator

import polars as pl

from omegasim.data import cleaners
from omegasim.data.changes import ROW, no_changes
from omegasim.data.layout import Kind
from omegasim.data.windows import windows
from omegasim.errors import ARGUMENT, UNKNOWN_CLEANING, InputError

logger = logging.getLogger("omegasim")

ONE_SIDED = "one_sided"
KINDS = ("crossed", "duplicates", "ohlc", "outliers", "filler", "stale", "unmatched")
_OPTIONS = {"crossed": ("drop", "swap", "lift"), "outliers": ("repair", "drop")}
_EFFECTS = {
    "crossed": "dropped, ask below bid",
    "crossed:drop": "dropped, ask below bid",
    "crossed:swap": "with bid and ask swapped, ask below bid",
    "crossed:lift": "with the ask lifted to the bid, ask below bid",
    "duplicates": "dropped, repeated",
    "ohlc": "widened, open or close outside high and low",
    "outliers": "repaired, decimal point lost",
    "outliers:repair": "repaired, decimal point lost",
    "outliers:drop": "dropped, decimal point lost",
    "filler": "dropped, no volume and no movement",
    "stale": "dropped, prices stood still",
    "unmatched": "dropped, in one of the two files only",
    ONE_SIDED: "dropped, one side not quoted yet",
}

Cleaner = Callable[[pl.DataFrame, str, str], cleaners.Cleaned]


def cleaning_kinds(kinds: str | Iterable[str], where: str) -> tuple[str, ...]:
    """Check the names of what is to be cleaned."""
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    for kind in kinds:
        name, _, option = kind.partition(":")
        if name not in KINDS:
            raise InputError(f"{where}: unknown cleaning {kind!r}; expected {', '.join(KINDS)}", UNKNOWN_CLEANING)
        known = _OPTIONS.get(name, ())
        if ":" in kind and option not in known and not (name == "stale" and option.isdigit() and int(option) > 0):
            expected = ", ".join(f"{name}:{one}" for one in known) or ("stale:30" if name == "stale" else name)
            raise InputError(f"{where}: unknown cleaning {kind!r}; expected {expected}", UNKNOWN_CLEANING)
    names = [kind.partition(":")[0] for kind in kinds]
    if len(set(names)) < len(names):
        raise InputError(f"{where}: a cleaning is named twice in {', '.join(kinds)}", ARGUMENT)
    return kinds


def clean_bars(
    frame: pl.DataFrame, kinds: Iterable[str], where: str
) -> tuple[pl.DataFrame, dict[str, int], pl.DataFrame]:
    """Clean bars in the order of the names; returns the frame, how many rows each changed or dropped, and which."""
    return _cleaned(frame, kinds, _BARS, where)


def clean_ticks(
    frame: pl.DataFrame, kinds: Iterable[str], where: str
) -> tuple[pl.DataFrame, dict[str, int], pl.DataFrame]:
    """Clean ticks in the order of the names; returns the frame, how many rows each changed or dropped, and which."""
    return _cleaned(frame, kinds, _TICKS, where)


def report(kind: str, count: int, rows: int, where: str) -> None:
    """Say on the log `omegasim` what a cleaning did; Python shows it on stderr unless told otherwise."""
    if count:
        effect = _EFFECTS.get(kind) or _EFFECTS[kind.partition(":")[0]]
        logger.warning("%s: clean %s: %d of %d rows %s", where, kind, count, rows, effect)


def _cleaned(
    frame: pl.DataFrame, kinds: Iterable[str], known: dict[str, Cleaner], where: str
) -> tuple[pl.DataFrame, dict[str, int], pl.DataFrame]:
    kinds = tuple(kinds)
    if not kinds:
        return frame, {}, no_changes()
    counts: dict[str, int] = {}
    changes = [no_changes()]
    frame = frame.with_row_index(ROW)
    for kind in kinds:
        name, _, option = kind.partition(":")
        _check_known(kind, known, where)
        rows = len(frame)
        frame, changed = known[name](frame, option, kind)
        counts[kind] = changed.get_column("row").n_unique()
        changes.append(changed)
        report(kind, counts[kind], rows, where)
    return frame.drop(ROW).rechunk(), counts, pl.concat(changes)


def _check_known(kind: str, known: dict[str, Cleaner], where: str) -> None:
    if kind.partition(":")[0] not in known:
        choice = ", ".join(name for name in known if name in KINDS)
        raise InputError(f"{where}: cleaning {kind!r} does not apply here; expected {choice}", ARGUMENT)


class StreamCleaning:
    """Cleans a stream of tables as `clean_bars` and `clean_ticks` clean a whole one, row for row.

    Parameters
    ----------
    kinds
        Cleanings, in the order of work.
    data
        What the stream holds.
    """

    def __init__(self, kinds: Iterable[str], data: Kind, where: str) -> None:
        self._kinds, self._where = tuple(kinds), where
        self._known = _BARS if data == "bars" else _TICKS
        for kind in self._kinds:
            _check_known(kind, self._known, where)
        self.counts = dict.fromkeys(self._kinds, 0)
        """Rows that each cleaning changed or dropped so far."""

    def __call__(self, frames: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Clean; tables come in other sizes than they went in."""
        stream = iter(frames)
        for kind in self._kinds:
            stream = self._stage(stream, kind)
        return stream

    def _stage(self, frames: Iterator[pl.DataFrame], kind: str) -> Iterator[pl.DataFrame]:
        name, _, option = kind.partition(":")
        rows = 0
        for window in windows(frames, cleaners.around(kind)):
            cleaned, changed = self._known[name](window.table, option, kind)
            self.counts[kind] += window.own(changed, "row").get_column("row").n_unique()
            rows += window.end - window.start
            yield window.own(cleaned).drop(ROW)
        report(kind, self.counts[kind], rows, self._where)


_TICKS: dict[str, Cleaner] = {
    ONE_SIDED: cleaners.one_sided,
    "crossed": cleaners.crossed,
    "duplicates": cleaners.repeated_ticks,
    "outliers": cleaners.outliers,
    "stale": cleaners.stale,
}
_BARS: dict[str, Cleaner] = {
    "crossed": cleaners.crossed,
    "duplicates": cleaners.repeated_bars,
    "ohlc": cleaners.ohlc,
    "outliers": cleaners.outliers,
    "filler": cleaners.filler,
    "stale": cleaners.stale,
}
