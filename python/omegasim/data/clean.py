"""Cleaning, by name and counted; nothing is cleaned that was not asked for.

`crossed`
    Drops rows whose ask lies below the bid, on any of a bar's four prices.
`duplicates`
    Bars: of rows with the same time keeps the last. Ticks, which may share a time: drops a tick that repeats
    time, bid and ask of the tick ahead of it.
`ohlc`
    Bars: widens high and low, on each side, so that they contain open and close.
`unmatched`
    Bars of two files: drops rows whose time is in one of the files only.
"""

import logging
from collections.abc import Callable, Iterable

import polars as pl

from omegasim.data.headers import PRICES
from omegasim.errors import ARGUMENT, UNKNOWN_CLEANING, InputError

logger = logging.getLogger("omegasim")

KINDS = ("crossed", "duplicates", "ohlc", "unmatched")
_EFFECTS = {
    "crossed": "dropped, ask below bid",
    "duplicates": "dropped, repeated",
    "ohlc": "widened, open or close outside high and low",
    "unmatched": "dropped, in one of the two files only",
}

Cleaned = tuple[pl.DataFrame, int]


def cleaning_kinds(kinds: str | Iterable[str], where: str) -> tuple[str, ...]:
    """Check the names of what is to be cleaned."""
    kinds = (kinds,) if isinstance(kinds, str) else tuple(kinds)
    for kind in kinds:
        if kind not in KINDS:
            raise InputError(f"{where}: unknown cleaning {kind!r}; expected {', '.join(KINDS)}", UNKNOWN_CLEANING)
    if len(set(kinds)) < len(kinds):
        raise InputError(f"{where}: a cleaning is named twice in {', '.join(kinds)}", ARGUMENT)
    return kinds


def clean_bars(frame: pl.DataFrame, kinds: Iterable[str], where: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """Clean bars in the order of the names; returns the frame and how many rows each changed or dropped."""
    return _cleaned(frame, kinds, _BARS, where)


def clean_ticks(frame: pl.DataFrame, kinds: Iterable[str], where: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """Clean ticks in the order of the names; returns the frame and how many rows each dropped."""
    return _cleaned(frame, kinds, _TICKS, where)


def report(kind: str, count: int, rows: int, where: str) -> None:
    """Say on the log `omegasim` what a cleaning did; Python shows it on stderr unless told otherwise."""
    if count:
        logger.warning("%s: clean %s: %d of %d rows %s", where, kind, count, rows, _EFFECTS[kind])


def _cleaned(
    frame: pl.DataFrame, kinds: Iterable[str], cleaners: dict[str, Callable[[pl.DataFrame], Cleaned]], where: str
) -> tuple[pl.DataFrame, dict[str, int]]:
    counts: dict[str, int] = {}
    for kind in kinds:
        if kind not in cleaners:
            raise InputError(
                f"{where}: cleaning {kind!r} does not apply here; expected {', '.join(cleaners)}", ARGUMENT
            )
        rows = len(frame)
        frame, counts[kind] = cleaners[kind](frame)
        report(kind, counts[kind], rows, where)
    return frame.rechunk(), counts


def _dropped(frame: pl.DataFrame, faulty: pl.Expr) -> Cleaned:
    # A comparison with a null is no reason to drop: the check names those.
    kept = frame.filter(~faulty.fill_null(False))
    return kept, len(frame) - len(kept)


def _below(ask: str, bid: str) -> pl.Expr:
    # polars sorts NaN above every number.
    return (pl.col(ask) < pl.col(bid)) & pl.col(bid).is_finite()


def _crossed_bars(frame: pl.DataFrame) -> Cleaned:
    if not {"bid_open", "ask_open"} <= set(frame.columns):
        return frame, 0
    return _dropped(frame, pl.any_horizontal(_below(f"ask_{price}", f"bid_{price}") for price in PRICES))


def _repeated_bars(frame: pl.DataFrame) -> Cleaned:
    kept = frame.unique(subset="time", keep="last", maintain_order=True)
    return kept, len(frame) - len(kept)


def _ohlc(frame: pl.DataFrame) -> Cleaned:
    sides = [side for side in ("", "bid_", "ask_") if f"{side}open" in frame.columns]
    highs = [pl.max_horizontal(f"{s}open", f"{s}high", f"{s}low", f"{s}close").alias(f"{s}high") for s in sides]
    lows = [pl.min_horizontal(f"{s}open", f"{s}high", f"{s}low", f"{s}close").alias(f"{s}low") for s in sides]
    # A row with a null or NaN stays as it is, for the check to name.
    sound = pl.all_horizontal(pl.col(f"{s}{price}").is_finite().fill_null(False) for s in sides for price in PRICES)
    widened = frame.with_columns(
        pl.when(sound).then(new).otherwise(pl.col(new.meta.output_name())).alias(new.meta.output_name())
        for new in (*highs, *lows)
    )
    names = [f"{s}{price}" for s in sides for price in ("high", "low")]
    changed = pl.any_horizontal(widened.get_column(name) != frame.get_column(name) for name in names)
    return widened, int(pl.select(changed.fill_null(False).sum()).item())


def _crossed_ticks(frame: pl.DataFrame) -> Cleaned:
    return _dropped(frame, _below("ask", "bid"))


def _repeated_ticks(frame: pl.DataFrame) -> Cleaned:
    same = pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in ("time", "bid", "ask"))
    return _dropped(frame, same)


_BARS: dict[str, Callable[[pl.DataFrame], Cleaned]] = {
    "crossed": _crossed_bars,
    "duplicates": _repeated_bars,
    "ohlc": _ohlc,
}
_TICKS: dict[str, Callable[[pl.DataFrame], Cleaned]] = {"crossed": _crossed_ticks, "duplicates": _repeated_ticks}
