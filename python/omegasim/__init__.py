"""An execution simulator for FX and CFDs over bid/ask bars and ticks.

Public names are imported on first use, so that `import omegasim` itself costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from omegasim import filters, indicators, instruments, schemas
    from omegasim._core import __version__
    from omegasim.ambiguity import Ambiguity
    from omegasim.backtest import Backtest
    from omegasim.batch import simulate
    from omegasim.config import Account, Config
    from omegasim.costs import Commission, Costs, Slippage
    from omegasim.data.bars import Bars
    from omegasim.data.reader import read_bars, read_ticks
    from omegasim.data.resampling import resample
    from omegasim.data.synthetic import synthetic_bars
    from omegasim.data.ticks import Ticks
    from omegasim.entries import signals_from
    from omegasim.errors import (
        BoundaryError,
        ExistingFileError,
        FileError,
        InputError,
        InternalError,
        MissingFileError,
        NumberError,
        OmegaError,
        ResourceError,
        StrategyError,
    )
    from omegasim.heat_map import heatmap
    from omegasim.instrument import Instrument
    from omegasim.news import News
    from omegasim.records import CloseResult, Order, Position, Trade, TradeSignal
    from omegasim.result import Result
    from omegasim.rules import Rules
    from omegasim.saved_run import load_result
    from omegasim.simulator import ExecutionSimulator
    from omegasim.sizing import Sizing
    from omegasim.strategy import Bar, Strategy, Tick
    from omegasim.swap import Rollover, Swaps
    from omegasim.sweeps import Sweep, sweep
    from omegasim.terms import Dated, Hours, Margin, Sessions, Tier

__all__ = [
    "Account",
    "Ambiguity",
    "Backtest",
    "Bar",
    "Bars",
    "BoundaryError",
    "CloseResult",
    "Commission",
    "Config",
    "Costs",
    "Dated",
    "ExecutionSimulator",
    "ExistingFileError",
    "FileError",
    "Hours",
    "InputError",
    "Instrument",
    "InternalError",
    "Margin",
    "MissingFileError",
    "News",
    "NumberError",
    "OmegaError",
    "Order",
    "Position",
    "ResourceError",
    "Result",
    "Rollover",
    "Rules",
    "Sessions",
    "Sizing",
    "Slippage",
    "Strategy",
    "StrategyError",
    "Swaps",
    "Sweep",
    "Tick",
    "Ticks",
    "Tier",
    "Trade",
    "TradeSignal",
    "__version__",
    "filters",
    "heatmap",
    "indicators",
    "instruments",
    "load_result",
    "read_bars",
    "read_ticks",
    "resample",
    "schemas",
    "signals_from",
    "simulate",
    "sweep",
    "synthetic_bars",
]

_MODULES = ("filters", "indicators", "instruments", "schemas")
_HOMES = {
    "_core": ("__version__",),
    "ambiguity": ("Ambiguity",),
    "backtest": ("Backtest",),
    "batch": ("simulate",),
    "config": ("Account", "Config"),
    "costs": ("Commission", "Costs", "Slippage"),
    "data.bars": ("Bars",),
    "data.reader": ("read_bars", "read_ticks"),
    "data.resampling": ("resample",),
    "data.synthetic": ("synthetic_bars",),
    "data.ticks": ("Ticks",),
    "entries": ("signals_from",),
    "errors": (
        "BoundaryError",
        "ExistingFileError",
        "FileError",
        "InputError",
        "InternalError",
        "MissingFileError",
        "NumberError",
        "OmegaError",
        "ResourceError",
        "StrategyError",
    ),
    "heat_map": ("heatmap",),
    "instrument": ("Instrument",),
    "news": ("News",),
    "records": ("CloseResult", "Order", "Position", "Trade", "TradeSignal"),
    "result": ("Result",),
    "rules": ("Rules",),
    "saved_run": ("load_result",),
    "simulator": ("ExecutionSimulator",),
    "sizing": ("Sizing",),
    "strategy": ("Bar", "Strategy", "Tick"),
    "swap": ("Rollover", "Swaps"),
    "sweeps": ("Sweep", "sweep"),
    "terms": ("Dated", "Hours", "Margin", "Sessions", "Tier"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return import_module(f"omegasim.{name}")
    if name not in _HOME_OF:
        raise AttributeError(f"module 'omegasim' has no attribute {name!r}")
    value: object = getattr(import_module(f"omegasim.{_HOME_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
