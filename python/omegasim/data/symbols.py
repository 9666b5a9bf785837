"""What is commonly known of a symbol by its name: how many decimals it is quoted with, where its price lies."""

import itertools
import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

_MAJORS = {"EUR", "USD", "GBP", "CHF", "CAD", "AUD", "NZD"}
_METALS = {"XAU", "XAG"}
_CURRENCIES = _MAJORS | {
    "JPY", "SEK", "NOK", "DKK", "SGD", "HKD", "MXN", "ZAR", "TRY", "PLN", "CZK", "HUF", "CNH", "RUB", "ILS", "THB",
}  # fmt: skip
# A price may have been half the lowest or may become twice the highest; a lost decimal point is a factor of ten.
_ROOM = 2.0
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


def ready_symbol(name: str) -> str | None:
    """The ready instrument that a name means, such as US500 in USA500.IDX/USD; None where it means none."""
    upper = name.upper()
    whole = re.sub("[^A-Z0-9]", "", upper)
    words = {whole, *re.findall("[A-Z0-9]+", upper)}
    for symbol, known in _ranges().items():
        if words & {symbol, *known.get("names", ())}:
            return symbol
    pair = "".join(pair_of(name) or ())
    return pair if pair in _ranges() else None


def usual_divisor(name: str) -> float | None:
    """What Dukascopy's integers are divided by, where the name tells it."""
    symbol = ready_symbol(name)
    if symbol is not None:
        return float(_ranges()[symbol]["divisor"])
    pair = pair_of(name)
    if pair is None:
        return None
    base, quote = pair
    return 1e3 if base in _METALS or quote in ("JPY", "RUB", "HUF") else 1e5


def usual_prices(name: str) -> tuple[float, float] | None:
    """Lowest and highest price that a symbol can be expected at, with room, where the name tells it."""
    symbol, pair = ready_symbol(name), pair_of(name)
    if symbol is None and pair is not None and pair[0] in _METALS and pair[1] in _MAJORS:
        symbol = f"{pair[0]}USD"
    if symbol is None:
        return None
    lowest, highest = _ranges()[symbol]["prices"]
    return lowest / _ROOM, highest * _ROOM


def year_of_prices() -> int:
    """Year up to which the known prices reach."""
    return int(_file()["year"])


def _ranges() -> dict[str, Any]:
    return {name: known for name, known in _file().items() if isinstance(known, dict)}


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(files("omegasim").joinpath("data", "price_ranges.toml").read_text(encoding="utf-8"))
