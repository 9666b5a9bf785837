"""Dukascopy: CSV of bars and ticks as the platform and the web page export them."""

import re
from typing import Literal

from omegasim.data.layout import Layout
from omegasim.data.text import Head

_HEADER = re.compile(r"(?:(?:gmt|local|utc)? ?time|time \((\w+)\))", re.IGNORECASE)
_TIME = re.compile(r"\d\d\.\d\d\.\d{4} \d\d:\d\d:\d\d\.\d{3}( GMT[+-]\d{4})?")
_SIDE = re.compile(r"(?:^|[_\-. ])(bid|ask)(?=[_\-. ]|$)", re.IGNORECASE)
_BARS = {"open": "open", "high": "high", "low": "low", "close": "close", "volume": "volume"}
_TICKS = {"ask": "ask", "bid": "bid"}
_ZONES = {"EET": "Europe/Helsinki", "CET": "Europe/Paris", "UTC": "UTC", "GMT": "UTC"}


def layout(head: Head) -> Layout | None:
    """The layout, where header and lines fit."""
    header = head.fields(0)
    time = _HEADER.fullmatch(header[0])
    if not time or len(head.lines) < 2 or not _TIME.fullmatch(head.fields(1)[0]):
        return None
    zone = _ZONES.get((time[1] or "").upper(), time[1])
    names = [name.lower().replace(" ", "") for name in header]
    for kind, wanted in (("bars", _BARS), ("ticks", _TICKS)):
        found = {wanted[name]: index for index, name in enumerate(names) if name in wanted}
        if found.keys() >= set(wanted) - {"volume"}:
            columns = {"time": 0, **found}
            headers = {name: header[index] for name, index in columns.items()}
            side = side_of(head.where) if kind == "bars" else None
            return Layout(
                "dukascopy", "bars" if kind == "bars" else "ticks", columns, head.width, head.separator, 1,
                zone=zone, side=side, headers=headers,
            )  # fmt: skip
    return None


def side_of(name: str) -> Literal["bid", "ask"] | None:
    """Side that a file's name tells: `EURUSD_Candlestick_1_M_BID_01.01.2017.csv`."""
    found = _SIDE.search(name)
    if found is None:
        return None
    return "bid" if found[1].lower() == "bid" else "ask"
