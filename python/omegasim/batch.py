"""The first door: a whole run over tables."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

from omegasim import _core
from omegasim.config import Config
from omegasim.errors import ARGUMENT, InputError
from omegasim.market import BarsInput, FinerInput, SymbolMarket, TicksInput, market_of
from omegasim.rates import RateSeries, RatesInput, facts_of, rates_of
from omegasim.result import Result
from omegasim.run_record import RunRecord, signal_facts

if TYPE_CHECKING:
    import polars as pl

    from omegasim.checkpoint import Checkpoints
    from omegasim.data.table import Table

# What a position's management makes of a bar differs with the reading of the bars before.
_MANAGED = ("trail_pips", "break_even_pips", "max_holding", "oco")

EquityRows = Literal["bars", "closes", "off"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Work:
    """Everything that a run needs, kept so that it can be run again under other rules."""

    config: Config
    market: tuple[SymbolMarket, ...]
    signals: "pl.DataFrame | _core.Table | bytes | None"
    equity: EquityRows
    rates: tuple[RateSeries, ...] = ()

    def run(self, progress: Progress | None = None, checkpoints: "Checkpoints | None" = None) -> Result:
        """Run and time it."""
        started = time.perf_counter()
        run = _core.simulate(
            self.config.to_json(),
            self._series(),
            self.signals,
            rates=self._rates(),
            equity=self.equity,
            progress=progress,
            work="" if checkpoints is None else self._identity(),
            checkpoint=None if checkpoints is None or not checkpoints.every else (checkpoints.every, checkpoints.write),
            resume=None if checkpoints is None else checkpoints.read(),
        )
        return self._result(run, time.perf_counter() - started)

    def ties(self) -> list[str]:
        """What of the work itself makes one position's fate touch another's (I6)."""
        if isinstance(self.signals, bytes):
            return ["signals given as bytes are not looked into"]
        if self.signals is None:
            return []
        import polars as pl

        signals = pl.DataFrame(self.signals)
        used = [name for name in _MANAGED if name in signals.columns and signals[name].count() > 0]
        return [f"signals use {name}" for name in used]

    def with_intrabar(self, intrabar: Literal["worst", "best"]) -> Self:
        """The same work under another rule of what happens inside a bar."""
        rules = self.config.rules.model_copy(update={"intrabar": intrabar})
        return replace(self, config=self.config.model_copy(update={"rules": rules}))

    def _series(self) -> list[tuple[str, Any, list[Any]]]:
        return [(market.symbol, market.checked, list(market.finer)) for market in self.market]

    def _rates(self) -> list[tuple[str, str, Any]]:
        return [(rate.base, rate.quote, rate.checked) for rate in self.rates]

    def _strategies(self) -> list[dict[str, Any]]:
        return []

    def _result(self, run: _core.RunResult, seconds: float) -> Result:
        return Result(self.config, lambda name: getattr(run, name)(), self._record(run, seconds), self)

    def _identity(self) -> str:
        from omegasim.checkpoint import identity_of

        return identity_of(
            {
                "config": self.config.to_json(),
                "equity": self.equity,
                "data": {market.symbol: market.facts() for market in self.market},
                "rates": {rate.base + rate.quote: rate.checked.hash for rate in self.rates},
                "signals": signal_facts(self.signals),
            }
        )

    def _record(self, run: _core.RunResult, seconds: float) -> Callable[[], RunRecord]:
        return lambda: RunRecord.of_run(
            run,
            config=self.config,
            equity=self.equity,
            data={market.symbol: market.facts() for market in self.market},
            rates=facts_of(self.rates),
            signals=signal_facts(self.signals),
            strategies=self._strategies(),
            wall_seconds=seconds,
        )


def simulate(
    bars: BarsInput | None,
    signals: "Table | bytes | None",
    config: Config,
    *,
    ticks: TicksInput | None = None,
    finer: FinerInput | None = None,
    rates: RatesInput | None = None,
    equity: EquityRows = "bars",
    progress: Progress | None = None,
) -> Result:
    """Run the orders that signals ask for over market data.

    Parameters
    ----------
    bars : Bars, Arrow table, mapping of symbol to either, or None
        Market data; one unnamed table belongs to the only instrument.
    signals : Arrow table, Arrow IPC bytes, or None
        One row a signal, sorted by time; columns as `omegasim.schemas.TRADE_SIGNAL_SCHEMA`.
    config : Config
        All settings.
    ticks : Ticks, Arrow table, or mapping of symbol to either, optional
        Market data of symbols that have no bars.
    finer : Bars, Ticks, Arrow table, or mapping of symbol to one or several, optional
        Finer series for `intrabar="drill"`.
    rates : mapping of pair to Bars, Ticks or Arrow table, optional
        Conversion rates, such as `{"EURUSD": bars}`, for instruments quoted in another currency than the
        account's (F1). Symbols of the run serve as rates by themselves; constants stand in `Account.rates`.
    equity : {"bars", "closes", "off"}
        Rows of the equity table: each time of the run, each close of a position, none.
    progress : callable, optional
        Called now and then with steps done and steps in all.

    Returns
    -------
    Result
        Tables, metrics and fingerprint.

    Raises
    ------
    InputError, NumberError
        Data, signals or settings are not what they have to be.
    KeyboardInterrupt
        The user interrupted the run.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> eurusd = om.Instrument(symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4,
    ...                        contract_size=100_000, volume_min=0.01, volume_step=0.01, volume_max=200)
    >>> config = om.Config(account=om.Account(currency="USD", balance=100_000.0), instruments=[eurusd],
    ...                    sizing=om.Sizing.risk_amount(100.0))
    >>> bars = om.synthetic_bars(eurusd, bars=10_000)
    >>> signals = bars.frame.gather_every(1_000).select(
    ...     "time", direction=pl.lit("long"), stop_loss_pips=pl.lit(20.0), take_profit_pips=pl.lit(30.0))
    >>> om.simulate(bars, signals, config).trades.height
    10
    """
    if not isinstance(config, Config):
        raise InputError(f"config: expected a Config, found {type(config).__name__}", ARGUMENT)
    if equity not in ("bars", "closes", "off"):
        raise InputError(f"equity: expected 'bars', 'closes' or 'off', found {equity!r}", ARGUMENT)
    return work_of(bars, signals, config, ticks=ticks, finer=finer, rates=rates, equity=equity).run(progress)


def work_of(
    bars: BarsInput | None,
    signals: "Table | bytes | None",
    config: Config,
    *,
    ticks: TicksInput | None,
    finer: FinerInput | None,
    rates: RatesInput | None = None,
    equity: EquityRows,
) -> Work:
    """Check the inputs of a run."""
    return Work(config, market_of(config, bars, ticks, finer), _signals_of(signals), equity, rates_of(rates))


def _signals_of(given: Any) -> "pl.DataFrame | _core.Table | bytes | None":
    if given is None or isinstance(given, bytes | _core.Table):
        return given
    from omegasim.data.signals import without_nulls
    from omegasim.data.table import frame_of

    return without_nulls(frame_of(given, "signals"))
