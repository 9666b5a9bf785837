"""Bars of one symbol, checked once and reused by every run."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Literal, Self

from omegasim import _core
from omegasim.data.headers import PRICES, TWO_SIDES
from omegasim.errors import ARGUMENT, BAD_SPREAD, MISSING_SPREAD, SPREAD_TWICE, InputError, NumberError
from omegasim.instrument import Instrument

if TYPE_CHECKING:
    import polars as pl

    from omegasim.data.reading import Spread, TimeIs
    from omegasim.data.table import Table

Side = Literal["bid", "ask", "mid"]


class Bars:
    """Bars of one symbol, checked once and reused by every run (Q2, Q3, T4).

    Parameters
    ----------
    table : Arrow table
        polars, pandas (with a `DatetimeIndex` or a time column), pyarrow, duckdb. Both sides
        (`bid_open` to `ask_close`) or one side (`open` to `close`), in any usual spelling; `volume` is kept.
    symbol : str, optional
        Whose bars they are; a run over one instrument needs none.
    side : {"bid", "ask", "mid"}, optional
        Which side a table of one side holds; bid where nothing says otherwise.
    spread_pips : float, optional
        Spread of a table of one side, where it has no column `spread` in price units.
    instrument : Instrument, optional
        Completes a table of one side at once, on the instrument's price grid; else the run does it.
    timeframe : str, optional
        Such as "M1"; the most frequent distance of the times where not given (T2).
    clean : str or list of str, optional
        Any of "crossed", "duplicates", "ohlc", "outliers", "filler", "stale", in this order of work; see
        `omegasim.data.clean`.
    timezone : str, optional
        Clock of naive times, such as "Europe/Helsinki"; UTC where not given.
    time_is : {"open", "close"}
        What the times are.
    spread : float or {"price", "points", "pips"}, optional
        Spread in price units, or what a column `spread` is counted in: price units where nothing is said, points in
        what MetaTrader's `copy_rates` gave.

    Attributes
    ----------
    cleaned : dict of str to int
        Rows that each cleaning changed or dropped.
    changes : polars.DataFrame
        Every one of these rows: `row, time, cleaning, action, column, before, after`.

    Raises
    ------
    InputError
        A column is missing or of a wrong type, a time is repeated or unsorted, `low <= open, close <= high`
        fails, ask is below bid, a spread is given twice.
    NumberError
        A price is null, not finite or not above 0.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> frame = pl.DataFrame({"Date": ["2024-01-02 10:00", "2024-01-02 10:01"], "Open": [1.1, 1.1001],
    ...                       "High": [1.1002, 1.1003], "Low": [1.0999, 1.1], "Close": [1.1001, 1.1002]})
    >>> bars = om.Bars(frame, spread_pips=0.8)
    >>> len(bars)
    2
    """

    cleaned: dict[str, int]
    _changes: "pl.DataFrame | None"

    def __init__(
        self,
        table: "Table",
        *,
        symbol: str = "",
        side: Side | None = None,
        spread_pips: float | None = None,
        instrument: Instrument | None = None,
        timeframe: str | None = None,
        clean: str | Iterable[str] = (),
        timezone: str | None = None,
        time_is: "TimeIs" = "open",
        spread: "Spread | None" = None,
    ) -> None:
        # What was read and checked elsewhere needs none of these.
        from omegasim.data.clean import clean_bars, cleaning_kinds
        from omegasim.data.columns import bar_columns
        from omegasim.data.finish import Finish
        from omegasim.data.metatrader import is_rates
        from omegasim.data.reading import Reading
        from omegasim.data.table import frame_of

        where = symbol or (instrument.symbol if instrument else "bars")
        length = None if timeframe is None else _core.parse_timeframe(timeframe)
        reading = Reading(timezone=timezone, time_is=time_is, spread=spread, instrument=instrument, timeframe=length)
        given = frame_of(table, where)
        finish = Finish(reading, "points" if is_rates(given.columns) else "price", where)
        frame = finish(bar_columns(given, where, reading))
        self._start(frame, symbol, where, timeframe)
        frame, self.cleaned, self._changes = clean_bars(frame, cleaning_kinds(clean, where), where)
        self._take(frame, side, spread_pips)
        if instrument is not None:
            self._complete(instrument)

    @classmethod
    def _of_columns(
        cls,
        frame: "pl.DataFrame",
        *,
        where: str,
        symbol: str,
        side: Side | None,
        spread_pips: float | None,
        timeframe: str | None,
        cleaned: dict[str, int],
        changes: "pl.DataFrame",
    ) -> Self:
        """Bars of columns that are named and typed already, under the name of their file."""
        bars = cls.__new__(cls)
        bars._start(frame, symbol, where, timeframe)
        bars.cleaned, bars._changes = cleaned, changes
        bars._take(frame, side, spread_pips)
        return bars

    @classmethod
    def _of_core(cls, core: _core.Bars, symbol: str) -> Self:
        bars = cls.__new__(cls)
        bars._start(None, symbol, symbol, None)
        bars._checked = core
        return bars

    def _start(self, frame: "pl.DataFrame | None", symbol: str, where: str, timeframe: str | None) -> None:
        self.symbol = symbol
        """Whose bars they are; empty where nobody said."""
        self.cleaned = {}
        self._changes = None
        self._where = where
        self._timeframe = None if timeframe is None else _core.parse_timeframe(timeframe)
        self._frame = frame
        self._side: Side | None = None
        self._spread_pips: float | None = None
        self._checked: _core.Bars | None = None
        self._of_instrument: dict[str, _core.Bars] = {}

    def _take(self, frame: "pl.DataFrame", side: Side | None, spread_pips: float | None) -> None:
        self._check_spread(frame, spread_pips)
        if set(TWO_SIDES) <= set(frame.columns):
            if side is not None or spread_pips is not None:
                given = "side" if side is not None else "spread_pips"
                raise InputError(
                    f"{self._where}: {given} is given, and the table has bid and ask; drop one of them", SPREAD_TWICE
                )
            if "spread" in frame.columns:
                frame = frame.drop("spread")
            self._frame = frame
            self._checked = _core.Bars(frame, symbol=self._where, timeframe=self._timeframe)
            return
        self._frame, self._side = self._one_side(frame, side)
        self._spread_pips = spread_pips
        if spread_pips is None and "spread" not in frame.columns:
            self._check_bid_alone()

    def _one_side(self, frame: "pl.DataFrame", side: Side | None) -> "tuple[pl.DataFrame, Side]":
        if side not in (None, "bid", "ask", "mid"):
            raise InputError(f"{self._where}: side: expected 'bid', 'ask' or 'mid', found {side!r}", ARGUMENT)
        prefix = frame.columns[1].rpartition("_")[0]
        if prefix and side not in (None, prefix):
            raise InputError(f"{self._where}: side is {side!r}, and the table has {prefix} columns", ARGUMENT)
        named: Side = "ask" if prefix == "ask" else "bid"
        return frame.rename({f"{prefix}_{price}": price for price in PRICES} if prefix else {}), side or named

    def _check_spread(self, frame: "pl.DataFrame", spread_pips: float | None) -> None:
        if spread_pips is None:
            return
        if "spread" in frame.columns:
            raise InputError(
                f"{self._where}: spread_pips is given, and the table has a column 'spread'; drop one of them",
                SPREAD_TWICE,
            )
        if not (math.isfinite(spread_pips) and spread_pips >= 0):
            raise NumberError(
                f"{self._where}: spread_pips: expected a finite number of at least 0, found {spread_pips!r}", BAD_SPREAD
            )

    def _check_bid_alone(self) -> None:
        """Q4: bars with bid only are what preset `legacy` may use; every other run names the missing ask."""
        if self._side != "bid":
            raise InputError(
                f"{self._where}: bars of the {self._side} side need a spread; "
                "expected spread_pips or a column 'spread' in price units",
                MISSING_SPREAD,
            )
        frame = self._side_frame().rename({price: f"bid_{price}" for price in PRICES})
        self._frame = frame
        self._checked = _core.Bars(frame, symbol=self._where, timeframe=self._timeframe)

    def _side_frame(self) -> "pl.DataFrame":
        assert self._frame is not None
        return self._frame

    def _complete(self, instrument: Instrument) -> _core.Bars:
        """Bars with both sides, the made one on the instrument's grid (Q2, Q5)."""
        if self._checked is not None:
            return self._checked.with_symbol(instrument.symbol)
        key = instrument.model_dump_json()
        if key not in self._of_instrument:
            self._of_instrument[key] = _core.Bars.from_one_side(
                self._side_frame(),
                symbol=instrument.symbol,
                side=self._side or "bid",
                spread_pips=self._spread_pips,
                instrument_json=key,
                timeframe=self._timeframe,
            )
        return self._of_instrument[key]

    @property
    def changes(self) -> "pl.DataFrame":
        """Every row that a cleaning changed or dropped: `row, time, cleaning, action, column, before, after`."""
        from omegasim.data.changes import no_changes

        return no_changes() if self._changes is None else self._changes

    @property
    def frame(self) -> "pl.DataFrame":
        """Bars as a polars frame: `time`, `bid_open` to `bid_close`, `ask_open` to `ask_close`, `volume`.

        Bars of one side show that side as `open` to `close` until an instrument has completed them.
        """
        import polars as pl

        if self._checked is None and self._of_instrument:
            return pl.DataFrame(next(iter(self._of_instrument.values())))
        if self._frame is None:
            self._frame = pl.DataFrame(self._checked)
        return self._frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self.frame.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._checked) if self._checked is not None else len(self._side_frame())

    def __repr__(self) -> str:
        times = self.frame.get_column("time")
        return f"Bars({self._where!r}, {len(self):,} rows, {times[0]:%Y-%m-%d %H:%M} to {times[-1]:%Y-%m-%d %H:%M})"
