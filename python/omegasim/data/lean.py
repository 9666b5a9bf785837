"""LEAN: quote bars, trade bars and ticks, the day in the file's name, milliseconds since its midnight in the lines.

The folders tell the clock, `Data/<kind>/<market>/<resolution>/...` (LEAN's documentation of its data formats, the
readme files under `Data/` in its repository):

- `forex/oanda` and `cfd` are in UTC, `forex/fxcm` on New York's winter clock (UTC-5) all year;
- `crypto` is in UTC;
- `equity/usa` is on New York's clock, and all of `equity` has prices in ten-thousandths;
- of `index`, `future` and other folders every market has a clock of its own, which only LEAN's table of market hours
  knows: there, and without folders, UTC is taken and said on the log.

Trade bars (`open, high, low, close, volume` of what was dealt) have no bid and ask: they are bars of one side.
"""

import re
from dataclasses import replace
from datetime import date

from omegasim.data.headers import PRICES
from omegasim.data.layout import Layout
from omegasim.data.text import Head
from omegasim.errors import UNREADABLE_FILE, FileError

_NUMBER = r"[\d.]*"
_TIME = r"(\d{1,8}(\.\d+)?|\d{8} \d\d:\d\d)"
_QUOTES = re.compile(rf"{_TIME}(,{_NUMBER}){{10}}")
_TRADES = re.compile(rf"{_TIME}(,[\d.]+){{4,5}}")
_SHORT_TICKS = re.compile(r"\d{1,8}(\.\d+)?(,[\d.]+){2}")
_LONG_TICKS = re.compile(rf"\d{{1,8}}(\.\d+)?(,{_NUMBER}){{4}}(,\w*){{0,3}}")
_DAY = re.compile(r"(?<!\d)(\d{4})(\d\d)(\d\d)(?!\d)")
_QUOTE_BARS = {
    "time": 0,
    **{f"bid_{price}": 1 + index for index, price in enumerate(PRICES)},
    **{f"ask_{price}": 6 + index for index, price in enumerate(PRICES)},
}
_TRADE_BARS = {"time": 0, **{price: 1 + index for index, price in enumerate(PRICES)}}
_CLOCKS = {
    ("forex", "oanda"): "UTC",
    ("forex", "fxcm"): "Etc/GMT+5",
    ("equity", "usa"): "America/New_York",
    **{(kind, ""): "UTC" for kind in ("cfd", "crypto", "cryptofuture")},
}
_EQUITY_DIVISOR = 10_000.0


def layout(head: Head) -> Layout | None:
    """The layout, where the lines fit.

    Raises
    ------
    FileError
        Lines and name leave open what the numbers are, or they are dealt prices without bid and ask.
    """
    if not (head.member or _day(head)):
        return None
    found = Layout("lean", "bars", _QUOTE_BARS, head.width, ",", zone=_zone(head), divisor=_divisor(head))
    if head.matches(_QUOTES):
        return _timed(head, found)
    quotes, trades = _named(head, "quote"), _named(head, "trade")
    short, long = head.matches(_SHORT_TICKS), head.matches(_LONG_TICKS)
    if trades and (short or _named(head, "tick")):
        raise FileError(
            f"{head.where}: LEAN's ticks of trades have no bid and ask; expected quotes, such as 20140501_quote.zip",
            UNREADABLE_FILE,
        )
    if head.matches(_TRADES) and not quotes:
        if long and not trades:
            raise FileError(
                f"{head.where}: may hold ticks with their sizes or bars of trades; expected quote or trade "
                "in its name, such as 20140501_quote.zip",
                UNREADABLE_FILE,
            )
        volume = {"volume": 5} if head.width == 6 else {}
        return _timed(head, replace(found, columns=_TRADE_BARS | volume))
    if short or long:
        columns = {"time": 0, "bid": 1, "ask": 2 if short else 3}
        return _timed(head, replace(found, kind="ticks", columns=columns))
    return None


def _timed(head: Head, found: Layout) -> Layout:
    if " " in head.fields(0)[0]:
        return replace(found, times="%Y%m%d %H:%M")
    day = _day(head)
    if day is None:
        raise FileError(
            f"{head.where}: LEAN counts milliseconds from the day in the file's name; "
            "expected a name such as 20140501_quote.zip",
            UNREADABLE_FILE,
        )
    return replace(found, times="day", day=day)


def _named(head: Head, word: str) -> bool:
    return any(word in re.split(r"[^a-z]+", name.lower()) for name in (head.member, head.path.name))


def _day(head: Head) -> date | None:
    for name in (head.member, head.path.name):
        for found in _DAY.finditer(name):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                continue
    return None


def _zone(head: Head) -> str | None:
    folders = [part.lower() for part in head.path.parts]
    return next(
        (zone for (kind, market), zone in _CLOCKS.items() if kind in folders and market in (*folders, "")), None
    )


def _divisor(head: Head) -> float:
    return _EQUITY_DIVISOR if "equity" in head.path.parts else 1.0
