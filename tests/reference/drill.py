"""Replaying a bar on finer data (I5, N29)."""

from . import management, margin, step
from .exits import watch_of_stop_loss, watch_of_take_profit
from .triggers import order_watch


def needed(sim, book, bar, due: list) -> bool:
    """N29: whether anything happens in this bar that its order matters for."""
    if bar.is_tick:
        return False
    end = bar.time + bar.span
    return (
        bool(due)
        or any(_order_acts(sim, order, bar, end) for order in book.pending.values())
        or any(_position_acts(sim, book, position, bar, end) for position in book.open.values())
    )


def _order_acts(sim, order, bar, end: int) -> bool:
    if order.expires is not None and order.expires < end:
        return True
    return order_watch(order, sim.rules).touched(bar)


def _position_acts(sim, book, position, bar, end: int) -> bool:
    if position.is_managed:
        return True
    if position.max_holding is not None and position.entry_time + position.max_holding < end:
        return True
    exits = watch_of_stop_loss(sim, book, position, True), watch_of_take_profit(sim, book, position, True)
    return any(watch is not None and watch.touched(bar) for watch in exits)


def replay(sim, book, bar, due: list, level: int) -> bool:
    """I5: replay the bar on the finer level; false where it is not needed or not there."""
    if level >= len(book.levels) or not needed(sim, book, bar, due):
        return False
    finer = book.inside(level, bar)
    if not finer:
        sim.missing_finer += 1
        return False
    for number, inner in enumerate(finer):
        _step(sim, book, inner, due if number == 0 else [], level + 1)
    return True


def _step(sim, book, bar, due: list, level: int) -> None:
    """I5: B2 to B6 at a finer step, the equity point excepted; or finer still."""
    book.settle()
    sim.now = bar.time
    if replay(sim, book, bar, due, level):
        return
    sim.moment = bar.time
    book.mark_at(bar, "open")
    step.opening(sim, book, bar, due)
    step.inside(sim, book, bar)
    book.mark_at(bar, "close")
    management.at_close(sim, book, bar, walked=False)
    sim.moment = bar.time + bar.span
    margin.check(sim, [(book, bar)])
