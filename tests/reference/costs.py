"""Commission (C1)."""

import math


def to_digits(amount: float, digits: int) -> float:
    """C1: half away from zero, to the account's digits."""
    scale = 10**digits
    rounded = math.floor(abs(amount) * scale + 0.5) / scale
    return -rounded if amount < 0 else rounded


def currency_of(sim, book) -> str:
    """The currency of an instrument's commission."""
    return book.terms.commission.get("currency") or sim.account.currency


def fee(sim, book, volume: float, price: float, at: str) -> float:
    """C1, N56: the commission of one fill in account money; `at` is `entry` or `exit`."""
    model = book.terms.commission
    if model["kind"] == "none" or model.get("side", "both") not in ("both", at):
        return 0.0
    back = sim.rates.rate(currency_of(sim, book), sim.account.currency, sim.moment)
    if model["kind"] == "per_lot":
        amount = volume * model["amount"]
    else:
        notional = volume * book.instrument.unit * price * sim.rate(book) / back
        amount = notional / (1e6 if model["kind"] == "per_million" else 100.0) * model["amount"]
    return to_digits(max(amount, model.get("min_fee", 0.0)) * back * sim.costs["cost_multiplier"], sim.account.digits)


def shown_rate(sim, book):
    """E2: the rate behind a fee: the one of its currency, else the one of its notional."""
    currency, own = currency_of(sim, book), sim.account.currency
    if currency != own:
        return sim.rates.booked(currency, own, sim.moment)
    return None if book.terms.commission["kind"] == "per_lot" else sim.shown_rate(book)
