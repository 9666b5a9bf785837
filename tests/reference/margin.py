"""The margin check (A3, N39)."""

from .exits import close, closing_quote
from .slippage import exit_fill


def check(sim, bars: list) -> None:
    """A3, N63: at the prices worst for the account where asked for, then at the close; `bars` go with their books."""
    if sim.rules["margin_check"] == "off":
        return
    if sim.rules["margin_check"] == "worst_price":
        for book, bar in bars:
            book.mark_at_worst(bar)
        stop_outs(sim)
        for book, bar in bars:
            book.mark_at(bar, "close")
    stop_outs(sim)


def stop_outs(sim) -> None:
    """A3: positions close one at a time, largest loss first, until equity covers the margin."""
    account = sim.account
    while (margin := account.margin()) > 0.0 and account.equity() / margin < account.stop_out_level:
        _stop_out(sim, *_largest_loss(sim))


def _largest_loss(sim) -> tuple:
    """N39: the smallest open profit, ties by ascending ticket."""
    candidates = []
    for book in sim.books:
        for p in book.positions():
            points = (closing_quote(book, p) - p.entry_price) * p.side.sign
            profit = points * p.volume * book.instrument.unit * sim.rate(book)
            candidates.append((profit, p.ticket, book, p))
    _, _, book, position = min(candidates, key=lambda entry: entry[:2])
    return book, position


def _stop_out(sim, book, position) -> None:
    """E2: a stop-out writes `stop_out` before the close."""
    quote = closing_quote(book, position)
    sim.journal.write("stop_out", position, price=quote, volume=position.volume)
    spread = book.mark_spreads[0 if position.side.is_long else 1]
    fill = exit_fill(sim, book, position, quote, spread, "stop_out")
    close(sim, book, position, position.volume, quote, fill, "stop_out", False)
