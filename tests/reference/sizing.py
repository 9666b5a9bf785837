"""Sizing: how many lots an order takes (Z)."""

import math

INVALID_STOPS = "invalid_stops"


def down_to_grid(raw: float, instrument):
    """Z3: the volume at or below `raw` on the grid, `None` below the minimum."""
    if raw == math.inf:
        return raw
    n = math.floor((raw - instrument.volume_min) / instrument.volume_step + 1e-9)
    if n < 0:
        return None
    return math.floor((instrument.volume_min + n * instrument.volume_step) * 1e8 + 0.5) / 1e8


def asked_risk(sim, order):
    """Z5, N15: the money that was asked to be risked, if any was."""
    if order.risk is not None:
        return order.risk
    if order.volume is not None:
        return None
    if sim.sizing["kind"] == "risk_amount":
        return sim.sizing["amount"]
    if sim.sizing["kind"] == "risk_percent":
        of_balance = sim.sizing["of"] == "balance"
        base = sim.account.balance if of_balance else sim.account.equity()
        return base / 100.0 * sim.sizing["amount"]
    return None


def needs_stop_loss(sim, order) -> bool:
    """S2: risk sizing needs a stop loss."""
    if order.volume is not None:
        return False
    return order.risk is not None or sim.sizing["kind"] in ("risk_amount", "risk_percent")


def raw_volume(sim, book, order, price: float, stop_loss) -> float:
    """Z1, Z2: lots before the grid."""
    instrument = book.instrument
    if needs_stop_loss(sim, order):
        loss = instrument.loss_of_one_lot(price, stop_loss) * sim.rate(book)
        money = asked_risk(sim, order)
        return money / loss
    amount = sim.sizing["amount"]
    if sim.sizing["kind"] == "fixed_lots":
        return amount
    if sim.sizing["kind"] == "equity_fraction":
        amount = amount * sim.account.equity()
    return amount / (instrument.unit * price * sim.rate(book))


def sized_volume(sim, book, order, price: float, stop_loss):
    """Z3, Z4: the volume that sizing gives, `None` where it is too small."""
    instrument = book.instrument
    volume = down_to_grid(raw_volume(sim, book, order, price, stop_loss), instrument)
    if volume is None:
        return instrument.volume_min if sim.sizing["below_min"] == "min" else None
    return min(volume, instrument.volume_max)


def order_volume(sim, book, order, price: float, stop_loss):
    """N16: the explicit volume on the grid, else the sized one; a stop at zero distance sizes nothing."""
    if order.volume is not None:
        return down_to_grid(order.volume, book.instrument)
    if needs_stop_loss(sim, order) and book.instrument.loss_of_one_lot(price, stop_loss) == 0.0:
        return INVALID_STOPS
    return sized_volume(sim, book, order, price, stop_loss)


def part_to_close(position, fraction: float, instrument) -> float:
    """A6: the volume that a partial close takes."""
    if fraction >= 1.0:
        return position.volume
    part = down_to_grid(fraction * position.volume, instrument)
    return position.volume if part is None else all_or(part, position, instrument)


def all_or(part: float, position, instrument) -> float:
    """A6: where the rest would be below the minimum, all closes."""
    rest = math.floor((position.volume - part) * 1e8 + 0.5) / 1e8
    if part < instrument.volume_min or rest < instrument.volume_min:
        return position.volume
    return part
