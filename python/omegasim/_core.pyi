"""The simulator's core, in Rust: tables in, a run, tables out.

Times are nanoseconds since 1970-01-01 UTC. Errors are those of `omegasim.errors`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol, Self, final

from typing_extensions import disjoint_base

__all__ = [
    "Bars",
    "Desk",
    "ExecutionSimulator",
    "IndicatorCache",
    "IndicatorStream",
    "IndicatorValues",
    "IndicatorView",
    "RunResult",
    "Schema",
    "StrategyBar",
    "StrategyPosition",
    "StrategyRun",
    "StrategyTick",
    "Table",
    "Ticks",
    "__version__",
    "error_codes",
    "indicator_arrays",
    "indicator_definitions",
    "indicator_table",
    "is_zone",
    "metric_definitions",
    "parse_timeframe",
    "read_parquet",
    "resample",
    "schemas",
    "signal_facts",
    "simulate",
    "sweep",
    "synthetic_bars",
    "write_parquet",
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
    def read_parquet(path: Path, *, symbol: str = "") -> Bars | None:
        """Read and check bars from a Parquet file with the interpreter released.

        None where the names and types of its columns are not those of both sides as `frame` of `omegasim.Bars` has
        them: `time` as a timestamp of UTC or without a zone, float64 prices and volume, nothing else.

        Raises
        ------
        BoundaryError
            The file cannot be read.
        InputError, NumberError
            As for a table.
        """
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
    @property
    def fields(self) -> list[tuple[str, str, bool]]:
        """Name, Arrow type and whether it may be null, column by column."""
    @property
    def fingerprint(self) -> str:
        """Hash over names, types and nullability."""
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
    def stale_bookings(self) -> int:
        """N55: bookings at a rate older than a day of the week."""
    @property
    def oldest_rate(self) -> tuple[str, int, int, int] | None:
        """N55: pair, time of use, time it was known from, and age without Saturdays and Sundays, in nanoseconds."""
    @property
    def symbols(self) -> list[str]:
        """Symbols of the run, in order."""

@disjoint_base
class ExecutionSimulator:
    """A simulator that is driven bar by bar; `omegasim.ExecutionSimulator` is the documented face of it.

    Parameters
    ----------
    config_json : str
        All settings.
    symbols : sequence of str, optional
        The symbols in the order of a step; all of the settings' where not given.
    equity : {"bars", "closes", "off"}
        Rows of the equity table.
    rates : sequence of (base, quote, series or None)
        Conversion rates from outside the run.
    timeframes : mapping of symbol to nanoseconds, optional
        What a symbol's bars cover.
    snapshot : bytes, optional
        A state to go on from; the other arguments have no meaning then.

    Raises
    ------
    InputError
        A setting is out of range or a symbol is unknown.
    FileError
        The snapshot is damaged or of another version.
    """

    def __new__(
        cls,
        config_json: str,
        *,
        symbols: Sequence[str] | None = None,
        equity: str = "bars",
        rates: Sequence[tuple[str, str, Bars | Ticks | None]] = ...,
        timeframes: Mapping[str, int] | None = None,
        snapshot: bytes | None = None,
    ) -> Self: ...
    def on_bar(
        self,
        bar: Mapping[str, Any] | tuple[float, ...],
        symbol: str | None = None,
        *,
        last: bool = False,
        timeframe: int | None = None,
    ) -> None:
        """Walk one bar, steps B1 to B6.

        Parameters
        ----------
        bar : tuple or mapping
            `(time, bid_open, bid_high, bid_low, bid_close, ask_open, ask_high, ask_low, ask_close)` or a mapping of
            these; time in nanoseconds UTC or a `datetime`. Preset `legacy` goes without ask.
        symbol : str, optional
            Needed where there are several and the mapping does not say.
        last : bool
            Whether the symbol's data end with it (M7).
        timeframe : int, optional
            Nanoseconds that it covers; what the simulator was made with where not given.

        Raises
        ------
        InputError, NumberError
            The time does not rise (T4), a price is none; nothing has changed then.
        BoundaryError
            Another thread uses the simulator, or it broke before.
        """
    def on_tick(
        self, tick: Mapping[str, Any] | tuple[float, ...], symbol: str | None = None, *, last: bool = False
    ) -> None:
        """Walk one tick, `(time, bid, ask)` or a mapping of these; errors as for a bar."""
    def step_all(self, bars: Sequence[tuple[str, Any, bool, int | None, Any]]) -> None:
        """Walk one step: symbol, bar, whether it is the last, timeframe, finer series."""
    def take_rate(self, base: str, quote: str, bar: Any, timeframe: int) -> None:
        """A bar or tick of a pair."""
    def take_signal(
        self, fields: dict[str, Any], quote: Any = None
    ) -> tuple[str, int | None, str | None, float | None, float | None]:
        """Take one signal: status, ticket, reason, price of the fill, volume."""
    def take_signals(self, table: Any) -> Table:
        """Take a table of signals: `ticket, status, reason, fill_price, volume`."""
    def trigger(self, ticket: int, bar: Any, symbol: str | None = None) -> bool:
        """Activate one pending order if touched; whether it was filled."""
    def exit(
        self, ticket: int, bar: Any, symbol: str | None = None
    ) -> tuple[int, int, float, str, float, float, bool, bool] | None:
        """Walk one position: the columns of `CloseResult` where it closed."""
    def exits(self, bar: Any, symbol: str | None = None) -> list[tuple[int, int, float, str, float, float, bool, bool]]:
        """Walk all positions of a symbol."""
    def evaluate_exits_batch(self, bars: Any) -> Table:
        """Walk all positions over the bars or ticks of a table, in its order, the interpreter released.

        Parameters
        ----------
        bars : Arrow table or Arrow IPC bytes
            Bars or ticks by time, with a column `symbol` where there are several.

        Returns
        -------
        Table
            One row a close: `ticket, exit_time, exit_price, reason, result, r_multiple, gap, ambiguous`.

        Raises
        ------
        InputError, NumberError
            A row is none; the rows before it have been walked.
        """
    def calculate_lot_size(self, symbol: str, entry: float, stop_loss: float, risk: float | None = None) -> float:
        """Z: lots of an order at `entry` with a stop loss at `stop_loss`.

        Parameters
        ----------
        symbol : str
            Whose.
        entry, stop_loss : float
            Prices.
        risk : float, optional
            Account money to be risked; what the sizing says where not given.

        Returns
        -------
        float
            0 where the volume would be below the least.

        Raises
        ------
        InputError
            A price is none, or the stop loss is at the entry.
        """
    def symbol_of_ticket(self, ticket: int) -> str:
        """The symbol of an order or position."""
    def orders(self, magic: int | None = None, symbol: str | None = None, ticket: int | None = None) -> Table:
        """Pending orders."""
    def positions(self, magic: int | None = None, symbol: str | None = None, ticket: int | None = None) -> Table:
        """Open positions."""
    def trades(self) -> Table:
        """Closed trades so far."""
    def events(self) -> Table:
        """The journal so far."""
    def equity(self) -> Table:
        """The equity table so far."""
    def end(self) -> RunResult:
        """End the run."""
    def so_far(self) -> RunResult:
        """What a run that stopped here would leave, positions open."""
    def snapshot(self) -> bytes:
        """R3: the whole state as bytes, with format, version and checksum."""
    @property
    def symbols(self) -> list[str]:
        """The symbols in the order of a step."""
    @property
    def config_json(self) -> str:
        """The settings."""
    @property
    def balance(self) -> float:
        """Booked money."""
    @property
    def current_equity(self) -> float:
        """A4: balance plus open profit at the last marks."""

def read_parquet(path: Path) -> Table:
    """Read a Parquet file with the interpreter released.

    Raises
    ------
    BoundaryError
        The file cannot be read.
    """

def write_parquet(table: _ArrowStream, path: Path) -> None:
    """Write a table to a Parquet file with the interpreter released; the same table gives the same bytes.

    Dictionaries of texts, such as polars' categories, are no columns that it knows.

    Raises
    ------
    OSError
        The file cannot be written.
    BoundaryError
        The object is not an Arrow table.
    """

def signal_facts(signals: _ArrowStream | bytes | bytearray) -> tuple[int, str]:
    """Rows of the signals and a hash of what they say, whichever library's table they came in.

    Raises
    ------
    InputError, NumberError, BoundaryError
        It is no table of signals.
    """

def simulate(
    config_json: str,
    market: Sequence[tuple[str, Bars | Ticks, Sequence[Bars | Ticks]]],
    signals: _ArrowStream | bytes | bytearray | None,
    *,
    rates: Sequence[tuple[str, str, Bars | Ticks]] = ...,
    equity: str = "bars",
    progress: Callable[[int, int], object] | None = None,
    work: str = "",
    checkpoint: tuple[int, Callable[[bytes], object]] | None = None,
    resume: bytes | None = None,
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
    work : str
        Name of settings, data and signals, which checkpoints carry.
    checkpoint : (rows, callable), optional
        Given the run's state as bytes after so many rows of market data each.
    resume : bytes, optional
        A checkpoint to go on from.

    Raises
    ------
    InputError, NumberError
        Settings, data or signals are not what they have to be.
    FileError
        The checkpoint is damaged or belongs to other work.
    BoundaryError
        The signals cannot be read, or a panic (5005).
    KeyboardInterrupt
        The user interrupted the run.
    """

def sweep(
    configs: Sequence[str],
    market: Sequence[tuple[str, Bars | Ticks, Sequence[Bars | Ticks]]],
    signals: Sequence[_ArrowStream | bytes | bytearray | None],
    axes: Sequence[tuple[str, int, _ArrowStream | None]],
    *,
    rates: Sequence[tuple[str, str, Bars | Ticks]] = ...,
    equity: bool = False,
    threads: int = 0,
    progress: Callable[[int, int], object] | None = None,
) -> Table:
    """Run every combination of some axes over the cores, with the interpreter released.

    Parameters
    ----------
    configs : sequence of str
        Settings for every combination of the config axes, the last of them turning fastest.
    market : sequence of tuple
        As `simulate`.
    signals : sequence of Arrow table, Arrow IPC bytes, or None
        Signals for every value of the signals axis.
    axes : sequence of tuple of str, int and Arrow table
        In the order of the grid: `config` or `signals` and the number of values, or the name of a column of the
        signals, the number of its values, and a table of them with any `time`.
    rates : sequence of tuple
        As `simulate`.
    equity : bool
        Whether each run has an equity curve, which some metrics need.
    threads : int
        How many; 0 for one a core.
    progress : callable, optional
        Called now and then with runs done and runs in all.

    Returns
    -------
    Table
        One row of metrics a run, the last axis turning fastest.
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

def error_codes() -> list[tuple[int, str, str, str, str]]:
    """Code, name, meaning, cause and remedy of every error that comes from Rust."""

def is_zone(name: str) -> bool:
    """Whether an IANA zone of that name is known."""

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

def indicator_arrays(name: str, parameters: Sequence[float], arrays: list[Any], places: list[Any]) -> None:
    """An indicator over contiguous float64 arrays, one an input, put down in others, one an output."""

def indicator_table(name: str, parameters: list[float], table: _ArrowStream) -> Table:
    """An indicator over the columns of a table that are called like its inputs: one column an output."""

@final
class StrategyBar:
    @property
    def symbol(self) -> str: ...
    @property
    def timeframe(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def time_ns(self) -> int: ...
    @property
    def end(self) -> datetime: ...
    @property
    def open(self) -> float: ...
    @property
    def high(self) -> float: ...
    @property
    def low(self) -> float: ...
    @property
    def close(self) -> float: ...
    @property
    def bid_open(self) -> float: ...
    @property
    def bid_high(self) -> float: ...
    @property
    def bid_low(self) -> float: ...
    @property
    def bid_close(self) -> float: ...
    @property
    def ask_open(self) -> float: ...
    @property
    def ask_high(self) -> float: ...
    @property
    def ask_low(self) -> float: ...
    @property
    def ask_close(self) -> float: ...
    @property
    def volume(self) -> float | None: ...
    @property
    def spread(self) -> float: ...

@final
class StrategyTick:
    @property
    def symbol(self) -> str: ...
    @property
    def time(self) -> datetime: ...
    @property
    def time_ns(self) -> int: ...
    @property
    def bid(self) -> float: ...
    @property
    def ask(self) -> float: ...
    @property
    def spread(self) -> float: ...

@final
class StrategyPosition:
    @property
    def ticket(self) -> int: ...
    @property
    def symbol(self) -> str: ...
    @property
    def magic(self) -> int: ...
    @property
    def direction(self) -> str: ...
    @property
    def order_type(self) -> str: ...
    @property
    def signal_time(self) -> int: ...
    @property
    def entry_time(self) -> int: ...
    @property
    def entry_price(self) -> float: ...
    @property
    def initial_stop_loss(self) -> float | None: ...
    @property
    def stop_loss(self) -> float | None: ...
    @property
    def take_profit(self) -> float | None: ...
    @property
    def volume(self) -> float: ...
    @property
    def risk(self) -> float: ...
    @property
    def risk_per_trade(self) -> float: ...
    @property
    def commission(self) -> float: ...
    @property
    def swap(self) -> float: ...
    @property
    def open_profit(self) -> float: ...
    @property
    def tag(self) -> str | None: ...

@final
class Desk:
    @property
    def now(self) -> datetime: ...
    @property
    def now_ns(self) -> int: ...
    @property
    def symbol(self) -> str: ...
    @property
    def symbols(self) -> list[str]: ...
    @property
    def cache(self) -> IndicatorCache: ...
    def ask(self, fields: dict[str, Any]) -> tuple[str, str | None]: ...
    def position(self, symbol: str | None = None) -> StrategyPosition | None: ...
    def positions(self) -> list[StrategyPosition]: ...
    def orders(self) -> list[dict[str, Any]]: ...
    def account(self) -> tuple[float, float, float]: ...
    def may_open(self, symbol: str | None = None) -> bool: ...
    def history(self, symbol: str | None, timeframe: str | None, count: int) -> Table: ...

@final
class StrategyRun:
    def __new__(
        cls,
        config_json: str,
        market: Sequence[tuple[str, Bars | Ticks, Sequence[Bars | Ticks]]],
        seats: Sequence[tuple[int, str, Sequence[int], int]],
        *,
        rates: Sequence[tuple[str, str, Bars | Ticks]] = ...,
        equity: str = "bars",
        day_start: str,
    ) -> Self: ...
    @property
    def symbols_with_bars(self) -> list[str]: ...
    def desk(self, seat: int) -> Desk: ...
    def drive(
        self,
        handlers: Sequence[Sequence[Callable[..., Any] | None]],
        progress: Callable[[int, int], None] | None = None,
    ) -> None: ...
    def result(self) -> RunResult: ...
