"""LEAN: quote bars and ticks, the day in the file's name, milliseconds since its midnight in the lines."""

import re
from datetime import date

from omegasim.data.layout import Layout
from omegasim.data.text import Head
from omegasim.errors import UNREADABLE_FILE, FileError

_NUMBER = r"[\d.]*"
_TIME = r"(\d{1,8}(\.\d+)?|\d{8} \d\d:\d\d)"
_QUOTES = re.compile(rf"{_TIME}(,{_NUMBER}){{10}}")
_SHORT_TICKS = re.compile(r"\d{1,8}(\.\d+)?(,[\d.]+){2}")
_LONG_TICKS = re.compile(rf"\d{{1,8}}(\.\d+)?(,{_NUMBER}){{4}}(,\w*){{0,3}}")
_DAY = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)")
_BARS = {
    "time": 0,
    **{f"bid_{price}": 1 + index for index, price in enumerate(("open", "high", "low", "close"))},
    **{f"ask_{price}": 6 + index for index, price in enumerate(("open", "high", "low", "close"))},
}
# Folder of the kind of security, and the zone of its data.
_ZONES = {"forex": "UTC", "cfd": "UTC", "crypto": "UTC", "cryptofuture": "UTC", "equity": "America/New_York"}


def layout(head: Head) -> Layout | None:
    """The layout, where the lines fit."""
    if not (head.member or _day(head)):
        return None
    width = head.width
    if head.matches(_QUOTES):
        return _timed(head, Layout("lean", "bars", _BARS, width, ",", zone=_zone(head)))
    if head.matches(_SHORT_TICKS):
        return _timed(head, Layout("lean", "ticks", {"time": 0, "bid": 1, "ask": 2}, width, ",", zone=_zone(head)))
    if head.matches(_LONG_TICKS):
        return _timed(head, Layout("lean", "ticks", {"time": 0, "bid": 1, "ask": 3}, width, ",", zone=_zone(head)))
    return None


def _timed(head: Head, found: Layout) -> Layout:
    if " " in head.fields(0)[0]:
        return Layout(found.format, found.kind, found.columns, found.width, ",", zone=found.zone, times="%Y%m%d %H:%M")
    day = _day(head)
    if day is None:
        raise FileError(
            f"{head.where}: LEAN counts milliseconds from the day in the file's name; "
            "expected a name such as 20140501_quote.zip",
            UNREADABLE_FILE,
        )
    return Layout(found.format, found.kind, found.columns, found.width, ",", zone=found.zone, times="day", day=day)


def _day(head: Head) -> date | None:
    for name in (head.member, head.path.name):
        for found in _DAY.finditer(name):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                continue
    return None


def _zone(head: Head) -> str | None:
    return next((_ZONES[part] for part in reversed(head.path.parts) if part in _ZONES), None)
