"""Entries: how an order becomes a position (E2, N44 to N47)."""

from . import checks
from .order import stops_from
from .position import Position, to_8_decimals
from .sizing import all_or, asked_risk, down_to_grid, order_volume
from .slippage import entry_fill
from .triggers import bound_after_fill, order_watch


class Fill:
    """A price agreed: the quote, the fill, where in the bar, and what touched."""

    def __init__(self, *, quote: float, price: float, entered: str, extreme: str) -> None:
        self.quote = quote
        self.price = price
        self.entered = entered
        self.extreme = extreme


def open_at_market(sim, book, bar, order, at: str) -> Position | None:
    """B4, T8: a market order at the open or at the close of a bar."""
    quote = getattr(order.side.opening(bar), at)
    price = entry_fill(sim, book, order, quote, bar.spread(at), as_limit=False)
    refusal, volume = checks.market_refusal(sim, book, bar, order, at, quote, price)
    if refusal:
        reject_arrival(sim, order, quote, refusal)
        return None
    sim.take_ticket(order)
    sim.journal.write("accepted", order, volume=volume)
    fill = Fill(quote=quote, price=price, entered=at, extreme=at)
    return _filled(sim, book, bar, order, fill, volume, asked_risk(sim, order))


def reject_arrival(sim, order, price, reason: str) -> None:
    """N14: an `open` that does not become an order."""
    sim.journal.write("rejected", order, ticket=None, price=price, volume=order.volume, reason=reason)


def place(sim, book, bar, order) -> bool:
    """S4: a pending order arrives."""
    refusal = checks.pending_refusal(sim, book, bar, order)
    if refusal:
        reject_arrival(sim, order, order.price, refusal)
        return False
    if order.volume is not None:
        order.volume = down_to_grid(order.volume, book.instrument)
    sim.take_ticket(order)
    book.pending[order.ticket] = order
    sim.journal.write("accepted", order, price=order.price, volume=order.volume)
    return True


def fill_pending(sim, book, bar, order, quote: float, entered: str, *, as_limit: bool, extreme: str):
    """A pending order fills; it may still be refused (N13)."""
    at = "open" if entered == "open" else extreme
    price = entry_fill(sim, book, order, quote, bar.spread(at), as_limit=as_limit)
    if not order.triggered:
        sim.journal.write("triggered", order, price=quote)
    stop_loss, _ = stops_from(order, price, book.instrument)
    volume = order_volume(sim, book, order, order.asked_price, stop_loss)
    del book.pending[order.ticket]
    refusal = checks.fill_refusal(sim, book, order, volume, price)
    if refusal:
        sim.journal.write("rejected", order, price=price, reason=refusal)
        return None
    fill = Fill(quote=quote, price=price, entered=entered, extreme=extreme)
    return _filled(sim, book, bar, order, fill, volume, asked_risk(sim, order))


def trigger_stop_limit(sim, order) -> None:
    """G4: from now on the order rests as a limit."""
    sim.journal.write("triggered", order, price=order.price)
    order.triggered = True
    order.rests_this_bar = True


def _filled(sim, book, bar, order, fill: Fill, volume: float, asked) -> Position | None:
    """N47: filled, commission, siblings cancelled."""
    sim.journal.write("filled", order, price=fill.price, volume=volume)
    position = _into_position(sim, book, order, fill, volume, asked)
    if position is not None and fill.entered == "inside":
        position.bound = bound_after_fill(position.side, fill.quote, bar, fill.extreme, book.grid)
    cancelled = _cancel_siblings(sim, order)
    if position is not None and fill.entered == "inside" and not sim.order_is_decided(bar):
        touched = any(o.symbol == book.symbol and order_watch(o, sim.rules).touched(bar) for o in cancelled)
        position.ambiguous = position.ambiguous or touched
    return position


def _into_position(sim, book, order, fill: Fill, volume: float, asked) -> Position | None:
    """A5: hedging makes a position of its own; netting meets the existing one."""
    existing = sim.netted(book)
    if existing is None:
        return _new_position(sim, book, order, fill, volume, asked)
    if existing.side is order.side:
        _add(sim, book, existing, order, fill, volume, asked)
        return existing
    return _reverse(sim, book, existing, order, fill, volume, asked)


def _risk(sim, book, price: float, stop_loss, volume: float) -> float:
    """Z5: money lost at the initial stop loss from the real fill."""
    if stop_loss is None:
        return 0.0
    return abs(price - stop_loss) * volume * book.instrument.unit * sim.rate(book)


def _pay_entry(sim, book, position, volume: float, price: float) -> float:
    """C1: the commission of an entry, booked at once."""
    fee = sim.fee(book, volume, price, "entry")
    sim.pay(book, position, fee, price, volume)
    return fee


def _new_position(sim, book, order, fill: Fill, volume: float, asked) -> Position:
    """A5: a position with the ticket of its order."""
    stop_loss, take_profit = stops_from(order, fill.price, book.instrument)
    position = Position(
        order,
        time=sim.now,
        price=fill.price,
        quote=fill.quote,
        volume=volume,
        stop_loss=stop_loss,
        take_profit=take_profit,
        entered=fill.entered,
    )
    risk = _risk(sim, book, fill.price, stop_loss, volume)
    position.risk.add(risk)
    position.risk_per_trade.add(risk if asked is None else asked)
    book.open[position.ticket] = position
    position.commission.add(_pay_entry(sim, book, position, volume, fill.price))
    return position


def _add(sim, book, position, order, fill: Fill, volume: float, asked) -> None:
    """A5, N42: the same direction adds."""
    stop_loss, take_profit = stops_from(order, fill.price, book.instrument)
    v1, e1, v2, e2 = position.volume, position.entry_price, volume, fill.price
    position.entry_price = (v1 * e1 + v2 * e2) / (v1 + v2)
    position.volume = to_8_decimals(v1 + v2)
    position.volume_at_entry = position.volume
    risk = _risk(sim, book, fill.price, stop_loss, volume)
    position.risk.add(risk)
    position.risk_per_trade.add(risk if asked is None else asked)
    _replace_management(position, order, stop_loss, take_profit)
    position.commission.add(_pay_entry(sim, book, position, volume, fill.price))


def _replace_management(position, order, stop_loss, take_profit) -> None:
    """N42: what the newest order gives replaces what the position had."""
    if stop_loss is not None:
        position.stop_loss = position.initial_stop_loss = stop_loss
        position.mover = None
    if take_profit is not None:
        position.take_profit = take_profit
    if order.trail_pips is not None:
        position.trail_pips = order.trail_pips
        position.trail_start_pips = order.trail_start_pips
        position.trail_step_pips = order.trail_step_pips
    if order.break_even_pips is not None:
        position.break_even_pips = order.break_even_pips
        position.break_even_offset_pips = order.break_even_offset_pips
    for name in ("max_holding", "tag"):
        if getattr(order, name) is not None:
            setattr(position, name, getattr(order, name))


def _reverse(sim, book, existing, order, fill: Fill, volume: float, asked) -> Position | None:
    """A5, N42: the opposite direction closes, and what is left opens anew."""
    rest = to_8_decimals(volume - existing.volume)
    part = existing.volume if rest >= 0.0 else all_or(volume, existing, book.instrument)
    sim.close(book, existing, part, fill.quote, fill.price, "signal", False, fill.entered == "close")
    if rest < book.instrument.volume_min:
        return None
    asked = None if asked is None else asked * (rest / volume)
    return _new_position(sim, book, order, fill, rest, asked)


def _cancel_siblings(sim, order) -> list:
    """N25: the first fill cancels the group's other resting orders, all symbols, ascending ticket."""
    if order.oco is None:
        return []
    group = [(o.ticket, book, o) for book in sim.books for o in book.orders() if o.oco == order.oco]
    cancelled = []
    for ticket, book, sibling in sorted(group, key=lambda entry: entry[0]):
        del book.pending[ticket]
        sim.journal.write("cancelled", sibling, price=sibling.price, reason="oco")
        cancelled.append(sibling)
    return cancelled
