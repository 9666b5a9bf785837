"""Commission (C1)."""

import math


def to_digits(amount: float, digits: int) -> float:
    """C1: half away from zero, to the account's digits."""
    scale = 10**digits
    rounded = math.floor(abs(amount) * scale + 0.5) / scale
    return -rounded if amount < 0 else rounded


def fee(sim, book, volume: float, price: float, at: str) -> float:
    """C1: the commission of one fill; `at` is `entry` or `exit`."""
    model = sim.costs["commission"]
    if model["kind"] == "none" or model["side"] not in ("both", at):
        return 0.0
    notional = volume * book.instrument.unit * price
    if model["kind"] == "per_lot":
        amount = volume * model["amount"]
    elif model["kind"] == "per_million":
        amount = notional / 1e6 * model["amount"]
    else:
        amount = notional / 100.0 * model["amount"]
    return to_digits(max(amount, model["min_fee"]) * sim.costs["cost_multiplier"], sim.account.digits)
