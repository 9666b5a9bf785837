"""Market data from files."""

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from omegasim import _core
from omegasim.data.bars import Bars, Side
from omegasim.data.changes import no_changes
from omegasim.data.clean import clean_bars, cleaning_kinds
from omegasim.data.finish import Finish
from omegasim.data.format import Format
from omegasim.data.joining import joined, one_side
from omegasim.data.origin import told_side, unit_of, warn_of_clock
from omegasim.data.reading import Moment, Reading, Spread, TimeIs, moment
from omegasim.data.source import Source, open_sides, open_source, within
from omegasim.data.ticks import Ticks
from omegasim.errors import ARGUMENT, InputError
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
    format: Format | None = None,  # noqa: A002
    timezone: str | None = None,
    time_is: TimeIs = "open",
    decimal: str = ".",
    spread: Spread | None = None,
    divisor: float | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Bars:
    """Read bars from files: both sides in one file or two, or one side and a spread.

    Reads Parquet, CSV (also packed) and Arrow tables, Dukascopy CSV and .bi5, the export of a MetaTrader terminal and
    tables of `copy_rates`, HistData, and LEAN zips.

    Parameters
    ----------
    path : str or Path
        The file, a pattern such as "eurusd/*.csv", or a folder; the bid side where `ask` is given.
    ask : str or Path, optional
        The same for the ask side, with the same times.
    side, spread_pips, symbol, instrument, timeframe
        As in `Bars`.
    clean : str or list of str, optional
        Any of "crossed", "duplicates", "ohlc", "outliers", "filler", "stale" and, for two files, "unmatched"; see
        `omegasim.data.clean`.
    format : str, optional
        "table", "dukascopy", "metatrader", "copy_rates", "histdata" or "lean"; detected where not given.
    timezone : str, optional
        Clock of the times: "Europe/Helsinki", "UTC+2", "America/New_York+7"; where not given the format's own, else
        UTC. MetaTrader writes its server's clock, which nothing in the file tells.
    time_is : {"open", "close"}
        What the times are.
    decimal : {".", ","}
        Decimal point of text files.
    spread : float or {"price", "points", "pips"}, optional
        Spread in price units, or what a column `spread` is counted in; points in MetaTrader's files.
    divisor : float, optional
        What the integers of .bi5 files are divided by; known for pairs of currencies and ready instruments.
    start, end : str or datetime, optional
        Span: from start up to, not including, end; UTC.

    Returns
    -------
    Bars
        Checked; `Bars.cleaned` counts what was cleaned, `Bars.changes` lists it.

    Raises
    ------
    MissingFileError, FileError
        A file is not there or cannot be read.
    InputError, NumberError
        As `Bars`; also where a file fits two formats, or two files do not have the same times.

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
    reading = Reading(
        format=format,
        timezone=timezone,
        time_is=time_is,
        decimal=decimal,
        spread=spread,
        start=moment(start, "start"),
        end=moment(end, "end"),
        symbol=symbol,
        instrument=instrument,
        divisor=divisor,
        timeframe=None if timeframe is None else _core.parse_timeframe(timeframe),
    )
    counts: dict[str, int] = {}
    listed = no_changes()
    sides = open_sides(path, ask, reading, "bars")
    if len(sides) == 2:
        if ask is not None and (side is not None or spread_pips is not None or spread is not None):
            raise InputError(f"{where}: side and spread do not go together with a file of the ask side", ARGUMENT)
        tables = [
            one_side(_read(one, reading), name, one.where) for one, name in zip(sides, ("bid", "ask"), strict=True)
        ]
        frame, counts, listed = joined(tables, kinds, ", ".join(dict.fromkeys(one.where for one in sides)))
        kinds = tuple(kind for kind in kinds if kind not in counts)
    else:
        frame = _read(sides[0], reading)
        side = side or told_side(sides[0], frame)
    frame, cleaned, changes = clean_bars(frame, kinds, symbol or where)
    bars = Bars._of_columns(
        frame,
        where=symbol or where,
        symbol=symbol,
        side=side,
        spread_pips=spread_pips,
        timeframe=timeframe,
        cleaned={**counts, **cleaned},
        changes=pl.concat([listed, changes]),
    )
    if instrument is not None:
        bars._complete(instrument)
    return bars


def read_ticks(
    path: str | Path,
    *,
    symbol: str = "",
    clean: str | Iterable[str] = (),
    instrument: Instrument | None = None,
    format: Format | None = None,  # noqa: A002
    timezone: str | None = None,
    decimal: str = ".",
    divisor: float | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Ticks:
    """Read ticks (`time`, `bid`, `ask`) from files.

    Reads Parquet, CSV (also packed) and Arrow tables, Dukascopy CSV and .bi5, the export of a MetaTrader terminal,
    tables of `copy_ticks`, HistData, LEAN zips and TrueFX.

    Parameters
    ----------
    path : str or Path
        The file, a pattern such as "ticks/*.csv", or a folder.
    symbol, clean
        As in `Ticks`.
    instrument, format, timezone, decimal, divisor, start, end
        As in `read_bars`; the formats are also "truefx".

    Returns
    -------
    Ticks
        Checked; `Ticks.cleaned` counts what was cleaned, `Ticks.changes` lists it.

    Raises
    ------
    MissingFileError, FileError
        A file is not there or cannot be read.
    InputError, NumberError
        As `Ticks`; also where a file fits two formats.

    Examples
    --------
    >>> import omegasim as om
    >>> om.read_ticks("nowhere.csv")
    Traceback (most recent call last):
        ...
    omegasim.errors.MissingFileError: nowhere.csv: no such file
    """
    where = Path(path).name
    reading = Reading(
        format=format,
        timezone=timezone,
        decimal=decimal,
        start=moment(start, "start"),
        end=moment(end, "end"),
        symbol=symbol,
        instrument=instrument,
        divisor=divisor,
    )
    source = open_source(path, reading, "ticks")
    frame = _read(source, reading)
    return Ticks._of_columns(frame, where=symbol or where, symbol=symbol, clean=clean, sparse=source.sparse)


def read_series(
    path: str | Path,
    instrument: Instrument,
    *,
    side: Side | None = None,
    spread_pips: float | None = None,
    clean: str | Iterable[str] = (),
    timeframe: str | None = None,
    time_is: TimeIs = "open",
    spread: Spread | None = None,
    format: Format | None = None,  # noqa: A002
    timezone: str | None = None,
    decimal: str = ".",
    divisor: float | None = None,
    start: Moment | None = None,
    end: Moment | None = None,
) -> Bars | Ticks:
    """Read bars or ticks, whichever the files hold; `side` and `spread_pips` apply to bars of one side only.

    Raises
    ------
    OmegaError
        As `read_bars` and `read_ticks`.
    """
    symbol = instrument.symbol
    looked = open_source(path, Reading(format=format, decimal=decimal, symbol=symbol), None)
    if looked.kind == "ticks":
        return read_ticks(
            path, symbol=symbol, instrument=instrument, clean=clean, format=format, timezone=timezone,
            decimal=decimal, divisor=divisor, start=start, end=end,
        )  # fmt: skip
    if looked.both_sides:
        side = spread_pips = None
    return read_bars(
        path, symbol=symbol, instrument=instrument, side=side, spread_pips=spread_pips, timeframe=timeframe,
        clean=clean, format=format, timezone=timezone, time_is=time_is, decimal=decimal, spread=spread,
        divisor=divisor, start=start, end=end,
    )  # fmt: skip


def _read(source: Source, reading: Reading) -> pl.DataFrame:
    warn_of_clock(source, reading)
    frame = Finish(reading, unit_of(source), source.where)(source.read(reading))
    frame = within(frame, reading)
    if frame.is_empty():
        raise InputError(f"{source.where}: no rows in the span from start to end; expected at least one", ARGUMENT)
    return frame.rechunk()
