"""MetaTrader: the terminal's export of bars and ticks, and what `copy_rates` and `copy_ticks` give."""

import re

from omegasim.data.layout import Layout
from omegasim.data.text import Head

_EXPORT = {
    "<date>": "date", "<time>": "clock", "<open>": "open", "<high>": "high", "<low>": "low", "<close>": "close",
    "<tickvol>": "volume", "<vol>": "real_volume", "<spread>": "spread", "<bid>": "bid", "<ask>": "ask",
}  # fmt: skip
_RATES = {"tick_volume": "volume", **{name: name for name in ("time", "open", "high", "low", "close", "spread")}}
_TICKS = {"time_msc": "time", "bid": "bid", "ask": "ask"}
_PLAIN = re.compile(r"\d{4}\.\d\d\.\d\d,\d\d:\d\d(,[\d.]+){5}")
PRICES = ("open", "high", "low", "close")


def export_layout(head: Head) -> Layout | None:
    """The layout of an export, where the header or the lines fit."""
    if head.matches(_PLAIN):
        columns = {"date": 0, "clock": 1, **{price: 2 + index for index, price in enumerate(PRICES)}, "volume": 6}
        return Layout("metatrader", "bars", columns, 7, ",")
    header = [name.lower() for name in head.fields(0)]
    found = {_EXPORT[name]: index for index, name in enumerate(header) if name in _EXPORT}
    if "date" not in found:
        return None
    headers = {name: head.fields(0)[index] for name, index in found.items()}
    if {"bid", "ask"} <= found.keys():
        columns = {name: found[name] for name in ("date", "clock", "bid", "ask") if name in found}
        return Layout("metatrader", "ticks", columns, head.width, head.separator, 1, sparse=True, headers=headers)
    if not set(PRICES) <= found.keys():
        return None
    columns = {name: index for name, index in found.items() if name != "real_volume"}
    return Layout("metatrader", "bars", columns, head.width, head.separator, 1, unit="points", headers=headers)


def rates_layout(head: Head) -> Layout | None:
    """The layout of a table that `copy_rates` or `copy_ticks` gave, where the header fits."""
    names = head.fields(0)
    if is_rates(names):
        columns = {_RATES[name]: index for index, name in enumerate(names) if name in _RATES}
        return Layout("copy_rates", "bars", columns, head.width, head.separator, 1, unit="points")
    if set(_TICKS) <= set(names):
        columns = {_TICKS[name]: index for index, name in enumerate(names) if name in _TICKS}
        return Layout("copy_rates", "ticks", columns, head.width, head.separator, 1)
    return None


def is_rates(names: list[str]) -> bool:
    """Whether a table has the columns of `copy_rates`: their spread is in points, their time the server's."""
    return {*_RATES, "real_volume"} <= set(names)
