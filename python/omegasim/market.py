"""The market data of a run, symbol by symbol."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from omegasim import _core
from omegasim.config import Config
from omegasim.data.bars import Bars
from omegasim.data.ticks import Ticks
from omegasim.errors import ARGUMENT, MISSING_DATA, UNKNOWN_SYMBOL, InputError

if TYPE_CHECKING:
    from omegasim.data.table import Table

    Series: TypeAlias = Bars | Ticks
    BarsInput: TypeAlias = Bars | Table | Mapping[str, Bars | Table]
    TicksInput: TypeAlias = Ticks | Table | Mapping[str, Ticks | Table]
    FinerInput: TypeAlias = Series | Table | Mapping[str, Series | Table | Sequence[Series | Table]]
else:
    Series = BarsInput = TicksInput = FinerInput = Any


def series_facts(checked: _core.Bars | _core.Ticks, cleaned: dict[str, int]) -> dict[str, Any]:
    """What a saved run tells about a series of bars or ticks."""
    return {
        "kind": "ticks" if isinstance(checked, _core.Ticks) else "bars",
        "rows": len(checked),
        "first_time": checked.first_time,
        "last_time": checked.last_time,
        "hash": checked.hash,
        "cleaned": cleaned,
    }


@dataclass(frozen=True)
class SymbolMarket:
    """The series of one symbol: bars or ticks, and finer ones for drilling, coarsest first."""

    symbol: str
    series: Series
    checked: _core.Bars | _core.Ticks
    finer: tuple[_core.Bars | _core.Ticks, ...]
    finer_cleaned: tuple[dict[str, int], ...] = ()

    def facts(self) -> dict[str, Any]:
        """What a saved run tells about its data."""
        return {
            **series_facts(self.checked, self.series.cleaned),
            "finer": [series.hash for series in self.finer],
            "finer_cleaned": list(self.finer_cleaned),
        }


def market_of(
    config: Config, bars: BarsInput | None, ticks: TicksInput | None, finer: FinerInput | None
) -> tuple[SymbolMarket, ...]:
    """Give every table its symbol, check it and complete it with its instrument."""
    tables = _by_symbol(config, bars, Bars, "bars")
    quotes = _by_symbol(config, ticks, Ticks, "ticks")
    for symbol in quotes.keys() & tables.keys():
        raise InputError(f"{symbol}: bars and ticks are given; expected one, or the ticks as finer", ARGUMENT)
    series = {**tables, **quotes}
    if not series:
        raise InputError("no market data; expected bars or ticks", MISSING_DATA)
    extra = _finer(config, finer, series)
    return tuple(
        SymbolMarket(
            symbol,
            one,
            _checked(one, config, symbol),
            tuple(_checked(finer, config, symbol) for finer in extra.get(symbol, ())),
            tuple(finer.cleaned for finer in extra.get(symbol, ())),
        )
        for symbol, one in series.items()
    )


def _by_symbol(config: Config, given: Any, kind: type[Bars] | type[Ticks], what: str) -> dict[str, Series]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        given = {_only_symbol(config, getattr(given, "symbol", ""), what): given}
    return {_known(config, symbol, what): _as_series(table, kind, symbol) for symbol, table in given.items()}


def _as_series(table: Any, kind: type[Bars] | type[Ticks], symbol: str) -> Series:
    if isinstance(table, kind):
        return table
    if isinstance(table, Bars | Ticks):
        raise InputError(f"{symbol}: expected {kind.__name__}, found {type(table).__name__}", ARGUMENT)
    return kind(table, symbol=symbol)


def _only_symbol(config: Config, named: Any, what: str) -> str:
    if isinstance(named, str) and named:
        return named
    if len(config.instruments) == 1:
        return config.instruments[0].symbol
    raise InputError(
        f"{what}: whose? The config has {', '.join(config.symbols)}; expected a mapping such as "
        f'{{"{config.instruments[0].symbol}": {what}}}',
        ARGUMENT,
    )


def _known(config: Config, symbol: Any, what: str) -> str:
    if symbol not in config.symbols:
        raise InputError(
            f"{what}: unknown symbol {symbol!r}; the config has {', '.join(config.symbols)}", UNKNOWN_SYMBOL
        )
    return str(symbol)


def finer_of(config: Config, given: Any, series: Mapping[str, Any]) -> dict[str, tuple[_core.Bars | _core.Ticks, ...]]:
    """The finer series of each symbol, checked and completed."""
    return {
        symbol: tuple(_checked(one, config, symbol) for one in finer)
        for symbol, finer in _finer(config, given, series).items()
    }


def _finer(config: Config, given: Any, series: Mapping[str, Any]) -> dict[str, tuple[Series, ...]]:
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        given = {_only_symbol(config, getattr(given, "symbol", ""), "finer"): given}
    finer: dict[str, tuple[Series, ...]] = {}
    for symbol, tables in given.items():
        if _known(config, symbol, "finer") not in series:
            raise InputError(f"finer: {symbol} has no bars; expected some for finer data to refine", MISSING_DATA)
        tables = tables if isinstance(tables, list | tuple) else [tables]
        finer[symbol] = tuple(_finer_series(table, symbol) for table in tables)
    return finer


def _finer_series(table: Any, symbol: str) -> Series:
    if isinstance(table, Bars | Ticks):
        return table
    from omegasim.data.columns import looks_like_ticks
    from omegasim.data.table import frame_of

    frame = frame_of(table, f"finer {symbol}")
    return Ticks(frame, symbol=symbol) if looks_like_ticks(frame) else Bars(frame, symbol=symbol)


def _checked(series: Series, config: Config, symbol: str) -> _core.Bars | _core.Ticks:
    if isinstance(series, Ticks):
        return series._of_symbol(symbol)
    return series._complete(config.instrument(symbol))
