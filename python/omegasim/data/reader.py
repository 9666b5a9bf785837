"""Market data from files."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from omegasim.data.bars import Bars, Side
from omegasim.data.clean import clean_bars, cleaning_kinds, report
from omegasim.data.columns import bar_columns, tick_columns
from omegasim.data.files import read_table
from omegasim.data.headers import PRICES
from omegasim.data.ticks import Ticks
from omegasim.errors import ARGUMENT, UNMATCHED_ROWS, InputError
from omegasim.instrument import Instrument


def read_bars(
    path: str | Path,
    *,
    ask: str | Path | None = None,
    side: Side | None = None,
    spread_pips: float | None = None,
    symbol: str = "",
    instrument: Instrument | None = None,
    timeframe: str | None = None,
    clean: str | Iterable[str] = (),
) -> Bars:
    """Read bars from Parquet, CSV or Arrow files: both sides in one file or two, or one side and a spread.

    Parameters
    ----------
    path : str or Path
        The file; the bid side where `ask` is given.
    ask : str or Path, optional
        File of the ask side, with the same times.
    side, spread_pips, symbol, instrument, timeframe
        As in `Bars`.
    clean : str or list of str, optional
        Any of "crossed", "duplicates", "ohlc" and, for two files, "unmatched"; see `omegasim.data.clean`.

    Returns
    -------
    Bars
        Checked; `Bars.cleaned` counts what was cleaned.

    Raises
    ------
    MissingFileError, FileError
        A file is not there or cannot be read.
    InputError, NumberError
        As `Bars`; also where the two files do not have the same times.

    Examples
    --------
    >>> import omegasim as om
    >>> om.read_bars("nowhere.parquet")
    Traceback (most recent call last):
        ...
    omegasim.errors.MissingFileError: nowhere.parquet: no such file
    """
    where = Path(path).name
    kinds = cleaning_kinds(clean, where)
    counts: dict[str, int] = {}
    frame = bar_columns(read_table(path), where)
    if ask is not None:
        if side is not None or spread_pips is not None:
            raise InputError(f"{where}: side and spread_pips do not go together with a file of the ask side", ARGUMENT)
        sides = [
            _one_side(frame, "bid", where),
            _one_side(bar_columns(read_table(ask), Path(ask).name), "ask", str(ask)),
        ]
        frame, counts = _joined(sides, kinds, f"{where}, {Path(ask).name}")
        kinds = tuple(kind for kind in kinds if kind not in counts)
    frame, cleaned = clean_bars(frame, kinds, symbol or where)
    bars = Bars._of_columns(
        frame,
        where=symbol or where,
        symbol=symbol,
        side=side,
        spread_pips=spread_pips,
        timeframe=timeframe,
        cleaned={**counts, **cleaned},
    )
    if instrument is not None:
        bars._complete(instrument)
    return bars


def read_ticks(path: str | Path, *, symbol: str = "", clean: str | Iterable[str] = ()) -> Ticks:
    """Read ticks (`time`, `bid`, `ask`) from a Parquet, CSV or Arrow file.

    Parameters
    ----------
    path : str or Path
        The file.
    symbol, clean
        As in `Ticks`.

    Raises
    ------
    MissingFileError, FileError
        The file is not there or cannot be read.
    InputError, NumberError
        As `Ticks`.
    """
    where = Path(path).name
    frame = tick_columns(read_table(path), where)
    return Ticks._of_columns(frame, where=symbol or where, symbol=symbol, clean=clean)


def _one_side(frame: pl.DataFrame, side: str, where: str) -> pl.DataFrame:
    if f"{side}_open" in frame.columns:
        names = {f"{side}_{price}": f"{side}_{price}" for price in PRICES}
    elif "open" in frame.columns:
        names = {price: f"{side}_{price}" for price in PRICES}
    else:
        raise InputError(f"{where}: expected the {side} side, found {', '.join(frame.columns)}", ARGUMENT)
    kept = {"time": "time", **names, **({"volume": "volume"} if side == "bid" and "volume" in frame.columns else {})}
    return frame.select(pl.col(old).alias(new) for old, new in kept.items())


def _joined(sides: list[pl.DataFrame], kinds: tuple[str, ...], where: str) -> tuple[pl.DataFrame, dict[str, int]]:
    """Put the sides of two files side by side; files that repeat times are cleaned first, each by itself."""
    counts: dict[str, int] = {}
    if "duplicates" in kinds:
        for index, side in enumerate(sides):
            sides[index], found = clean_bars(side, ("duplicates",), where)
            counts["duplicates"] = counts.get("duplicates", 0) + found["duplicates"]
    bid, ask = sides
    if "unmatched" in kinds:
        both = bid.join(ask, on="time", how="inner", maintain_order="left")
        counts["unmatched"] = len(bid) + len(ask) - 2 * len(both)
        report("unmatched", counts["unmatched"], len(bid) + len(ask), where)
        return both, counts
    if not bid.get_column("time").equals(ask.get_column("time")):
        raise InputError(f"{where}: {_difference(bid, ask)}; expected the same times in both", UNMATCHED_ROWS)
    return pl.concat([bid, ask.drop("time")], how="horizontal"), counts


def _difference(bid: pl.DataFrame, ask: pl.DataFrame) -> str:
    bids, asks = bid.select("time"), ask.select("time")
    for ours, theirs, side in ((bids, asks, "bid"), (asks, bids, "ask")):
        alone = ours.join(theirs, on="time", how="anti", maintain_order="left")
        if len(alone):
            first = alone.get_column("time")[0]
            return f"{len(alone)} rows of the {side} file have no partner, the first at {first.isoformat()}"
    return "the files have the same times in another order or repeat some"
