"""The third door: a strategy as a class, the loop in Rust."""

import copy
import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

import polars as pl

from omegasim import _core
from omegasim.data.bars import Side
from omegasim.errors import ARGUMENT, InputError
from omegasim.filters import Filter
from omegasim.indicators.cache import Cache, Price
from omegasim.indicators.own import Own, is_own
from omegasim.news import NewsView
from omegasim.records import Order, Trade

Bar = _core.StrategyBar
"""A closed bar: `symbol, timeframe, time, end, open, high, low, close` of the bid, the same with `bid_` and `ask_`
before them, `volume`, `spread`; it never changes."""
OpenPosition = _core.StrategyPosition
"""An open position, with the fields of `omegasim.Position`, as it was when it was asked for."""
Tick = _core.StrategyTick
"""A quote: `symbol, time, bid, ask, spread`; it never changes."""


@dataclass(frozen=True, slots=True)
class Fill:
    """An order that was filled; the time is nanoseconds in UTC."""

    ticket: int
    symbol: str
    magic: int
    time: int
    price: float
    volume: float
    tag: str | None


@dataclass(frozen=True, slots=True)
class Rejection:
    """A signal or an order that was refused (S2), and why; the time is nanoseconds in UTC."""

    ticket: int | None
    symbol: str
    magic: int
    time: int
    reason: str
    tag: str | None


@dataclass(frozen=True, slots=True)
class AccountState:
    """The account at the close of the newest bar, in its own money."""

    balance: float
    equity: float
    margin: float

    @property
    def free_margin(self) -> float:
        """Equity less margin."""
        return self.equity - self.margin


class Strategy:
    """Base of strategies: override the methods that you need.

    `on_bar` is called at the close of each bar and sees nothing later; what it asks for acts from the next bar or tick
    on, as a signal of that bar does. Constructor arguments, dataclass fields included, are recorded in the run.

    Class attributes that a strategy may set:

    * `timeframes`: which bars `on_bar` is called for, such as `("M5", "H1")`; the run's own where empty. A longer bar
      is told of at the close of the bar that completes it. With ticks the shortest of them are the bars of the run.
    * `warmup`: bars of each symbol before the first call; indicators run through them.
    * `filters`: conditions under which nothing is opened (`omegasim.filters`).
    * `magic`: the number by which the strategy knows its orders; its place among the strategies of the run, from 0,
      where not set.

    Examples
    --------
    >>> import omegasim as om
    >>> class Crossing(om.Strategy):
    ...     warmup = 50
    ...     def __init__(self, fast=10, slow=50):
    ...         self.fast_length, self.slow_length = fast, slow
    ...     def on_start(self):
    ...         self.fast = self.indicator("sma", self.fast_length)
    ...         self.slow = self.indicator("sma", self.slow_length)
    ...     def on_bar(self, bar):
    ...         if self.position is None and self.fast[-2] <= self.slow[-2] and self.fast[-1] > self.slow[-1]:
    ...             self.buy(stop_loss_pips=20, take_profit_pips=30)
    >>> eurusd = om.instruments.fx("EURUSD")
    >>> config = om.Config(account=om.Account(currency="USD", balance=100_000.0), instruments=[eurusd],
    ...                    sizing=om.Sizing.risk_amount(100.0))
    >>> result = om.Backtest(om.synthetic_bars(eurusd, bars=5_000), Crossing(fast=5), config).run()
    >>> result.record.strategies[0]["parameters"]
    {'fast': 5, 'slow': 50}
    """

    timeframes: Sequence[str] = ()
    warmup: int = 0
    filters: Sequence[Filter] = ()
    magic: int | None = None

    _desk: _core.Desk
    _cache: Cache | None
    _news: NewsView
    _log: list[tuple[int, str, str]]
    _parameters: dict[str, Any]

    def __new__(cls, *arguments: Any, **keywords: Any) -> Self:
        """Remember the arguments, for the record."""
        self = super().__new__(cls)
        self._parameters = _parameters(cls, arguments, keywords)
        return self

    def __setstate__(self, state: Any) -> None:
        """Take the attributes of another one, for a copy; one by one, as the interpreter reads those fastest."""
        attributes, slots = state if isinstance(state, tuple) else (state, None)
        for name, value in {**(attributes or {}), **(slots or {})}.items():
            object.__setattr__(self, name, value)

    def on_start(self) -> None:
        """Called once before the first bar: the place to ask for indicators."""

    def on_bar(self, bar: Bar) -> None:
        """Called at the close of a bar."""

    def on_tick(self, tick: Tick) -> None:
        """Called after each tick of a run on ticks."""

    def on_fill(self, fill: Fill) -> None:
        """Called when an order of the strategy was filled, at the close of that bar, before `on_bar`."""

    def on_close(self, trade: Trade) -> None:
        """Called when a position of the strategy closed, at the close of that bar, before `on_bar`."""

    def on_reject(self, rejection: Rejection) -> None:
        """Called when an order of the strategy was refused, at the close of that bar, before `on_bar`."""

    def on_stop(self) -> None:
        """Called once after the last bar."""

    def buy(self, symbol: str | None = None, **columns: Any) -> None:
        """Ask for a long; see `sell`."""
        self._ask("open", symbol, {"direction": "long", **columns})

    def sell(self, symbol: str | None = None, **columns: Any) -> None:
        """Ask for a short.

        Parameters
        ----------
        symbol : str, optional
            Whose; that of the bar being told where not given.
        **columns
            Any column of the signals table but time, action, direction and magic: `order_type`, `price`,
            `stop_loss_pips`, `take_profit_pips`, `volume`, `risk`, `trail_pips`, `oco`, `tag`, ...; times and spans
            as nanoseconds, `datetime` or `timedelta`.

        Raises
        ------
        InputError
            A column is unknown or has a wrong value (S1). An order that cannot be (S2) is no exception: see
            `on_reject` and the events of the result.
        """
        self._ask("open", symbol, {"direction": "short", **columns})

    def close(self, ticket: int | None = None, *, symbol: str | None = None, **columns: Any) -> None:
        """Ask for positions to be closed at the next price.

        Parameters
        ----------
        ticket : int, optional
            Which one; all of the strategy's in the symbol where not given.
        symbol : str, optional
            Whose; that of the bar being told where not given.
        **columns
            `direction`, `fraction`, `tag`.
        """
        self._ask("close", symbol, {"ticket": ticket, **columns})

    def modify(self, ticket: int | None = None, *, symbol: str | None = None, **columns: Any) -> None:
        """Ask for levels of positions or orders to be changed.

        Parameters
        ----------
        ticket : int, optional
            Which one; all of the strategy's in the symbol where not given.
        symbol : str, optional
            Whose; that of the bar being told where not given.
        **columns
            `stop_loss`, `take_profit`, `price`, and what else the signals table allows for `modify`.
        """
        self._ask("modify", symbol, {"ticket": ticket, **columns})

    def cancel(self, ticket: int | None = None, *, symbol: str | None = None, **columns: Any) -> None:
        """Ask for pending orders to be cancelled.

        Parameters
        ----------
        ticket : int, optional
            Which one; all of the strategy's in the symbol where not given.
        symbol : str, optional
            Whose; that of the bar being told where not given.
        **columns
            `direction`.
        """
        self._ask("cancel", symbol, {"ticket": ticket, **columns})

    @property
    def position(self) -> OpenPosition | None:
        """The strategy's oldest open position in the symbol of the bar being told."""
        return self._desk.position()

    def position_of(self, symbol: str | None) -> OpenPosition | None:
        """The strategy's oldest open position in a symbol."""
        return self._desk.position(symbol)

    @property
    def positions(self) -> list[OpenPosition]:
        """The strategy's open positions in all symbols, by ticket."""
        return self._desk.positions()

    @property
    def orders(self) -> list[Order]:
        """The strategy's pending orders in all symbols, by ticket."""
        return [Order(**row) for row in self._desk.orders()]

    @property
    def account(self) -> AccountState:
        """Balance, equity and margin now."""
        return AccountState(*self._desk.account())

    @property
    def now(self) -> datetime:
        """The moment of the decision: when the newest bar is over, or the time of the newest tick; UTC."""
        return self._desk.now

    @property
    def symbols(self) -> list[str]:
        """The symbols of the run."""
        return self._desk.symbols

    @property
    def parameters(self) -> dict[str, Any]:
        """The constructor's arguments by name, defaults included."""
        return dict(self._parameters)

    @property
    def news(self) -> NewsView:
        """The run's table of news, as far as it is known now."""
        return self._news

    def may_open(self, symbol: str | None = None) -> bool:
        """Whether the filters let an order through now."""
        return self._desk.may_open(symbol)

    def history(self, symbol: str | None = None, timeframe: str | None = None, n: int = 100) -> pl.DataFrame:
        """The newest closed bars, or ticks.

        Parameters
        ----------
        symbol : str, optional
            Whose; that of the bar being told where not given.
        timeframe : str, optional
            Any multiple of the run's bars, also "D1" and "W1" by the trading day; "tick" for ticks; the run's own
            where not given.
        n : int
            How many at most.

        Returns
        -------
        polars.DataFrame
            `time, bid_open .. bid_close, ask_open .. ask_close, volume`, or `time, bid, ask`; oldest first.
        """
        if n < 0:
            raise InputError(f"n: expected at least 0, found {n}", ARGUMENT)
        return pl.DataFrame(self._desk.history(symbol, timeframe, n))

    def indicator(
        self,
        indicator: str | Own,
        *parameters: Any,
        symbol: str | None = None,
        timeframe: str | None = None,
        side: Side = "bid",
        price: Price = "close",
        inputs: Sequence[str] = ("close",),
        rows: int | None = None,
    ) -> Any:
        """Values of an indicator on closed bars: `[-1]` is the newest, `[-2]` the one before; NaN before the first.

        Parameters
        ----------
        indicator : str, class or function
            A name of `omegasim.indicators.NAMES`; a class whose `update(*row)` returns a number or a tuple of numbers,
            given each bar once after its close; or a function that takes columns (polars Series) and returns one of as
            many rows. A function is given closed bars alone, and runs again when it is read after a bar closed: the
            time of that grows with the bars, unless `rows` says how many it needs.
        *parameters : Any
            In the order of the indicator's function; what follows the columns of a function of one's own.
        symbol : str, optional
            Whose bars; those of the only symbol where not given.
        timeframe : str, optional
            Any multiple of the run's bars.
        side : {"bid", "ask", "mid"}
            Which quotes.
        price : {"close", "open", "high", "low", "median", "typical"}
            Which price of a bar, where the indicator reads one.
        inputs : sequence of str
            What one's own reads: of time (nanoseconds), open, high, low, close, volume.
        rows : int, optional
            Give a function of one's own no more than the newest closed bars.

        Returns
        -------
        view or named tuple of views
            They follow the run; each indicator is computed once for all strategies that ask for it.

        Raises
        ------
        InputError
            Unknown names or parameters; `rows` for what is no function; ticks without `timeframes`. Where it is read:
            a function returned other than one column of the rows that it was given.
        """
        asked: dict[str, Any] = {"symbol": symbol, "timeframe": timeframe, "side": side, "inputs": inputs}
        if self._cache is None:
            raise InputError("indicator: there are ticks only; expected `timeframes` of the strategy", ARGUMENT)
        if callable(indicator) and not inspect.isclass(indicator):
            return self._cache._growing(indicator, *parameters, **asked, rows=rows)
        if rows is not None:
            raise InputError("rows: only a function over columns takes it; expected none", ARGUMENT)
        if inspect.isclass(indicator) and is_own(indicator):
            return self._cache._following(indicator, *parameters, **asked)
        return self._cache._view((indicator, parameters, symbol, timeframe, side, price, tuple(inputs)))

    def log(self, message: object) -> None:
        """Write a line to the run's log, with the time of the run and the strategy's name."""
        self._log.append((self._desk.now_ns, type(self).__name__, str(message)))

    def _ask(self, action: str, symbol: str | None, columns: Mapping[str, Any]) -> None:
        for name in ("time", "action", "magic", "magic_number"):
            if name in columns:
                raise InputError(f"{name}: is given by the run; expected none", ARGUMENT)
        fields = {"action": action, **columns}
        if symbol is not None:
            fields["symbol"] = symbol
        self._desk.ask(fields)


def takes(strategy: Strategy) -> list[str]:
    """Names of the parameters that a strategy's class takes."""
    signature = _signature(type(strategy))
    several = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [name for name, one in signature.parameters.items() if one.kind not in several] if signature else []


def remade(strategy: Strategy, changes: Mapping[str, Any]) -> Strategy:
    """Make a strategy anew, as it was made but for some parameters.

    Raises
    ------
    InputError
        The class does not take them.
    """
    kind = type(strategy)
    signature = _signature(kind) or inspect.Signature()
    bound = inspect.BoundArguments(signature, {**strategy.parameters, **changes})
    try:
        made = kind(*bound.args, **bound.kwargs)
    except Exception as error:
        given = ", ".join(f"{name}={value!r}" for name, value in changes.items())
        raise InputError(f"{kind.__name__}({given}): {type(error).__name__}: {error}", ARGUMENT) from error
    # What was set on the object itself, after it was made.
    for name in ("magic", "warmup", "timeframes", "filters"):
        if name in vars(strategy) and name not in vars(made):
            setattr(made, name, copy.deepcopy(vars(strategy)[name]))
    return made


def _signature(kind: type) -> inspect.Signature | None:
    """What the constructor takes, the object itself aside; `None` where there is none of its own."""
    constructor = next((vars(base)["__init__"] for base in kind.__mro__[:-1] if "__init__" in vars(base)), None)
    if constructor is None:
        return None
    signature = inspect.signature(constructor)
    return signature.replace(parameters=list(signature.parameters.values())[1:])


def _parameters(kind: type, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> dict[str, Any]:
    signature = _signature(kind)
    if signature is None:
        return {}
    try:
        bound = signature.bind(*arguments, **keywords)
    except TypeError:
        # The constructor says better than anybody what is wrong with its arguments.
        return {}
    bound.apply_defaults()
    return dict(bound.arguments)
