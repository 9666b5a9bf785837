"""Round places on an axis, chosen as plotly chooses them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil, floor, log10

from omegasim.report.number import number

MINUTE = 60 * 10**9
DAY = 1440 * MINUTE
_MONTH = 365.25 / 12 * DAY
_BASE = int(datetime(2000, 1, 1, tzinfo=UTC).timestamp()) * 10**9
_CLOCK = [MINUTE * count for count in (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440)]
_DAYS = [DAY * count for count in (2, 3, 7, 14)]
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120)


@dataclass(frozen=True)
class Tick:
    """A place on an axis and the lines of its label."""

    at: float
    label: str
    below: str = ""


def value_ticks(least: float, most: float, pixels: float, decimals: int | None = None) -> list[Tick]:
    """Multiples of 1, 2 or 5 on an axis of that length.

    Examples
    --------
    >>> [one.label for one in value_ticks(11171.7, 104839.8, 256)]
    ['20,000', '40,000', '60,000', '80,000', '100,000']
    >>> [one.label for one in value_ticks(1.04, 1.29, 408, 5)]
    ['1.05000', '1.10000', '1.15000', '1.20000', '1.25000']
    """
    rough = (most - least) / (min(max(pixels / 40, 4), 9) + 1)
    power = 10.0 ** floor(log10(rough))
    step = power * next(count for count in (2, 5, 10) if count * power >= rough)
    shown = max(0, ceil(-log10(step) - 1e-9)) if decimals is None else decimals
    places = (count * step for count in range(ceil(least / step), floor(most / step) + 1))
    return [Tick(at, number(at, shown)) for at in places]


def time_ticks(start: int, end: int, most: int) -> list[Tick]:
    """At most about that many times between two times in nanoseconds.

    Examples
    --------
    >>> january = 1704067200 * 10**9
    >>> [one.label for one in time_ticks(january, january + 363 * DAY, 5)]
    ['Jan 2024', 'Apr 2024', 'Jul 2024', 'Oct 2024']
    >>> [(one.label, one.below) for one in time_ticks(january, january + 9 * DAY, 5)]
    [('Jan 1', '2024'), ('Jan 3', ''), ('Jan 5', ''), ('Jan 7', ''), ('Jan 9', '')]
    """
    rough = (end - start) / most
    fixed = next((step for step in (*_CLOCK, *_DAYS) if step >= rough), None)
    if fixed is None:
        months = next((count for count in _MONTHS if count * _MONTH >= rough), _MONTHS[-1])
        form = "%Y" if months >= 12 else "%b %Y"
        return [Tick(at, _moment(at).strftime(form)) for at in _firsts(start, end, months)]
    return _labelled(_multiples(start, end, fixed), fixed)


def _multiples(start: int, end: int, step: int) -> range:
    base = _BASE + DAY * (step % (7 * DAY) == 0)  # weeks begin on a Sunday
    return range(base + -(-(start - base) // step) * step, end + 1, step)


def _firsts(start: int, end: int, months: int) -> Iterator[int]:
    """The first moments of every so many months."""
    first = _moment(start)
    month = (first.year * 12 + first.month - 1) // months * months
    while (at := int(datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC).timestamp()) * 10**9) <= end:
        if at >= start:
            yield at
        month += months


def _labelled(places: range, step: int) -> list[Tick]:
    """The year or the day stands below where it begins."""
    ticks: list[Tick] = []
    last = ""
    for at in places:
        time = _moment(at)
        day = f"{time:%b} {time.day}"
        label, below = (day, f"{time.year}") if step >= DAY else (f"{time:%H:%M}", f"{day}, {time.year}")
        ticks.append(Tick(at, label, "" if below == last else below))
        last = below
    return ticks


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at // 10**9, UTC)
