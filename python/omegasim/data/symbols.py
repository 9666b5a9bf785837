"""What is commonly known of a symbol by its name: how many decimals it is quoted with, where its price lies."""

import itertools
import re

_MAJORS = {"EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD"}
_CURRENCIES = _MAJORS | {
    "JPY", "SEK", "NOK", "DKK", "SGD", "HKD", "MXN", "ZAR", "TRY", "PLN", "CZK", "HUF", "CNH", "RUB", "ILS", "THB",
}  # fmt: skip
# Lowest and highest price of forty years, with room.
_METALS = {"XAU": (200.0, 20_000.0), "XAG": (2.0, 400.0)}
_WORD = re.compile(r"[A-Z]+")


def pair_of(name: str) -> tuple[str, str] | None:
    """Base and quote currency in a name such as EURUSD, EUR/USD or eurusd_m1.csv; None where there is no pair."""
    words = _WORD.findall(name.upper())
    joined = [one + two for one, two in itertools.pairwise(words) if len(one) == len(two) == 3]
    for word in (*words, *joined):
        base, quote = word[:3], word[3:6]
        if quote in _CURRENCIES and base != quote and (base in _CURRENCIES or base in _METALS):
            return base, quote
    return None


def usual_divisor(name: str) -> float | None:
    """What Dukascopy's integers are divided by, where the name tells it."""
    pair = pair_of(name)
    if pair is None:
        return None
    base, quote = pair
    return 1e3 if base in _METALS or quote in ("JPY", "RUB", "HUF") else 1e5


def usual_prices(name: str) -> tuple[float, float] | None:
    """Lowest and highest price that a symbol can be expected at, where the name tells it."""
    pair = pair_of(name)
    if pair is None:
        return None
    base, quote = pair
    if base in _METALS:
        return _METALS[base] if quote in _MAJORS else None
    if base in _MAJORS and quote in _MAJORS:
        return 0.3, 3.0
    return (40.0, 300.0) if base in _MAJORS and quote == "JPY" else None
