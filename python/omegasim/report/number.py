"""Numbers as people read them."""

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


def counted(count: int, noun: str) -> str:
    """A count with its noun.

    Examples
    --------
    >>> counted(1, "trade"), counted(2000, "trade")
    ('1 trade', '2,000 trades')
    """
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
