"""Checks of what arrives, in the order of S2 and N8."""

from .order import stops_from
from .sessions import is_closed
from .sizing import INVALID_STOPS, needs_stop_loss, order_volume
from .triggers import order_watch


def invalid_stops(side, reference: float, stop_loss, take_profit) -> bool:
    """N9: a stop loss must lie strictly behind the reference, a take profit strictly ahead."""
    if stop_loss is not None and not side.better(reference, stop_loss):
        return True
    return take_profit is not None and not side.better(take_profit, reference)


def stop_too_close(instrument, reference: float, levels) -> bool:
    """N10: levels keep the instrument's distance."""
    if not instrument.stops_level:
        return False
    distance = instrument.stops_level * instrument.tick_size
    nearest_below = instrument.grid.nearest(reference - distance)
    nearest_above = instrument.grid.nearest(reference + distance)
    return any(nearest_below < level < nearest_above for level in levels if level is not None)


def not_positive(levels) -> bool:
    """S2: prices and levels are above zero."""
    return any(level is not None and level <= 0.0 for level in levels)


def beyond_market(order, bar, rules: dict) -> bool:
    """N11: a pending order that the open is already beyond; a stop limit is judged by its stop."""
    if order.is_market:
        return False
    return order_watch(order, rules).open_is_beyond(bar)


def level_refusal(sim, book, side, reference: float, stops: tuple, prices: tuple, is_beyond: bool):
    """N8: the first three checks."""
    if invalid_stops(side, reference, *stops):
        return "invalid_stops"
    if stop_too_close(book.instrument, reference, stops):
        return "stop_too_close"
    if not_positive([*prices, *stops]) or (is_beyond and sim.rules["beyond"] == "reject"):
        return "invalid_price"
    return None


def explicit_volume_refusal(book, volume):
    """N16: an explicit volume outside the limits."""
    if volume is None:
        return None
    if volume < book.instrument.volume_min:
        return "volume_too_small"
    return "volume_too_large" if volume > book.instrument.volume_max else None


def is_expired(order, bar) -> bool:
    """N7: over already."""
    return order.expires is not None and bar.time >= order.expires


def too_many_positions(sim, book, magic: int) -> bool:
    """N12: the limit of open positions per symbol and magic."""
    limit = sim.rules["max_positions"]
    if limit is None or (sim.account.is_netting and book.open):
        return False
    return sum(position.magic == magic for position in book.open.values()) >= limit


def volume_needing_margin(sim, book, side, volume: float) -> float:
    """N42: in netting only what adds or what is left of a reversal needs margin."""
    existing = sim.netted(book)
    if existing is None or existing.side is side:
        return volume
    rest = sim.rest_of(volume - existing.volume)
    return rest if rest >= book.instrument.volume_min else 0.0


def lacks_margin(sim, book, order, volume: float, price: float) -> bool:
    """A3: what a new position needs."""
    if sim.rules["margin_check"] == "off":
        return False
    needed = volume_needing_margin(sim, book, order.side, volume)
    if needed <= 0.0:
        return False
    existing = sim.netted(book)
    closed = None if existing is None or existing.side is order.side else existing
    ticket = sim.last_ticket + 1 if order.ticket is None else order.ticket
    added = ticket, order.side.is_long, needed, price
    return not sim.account.covers(book, added, sim.fee(book, needed, price, "entry"), closed)


def market_refusal(sim, book, bar, order, at: str, quote: float, fill: float):
    """S2: a market order on arrival. Returns the reason, or `None`, and the volume."""
    stops = stops_from(order, fill, book.instrument)
    reference = getattr(order.side.closing(bar), at)
    refusal = level_refusal(sim, book, order.side, reference, stops, (), False)
    refusal = refusal or explicit_volume_refusal(book, order.volume)
    volume = None
    lacks_stop = needs_stop_loss(sim, order) and stops[0] is None
    if refusal is None and not lacks_stop:
        volume = order_volume(sim, book, order, quote, stops[0])
        if volume == INVALID_STOPS:
            refusal = "invalid_stops"
        elif volume is None:
            refusal = "volume_too_small"
        elif lacks_margin(sim, book, order, volume, fill):
            refusal = "insufficient_margin"
    return refusal or last_refusal(sim, book, bar, order, lacks_stop), volume


def last_refusal(sim, book, bar, order, lacks_stop: bool):
    """N8: the checks at the end of the list."""
    if too_many_positions(sim, book, order.magic):
        return "max_positions"
    if is_expired(order, bar):
        return "expired"
    if is_closed(book.sessions, bar.time):
        return "market_closed"
    return "no_stop_loss" if lacks_stop else None


def pending_refusal(sim, book, bar, order):
    """S2: a pending order on arrival."""
    stops = stops_from(order, order.asked_price, book.instrument)
    prices = order.price, order.limit_price
    is_beyond = beyond_market(order, bar, sim.rules)
    refusal = level_refusal(sim, book, order.side, order.asked_price, stops, prices, is_beyond)
    refusal = refusal or explicit_volume_refusal(book, order.volume)
    lacks_stop = needs_stop_loss(sim, order) and stops[0] is None
    return refusal or last_refusal(sim, book, bar, order, lacks_stop)


def fill_refusal(sim, book, order, volume, fill: float):
    """N13: a pending order at its fill."""
    if volume == INVALID_STOPS:
        return "invalid_stops"
    if volume is None:
        return "volume_too_small"
    if lacks_margin(sim, book, order, volume, fill):
        return "insufficient_margin"
    return "max_positions" if too_many_positions(sim, book, order.magic) else None


def modified_order_refusal(sim, book, bar, order):
    """N37: an order with its changes, checked like an arrival."""
    stops = stops_from(order, order.asked_price, book.instrument)
    prices = order.price, order.limit_price
    is_beyond = beyond_market(order, bar, sim.rules)
    refusal = level_refusal(sim, book, order.side, order.asked_price, stops, prices, is_beyond)
    if refusal is None and is_expired(order, bar):
        return "expired"
    lacks_stop = needs_stop_loss(sim, order) and stops[0] is None
    return refusal or ("no_stop_loss" if lacks_stop else None)


def modified_position_refusal(sim, book, bar, position, stops: tuple):
    """N37: the changed levels of a position."""
    reference = position.side.closing(bar).open
    return level_refusal(sim, book, position.side, reference, stops, (), False)
