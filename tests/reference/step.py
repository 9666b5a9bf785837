"""One step of one symbol: B2 to B5 at a bar or a tick."""

from . import actions, intrabar, paths
from .checks import is_expired
from .entries import fill_pending, open_at_market, place, trigger_stop_limit
from .exits import close_at_market, exit_at_open
from .order import Order
from .triggers import (
    limit_price_at_open,
    limit_watch,
    no_worse_than_limit,
    order_watch,
    stop_price_at_open,
)


def opening(sim, book, bar, due: list) -> None:
    """B2 to B4."""
    requests(sim, book, bar, due)
    gaps(sim, book, bar)
    at_the_open(sim, book, bar, due)


def requests(sim, book, bar, due: list) -> None:
    """B2: due `cancel` and `modify` in row order, then expired orders leave (N7)."""
    for signal in due:
        if signal["action"] == "cancel":
            actions.cancel(sim, book, signal)
        elif signal["action"] == "modify":
            actions.modify(sim, book, bar, signal)
    for order in book.orders():
        if is_expired(order, bar):
            del book.pending[order.ticket]
            sim.journal.write("expired", order, price=order.price)


def gaps(sim, book, bar) -> None:
    """B3: what stood before this bar meets its opening quote."""
    for ticket in book.tickets():
        if ticket in book.open:
            exit_at_open(sim, book, bar, book.open[ticket])
        elif ticket in book.pending:
            meet_open(sim, book, bar, book.pending[ticket], on_arrival=False)


def at_the_open(sim, book, bar, due: list) -> None:
    """B4: due `close`, time stops, due `open`."""
    for signal in due:
        if signal["action"] == "close":
            actions.close_positions(sim, book, bar, signal)
    time_stops(sim, book, bar)
    for signal in due:
        if signal["action"] == "open":
            arrive(sim, book, bar, Order(signal, book.grid))


def time_stops(sim, book, bar) -> None:
    """M3, N33: positions held for too long, ascending ticket."""
    for position in book.positions():
        limit = position.max_holding
        if limit is not None and bar.time >= position.entry_time + limit:
            close_at_market(sim, book, bar, position, position.volume, "open", "timeout")


def arrive(sim, book, bar, order) -> None:
    """B4: a market order fills at this open; a new pending order meets it too (G3)."""
    if order.is_market:
        position = open_at_market(sim, book, bar, order, "open")
        if position is not None:
            exit_at_open(sim, book, bar, position)
    elif place(sim, book, bar, order):
        meet_open(sim, book, bar, order, on_arrival=True)


def meet_open(sim, book, bar, order, *, on_arrival: bool) -> None:
    """G: an order that the open is beyond; what is filled meets the open itself (G7)."""
    if not order_watch(order, sim.rules).open_is_beyond(bar):
        return
    as_limit = order.waits_as_limit
    if as_limit:
        quote = limit_price_at_open(order, bar, sim.rules, on_arrival)
    else:
        quote = stop_price_at_open(order, bar, sim.rules, book.grid)
    if order.order_type == "stop_limit" and not order.triggered:
        if not (sim.goes_on_at_once(bar) and limit_watch(order.side, order.limit_price).open_is_beyond(bar)):
            trigger_stop_limit(sim, order)
            return
        quote, as_limit = no_worse_than_limit(order, quote), True
    position = fill_pending(sim, book, bar, order, quote, "open", as_limit=as_limit, extreme="open")
    if position is not None:
        exit_at_open(sim, book, bar, position)


def inside(sim, book, bar) -> None:
    """B5: triggers and exits under the intrabar model."""
    if sim.walks(bar):
        paths.run(sim, book, bar)
    else:
        intrabar.run(sim, book, bar)
