"""Exits: how a position becomes a trade (O1, A1, A6)."""

from .position import to_8_decimals
from .slippage import exit_fill
from .triggers import (
    buffered,
    stop_loss_at_open,
    stop_loss_inside,
    stop_loss_watch,
    take_profit_at_open,
    take_profit_watch,
)


def watch_of_stop_loss(sim, book, position, with_buffer: bool):
    """The stop loss as table G watches it, `None` where there is none."""
    if position.stop_loss is None:
        return None
    watch = stop_loss_watch(position.side, position.stop_loss)
    return buffered(watch, sim.rules["pip_buffer_factor"], book.instrument) if with_buffer else watch


def watch_of_take_profit(sim, book, position, with_buffer: bool):
    """The take profit as table G watches it, `None` where there is none."""
    if position.take_profit is None:
        return None
    watch = take_profit_watch(position.side, position.take_profit)
    return buffered(watch, sim.rules["pip_buffer_factor"], book.instrument) if with_buffer else watch


def exit_at_open(sim, book, bar, position) -> bool:
    """B3, G7: the stop loss first, then the take profit (N24)."""
    stop = watch_of_stop_loss(sim, book, position, False)
    if stop and stop.open_is_beyond(bar):
        quote = stop_loss_at_open(position, bar, sim.rules)
        gap = stop.open_is_strictly_beyond(bar)
        close_at(sim, book, bar, position, quote, "open", position.stop_reason, gap)
        return True
    target = watch_of_take_profit(sim, book, position, False)
    if target and target.open_is_beyond(bar):
        quote = take_profit_at_open(position, bar, sim.rules)
        close_at(sim, book, bar, position, quote, "open", "take_profit", target.open_is_strictly_beyond(bar))
        return True
    return False


def stop_out_of_bar(sim, book, bar, position) -> None:
    """G, G8: the stop loss inside the bar."""
    extreme = watch_of_stop_loss(sim, book, position, False).extreme
    close_at(sim, book, bar, position, stop_loss_inside(position), extreme, position.stop_reason, False)


def take_profit_in_bar(sim, book, bar, position) -> None:
    """G: the take profit inside the bar."""
    extreme = watch_of_take_profit(sim, book, position, False).extreme
    close_at(sim, book, bar, position, position.take_profit, extreme, "take_profit", False)


def close_at_market(sim, book, bar, position, volume: float, at: str, reason: str) -> None:
    """B4, M3, M7: at the open or the close of the closing side."""
    quote = getattr(position.side.closing(bar), at)
    fill = exit_fill(sim, book, position, quote, bar.spread(at), reason)
    close(sim, book, position, volume, quote, fill, reason, False)


def close_at(sim, book, bar, position, quote: float, at: str, reason: str, gap: bool) -> None:
    """The whole position at a quote, with slippage (L1)."""
    fill = exit_fill(sim, book, position, quote, bar.spread(at), reason)
    close(sim, book, position, position.volume, quote, fill, reason, gap)


def closing_quote(book, position) -> float:
    """The quote at which a position closes at its symbol's mark."""
    return book.mark[0] if position.side.is_long else book.mark[1]


def close(
    sim, book, position, volume: float, quote: float, fill: float, reason: str, gap: bool, at_the_close: bool = False
) -> None:
    """A1, A4, A6: the trade, the money, the events."""
    is_last = volume == position.volume
    sign, unit = position.side.sign, book.instrument.unit
    rate = sim.rate(book)
    gross = (fill - position.entry_price) * sign * volume * unit * rate
    fee = sim.fee(book, volume, fill, "exit")
    at_the_close = at_the_close or reason in ("stop_out", "end_of_data")
    excursions = _excursions(position, volume, fill, unit, rate, at_the_close)
    sim.trades.append(_trade(sim, position, volume, quote, fill, reason, gap, gross, fee, excursions, is_last))
    position.exits += 1
    sim.account.balance += gross
    sim.journal.write(
        "closed", position, price=fill, volume=volume, reason=reason, amount=gross, rate=sim.shown_rate(book)
    )
    if is_last:
        del book.open[position.ticket]
    else:
        position.volume = to_8_decimals(position.volume - volume)
    sim.pay(book, position, fee, fill, volume)
    sim.after_close()


def _trade(sim, position, volume, quote, fill, reason, gap, gross, fee, excursions, is_last) -> dict:
    """O1: one row."""
    share = (volume, position.volume_at_entry, is_last)
    commission = position.commission.take(*share) + fee
    swap = position.take_swap(volume, is_last)
    risk, risk_per_trade = position.risk.take(*share), position.risk_per_trade.take(*share)
    mae, mfe = excursions
    return {
        "ticket": position.ticket,
        "symbol": position.symbol,
        "magic": position.magic,
        "direction": position.side.name,
        "order_type": position.order_type,
        "signal_time": position.signal_time,
        "entry_time": position.entry_time,
        "exit_time": sim.now,
        "entry_price": position.entry_price,
        "exit_price": fill,
        "initial_stop_loss": position.initial_stop_loss,
        "stop_loss": position.stop_loss,
        "take_profit": position.take_profit,
        "volume": volume,
        "risk": risk,
        "risk_per_trade": risk_per_trade,
        "result": gross,
        "commission": commission,
        "swap": swap,
        "net": gross - commission + swap,
        "r_multiple": gross / risk_per_trade if risk_per_trade else 0.0,
        "reason": reason,
        "ambiguous": position.ambiguous,
        "gap": gap,
        "mae": mae,
        "mfe": mfe,
        "slippage_entry": position.slippage_entry,
        "slippage_exit": abs(fill - quote),
        "tag": position.tag,
    }


def _excursions(
    position, volume: float, fill: float, unit: float, rate: float, at_the_close: bool
) -> tuple[float, float]:
    """N32: worst and best open profit; of the exit bar its exit price alone, but all of it at its close."""
    prices = [*position.seen, *(position.seen_now if at_the_close else ()), fill]
    profits = [(price - position.entry_price) * position.side.sign * volume * unit * rate for price in prices]
    return min(profits), max(profits)
