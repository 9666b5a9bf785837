"""Numbers as people read them."""

from datetime import UTC, datetime

MINUS = "\u2212"


def number(value: float | None, digits: int = 2) -> str:
    """Thousands apart, a true minus sign, a dash where there is none.

    Examples
    --------
    >>> number(1234.5), number(None), number(-0.001)
    ('1,234.50', '\u2013', '0.00')
    """
    if value is None:
        return "\u2013"
    written = f"{abs(value):,.{digits}f}"
    return MINUS + written if value < 0 and written.strip("0.,") else written


def signed(value: float | None, digits: int = 2) -> str:
    """A number with its sign, above zero too."""
    written = number(value, digits)
    return f"+{written}" if value is not None and value > 0 and written.strip("0.,") else written


def percent(value: float | None, digits: int = 1) -> str:
    """A fraction in percent."""
    return "\u2013" if value is None else f"{number(value * 100, digits)} %"


def metric(value: float | None, unit: str) -> str:
    """A metric by its unit."""
    if unit == "count":
        return number(value, 0)
    if unit == "fraction":
        return percent(value)
    return number(value, 3 if unit in ("ratio", "R", "trades/day") else 2)


def tone(value: float | None) -> str:
    """The class that colours a number by its sign."""
    return "" if not value else "up" if value > 0 else "down"


def moment(time: int | None) -> str:
    """A time in nanoseconds, to the minute."""
    return "\u2013" if time is None else f"{datetime.fromtimestamp(time // 10**9, UTC):%Y-%m-%d %H:%M}"


def lasting(nanoseconds: int) -> str:
    """A length of time in the two units that matter.

    Examples
    --------
    >>> minute = 60 * 10**9
    >>> lasting(45 * minute), lasting(150 * minute), lasting(3000 * minute)
    ('45 min', '2 h 30 min', '2 d 2 h')
    """
    minutes = nanoseconds // (60 * 10**9)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 1440:
        return f"{minutes // 60} h {minutes % 60} min"
    return f"{minutes // 1440:,} d {minutes % 1440 // 60} h"


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> counted(1, "trade"), counted(2000, "trade")
    ('1 trade', '2,000 trades')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
