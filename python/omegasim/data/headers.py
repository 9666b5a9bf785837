"""The usual spellings of column names, and what they mean."""

import re
from collections.abc import Iterable
from functools import lru_cache

from omegasim.errors import COLUMN_TWICE, MISSING_COLUMN, InputError

PRICES = ("open", "high", "low", "close")
TWO_SIDES = tuple(f"{side}_{price}" for side in ("bid", "ask") for price in PRICES)

_TIME = {
    "time", "timestamp", "datetime", "date", "dateandtime", "gmttime", "timegmt", "utctime", "timeutc", "localtime",
    "opentime", "bartime", "ticktime", "timestamputc",
}  # fmt: skip
# In the order of preference: files often carry several.
_VOLUME = ("volume", "vol", "v", "tickvolume", "tickvol", "realvolume")
_SIDES = {"bid": ("bid", "b"), "ask": ("ask", "offer", "a")}
_SPREAD = {"spread"}


def _spellings() -> dict[str, str]:
    names: dict[str, str] = {}
    for price in PRICES:
        for short in (price, price[0]):
            names[short] = price
            for side, sides in _SIDES.items():
                for word in sides:
                    names[word + short] = f"{side}_{price}"
                    names[short + word] = f"{side}_{price}"
    names["last"] = "close"
    return names


_PRICE = _spellings()
_TICK = {
    **dict.fromkeys(("bid", "bidprice", "pricebid", "b"), "bid"),
    **dict.fromkeys(("ask", "askprice", "priceask", "offer", "a"), "ask"),
}


def time_columns(names: Iterable[str]) -> list[str]:
    """Columns that may hold the time: one, or a date and a time of day."""
    return [name for name in names if _key(name) in _TIME]


def bar_names(names: list[str], where: str) -> dict[str, str]:
    """Map what a bar has (`time`, `bid_open`, `open`, `volume`, `spread`) to the columns found."""
    found = _matched(names, _PRICE, where)
    for key in _VOLUME:
        volume = [name for name in names if _key(name) == key]
        if volume:
            found["volume"] = volume[0]
            break
    spread = [name for name in names if _key(name) in _SPREAD]
    if spread:
        found["spread"] = spread[0]
    return found


def tick_names(names: list[str], where: str) -> dict[str, str]:
    """Map what a tick has (`time`, `bid`, `ask`) to the columns found."""
    return _matched(names, _TICK, where)


def require(found: dict[str, str], wanted: Iterable[str], names: list[str], where: str) -> None:
    """Refuse a table that lacks a column."""
    missing = [name for name in wanted if name not in found]
    if missing:
        columns = "column" if len(missing) == 1 else "columns"
        listed = ", ".join(missing)
        raise InputError(f"{where}: missing {columns} {listed}; found {', '.join(names) or 'none'}", MISSING_COLUMN)


def _matched(names: list[str], meanings: dict[str, str], where: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        meaning = meanings.get(_key(name))
        if meaning is None:
            continue
        if meaning in found:
            raise InputError(
                f"{where}: columns {found[meaning]!r} and {name!r} both mean {meaning!r}; expected one of them",
                COLUMN_TWICE,
            )
        found[meaning] = name
    return found


@lru_cache
def _key(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())
