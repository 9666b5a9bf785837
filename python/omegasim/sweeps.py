"""Many runs over the same bars: every combination of some settings and signals."""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from omegasim import _core
from omegasim.batch import EquityRows, Progress, work_of
from omegasim.config import Config
from omegasim.errors import ARGUMENT, InputError
from omegasim.grid import ColumnAxis, ConfigAxis, ParameterAxis, SignalsAxis, axes_of
from omegasim.market import BarsInput, FinerInput, TicksInput

if TYPE_CHECKING:
    from omegasim.data.table import Table
    from omegasim.rates import RatesInput
    from omegasim.result import Result

MetricsOf = Literal["trades", "all"]
Axis = ConfigAxis | SignalsAxis | ColumnAxis | ParameterAxis


class Sweep:
    """What came of `sweep` or of `Backtest.sweep`: one row of metrics a run.

    Attributes
    ----------
    frame : polars.DataFrame
        A column for each axis, then one for each metric (`omegasim metrics`); the last axis turns fastest.

    Examples
    --------
    See `sweep`.
    """

    def __init__(
        self,
        frame: pl.DataFrame,
        axes: Sequence[Axis],
        run: "Callable[[tuple[int, ...], EquityRows], Result]",
    ) -> None:
        self.frame = frame
        self._axes = tuple(axes)
        self._run = run

    @property
    def axes(self) -> tuple[str, ...]:
        """Names of the axes, in the order of the grid."""
        return tuple(axis.name for axis in self._axes)

    def setting(self, row: int) -> dict[str, Any]:
        """What the axes were in a run, as `grid` gave it.

        Parameters
        ----------
        row : int
            Row of `frame`.
        """
        return {axis.name: axis.labels[place] for axis, place in zip(self._axes, self._places(row), strict=True)}

    def result(self, row: int, *, equity: EquityRows = "bars") -> "Result":
        """Run the setting of a row again, for its trades, events and equity.

        Parameters
        ----------
        row : int
            Row of `frame`.
        equity : {"bars", "closes", "off"}
            Rows of the equity table.

        Raises
        ------
        InputError
            There is no such row.
        """
        return self._run(self._places(row), equity)

    def _places(self, row: int) -> tuple[int, ...]:
        if not 0 <= row < len(self):
            raise InputError(f"row: expected one from 0 to {len(self) - 1}, found {row!r}", ARGUMENT)
        places = []
        for axis in reversed(self._axes):
            row, place = divmod(row, len(axis.labels))
            places.append(place)
        return tuple(reversed(places))

    def __len__(self) -> int:
        return self.frame.height

    def __repr__(self) -> str:
        sizes = ", ".join(f"{axis.name} {len(axis.labels)}" for axis in self._axes)
        return f"Sweep({len(self):,} runs: {sizes})"


def sweep(
    bars: BarsInput | None,
    signals: "Table | bytes | None",
    config: Config,
    *,
    grid: Mapping[str, Any],
    metrics: MetricsOf = "trades",
    ticks: TicksInput | None = None,
    finer: FinerInput | None = None,
    rates: "RatesInput | None" = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Sweep:
    """Run every combination of some settings and signals over the same market data, on all cores.

    The data are checked and indexed once and shared by all runs; what stays of a run is its row of metrics.

    Parameters
    ----------
    bars, signals, config, ticks, finer, rates
        As `simulate`; what the grid does not vary.
    grid : mapping of str to values
        One axis a key. A field of the config by its path (`"rules.intrabar"`, `"costs.slippage"`,
        `"instruments.0.swaps"`), a column of the signals that is then the same in all rows (`"stop_loss_pips"`), or
        `"signals"` with a mapping of names to whole tables.
    metrics : {"trades", "all"}
        Metrics of the trades alone, or those of the equity too, which cost an equity curve a run.
    threads : int, optional
        How many; one a core where not given. The rows are the same for any number.
    progress : callable, optional
        Called now and then with runs done and runs in all.

    Returns
    -------
    Sweep
        One row a run, the last axis turning fastest.

    Raises
    ------
    InputError, NumberError
        An axis is neither a setting nor a column, or a value of it is not what it has to be: the message names the
        axis. Else as `simulate`.
    KeyboardInterrupt
        The user interrupted the sweep.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> eurusd = om.Instrument(symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4,
    ...                        contract_size=100_000, volume_min=0.01, volume_step=0.01, volume_max=200)
    >>> config = om.Config(account=om.Account(currency="USD", balance=100_000.0), instruments=[eurusd],
    ...                    sizing=om.Sizing.risk_amount(100.0))
    >>> bars = om.synthetic_bars(eurusd, bars=10_000)
    >>> signals = bars.frame.gather_every(1_000).select("time", direction=pl.lit("long"))
    >>> grid = {"stop_loss_pips": [10.0, 20.0], "take_profit_pips": [15.0, 30.0], "rules.intrabar": ["worst", "best"]}
    >>> swept = om.sweep(bars, signals, config, grid=grid)
    >>> swept
    Sweep(8 runs: stop_loss_pips 2, take_profit_pips 2, rules.intrabar 2)
    >>> swept.result(7).trades.height == swept.frame["trades"][7]
    True
    """
    if not isinstance(config, Config):
        raise InputError(f"config: expected a Config, found {type(config).__name__}", ARGUMENT)
    if metrics not in ("trades", "all"):
        raise InputError(f"metrics: expected 'trades' or 'all', found {metrics!r}", ARGUMENT)
    if threads is not None and not (isinstance(threads, int) and threads > 0):
        raise InputError(f"threads: expected a number above 0, found {threads!r}", ARGUMENT)
    axes = axes_of(grid, config)
    given = next((axis.tables[0] for axis in axes if isinstance(axis, SignalsAxis)), signals)
    work = work_of(bars, given, config, ticks=ticks, finer=finer, rates=rates, equity="off")
    table = _core.sweep(
        [one.to_json() for one in _configs(config, axes)],
        [(market.symbol, market.checked, list(market.finer)) for market in work.market],
        next((axis.tables for axis in axes if isinstance(axis, SignalsAxis)), [work.signals]),
        [axis.for_core() for axis in axes],
        rates=[(rate.base, rate.quote, rate.checked) for rate in work.rates],
        equity=metrics == "all",
        threads=threads or 0,
        progress=progress,
    )

    def run(places: tuple[int, ...], equity: EquityRows) -> "Result":
        chosen, settings = work.signals, config
        for axis, place in zip(axes, places, strict=True):
            if isinstance(axis, SignalsAxis):
                chosen = axis.tables[place]
            elif isinstance(axis, ConfigAxis):
                settings = axis.apply(settings, place)
        for axis, place in zip(axes, places, strict=True):
            if isinstance(axis, ColumnAxis):
                chosen = axis.apply(chosen, place)
        return work_of(bars, chosen, settings, ticks=ticks, finer=finer, rates=rates, equity=equity).run()

    return Sweep(pl.concat([labels_table(axes), pl.DataFrame(table)], how="horizontal"), axes, run)


def _configs(config: Config, axes: Sequence[ConfigAxis | SignalsAxis | ColumnAxis]) -> list[Config]:
    """Settings for every combination of the config axes."""
    varied = [axis for axis in axes if isinstance(axis, ConfigAxis)]
    configs = []
    for places in itertools.product(*(range(len(axis.labels)) for axis in varied)):
        settings = config
        for axis, place in zip(varied, places, strict=True):
            settings = axis.apply(settings, place)
        configs.append(settings)
    return configs


def labels_table(axes: Sequence[Axis]) -> pl.DataFrame:
    """One column an axis, one row a run."""
    runs, below = math.prod(len(axis.labels) for axis in axes), 1
    columns = []
    for axis in reversed(axes):
        places = pl.Series([run // below % len(axis.labels) for run in range(runs)], dtype=pl.UInt32)
        columns.append(axis.column()[places].alias(axis.name))
        below *= len(axis.labels)
    return pl.DataFrame(columns[::-1])
