"""A run that strategies lead."""

import copy
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import polars as pl

from omegasim import _core
from omegasim.batch import EquityRows, Progress, Work
from omegasim.checkpoint import Checkpoints
from omegasim.config import Config
from omegasim.data.resampling import NEW_YORK_CLOSE
from omegasim.data.table import Table
from omegasim.errors import ARGUMENT, STRATEGY, InputError, StrategyError
from omegasim.filters import to_json
from omegasim.indicators.cache import Cache
from omegasim.market import BarsInput, FinerInput, TicksInput, market_of
from omegasim.news import News, NewsView
from omegasim.rates import RatesInput, rates_of
from omegasim.records import Trade
from omegasim.result import Result, log_schema
from omegasim.strategy import Fill, Rejection, Strategy
from omegasim.sweeps import MetricsOf, Sweep

_HANDLERS: dict[str, Callable[..., Any] | None] = {
    "on_bar": None,
    "on_tick": None,
    "on_fill": Fill,
    "on_close": Trade,
    "on_reject": Rejection,
}
_Log = list[tuple[int, str, str]]


@dataclass(frozen=True)
class StrategyWork(Work):
    """Market data and strategies in their first state; each run works on copies of them."""

    strategies: tuple[Strategy, ...] = ()
    day_start: str = NEW_YORK_CLOSE
    news: News | None = None
    ran: list[tuple[Strategy, ...]] = field(default_factory=list)
    """The strategies of the last run."""

    def metrics(self) -> list[float | None]:
        """Run and return the metrics alone, in the order of their definitions."""
        core, _ = self._driven(None)
        return [value for _, value in core.result().metrics()]

    def run(self, progress: Progress | None = None, checkpoints: Checkpoints | None = None) -> Result:
        """Run and time it."""
        if checkpoints is not None:
            raise InputError("checkpoints: what a strategy remembers cannot be saved; expected signals", ARGUMENT)
        started = time.perf_counter()
        core, log = self._driven(progress)
        result = self._result(core.result(), time.perf_counter() - started)
        result._log = _log_table(log)
        return result

    def _driven(self, progress: Progress | None) -> "tuple[_core.StrategyRun, _Log]":
        """Let copies of the strategies lead a run to its end."""
        started = time.perf_counter()
        strategies = tuple(copy.deepcopy(strategy) for strategy in self.strategies)
        self.ran[:] = [strategies]
        core = _core.StrategyRun(
            self.config.to_json(),
            self._series(),
            [self._seat(strategy, seat) for seat, strategy in enumerate(strategies)],
            rates=self._rates(),
            equity=self.equity,
            day_start=self.day_start,
        )
        log = self._seated(strategies, core)
        try:
            for strategy in strategies:
                strategy.on_start()
            core.drive([_handlers(strategy) for strategy in strategies], progress)
            for strategy in strategies:
                strategy.on_stop()
        except Exception as error:
            who = _culprit(error, strategies)
            if who is None:
                raise
            result = self._result(core.result(), time.perf_counter() - started)
            result._log = _log_table(log)
            raise _explained(error, who, result) from error
        return core, log

    def ties(self) -> list[str]:
        """What of the work itself makes one position's fate touch another's (I6)."""
        return ["strategies decide on what happened before"]

    def _strategies(self) -> list[dict[str, Any]]:
        return [_facts(strategy, _magic(strategy, seat)) for seat, strategy in enumerate(self.strategies)]

    def _seat(self, strategy: Strategy, seat: int) -> tuple[int, str, list[int], int]:
        lengths = [_core.parse_timeframe(name) for name in strategy.timeframes]
        return _magic(strategy, seat), to_json(strategy.filters, self.news), lengths, strategy.warmup

    def _seated(self, strategies: Sequence[Strategy], core: _core.StrategyRun) -> _Log:
        symbols = core.symbols_with_bars
        cache = Cache._over(core.desk(0).cache, symbols) if symbols else None
        log: _Log = []
        for seat, strategy in enumerate(strategies):
            desk = core.desk(seat)
            strategy._desk, strategy._cache, strategy._log = desk, cache, log
            strategy._news = NewsView(self.news, partial(getattr, desk, "now_ns"))
        return log


class Backtest:
    """Strategies over market data: the third door to the simulator.

    Parameters
    ----------
    bars : Bars, Arrow table, mapping of symbol to either, or None
        Market data; of several symbols bars of one length, or ticks of all.
    strategy : Strategy or sequence of Strategy
        Several share the account, each with its own magic number. They are copied for every run.
    config : Config
        All settings. `rules.signal_timeframe` has no meaning here and must not be set.
    ticks, finer, rates, equity
        As for `simulate`.
    news : News or Arrow table, optional
        Scheduled events, for `Strategy.news` and `filters.NewsBlackout`.
    day_start : str
        When trading days begin, for bars of a day and longer: a time of day and a zone.
    progress : bool or callable
        Show a progress bar on the terminal; or be called now and then with rows done and rows in all.

    Raises
    ------
    InputError, NumberError
        Data, strategies or settings are not what they have to be.

    Examples
    --------
    >>> import omegasim as om
    >>> class EveryHour(om.Strategy):
    ...     timeframes = ("H1",)
    ...     def on_bar(self, bar):
    ...         if self.position is None:
    ...             self.sell(stop_loss_pips=20, take_profit_pips=20)
    >>> eurusd = om.instruments.fx("EURUSD")
    >>> config = om.Config(account=om.Account(currency="USD", balance=100_000.0), instruments=[eurusd],
    ...                    sizing=om.Sizing.fixed_lots(0.1))
    >>> backtest = om.Backtest(om.synthetic_bars(eurusd, bars=3_000), EveryHour(), config)
    >>> backtest.run().fingerprint == backtest.run().fingerprint
    True
    """

    def __init__(
        self,
        bars: BarsInput | None,
        strategy: Strategy | Sequence[Strategy],
        config: Config,
        *,
        ticks: TicksInput | None = None,
        finer: FinerInput | None = None,
        rates: RatesInput | None = None,
        news: News | Table | None = None,
        equity: EquityRows = "bars",
        day_start: str = NEW_YORK_CLOSE,
        progress: bool | Progress = False,
    ) -> None:
        if not isinstance(config, Config):
            raise InputError(f"config: expected a Config, found {type(config).__name__}", ARGUMENT)
        if equity not in ("bars", "closes", "off"):
            raise InputError(f"equity: expected 'bars', 'closes' or 'off', found {equity!r}", ARGUMENT)
        strategies = tuple(strategy) if isinstance(strategy, list | tuple) else (strategy,)
        market = market_of(config, bars, ticks, finer)
        _check(strategies, ticks=ticks is not None)
        self._work = StrategyWork(
            config,
            market,
            None,
            equity,
            rates_of(rates),
            tuple(copy.deepcopy(one) for one in strategies),
            day_start,
            news if news is None or isinstance(news, News) else News(news),
        )
        self._progress = progress

    @property
    def strategies(self) -> tuple[Strategy, ...]:
        """The strategies of the last run, as it left them."""
        return self._work.ran[0] if self._work.ran else ()

    def sweep(
        self,
        grid: Mapping[str, Any],
        *,
        metrics: MetricsOf = "trades",
        processes: int | None = None,
        progress: Progress | None = None,
    ) -> Sweep:
        """Run every combination of some parameters of the strategies and fields of the config.

        The runs are spread over processes, each of which reads the market data once; what stays of a run is its row of
        metrics. A strategy whose parameters vary is made anew by its class with the parameters of the run.

        Parameters
        ----------
        grid : mapping of str to list
            One axis a key: a parameter of the strategy (`"lookback"`), with the number of the strategy before it where
            there are several (`"1.lookback"`), or a field of the config by its path (`"rules.intrabar"`).
        metrics : {"trades", "all"}
            Metrics of the trades alone, or those of the equity too, which cost an equity curve a run.
        processes : int, optional
            How many; one a core where not given. The rows are the same for any number; with 1 all is done in this one.
        progress : callable, optional
            Called now and then with runs done and runs in all.

        Returns
        -------
        Sweep
            One row a run, the last axis turning fastest; `heatmap` draws it.

        Raises
        ------
        InputError
            An axis is neither a parameter nor a setting, or the class does not take a value.
        StrategyError
            A strategy raised an exception; of several that did, the first in the order of the grid.
        KeyboardInterrupt
            The user interrupted the sweep.

        Examples
        --------
        >>> import omegasim as om
        >>> class EveryNth(om.Strategy):
        ...     def __init__(self, n=100, pips=20.0):
        ...         self.n, self.pips, self.bars = n, pips, 0
        ...     def on_bar(self, bar):
        ...         self.bars += 1
        ...         if self.bars % self.n == 0 and self.position is None:
        ...             self.buy(stop_loss_pips=self.pips, take_profit_pips=self.pips)
        >>> eurusd = om.instruments.fx("EURUSD")
        >>> config = om.Config(account=om.Account(currency="USD", balance=100_000.0), instruments=[eurusd],
        ...                    sizing=om.Sizing.fixed_lots(0.1))
        >>> backtest = om.Backtest(om.synthetic_bars(eurusd, bars=3_000), EveryNth(), config)
        >>> swept = backtest.sweep({"n": [50, 200], "pips": [10.0, 30.0]}, processes=1)
        >>> swept, swept.frame["trades"].to_list() == [swept.result(row).trades.height for row in range(4)]
        (Sweep(4 runs: n 2, pips 2), True)
        """
        from omegasim.strategy_sweep import sweep_of

        return sweep_of(self._work, grid, metrics=metrics, processes=processes, progress=progress)

    def run(self) -> Result:
        """Run from the start.

        Raises
        ------
        StrategyError
            A strategy raised an exception, which is the `__cause__`; `time` says when, `result` holds all up to there.
        KeyboardInterrupt
            The user stopped the run.
        """
        if callable(self._progress):
            return self._work.run(self._progress)
        if not self._progress:
            return self._work.run()
        from omegasim.foreground import ProgressBar

        with ProgressBar() as bar:
            return self._work.run(bar.stepped)


def _check(strategies: Sequence[Any], *, ticks: bool) -> None:
    if not strategies:
        raise InputError("strategy: expected at least one", ARGUMENT)
    for one in strategies:
        if not isinstance(one, Strategy):
            what = (
                f"the class {one.__name__}; expected an object: {one.__name__}(...)" if isinstance(one, type) else one
            )
            raise InputError(f"strategy: expected a Strategy, found {what}", ARGUMENT)
        if not isinstance(one.warmup, int) or one.warmup < 0:
            raise InputError(f"{_name(one)}: warmup: expected a whole number of bars, found {one.warmup!r}", ARGUMENT)
        if ticks and not one.timeframes and _overrides(one, "on_bar") and not _overrides(one, "on_tick"):
            raise InputError(f'{_name(one)}: on_bar with ticks needs `timeframes`, such as ("M1",)', ARGUMENT)
        if not ticks and _overrides(one, "on_tick") and not _overrides(one, "on_bar"):
            raise InputError(f"{_name(one)}: on_tick needs ticks, and there are bars", ARGUMENT)
    magics = [_magic(one, seat) for seat, one in enumerate(strategies)]
    for seat, magic in enumerate(magics):
        if magic in magics[:seat]:
            raise InputError(f"magic: {magic} belongs to two strategies; expected one number each", ARGUMENT)


def _magic(strategy: Strategy, seat: int) -> int:
    return seat if strategy.magic is None else strategy.magic


def _name(strategy: Strategy) -> str:
    return type(strategy).__name__


def _overrides(strategy: Strategy, name: str) -> bool:
    # Not by `vars`, after which the interpreter reads every attribute the slow way.
    return getattr(getattr(strategy, name), "__func__", None) is not getattr(Strategy, name)


def _handlers(strategy: Strategy) -> list[Callable[..., Any] | None]:
    return [_handler(strategy, name, kind) for name, kind in _HANDLERS.items()]


def _handler(strategy: Strategy, name: str, kind: Callable[..., Any] | None) -> Callable[..., Any] | None:
    if not _overrides(strategy, name):
        return None
    method: Callable[..., Any] = getattr(strategy, name)
    return method if kind is None else lambda row: method(kind(**row))


def _facts(strategy: Strategy, magic: int) -> dict[str, Any]:
    kind = type(strategy)
    return {
        "class": f"{kind.__module__}:{kind.__qualname__}",
        "magic": magic,
        "parameters": {name: _plain(value) for name, value in strategy.parameters.items()},
        "timeframes": list(strategy.timeframes),
        "warmup": strategy.warmup,
        "filters": [repr(one) for one in strategy.filters],
    }


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items()}
    return repr(value)


def _culprit(error: Exception, strategies: Sequence[Strategy]) -> Strategy | None:
    """The strategy in whose code an error was raised, if it was in one's."""
    frame = error.__traceback__ and error.__traceback__.tb_next
    while frame is not None:
        whose: object = frame.tb_frame.f_locals.get("self")
        for strategy in strategies:
            if strategy is whose:
                return strategy
        frame = frame.tb_next
    return None


def _explained(error: Exception, who: Strategy, result: Result) -> StrategyError:
    """The error of a strategy, with the moment and all up to there."""
    now = who.now
    explained = StrategyError(f"{_name(who)} failed at {now:%Y-%m-%d %H:%M:%S} UTC: {_said(error)}", STRATEGY)
    explained.time, explained.result = now, result
    return explained


def _said(error: Exception) -> str:
    text = str(error)
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _log_table(log: _Log) -> pl.DataFrame:
    schema = log_schema()
    return pl.DataFrame(log, schema={**schema, "time": pl.Int64}, orient="row").cast(schema)
