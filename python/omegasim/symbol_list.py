"""A broker's symbol list, with the field names of MetaTrader 5."""

import json
import tomllib
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from omegasim.errors import (
    CONFIG,
    MISSING_FILE,
    UNKNOWN_SYMBOL,
    UNREADABLE_FILE,
    FileError,
    InputError,
    MissingFileError,
)
from omegasim.instrument import Instrument

TickValues = Literal["converted", "fixed"]

# Those that mean the same; the first that is there counts.
NAMES = {
    "symbol": ("name",),
    "base": ("currency_base",),
    "quote": ("currency_profit",),
    "tick_size": ("trade_tick_size", "point"),
    "contract_size": ("trade_contract_size",),
    "volume_min": ("volume_min",),
    "volume_step": ("volume_step",),
    "volume_max": ("volume_max",),
}
# ENUM_SYMBOL_SWAP_MODE, as far as it can be booked.
SWAP_MODES = {1: "points", 4: "money", 5: "percent"}
# ENUM_DAY_OF_WEEK.
DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
# Digits with a tenth of a pip.
PIPETTES = (3, 5)


def read_symbols(path: Path, symbols: Collection[str] | None, tick_values: TickValues) -> tuple[Instrument, ...]:
    """Instruments of a file, all or some."""
    listed = {str(row.get("symbol", row.get("name"))): row for row in _rows(path, _read(path))}
    for symbol in symbols or ():
        if symbol not in listed:
            raise InputError(f"{path}: there is no symbol {symbol!r}; known: {', '.join(listed)}", UNKNOWN_SYMBOL)
    wanted = listed if symbols is None else symbols
    return tuple(_instrument(path, symbol, listed[symbol], tick_values) for symbol in wanted)


def _read(path: Path) -> Any:
    try:
        text = path.read_text(encoding="utf-8")
        return tomllib.loads(text) if path.suffix.lower() == ".toml" else json.loads(text)
    except FileNotFoundError:
        raise MissingFileError(f"{path}: no such file; expected a list of symbols", MISSING_FILE) from None
    except OSError as error:
        raise FileError(f"{path}: cannot be read: {error.strerror}", UNREADABLE_FILE) from None
    except ValueError as error:
        raise FileError(f"{path}: neither JSON nor TOML: {error}", UNREADABLE_FILE) from None


def _rows(path: Path, content: Any) -> Iterator[Mapping[str, Any]]:
    for name in ("symbols", "instruments"):
        if isinstance(content, Mapping) and isinstance(content.get(name), list | Mapping):
            content = content[name]
    if isinstance(content, Mapping):
        content = [{"name": name, **row} if isinstance(row, Mapping) else row for name, row in content.items()]
    if not isinstance(content, list):
        raise InputError(f"{path}: expected a list of symbols, found {content!r}", CONFIG)
    for number, row in enumerate(content):
        if not isinstance(row, Mapping) or not {"symbol", "name"} & row.keys():
            raise InputError(f"{path}: entry {number} is no symbol; expected a table with a name", CONFIG)
        yield row


def _instrument(path: Path, symbol: str, row: Mapping[str, Any], tick_values: TickValues) -> Instrument:
    try:
        return Instrument.from_values({**_translated(row, tick_values), **_own(row)})
    except InputError as error:
        raise InputError(f"{path}: {symbol}: {str(error).removeprefix('config: ')}", error.code) from None
    except (TypeError, ArithmeticError):
        raise InputError(f"{path}: {symbol}: expected numbers for point, digits, stops and swaps", CONFIG) from None


def _own(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in Instrument.model_fields if name in row}


def _translated(row: Mapping[str, Any], tick_values: TickValues) -> dict[str, Any]:
    values = {
        name: next(row[theirs] for theirs in known if theirs in row)
        for name, known in NAMES.items()
        if any(theirs in row for theirs in known)
    }
    if "point" in row:
        values["pip_size"] = _times(row["point"], 10 if row.get("digits") in PIPETTES else 1)
    if "trade_stops_level" in row:
        values["stops_level"] = _points(row, values, row["trade_stops_level"])
    if tick_values == "fixed" and "trade_tick_value" in row:
        values["tick_value"] = row["trade_tick_value"]
    if row.get("swap_mode", 0) != 0 and "swaps" not in row:
        values["swaps"] = _swaps(row, values)
    return values


def _swaps(row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    mode, day = row["swap_mode"], row.get("swap_rollover3days", 3)
    if mode not in SWAP_MODES:
        known = ", ".join(f"{number} ({kind})" for number, kind in SWAP_MODES.items())
        raise InputError(f"swap_mode: expected 0 (none), {known}; found {mode!r}; or give swaps", CONFIG)
    if day not in range(len(DAYS)):
        raise InputError(f"swap_rollover3days: expected a day from 0 (Sunday) to 6, found {day!r}", CONFIG)
    sides = {side: row.get(f"swap_{side}", 0.0) for side in ("long", "short")}
    if mode == 1:
        sides = {side: _points(row, values, value) for side, value in sides.items()}
    return {"kind": SWAP_MODES[mode], **sides, "triple_day": DAYS[day]}


def _points(row: Mapping[str, Any], values: Mapping[str, Any], number: float) -> float:
    """Points of MetaTrader, which may be finer than the tick, in ticks."""
    if "point" not in row or row["point"] == values.get("tick_size"):
        return float(number)
    return float(Decimal(repr(number)) * Decimal(repr(row["point"])) / Decimal(repr(values["tick_size"])))


def _times(number: float, factor: int) -> float:
    return float(Decimal(repr(number)) * factor)
