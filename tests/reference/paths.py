"""Inside the bar along a path: `ohlc`, `olhc`, `nearest`, `candle` (I4)."""

import itertools
import math

from .entries import fill_pending, trigger_stop_limit
from .exits import stop_out_of_bar, take_profit_in_bar, watch_of_stop_loss, watch_of_take_profit
from .management import manage
from .triggers import no_worse_than_limit, order_watch, stop_price_inside

MODELS = ("ohlc", "olhc", "nearest", "candle")
HIGH_FIRST = ("open", "high", "low", "close")
LOW_FIRST = ("open", "low", "high", "close")
EXIT, ENTRY = 0, 1


def points_of(model: str, bar, grid) -> tuple:
    """I4: the four points in the order of the model."""
    if model == "ohlc":
        return HIGH_FIRST
    if model == "olhc":
        return LOW_FIRST
    if model == "candle":
        return LOW_FIRST if bar.bid.close >= bar.bid.open else HIGH_FIRST
    start, high, low = (whole_ticks(p, grid) for p in (bar.bid.open, bar.bid.high, bar.bid.low))
    return HIGH_FIRST if high - start <= start - low else LOW_FIRST


def whole_ticks(price: float, grid) -> int:
    """I4: a bid in whole ticks."""
    return math.floor(grid.ticks(price) + 0.5)


def reach(watch, leg, grid, since: float):
    """I4: the `f` at which a level counts on a leg from `since` on, `None` if it does not."""
    start, end = (grid.thousandths(p) for p in leg[0 if watch.on_bid else 1])
    level = grid.thousandths(watch.level)
    if start == end:
        is_past = start >= level if watch.up else start <= level
        return since if is_past else None
    f = (level - start) / (end - start)
    if (end > start) == watch.up:
        return since if f <= since else (f if f <= 1.0 else None)
    return since if f >= since else None


def run(sim, book, bar) -> None:
    """B5 along the path: M1 and M2 at each point, events on each leg."""
    points = points_of(sim.rules["intrabar"], bar, book.grid)
    _at_point(sim, book, bar, points[0], [p for p in book.positions() if p.entered is None])
    for a, b in itertools.pairwise(points):
        leg = (getattr(bar.bid, a), getattr(bar.bid, b)), (getattr(bar.ask, a), getattr(bar.ask, b))
        _walk(sim, book, bar, leg)
        _at_point(sim, book, bar, b, book.positions())


def _at_point(sim, book, bar, point: str, positions) -> None:
    """N28: the best price takes in the point, then M1 and M2 act."""
    for position in positions:
        price = getattr(position.side.closing(bar), point)
        position.points.append(price)
        position.take_in([price])
        manage(sim, book, position)


def _walk(sim, book, bar, leg) -> None:
    """I4: events by `f`, exits before entries, then ascending ticket."""
    f = 0.0
    while (event := _next_event(sim, book, leg, f)) is not None:
        f, kind, ticket, what = event
        if kind == EXIT:
            leave = stop_out_of_bar if what == 0 else take_profit_in_bar
            leave(sim, book, bar, book.open[ticket])
        else:
            _enter(sim, book, bar, leg, f, book.pending[ticket])


def _next_event(sim, book, leg, since: float):
    """The first event on the leg from `since` on: `(f, kind, ticket, 0 stop loss or 1 take profit)`."""
    events = []
    for position in book.positions():
        exits = watch_of_stop_loss(sim, book, position, True), watch_of_take_profit(sim, book, position, True)
        for what, watch in enumerate(exits):
            if watch and (f := reach(watch, leg, book.grid, since)) is not None:
                events.append((f, EXIT, position.ticket, what))
    for order in book.orders():
        f = reach(order_watch(order, sim.rules), leg, book.grid, since)
        if f is not None:
            events.append((f, ENTRY, order.ticket, 0))
    return min(events) if events else None


def _enter(sim, book, bar, leg, f: float, order) -> None:
    """G, G4: a pending order is met."""
    watch = order_watch(order, sim.rules)
    as_limit = order.waits_as_limit
    quote = order.asked_price if as_limit else stop_price_inside(order, bar, sim.rules, book.grid)
    if order.order_type == "stop_limit" and not order.triggered:
        if not _limit_is_passed(sim, book, leg, f, order):
            trigger_stop_limit(sim, order)
            return
        quote, as_limit = no_worse_than_limit(order, quote), True
    fill_pending(sim, book, bar, order, quote, "inside", as_limit=as_limit, extreme=watch.extreme)


def _limit_is_passed(sim, book, leg, f: float, order) -> bool:
    """N22: at the trigger the limit is passed already, compared by `f`."""
    order.triggered = True
    watch = order_watch(order, sim.rules)
    order.triggered = False
    return reach(watch, leg, book.grid, f) == f
