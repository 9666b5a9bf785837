"""Ready instruments, and those of a broker's symbol list."""

import difflib
import tomllib
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from omegasim.errors import UNKNOWN_SYMBOL, InputError
from omegasim.instrument import Instrument
from omegasim.symbol_list import TickValues, read_symbols

__all__ = ["fx", "get", "load", "names"]


def names() -> tuple[str, ...]:
    """Names of the ready instruments: FX majors, crosses, metals, index CFDs.

    Examples
    --------
    >>> import omegasim as om
    >>> len(om.instruments.names())
    44
    """
    return (*_table()["fx"]["pairs"], *_table()["instruments"])


def fx(symbol: str, /, **changes: Any) -> Instrument:
    """A ready currency pair.

    Parameters
    ----------
    symbol : str
        Such as `"EURUSD"`.
    **changes
        Fields of `Instrument` that differ at your broker, its name for the symbol among them.

    Raises
    ------
    InputError
        There is no such pair, or a changed field is wrong.

    Examples
    --------
    >>> import omegasim as om
    >>> om.instruments.fx("USDJPY", swaps=om.Swaps(kind="points", long=9.1, short=-21.3)).pip_size
    0.01
    """
    table = _table()["fx"]
    if symbol not in table["pairs"]:
        raise _unknown("currency pair", symbol, table["pairs"])
    terms = {**table["terms"], **table.get(f"terms_in_{symbol[3:].lower()}", {})}
    return Instrument(**{"symbol": symbol, "base": symbol[:3], "quote": symbol[3:], **terms, **changes})


def get(symbol: str, /, **changes: Any) -> Instrument:
    """A ready instrument of any kind.

    Parameters
    ----------
    symbol : str
        One of `names()`.
    **changes
        Fields of `Instrument` that differ at your broker, its name for the symbol among them.

    Raises
    ------
    InputError
        There is no such instrument, or a changed field is wrong.

    Examples
    --------
    >>> import omegasim as om
    >>> gold = om.instruments.get("XAUUSD", tick_size=0.001)
    >>> gold.contract_size, gold.tick_size
    (100.0, 0.001)
    """
    terms = _table()["instruments"].get(symbol)
    if terms is not None:
        return Instrument(**{"symbol": symbol, **terms, **changes})
    if symbol not in names():
        raise _unknown("instrument", symbol, names())
    return fx(symbol, **changes)


def load(
    path: str | Path, *, symbols: Collection[str] | None = None, tick_values: TickValues = "converted"
) -> tuple[Instrument, ...]:
    """Instruments of a broker's symbol list in JSON or TOML.

    A list of tables, a table `symbols` of them (or `instruments`, as in a config file), or tables by name. Fields
    bear the names of MetaTrader 5's `symbol_info` or of `Instrument`; the latter win, and what is neither is
    left aside. A pip is ten points where prices have 3 or 5 digits, else one, unless `pip_size` is there.

    Parameters
    ----------
    path : str or Path
        A `.json` or `.toml` file.
    symbols : collection of str, optional
        Those to take, in this order; all where not given.
    tick_values : {"converted", "fixed"}
        What becomes of `trade_tick_value`, which holds at the moment of the export: it is left aside, and money is
        converted at the rates of each moment; or it holds throughout.

    Returns
    -------
    tuple of Instrument
        In the order of the file, or of `symbols`.

    Raises
    ------
    MissingFileError, FileError
        The file is not there, or neither JSON nor TOML.
    InputError
        Names file, symbol and field: something is missing or wrong, or a swap mode has no counterpart.

    Examples
    --------
    >>> import json, pathlib, tempfile, omegasim as om
    >>> path = pathlib.Path(tempfile.mkdtemp(), "symbols.json")
    >>> _ = path.write_text(json.dumps([{
    ...     "name": "EURUSD", "currency_base": "EUR", "currency_profit": "USD", "digits": 5, "point": 1e-5,
    ...     "trade_tick_size": 1e-5, "trade_contract_size": 1e5, "volume_min": 0.01, "volume_step": 0.01,
    ...     "volume_max": 500, "trade_stops_level": 10, "swap_mode": 1, "swap_long": -7.2, "swap_short": 2.1,
    ...     "swap_rollover3days": 3}]))
    >>> (eurusd,) = om.instruments.load(path)
    >>> eurusd.pip_size, eurusd.stops_level, eurusd.swaps.kind, eurusd.swaps.triple_day
    (0.0001, 10.0, 'points', 'wednesday')
    """
    return read_symbols(Path(path), symbols, tick_values)


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("omegasim").joinpath("instruments.toml").read_text(encoding="utf-8"))


def _unknown(kind: str, symbol: str, known: Collection[str]) -> InputError:
    near = difflib.get_close_matches(str(symbol), known, n=1)
    hint = f"; did you mean {near[0]!r}?" if near else f"; known: {', '.join(known)}"
    return InputError(f"there is no ready {kind} {symbol!r}{hint}", UNKNOWN_SYMBOL)
