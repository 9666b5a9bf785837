"""The simulator's core, in Rust: tables in, a run, tables out.

Times are nanoseconds since 1970-01-01 UTC. Errors are those of `omegasim.errors`.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, Protocol, final

__all__ = [
    "Bars",
    "IndicatorCache",
    "IndicatorStream",
    "IndicatorValues",
    "IndicatorView",
    "RunResult",
    "Schema",
    "Table",
    "Ticks",
    "__version__",
    "error_codes",
    "indicator_arrays",
    "indicator_definitions",
    "indicator_table",
    "metric_definitions",
    "parse_timeframe",
    "resample",
    "schemas",
    "simulate",
    "synthetic_bars",
]

__version__: str

class _ArrowStream(Protocol):
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

@final
class Bars:
    """Bars of one symbol, checked once and shared by every run.

    Parameters
    ----------
    table : Arrow table
        Columns `time, bid_open, bid_high, bid_low, bid_close`, with `ask_open, ask_high, ask_low, ask_close` where
        known and `volume` if there is one; float64 columns in one chunk are not copied and must not change later.
    symbol : str
        Whose bars they are.
    timeframe : int, optional
        Nanoseconds that a bar covers; the most frequent distance of the times where not given, one minute where
        there is a single bar.

    Raises
    ------
    InputError
        A column is missing, unknown, of a wrong type or holds a null, a time does not rise, a price lies outside its
        bar, ask is below bid.
    NumberError
        A price is not finite or not above 0.
    BoundaryError
        The object is not an Arrow table.
    """

    def __new__(cls, table: _ArrowStream, *, symbol: str = "", timeframe: int | None = None) -> Bars: ...
    @staticmethod
    def from_one_side(
        table: _ArrowStream,
        *,
        symbol: str,
        side: Literal["bid", "ask", "mid"],
        spread_pips: float | None,
        instrument_json: str,
        timeframe: int | None = None,
    ) -> Bars:
        """Bars of one side; the other one is made from a spread and goes to the price grid.

        Parameters
        ----------
        table : Arrow table
            Columns `time, open, high, low, close`, `volume` if there is one, `spread` in price units if it varies.
        symbol : str
            Whose bars they are.
        side : {"bid", "ask", "mid"}
            What the prices are.
        spread_pips : float or None
            Constant spread; None where there is a column `spread`.
        instrument_json : str
            The instrument, as in a configuration.
        timeframe : int, optional
            Nanoseconds that a bar covers.

        Raises
        ------
        InputError, NumberError
            As for the class; also a missing spread.
        """
    def with_symbol(self, symbol: str) -> Bars:
        """The same bars under another name; the columns are shared."""
    @property
    def symbol(self) -> str:
        """Whose bars they are."""
    @property
    def timeframe(self) -> int:
        """Nanoseconds that a bar covers."""
    @property
    def has_ask(self) -> bool:
        """Whether there are ask prices."""
    @property
    def first_time(self) -> int:
        """Time of the first bar."""
    @property
    def last_time(self) -> int:
        """Time of the last bar."""
    @property
    def hash(self) -> str:
        """Hash of the data, whatever it is called."""
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

@final
class Ticks:
    """Ticks of one symbol, checked once and shared by every run.

    Parameters
    ----------
    table : Arrow table
        Columns `time, bid, ask`; ticks of one time act in row order.
    symbol : str
        Whose ticks they are.

    Raises
    ------
    InputError
        A column is missing, unknown, of a wrong type or holds a null, a time falls, ask is below bid.
    NumberError
        A price is not finite or not above 0.
    BoundaryError
        The object is not an Arrow table.
    """

    def __new__(cls, table: _ArrowStream, *, symbol: str = "") -> Ticks: ...
    def with_symbol(self, symbol: str) -> Ticks:
        """The same ticks under another name; the columns are shared."""
    @property
    def symbol(self) -> str:
        """Whose ticks they are."""
    @property
    def timeframe(self) -> int:
        """0: a tick covers nothing."""
    @property
    def has_ask(self) -> bool:
        """True: a tick has both sides."""
    @property
    def first_time(self) -> int:
        """Time of the first tick."""
    @property
    def last_time(self) -> int:
        """Time of the last tick."""
    @property
    def hash(self) -> str:
        """Hash of the data, whatever it is called."""
    def __len__(self) -> int: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

@final
class Table:
    """An Arrow table that left the simulator; polars, pandas, pyarrow and duckdb read it without a copy."""

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
    def to_ipc(self) -> bytes:
        """The table as an Arrow IPC stream."""
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> Any: ...
    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any: ...

@final
class Schema:
    """An Arrow schema, for `polars.Schema` or `pyarrow.schema`."""

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
    def __arrow_c_schema__(self) -> Any: ...

@final
class RunResult:
    """What came of a run; each table is built when it is first asked for."""

    def trades(self) -> Table:
        """O1: one row a closed trade, by exit time."""
    def events(self) -> Table:
        """E2: the journal, one row an event."""
    def equity(self) -> Table:
        """A4: `time, balance, equity, margin, drawdown`."""
    def orders(self) -> Table:
        """Pending orders that were left."""
    def open_positions(self) -> Table:
        """Positions that were left."""
    def metrics(self) -> list[tuple[str, float | None]]:
        """O3: every metric by name; None where it would divide by zero or lacks the equity table."""
    @property
    def fingerprint(self) -> str:
        """R2: hash over the hashes of trades, events and equity."""
    @property
    def trades_hash(self) -> str:
        """Hash of the trades."""
    @property
    def events_hash(self) -> str:
        """Hash of the events."""
    @property
    def equity_hash(self) -> str:
        """Hash of the equity table."""
    @property
    def balance(self) -> float:
        """Balance at the end."""
    @property
    def initial_balance(self) -> float:
        """Balance at the start."""
    @property
    def first_time(self) -> int | None:
        """First time of the run."""
    @property
    def last_time(self) -> int | None:
        """Last time of the run."""
    @property
    def steps(self) -> int:
        """Times that the run stepped through."""
    @property
    def drilled(self) -> int:
        """I5: bars replayed on finer data."""
    @property
    def undrilled(self) -> int:
        """I5: bars that wanted finer data and had none."""
    @property
    def symbols(self) -> list[str]:
        """Symbols of the run, in order."""

def simulate(
    config_json: str,
    market: Sequence[tuple[str, Bars | Ticks, Sequence[Bars | Ticks]]],
    signals: _ArrowStream | bytes | bytearray | None,
    *,
    rates: Sequence[tuple[str, str, Bars | Ticks]] = ...,
    equity: str = "bars",
    progress: Callable[[int, int], object] | None = None,
) -> RunResult:
    """Run signals over market data, with the interpreter released.

    Parameters
    ----------
    config_json : str
        All settings.
    market : sequence of (symbol, series, finer series)
        Market data in the order of the symbols; finer series are for `intrabar="drill"`, coarse to fine.
    signals : Arrow table, Arrow IPC bytes, or None
        One row a signal, sorted by time.
    rates : sequence of (base, quote, series)
        Conversion rates from outside the run, for instruments quoted in another currency than the account's.
    equity : {"bars", "closes", "off"}
        Rows of the equity table.
    progress : callable, optional
        Called now and then with steps done and steps in all; what it raises stops the run and is raised again.

    Raises
    ------
    InputError, NumberError
        Settings, data or signals are not what they have to be.
    BoundaryError
        The signals cannot be read, or a panic (5005).
    KeyboardInterrupt
        The user interrupted the run.
    """

def synthetic_bars(
    *,
    symbol: str,
    start: int,
    bars: int,
    timeframe: int,
    price: float,
    tick_size: float,
    pip_size: float,
    spread_pips: float,
    volatility: float,
    seed: int,
) -> Bars:
    """Make seeded bars of a synthetic FX market.

    Parameters
    ----------
    symbol : str
        Name of the series.
    start : int
        No bar opens before it, in nanoseconds.
    bars : int
        How many.
    timeframe : int
        Nanoseconds that a bar covers.
    price : float
        Mid price at the start.
    tick_size, pip_size : float
        The price grid, and a pip in price units.
    spread_pips : float
        Usual spread.
    volatility : float
        Standard deviation of a year's return, such as 0.08.
    seed : int
        The same seed makes the same market, on every platform.

    Raises
    ------
    InputError
        An argument is out of range.
    """

def metric_definitions() -> list[tuple[str, str, str]]:
    """Name, unit and definition of every metric, in the order of `RunResult.metrics`."""

def error_codes() -> list[tuple[int, str, str]]:
    """Code, name and meaning of every error that comes from Rust."""

def parse_timeframe(text: str) -> int:
    """Nanoseconds of a timeframe such as `H1`.

    Raises
    ------
    InputError
        The name is not known.
    """

def resample(data: Bars | Ticks, timeframe: int, *, day_start: str) -> Bars:
    """Bars of a longer timeframe; a period without a quote has no bar.

    Parameters
    ----------
    data : Bars or Ticks
        What to make them of.
    timeframe : int
        Nanoseconds that a bar covers.
    day_start : str
        When trading days begin, such as "17:00 America/New_York".

    Raises
    ------
    InputError
        The timeframe is shorter than that of the bars, or a bar belongs to two periods.
    """

def schemas() -> dict[str, Schema]:
    """Every Arrow schema by name, `BAR_SCHEMA` to `EQUITY_SCHEMA`."""

@final
class IndicatorCache:
    """Indicators over the bars of several symbols, each computed once.

    Parameters
    ----------
    bars : dict of str to Bars
        Bars by symbol.
    day_start : str
        When trading days begin, as for `resample`.
    """

    def __new__(cls, bars: dict[str, Bars], *, day_start: str) -> IndicatorCache: ...
    def values(
        self,
        name: str,
        parameters: list[float],
        *,
        symbol: str,
        timeframe: int | None = None,
        side: str = "bid",
        price: str = "close",
    ) -> IndicatorValues:
        """The values of an indicator, computed where nobody asked for them before."""
    def own_values(
        self, table: _ArrowStream, *, symbol: str, timeframe: int | None = None, side: str = "bid"
    ) -> IndicatorValues:
        """Values that Python computed of the closed bars that `bars` returns, one column an output."""
    def bars(self, *, symbol: str, timeframe: int | None = None, side: str = "bid") -> Table:
        """Closed bars as float64 columns: time in nanoseconds, open, high, low, close, volume."""
    def close(self, symbol: str, count: int) -> None:
        """The first `count` bars of a symbol are closed now; views follow."""
    @property
    def computed(self) -> int:
        """How many indicators were computed."""

@final
class IndicatorValues:
    """The values of an indicator over bars."""

    @property
    def outputs(self) -> list[str]:
        """The names of the columns."""
    def closed(self) -> Table:
        """One value for each closed bar of the timeframe."""
    def on_series(self) -> Table:
        """One value for each bar of the series: the newest that is closed at its close."""
    def views(self) -> list[IndicatorView]:
        """One view an output."""

@final
class IndicatorView:
    """Closed values of an indicator as seen from one bar: `[-1]` is the newest, NaN what lies before the first."""

    def __getitem__(self, index: int, /) -> float: ...
    def __len__(self) -> int: ...

@final
class IndicatorStream:
    """An indicator that takes one row at a time.

    Parameters
    ----------
    name : str
        Its name.
    parameters : list of float
        The first ones; the rest have their defaults.
    """

    def __new__(cls, name: str, parameters: list[float]) -> IndicatorStream: ...
    @property
    def outputs(self) -> list[str]:
        """The names of the values."""
    def update(self, *row: float) -> Any:
        """Take one number an input; return the value, or a tuple of values."""

def indicator_definitions() -> list[tuple[str, list[str], list[tuple[str, float | None]], list[str]]]:
    """Name, inputs, parameters with their defaults and outputs of every indicator."""

def indicator_arrays(name: str, parameters: list[float], arrays: list[Any], places: list[Any]) -> None:
    """An indicator over contiguous float64 arrays, one an input, put down in others, one an output."""

def indicator_table(name: str, parameters: list[float], table: _ArrowStream) -> Table:
    """An indicator over the columns of a table that are called like its inputs: one column an output."""
