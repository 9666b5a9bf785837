"""The account: balance, equity, margin (A3, A4)."""

from .required_margin import required


class Account:
    """Money, and what the open positions are worth."""

    def __init__(self, sim, config: dict, books: list) -> None:
        self.sim = sim
        self.currency = config["currency"]
        self.balance = config["balance"]
        self.digits = config["digits"]
        self.leverage = config["leverage"]
        self.stop_out_level = config["stop_out_level"]
        self.is_netting = config["mode"] == "netting"
        self.books = books
        self.peak = config["balance"]
        self.rows = []

    def open_profit(self, book) -> float:
        """A4: the open profit of one symbol at its mark."""
        long_volume = long_cost = short_volume = short_cost = 0.0
        for position in book.positions():
            if position.side.is_long:
                long_volume += position.volume
                long_cost += position.volume * position.entry_price
            else:
                short_volume += position.volume
                short_cost += position.volume * position.entry_price
        bid, ask = book.mark
        points = (bid * long_volume - long_cost) + (short_cost - ask * short_volume)
        return points * book.instrument.unit * self.sim.rate(book)

    def equity(self) -> float:
        """A4: balance plus open profit, symbols in order."""
        profit = 0.0
        for book in self.books:
            if book.open:
                profit += self.open_profit(book)
        return self.balance + profit

    def margin(self) -> float:
        """N39: the margin used by all open positions, a sum a symbol, symbols in order."""
        used = 0.0
        for book in self.books:
            if book.open:
                used += self.margin_in(book)
        return used

    def margin_in(self, book, added=(), without=None) -> float:
        """N39, N61: the margin of one symbol at the rate of the moment, with lots added and a position left out."""
        lots = [
            (p.ticket, p.side.is_long, p.volume, p.entry_price) for p in book.positions() if p is not without
        ] + list(added)
        lots = [lot[1:] for lot in sorted(lots, key=lambda lot: lot[0])]
        return required(book, lots, self.leverage, self.sim.rate(book))

    def covers(self, book, added: tuple, fee: float, without) -> bool:
        """A3, N62: whether a new position can be afforded once a closed one has left."""
        used_here = self.margin_in(book)
        left = self.margin_in(book, without=without)
        needed = self.margin_in(book, [added], without) - left
        return self.equity() - (self.margin() - (used_here - left)) >= needed + fee

    def write_row(self, time: int) -> None:
        """O2: one row of the equity table."""
        equity = self.equity()
        self.peak = max(self.peak, equity)
        self.rows.append(
            {
                "time": time,
                "balance": self.balance,
                "equity": equity,
                "margin": self.margin(),
                "drawdown": self.peak - equity,
            }
        )
