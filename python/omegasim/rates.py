"""Conversion rates from outside the run (F1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from omegasim import _core
from omegasim.data.bars import Bars
from omegasim.data.ticks import Ticks
from omegasim.errors import ARGUMENT, InputError
from omegasim.market import series_facts

if TYPE_CHECKING:
    from omegasim.data.table import Table

    RatesInput: TypeAlias = Mapping[str, Bars | Ticks | Table]
else:
    RatesInput = Any


@dataclass(frozen=True)
class RateSeries:
    """The prices of a pair, for conversion."""

    base: str
    quote: str
    checked: _core.Bars | _core.Ticks
    cleaned: dict[str, int]


def facts_of(rates: Iterable[RateSeries]) -> dict[str, dict[str, Any]]:
    """What a saved run tells about each pair."""
    return {rate.base + rate.quote: series_facts(rate.checked, rate.cleaned) for rate in rates}


def rates_of(given: Any) -> tuple[RateSeries, ...]:
    """Check the names and tables of conversion pairs."""
    if given is None:
        return ()
    if not isinstance(given, Mapping):
        raise InputError('rates: expected a mapping of pairs such as {"EURUSD": bars}', ARGUMENT)
    return tuple(_rate(pair, table) for pair, table in given.items())


def currencies_of(pair: Any) -> tuple[str, str]:
    """Base and quote of a pair's name."""
    if not isinstance(pair, str) or len(pair) != 6:
        raise InputError(f"rates: expected a pair of two currencies such as 'EURUSD', found {pair!r}", ARGUMENT)
    return pair[:3], pair[3:]


def _two_sides(bars: Bars) -> _core.Bars | None:
    """Bars of both sides, those that an instrument completed among them."""
    return bars._checked or next(iter(bars._of_instrument.values()), None)


def _rate(pair: Any, table: Any) -> RateSeries:
    base, quote = currencies_of(pair)
    if not isinstance(table, Bars | Ticks):
        from omegasim.data.columns import looks_like_ticks
        from omegasim.data.table import frame_of

        frame = frame_of(table, f"rates {pair}")
        table = Ticks(frame, symbol=pair) if looks_like_ticks(frame) else Bars(frame, symbol=pair)
    checked = table._of_symbol(pair) if isinstance(table, Ticks) else _two_sides(table)
    if checked is None or (isinstance(checked, _core.Bars) and not checked.has_ask):
        raise InputError(
            f"rates {pair}: there is one side only; expected bid and ask, whose middle is the rate", ARGUMENT
        )
    return RateSeries(base, quote, checked, table.cleaned)
