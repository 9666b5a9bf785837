"""The margin check (A3, N39)."""

from .exits import close
from .slippage import exit_fill


def stop_outs(sim) -> None:
    """A3: positions close one at a time, largest loss first, until equity covers the margin."""
    account = sim.account
    if not account.leverage > 0.0 or sim.rules["margin_check"] == "off":
        return
    while (margin := account.margin()) > 0.0 and account.equity() / margin < account.stop_out_level:
        _stop_out(sim, *_largest_loss(sim))


def _quote(book, position) -> float:
    """The quote at which a position closes at its symbol's mark."""
    return book.mark[0] if position.side.is_long else book.mark[1]


def _largest_loss(sim) -> tuple:
    """N39: the smallest open profit, ties by ascending ticket."""
    candidates = []
    for book in sim.books:
        for p in book.positions():
            profit = (_quote(book, p) - p.entry_price) * p.side.sign * p.volume * book.instrument.unit
            candidates.append((profit, p.ticket, book, p))
    _, _, book, position = min(candidates, key=lambda entry: entry[:2])
    return book, position


def _stop_out(sim, book, position) -> None:
    """E2: a stop-out writes `stop_out` before the close."""
    quote = _quote(book, position)
    sim.journal.write("stop_out", position, price=quote, volume=position.volume)
    spread = book.mark[1] - book.mark[0]
    fill = exit_fill(sim, book, position, quote, spread, "stop_out")
    close(sim, book, position, position.volume, quote, fill, "stop_out", False)
