"""What a signal does to orders and positions that stand: cancel, modify, close (S3)."""

import copy

from .checks import modified_order_refusal, modified_position_refusal
from .exits import close_at_market
from .order import level_from
from .side import side_of
from .sizing import part_to_close


def matching(things: list, signal: dict) -> list:
    """S3: by ticket, else by magic and, if given, direction."""
    if signal["ticket"] is not None:
        return [thing for thing in things if thing.ticket == signal["ticket"]]
    side = None if signal["direction"] is None else side_of(signal["direction"])
    return [thing for thing in things if thing.magic == signal["magic"] and (side is None or thing.side is side)]


def no_match(sim, signal: dict) -> None:
    """N46: nothing matched."""
    sim.journal.write("no_match", signal, reason=signal["action"])


def cancel(sim, book, signal: dict) -> None:
    """S3: `cancel` means orders."""
    found = matching(book.orders(), signal)
    for order in found:
        del book.pending[order.ticket]
        sim.journal.write("cancelled", order, price=order.price, reason="signal")
    if not found:
        no_match(sim, signal)


def close_positions(sim, book, bar, signal: dict) -> None:
    """S3, N36: `close` means positions."""
    found = matching(book.positions(), signal)
    for position in found:
        volume = part_to_close(position, signal["fraction"], book.instrument)
        close_at_market(sim, book, bar, position, volume, "open", "signal")
    if not found:
        no_match(sim, signal)


def modify(sim, book, bar, signal: dict) -> None:
    """S3, N36: `modify` means both, in ascending ticket."""
    found = matching([*book.orders(), *book.positions()], signal)
    for thing in sorted(found, key=lambda thing: thing.ticket):
        if thing.ticket in book.pending:
            _modify_order(sim, book, bar, thing, signal)
        else:
            _modify_position(sim, book, bar, thing, signal)
    if not found:
        no_match(sim, signal)


def _changed_level(thing, signal: dict, name: str, grid) -> None:
    """S3: null keeps, 0 removes, a level and a distance replace each other."""
    level, pips = signal[name], signal[name + "_pips"]
    if level is not None:
        setattr(thing, name, None if level == 0.0 else grid.nearest(level))
        setattr(thing, name + "_pips", None)
    if pips is not None:
        setattr(thing, name, None)
        setattr(thing, name + "_pips", pips)


def _modify_order(sim, book, bar, order, signal: dict) -> None:
    """N37: the changed order is checked like an arrival; refused, nothing changes."""
    changed = copy.copy(order)
    for name in ("price", "limit_price"):
        if signal[name] is not None and getattr(order, name) is not None:
            setattr(changed, name, book.grid.nearest(signal[name]))
    for name in ("stop_loss", "take_profit"):
        _changed_level(changed, signal, name, book.grid)
    if signal["expires"] is not None:
        changed.expires = signal["expires"]
    refusal = modified_order_refusal(sim, book, bar, changed)
    if refusal:
        sim.journal.write("rejected", order, reason=refusal)
        return
    book.pending[order.ticket] = changed
    sim.journal.write("modified", changed, price=changed.price, reason="signal")


def _new_level(position, signal: dict, name: str, sign: int, instrument):
    """N37: the level that a modify gives a position: `None` not given, 0 removes."""
    level, pips = signal[name], signal[name + "_pips"]
    if level is not None and level != 0.0:
        level = instrument.grid.nearest(level)
    return level_from(level, pips, position.entry_price, sign, instrument)


def _modify_position(sim, book, bar, position, signal: dict) -> None:
    """N35, N37: a position's stop loss and take profit."""
    sign = position.side.sign
    stop_loss = _new_level(position, signal, "stop_loss", -sign, book.instrument)
    take_profit = _new_level(position, signal, "take_profit", sign, book.instrument)
    given = tuple(None if level == 0.0 else level for level in (stop_loss, take_profit))
    refusal = modified_position_refusal(sim, book, bar, position, given)
    if refusal:
        sim.journal.write("rejected", position, reason=refusal)
        return
    if stop_loss is not None:
        position.stop_loss = given[0]
        position.mover = "signal"
    if take_profit is not None:
        position.take_profit = given[1]
    sim.journal.write("modified", position, price=position.stop_loss, reason="signal")
