"""Many runs of strategies: every combination of some parameters and settings, spread over processes."""

import difflib
import importlib.util
import itertools
import os
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from omegasim import _core
from omegasim.config import Config
from omegasim.data.bars import Bars
from omegasim.data.ticks import Ticks
from omegasim.errors import ARGUMENT, InputError, OmegaError
from omegasim.grid import ConfigAxis, ParameterAxis, labels_of
from omegasim.market import SymbolMarket
from omegasim.rates import RateSeries
from omegasim.strategy import Strategy, remade, takes
from omegasim.sweeps import MetricsOf, Sweep, labels_table

if TYPE_CHECKING:
    from omegasim.backtest import StrategyWork
    from omegasim.batch import EquityRows, Progress
    from omegasim.result import Result

Places = tuple[int, ...]
Row = list[float | None]


def sweep_of(
    work: "StrategyWork",
    grid: Mapping[str, Any],
    *,
    metrics: MetricsOf,
    processes: int | None,
    progress: "Progress | None",
) -> Sweep:
    """Run every combination; `Backtest.sweep` documents it."""
    if metrics not in ("trades", "all"):
        raise InputError(f"metrics: expected 'trades' or 'all', found {metrics!r}", ARGUMENT)
    if processes is not None and not (isinstance(processes, int) and processes > 0):
        raise InputError(f"processes: expected a number above 0, found {processes!r}", ARGUMENT)
    axes = _axes_of(grid, work)
    equity: EquityRows = "bars" if metrics == "all" else "off"
    works = [replace(_varied(work, axes, places), equity=equity) for places in _places(axes)]
    rows = _rows(works, min(processes or os.cpu_count() or 1, len(works)), progress)

    def run(places: Places, equity: "EquityRows") -> "Result":
        return replace(_varied(work, axes, places), equity=equity).run()

    names = [name for name, *_ in _core.metric_definitions()]
    table = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.Float64()), orient="row")
    return Sweep(pl.concat([labels_table(axes), table], how="horizontal"), axes, run)


def _axes_of(grid: Any, work: "StrategyWork") -> tuple[ConfigAxis | ParameterAxis, ...]:
    if not isinstance(grid, Mapping) or not grid:
        raise InputError(f"grid: expected a mapping of axes to their values, found {grid!r}", ARGUMENT)
    return tuple(_axis(name, values, work.strategies) for name, values in grid.items())


def _axis(name: Any, values: Any, strategies: Sequence[Strategy]) -> ConfigAxis | ParameterAxis:
    """A parameter, with the number of its strategy before it where there are several; else a field of the config."""
    known = {
        parameter if len(strategies) == 1 else f"{seat}.{parameter}": (seat, parameter)
        for seat, strategy in enumerate(strategies)
        for parameter in takes(strategy)
    }
    if name in known:
        return ParameterAxis(name, labels_of(name, values), *known[name])
    if isinstance(name, str) and name.partition(".")[0] in Config.model_fields:
        return ConfigAxis(name, labels_of(name, values))
    nearest = difflib.get_close_matches(str(name), [*known, *Config.model_fields], n=1)
    hint = f"; did you mean {nearest[0]!r}?" if nearest else ""
    raise InputError(f"grid: {name!r} is neither a parameter of a strategy nor a field of the config{hint}", ARGUMENT)


def _places(axes: Sequence[ConfigAxis | ParameterAxis]) -> Iterator[Places]:
    return itertools.product(*(range(len(axis.labels)) for axis in axes))


def _varied(work: "StrategyWork", axes: Sequence[ConfigAxis | ParameterAxis], places: Places) -> "StrategyWork":
    """The work with these values in it."""
    config = work.config
    changes: list[dict[str, Any]] = [{} for _ in work.strategies]
    for axis, place in zip(axes, places, strict=True):
        if isinstance(axis, ParameterAxis):
            changes[axis.seat][axis.parameter] = axis.labels[place]
        else:
            config = axis.apply(config, place)
    strategies = tuple(
        remade(strategy, changed) if changed else strategy
        for strategy, changed in zip(work.strategies, changes, strict=True)
    )
    return replace(work, config=config, strategies=strategies, ran=[])


def _rows(works: "list[StrategyWork]", processes: int, progress: "Progress | None") -> list[Row]:
    """The metrics of each, in order; the first that fails by the order of the grid tells why."""
    told = progress or (lambda _done, _total: None)
    if processes == 1:
        rows = []
        for number, work in enumerate(works):
            rows.append(_named(number, work.metrics))
            told(number + 1, len(works))
        return rows
    with _stored(works[0]) as folder:
        return _in_processes(works, folder, processes, told)


def _in_processes(works: "list[StrategyWork]", folder: Path, processes: int, told: "Progress") -> list[Row]:
    import cloudpickle
    import loky

    for kind in {type(strategy) for work in works for strategy in work.strategies}:
        if not _can_be_imported(kind.__module__):
            cloudpickle.register_pickle_by_value(sys.modules[kind.__module__])
    rows: list[Row | None] = [None] * len(works)
    waiting, running, done = enumerate(works), {}, 0
    pool = loky.ProcessPoolExecutor(max_workers=processes)

    def submit(count: int) -> None:
        for number, work in itertools.islice(waiting, count):
            running[pool.submit(_row, str(folder), _job(work))] = number

    try:
        # No more than the processes can begin: a long queue would make an interrupt slow.
        submit(2 * processes)
        while running:
            ready, _ = loky.wait(running, return_when=loky.FIRST_COMPLETED)
            for job in ready:
                rows[running.pop(job)] = job.result()
                done += 1
                told(done, len(works))
            submit(len(ready))
    except BaseException:
        pool.shutdown(kill_workers=True)
        raise
    pool.shutdown()
    # What failed is run again here, so that its exception is the strategy's own.
    return [_named(number, works[number].metrics) if row is None else row for number, row in enumerate(rows)]


def _named(number: int, metrics: Callable[[], Row]) -> Row:
    try:
        return metrics()
    except OmegaError as error:
        error.add_note(f"in row {number} of the sweep")
        raise


def _can_be_imported(module: str) -> bool:
    """Whether another process finds the module by its name."""
    try:
        return module != "__main__" and importlib.util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False


@dataclass(frozen=True)
class _Stored:
    """A series in a file, which every process reads once."""

    file: str
    kind: type[_core.Bars] | type[_core.Ticks]
    symbol: str
    timeframe: int

    def load(self, folder: Path) -> Bars | Ticks:
        frame = pl.read_ipc(folder / self.file)
        if self.kind is _core.Ticks:
            return Ticks(frame, symbol=self.symbol)
        return Bars._of_core(_core.Bars(frame, symbol=self.symbol, timeframe=self.timeframe), self.symbol)


@contextmanager
def _stored(work: "StrategyWork") -> Iterator[Path]:
    """The market data in files, for as long as the processes need them."""
    import cloudpickle

    with tempfile.TemporaryDirectory(prefix="omegasim-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        numbers = itertools.count()

        def store(series: _core.Bars | _core.Ticks) -> _Stored:
            file = f"{next(numbers)}.arrow"
            pl.DataFrame(series).write_ipc(folder / file, compression="uncompressed")
            return _Stored(file, type(series), series.symbol, series.timeframe)

        market = [(one.symbol, store(one.checked), [store(finer) for finer in one.finer]) for one in work.market]
        rates = [(rate.base, rate.quote, store(rate.checked)) for rate in work.rates]
        (folder / "data").write_bytes(cloudpickle.dumps((market, rates, work.day_start, work.news)))
        yield folder


def _job(work: "StrategyWork") -> bytes:
    import cloudpickle

    return bytes(cloudpickle.dumps((work.config.to_json(), work.strategies, work.equity)))


_data: dict[str, Any] = {}


def _row(folder: str, job: bytes) -> Row | None:
    """In a process of the pool: the metrics of one run; none where it failed."""
    import cloudpickle

    from omegasim.backtest import StrategyWork

    if folder not in _data:
        _data.clear()
        _data[folder] = _loaded(Path(folder))
    market, rates, day_start, news = _data[folder]
    try:
        settings, strategies, equity = cloudpickle.loads(job)
        work = StrategyWork(Config.from_json(settings), market, None, equity, rates, strategies, day_start, news)
        return work.metrics()
    except Exception:
        return None


def _checked(series: Bars | Ticks, symbol: str) -> _core.Bars | _core.Ticks:
    """The series as the core has it."""
    if isinstance(series, Ticks):
        return series._of_symbol(symbol)
    assert series._checked is not None
    return series._checked.with_symbol(symbol)


def _loaded(folder: Path) -> tuple[Any, ...]:
    import cloudpickle

    market, rates, day_start, news = cloudpickle.loads((folder / "data").read_bytes())
    symbols = []
    for symbol, stored, finer in market:
        series = stored.load(folder)
        finest = tuple(_checked(one.load(folder), symbol) for one in finer)
        symbols.append(SymbolMarket(symbol, series, _checked(series, symbol), finest))
    pairs = [RateSeries(base, quote, _checked(one.load(folder), base + quote), {}) for base, quote, one in rates]
    return tuple(symbols), tuple(pairs), day_start, news
