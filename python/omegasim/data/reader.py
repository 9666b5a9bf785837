"""Market data from files."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import polars as pl

from omegasim import _core
from omegasim.data.bars import Bars, Side
from omegasim.data.changes import no_changes
from omegasim.data.clean import clean_bars, cleaning_kinds
from omegasim.data.finish import Finish
from omegasim.data.joining import joined, one_side
from omegasim.data.origin import told_side, unit_of, warn_of_server_time
from omegasim.data.reading import Format, Moment, Reading, Spread, TimeIs, moment
from omegasim.data.source import Bi5Part, Source, open_source, within
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
        What the integers of .bi5 files are divided by; known for pairs of currencies and metals.
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
    sides = _sides(path, ask, reading)
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
    frame = _read(open_source(path, reading, "ticks"), reading)
    return Ticks._of_columns(frame, where=symbol or where, symbol=symbol, clean=clean)


def _read(source: Source, reading: Reading) -> pl.DataFrame:
    warn_of_server_time(source, reading)
    frame = Finish(reading, unit_of(source), source.where)(source.read(reading))
    frame = within(frame, reading)
    if frame.is_empty():
        raise InputError(f"{source.where}: no rows in the span from start to end; expected at least one", ARGUMENT)
    return frame.rechunk()


def _sides(path: str | Path, ask: str | Path | None, reading: Reading) -> list[Source]:
    """One source, or those of bid and ask: in two files, or in a folder of Dukascopy's candles."""
    source = open_source(path, reading, "bars")
    if ask is not None:
        return [source, open_source(ask, replace(reading, spread=None), "bars")]
    parts = {
        side: tuple(p for p in source.parts if isinstance(p, Bi5Part) and p.file.side == side)
        for side in ("bid", "ask")
    }
    if all(parts.values()):
        return [replace(source, parts=parts[side]) for side in ("bid", "ask")]
    return [source]
