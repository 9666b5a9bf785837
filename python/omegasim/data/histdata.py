"""HistData: ASCII bars and ticks, on New York's winter clock all year."""

import re

from omegasim.data.layout import Layout
from omegasim.data.text import Head

# Eastern standard time without daylight saving; the zone database counts westwards.
_ZONE = "Etc/GMT+5"
_NUMBER = r"[\d.]+"
_BARS = re.compile(rf"\d{{8}} \d{{6}}(;{_NUMBER}){{5}}")
_TICKS = re.compile(rf"\d{{8}} \d{{9}}(,{_NUMBER}){{3}}")
_METATRADER = re.compile(rf"\d{{4}}\.\d\d\.\d\d,\d\d:\d\d(,{_NUMBER}){{5}}")


def layout(head: Head) -> Layout | None:
    """The layout, where the lines fit."""
    if head.matches(_BARS):
        prices = {"time": 0, "open": 1, "high": 2, "low": 3, "close": 4}
        return Layout("histdata", "bars", prices, 6, ";", zone=_ZONE, times="%Y%m%d %H%M%S")
    if head.matches(_TICKS):
        return Layout(
            "histdata", "ticks", {"time": 0, "bid": 1, "ask": 2}, 4, ",", zone=_ZONE, times="%Y%m%d %H%M%S%3f"
        )
    if head.matches(_METATRADER):
        prices = {"date": 0, "clock": 1, "open": 2, "high": 3, "low": 4, "close": 5}
        return Layout("histdata", "bars", prices, 7, ",", zone=_ZONE)
    return None
