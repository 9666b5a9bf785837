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
"""

import logging
from collections.abc import Callable, Iterable

import polars as pl

from omegasim.data import cleaners
from omegasim.data.changes import ROW, no_changes
from omegasim.errors import ARGUMENT, UNKNOWN_CLEANING, InputError

logger = logging.getLogger("omegasim")

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
    counts: dict[str, int] = {}
    changes = [no_changes()]
    frame = frame.with_row_index(ROW)
    for kind in kinds:
        name, _, option = kind.partition(":")
        if name not in known:
            raise InputError(f"{where}: cleaning {kind!r} does not apply here; expected {', '.join(known)}", ARGUMENT)
        rows = len(frame)
        frame, changed = known[name](frame, option, kind)
        counts[kind] = changed.get_column("row").n_unique()
        changes.append(changed)
        report(kind, counts[kind], rows, where)
    return frame.drop(ROW).rechunk(), counts, pl.concat(changes)


_TICKS: dict[str, Cleaner] = {
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
