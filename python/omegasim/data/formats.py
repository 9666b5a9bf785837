"""Which format a text file has: every format looks at the first lines; two that fit are a question, not a guess."""

import re
from collections.abc import Callable

from omegasim.data import dukascopy, histdata, lean, metatrader, truefx
from omegasim.data.headers import PRICES, TWO_SIDES, bar_names, require, tick_names, time_columns
from omegasim.data.layout import Kind, Layout
from omegasim.data.reading import Reading
from omegasim.data.text import Head
from omegasim.errors import AMBIGUOUS_FORMAT, MISSING_COLUMN, UNREADABLE_FILE, FileError, InputError

_LAYOUTS: dict[str, Callable[[Head], Layout | None]] = {
    "dukascopy": dukascopy.layout,
    "metatrader": metatrader.export_layout,
    "copy_rates": metatrader.rates_layout,
    "histdata": histdata.layout,
    "lean": lean.layout,
    "truefx": truefx.layout,
}


def layout_of(head: Head, reading: Reading, kind: Kind | None) -> Layout:
    """Detect the layout of a text file.

    Raises
    ------
    InputError
        The file fits two formats, or has no columns of bars or ticks.
    FileError
        The file does not have the format that was asked for.
    """
    if reading.format == "table":
        return _table(head, kind)
    if reading.format is not None:
        asked = _LAYOUTS[reading.format](head)
        if asked is None:
            raise FileError(
                f"{head.where}: is not in the format {reading.format!r}; its first line is {head.lines[0][:80]!r}",
                UNREADABLE_FILE,
            )
        return asked
    fitting = [found for layout in _LAYOUTS.values() if (found := layout(head)) is not None]
    if len(fitting) > 1:
        names = " and ".join(repr(found.format) for found in fitting)
        choice = " or ".join(f"format={found.format!r}" for found in fitting)
        raise InputError(
            f"{head.where}: fits the formats {names}, whose times differ; expected {choice}", AMBIGUOUS_FORMAT
        )
    return fitting[0] if fitting else _table(head, kind)


def _table(head: Head, kind: Kind | None) -> Layout:
    """A table with column names in any usual spelling."""
    names = head.fields(0)
    if len(head.lines) > 1 and head.width > len(names) and any(head.fields(1)[len(names) :]):
        raise InputError(
            f"{head.where}: rows of {head.width} fields under {len(names)} column names; "
            "a comma may be both separator and decimal point",
            MISSING_COLUMN,
        )
    if all(re.fullmatch(r"[\d.,:\-/ T]+", name) for name in names):
        raise InputError(
            f"{head.where}: the first line holds values, {', '.join(names)[:80]}; expected column names above "
            "them, such as time,open,high,low,close or time,bid,ask",
            MISSING_COLUMN,
        )
    found, kind = _columns(head, names, kind)
    times = time_columns(names)
    if not times:
        raise InputError(f"{head.where}: missing column time; found {', '.join(names)[:200]}", MISSING_COLUMN)
    positions = {name: names.index(column) for name, column in found.items()}
    if len(times) == 2 and sum("date" in name.lower() for name in times) == 1:
        day, clock = sorted(times, key=lambda name: "date" not in name.lower())
        clocks = {"date": names.index(day), "clock": names.index(clock)}
    else:
        clocks = {"time": names.index(_one_time(head, times))}
    columns = {**clocks, **positions}
    headers = {name: names[index] for name, index in columns.items()}
    return Layout("table", kind, columns, head.width, head.separator, 1, headers=headers)


def _one_time(head: Head, times: list[str]) -> str:
    if len(times) > 1:
        raise InputError(
            f"{head.where}: columns {', '.join(times)} all mean the time; expected one of them", MISSING_COLUMN
        )
    return times[0]


def _columns(head: Head, names: list[str], kind: Kind | None) -> tuple[dict[str, str], Kind]:
    ticks = tick_names(names, head.where)
    if kind == "ticks" or (kind is None and ticks.keys() >= {"bid", "ask"}):
        require(ticks, ("bid", "ask"), names, head.where)
        return ticks, "ticks"
    found = bar_names(names, head.where)
    prices = bar_prices(found)
    if kind == "bars" and not set(prices) <= found.keys() and ticks.keys() >= {"bid", "ask"}:
        return ticks, "ticks"
    require(found, prices, names, head.where)
    return {name: found[name] for name in (*prices, "volume", "spread") if name in found}, "bars"


def bar_prices(found: dict[str, str]) -> tuple[str, ...]:
    """Columns of prices that a table of bars has: both sides, one named side, or one side."""
    sides = [side for side in ("bid", "ask") if any(name.startswith(f"{side}_") for name in found)]
    if len(sides) == 2:
        return TWO_SIDES
    return tuple(f"{sides[0]}_{price}" for price in PRICES) if sides else PRICES
