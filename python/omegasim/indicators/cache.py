"""Indicators over bars, each computed once, on any timeframe."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Self, TypeAlias

import polars as pl

from omegasim import _core
from omegasim.data.bars import Bars, Side
from omegasim.data.resampling import NEW_YORK_CLOSE
from omegasim.errors import ARGUMENT, MISSING_SPREAD, UNKNOWN_SYMBOL, InputError
from omegasim.indicators.growing import Followed, Following, Growing
from omegasim.indicators.own import Own, apply, one_name, table
from omegasim.indicators.results import RESULTS
from omegasim.instrument import Instrument

Price: TypeAlias = Literal["open", "high", "low", "close", "median", "typical"]
View: TypeAlias = _core.IndicatorView


class Cache:
    """Indicators over bars, computed once for each symbol, timeframe, side, price, name and parameters.

    A value of a longer timeframe is there only once its bar is closed: at the close of an M1 bar of 10:30 the newest
    H1 value is that of 09:00, at the close of 10:59 that of 10:00. Longer bars are those of `om.resample`.

    Parameters
    ----------
    bars : Bars or mapping of str to Bars
        Of one symbol, or of several by name.
    instrument : Instrument, optional
        Completes bars of one side, where no run has done so yet.
    day_start : str
        When trading days begin: a time of day and a zone, as for `om.resample`.

    Raises
    ------
    InputError
        Bars of one side cannot be completed without an instrument.

    Examples
    --------
    >>> import omegasim as om
    >>> cache = om.indicators.Cache(om.synthetic_bars(bars=10_000))
    >>> rsi = cache.column("rsi", 14, timeframe="H1")
    >>> len(rsi), cache.column("rsi", 14, timeframe="H1") is rsi
    (10000, True)
    """

    def __init__(
        self,
        bars: Bars | Mapping[str, Bars],
        *,
        instrument: Instrument | None = None,
        day_start: str = NEW_YORK_CLOSE,
    ) -> None:
        named = dict(bars) if isinstance(bars, Mapping) else {bars.symbol: bars}
        checked = {symbol: _checked(one, instrument) for symbol, one in named.items()}
        self._core = _core.IndicatorCache(checked, day_start=day_start)
        self._symbols = list(named)
        self._values: dict[tuple[Any, ...], _core.IndicatorValues] = {}
        self._columns: dict[tuple[Any, ...], Any] = {}
        self._views: dict[tuple[Any, ...], Any] = {}
        self._functions: dict[tuple[Any, ...], Growing] = {}

    @classmethod
    def _over(cls, core: _core.IndicatorCache, symbols: list[str]) -> Self:
        """Over the bars of a run, which counts those that are closed."""
        self = cls.__new__(cls)
        self._core, self._symbols = core, symbols
        self._values, self._columns, self._views, self._functions = {}, {}, {}, {}
        return self

    def column(
        self,
        indicator: str | Own,
        *parameters: Any,
        symbol: str | None = None,
        timeframe: str | None = None,
        side: Side = "bid",
        price: Price = "close",
        inputs: Sequence[str] = ("close",),
    ) -> Any:
        """Values on the rows of the bars: at each the newest one that is closed at the close of that bar.

        Parameters
        ----------
        indicator : str, function or class
            A name such as "rsi", or a user's own (see `apply`).
        *parameters : float
            In the order of the function of that name.
        symbol : str, optional
            Whose bars; not needed where there is one symbol.
        timeframe : str, optional
            Such as "H1", at least the bars' own, which is the default.
        side : {"bid", "ask", "mid"}
            Which quotes.
        price : {"close", "open", "high", "low", "median", "typical"}
            Which price of a bar, where the indicator reads one.
        inputs : sequence of str
            What a user's own indicator reads: of time (nanoseconds), open, high, low, close, volume.

        Returns
        -------
        polars.Series or named tuple of them
            As many rows as there are bars; the same object whenever the same is asked for.

        Raises
        ------
        InputError
            The name, the symbol or a parameter is unknown or out of bounds, the bars lack ask prices or volume, a
            bar belongs to two of the longer timeframe.
        """
        key = (indicator, parameters, symbol, timeframe, side, price, tuple(inputs))
        found = self._columns.get(key)
        if found is None:
            values = self._of(key)
            found = self._columns[key] = _shaped(indicator, _series(values.on_series(), indicator))
        return found

    def closed(
        self,
        indicator: str | Own,
        *parameters: Any,
        symbol: str | None = None,
        timeframe: str | None = None,
        side: Side = "bid",
        price: Price = "close",
        inputs: Sequence[str] = ("close",),
    ) -> Any:
        """Values of the closed bars of the timeframe, one a bar; parameters as for `column`, bars as in `frame`."""
        values = self._of((indicator, parameters, symbol, timeframe, side, price, tuple(inputs)))
        return _shaped(indicator, _series(values.closed(), indicator))

    def view(
        self,
        indicator: str | Own,
        *parameters: Any,
        symbol: str | None = None,
        timeframe: str | None = None,
        side: Side = "bid",
        price: Price = "close",
        inputs: Sequence[str] = ("close",),
    ) -> Any:
        """Closed values as seen from the bar that `seek` set: `[-1]` is the newest; parameters as for `column`.

        Returns
        -------
        View or named tuple of them
            `len(view)` counts closed bars; what lies before the first is NaN.
        """
        return self._view((indicator, parameters, symbol, timeframe, side, price, tuple(inputs)))

    def _view(self, key: tuple[Any, ...]) -> Any:
        found = self._views.get(key)
        if found is None:
            found = self._views[key] = _shaped(key[0], self._of(key).views())
        return found

    def _growing(
        self,
        function: Callable[..., Any],
        *parameters: Any,
        symbol: str | None,
        timeframe: str | None,
        side: Side,
        inputs: Sequence[str],
        rows: int | None,
    ) -> Growing:
        """A function over no more than the closed bars, as seen from the bar that `seek` set."""
        key = (function, parameters, symbol, timeframe, side, tuple(inputs), rows)
        found = self._functions.get(key)
        if found is None:
            columns, closed = self._counted(inputs, symbol, timeframe, side)
            found = self._functions[key] = Growing(function, parameters, columns, closed, rows)
        return found

    def _following(
        self,
        kind: type,
        *parameters: Any,
        symbol: str | None,
        timeframe: str | None,
        side: Side,
        inputs: Sequence[str],
    ) -> Any:
        """A class with `update` that is given no more than the closed bars, as seen from the bar that `seek` set."""
        key = (kind, parameters, symbol, timeframe, side, tuple(inputs))
        found = self._views.get(key)
        if found is None:
            following = Following(kind, parameters, *self._counted(inputs, symbol, timeframe, side))
            views = [Followed(following, output) for output in range(following.outputs)]
            found = self._views[key] = _shaped(kind, views)
        return found

    def _counted(
        self, inputs: Sequence[str], symbol: str | None, timeframe: str | None, side: Side
    ) -> tuple[list[pl.Series], View]:
        """Columns of the bars, and a view that counts those that are closed."""
        whose, length = self._symbol(symbol), _length(timeframe)
        columns = self._inputs(inputs, whose, length, side)
        # Any column of the bars will do.
        bars = self._core.own_values(
            pl.DataFrame(columns[:1]).cast(pl.Float64), symbol=whose, timeframe=length, side=side
        )
        return columns, bars.views()[0]

    def seek(self, row: int, symbol: str | None = None) -> None:
        """Put views at the close of a bar, counted from 0; -1 is before the first."""
        if row < -1:
            raise InputError(f"row: expected at least -1, found {row}", ARGUMENT)
        self._core.close(self._symbol(symbol), row + 1)

    def frame(self, *, symbol: str | None = None, timeframe: str | None = None, side: Side = "bid") -> pl.DataFrame:
        """Closed bars of a timeframe and side: time, open, high, low, close, volume."""
        bars = pl.DataFrame(self._core.bars(symbol=self._symbol(symbol), timeframe=_length(timeframe), side=side))
        return bars.with_columns(pl.col("time").cast(pl.Int64).cast(pl.Datetime("ns", "UTC")))

    @property
    def computed(self) -> int:
        """How many of the package's indicators were computed."""
        return self._core.computed

    def _of(self, key: tuple[Any, ...]) -> _core.IndicatorValues:
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = self._ask(*key)
        return found

    def _ask(
        self,
        indicator: str | Own,
        parameters: tuple[Any, ...],
        symbol: str | None,
        timeframe: str | None,
        side: Side,
        price: Price,
        inputs: Sequence[str],
    ) -> _core.IndicatorValues:
        whose, length = self._symbol(symbol), _length(timeframe)
        if isinstance(indicator, str):
            return self._core.values(
                indicator, list(parameters), symbol=whose, timeframe=length, side=side, price=price
            )
        found = apply(indicator, *self._inputs(inputs, whose, length, side), parameters=parameters)
        return self._core.own_values(table(found, one_name(indicator)), symbol=whose, timeframe=length, side=side)

    def _inputs(self, names: Sequence[str], symbol: str, length: int | None, side: Side) -> list[pl.Series]:
        bars = pl.DataFrame(self._core.bars(symbol=symbol, timeframe=length, side=side))
        missing = [name for name in names if name not in bars.columns]
        if missing or not names:
            unknown = f"unknown {', '.join(missing)}" if missing else "expected at least one"
            raise InputError(f"inputs: {unknown}; there are {', '.join(bars.columns)}", ARGUMENT)
        return [bars.get_column(name) for name in names]

    def _symbol(self, symbol: str | None) -> str:
        if symbol is not None:
            return symbol
        if len(self._symbols) == 1:
            return self._symbols[0]
        raise InputError(f"symbol: which one? There are {', '.join(self._symbols)}", UNKNOWN_SYMBOL)


def _checked(bars: Bars, instrument: Instrument | None) -> _core.Bars:
    if instrument is not None:
        return bars._complete(instrument)
    known = bars._checked or next(iter(bars._of_instrument.values()), None)
    if known is None:
        raise InputError(f"{bars._where}: bars of one side; expected instrument=, to complete them", MISSING_SPREAD)
    return known


def _length(timeframe: str | None) -> int | None:
    return None if timeframe is None else _core.parse_timeframe(timeframe)


def _series(table: _core.Table, indicator: str | Own) -> list[pl.Series]:
    frame = pl.DataFrame(table)
    name = indicator if isinstance(indicator, str) else one_name(indicator)
    if frame.width == 1:
        return [frame.to_series().alias(name)]
    return [column.alias(f"{name}_{column.name}") for column in frame]


def _shaped(indicator: str | Own, outputs: list[Any]) -> Any:
    if len(outputs) == 1:
        return outputs[0]
    return RESULTS[indicator](*outputs) if isinstance(indicator, str) else tuple(outputs)
