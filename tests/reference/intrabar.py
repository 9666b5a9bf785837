"""Inside the bar without a path: `worst` and `best` (I1 to I3)."""

from .entries import fill_pending, trigger_stop_limit
from .exits import stop_out_of_bar, take_profit_in_bar, watch_of_stop_loss, watch_of_take_profit
from .triggers import order_watch, stop_price_inside


def run(sim, book, bar) -> None:
    """B5: orders and positions together, ascending ticket."""
    for ticket in book.tickets():
        if ticket in book.open:
            standing(sim, book, bar, book.open[ticket])
        elif ticket in book.pending:
            meet(sim, book, bar, book.pending[ticket])


def _touched(watch, bar) -> bool:
    return watch is not None and watch.touched(bar)


def _closes_beyond(watch, bar) -> bool:
    return watch is not None and watch.close_is_beyond(bar)


def standing(sim, book, bar, position) -> None:
    """I1, I3: a position that was open at the bar's open, or filled at it."""
    stop = _touched(watch_of_stop_loss(sim, book, position, True), bar)
    target = _touched(watch_of_take_profit(sim, book, position, True), bar)
    if stop and target and not sim.order_is_decided(bar):
        position.ambiguous = True
    if stop and not (target and sim.prefers_profit()):
        stop_out_of_bar(sim, book, bar, position)
    elif target:
        take_profit_in_bar(sim, book, bar, position)


def meet(sim, book, bar, order) -> None:
    """I2: a resting order inside the bar."""
    watch = order_watch(order, sim.rules)
    if order.rests_this_bar or not watch.touched(bar):
        return
    if order.order_type == "stop_limit" and not order.triggered:
        trigger_stop_limit(sim, order)
        return
    as_limit = order.waits_as_limit
    quote = order.asked_price if as_limit else stop_price_inside(order, bar, sim.rules, book.grid)
    position = fill_pending(sim, book, bar, order, quote, "inside", as_limit=as_limit, extreme=watch.extreme)
    if position is not None:
        just_filled(sim, book, bar, position, as_limit)


def just_filled(sim, book, bar, position, as_limit: bool) -> None:
    """I2, N26: the exits of a position in the bar of its fill."""
    stop = _touched(watch_of_stop_loss(sim, book, position, True), bar)
    target = _touched(watch_of_take_profit(sim, book, position, True), bar)
    closes_at_stop = _closes_beyond(watch_of_stop_loss(sim, book, position, False), bar)
    closes_at_target = _closes_beyond(watch_of_take_profit(sim, book, position, False), bar)
    open_question = target and (stop or not closes_at_target) if as_limit else stop and (target or not closes_at_stop)
    if open_question and not sim.order_is_decided(bar):
        position.ambiguous = True
    if sim.prefers_profit():
        _best(sim, book, bar, position, stop and (as_limit or closes_at_stop), target)
    else:
        _worst(sim, book, bar, position, stop, target and (closes_at_target or not as_limit))


def _worst(sim, book, bar, position, stop: bool, target: bool) -> None:
    """I2: the stop loss first."""
    if stop:
        stop_out_of_bar(sim, book, bar, position)
    elif target:
        take_profit_in_bar(sim, book, bar, position)


def _best(sim, book, bar, position, stop: bool, target: bool) -> None:
    """I3, N27: the take profit first."""
    if target:
        take_profit_in_bar(sim, book, bar, position)
    elif stop:
        stop_out_of_bar(sim, book, bar, position)
