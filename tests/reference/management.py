"""Break-even and trailing (M1, M2, M4), and what a bar shows of the best price (M5)."""


def manage(sim, book, position) -> None:
    """M2: break-even goes before trailing."""
    if position.best is None:
        return
    break_even(sim, book, position)
    trail(sim, book, position)


def in_profit_by(book, position, pips: float) -> bool:
    """N30: the best price is at or past entry plus the distance, on the grid."""
    distance = position.side.sign * pips * book.instrument.pip_size
    return position.side.reached(position.best, book.grid.nearest(position.entry_price + distance))


def break_even(sim, book, position) -> None:
    """M1: the stop loss moves once to entry plus the offset."""
    if position.break_even_pips is None or position.break_even_done:
        return
    if not in_profit_by(book, position, position.break_even_pips):
        return
    position.break_even_done = True
    distance = position.side.sign * position.break_even_offset_pips * book.instrument.pip_size
    level = book.grid.nearest(position.entry_price + distance)
    if tightens(position, level):
        move(sim, position, level, "break_even")


def trail(sim, book, position) -> None:
    """M2: the stop loss follows the best price."""
    if position.trail_pips is None or not in_profit_by(book, position, position.trail_start_pips):
        return
    pip_size, sign = book.instrument.pip_size, position.side.sign
    level = book.grid.nearest(position.best - sign * position.trail_pips * pip_size)
    if not tightens(position, level):
        return
    if position.stop_loss is not None:
        step = book.grid.nearest(position.stop_loss + sign * position.trail_step_pips * pip_size)
        if not position.side.reached(level, step):
            return
    move(sim, position, level, "trailing")


def tightens(position, level: float) -> bool:
    """M4: a stop loss only ever moves in the direction of profit."""
    return position.stop_loss is None or position.side.better(level, position.stop_loss)


def move(sim, position, level: float, mover: str) -> None:
    """E2: M1 and M2 write `modified`."""
    position.stop_loss = level
    position.mover = mover
    sim.journal.write("modified", position, price=level, reason=mover)


def see_bar(position, bar, walked: bool) -> None:
    """M5, N31, N32: what of this bar counts for a position that is open at its close."""
    closing = position.side.closing(bar)
    if position.entered == "close":
        prices = []
    elif position.entered == "inside":
        prices = position.points if walked else [closing.close]
    else:
        prices = [closing.low, closing.high]
    position.seen_now = list(prices)
    if not walked:
        position.take_in(prices)


def at_close(sim, book, bar, walked: bool) -> None:
    """B6: break-even and trailing of one symbol; a path has done them at its points."""
    for position in book.positions():
        see_bar(position, bar, walked)
        if not walked:
            manage(sim, book, position)
