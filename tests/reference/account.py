"""The account: balance, equity, margin (A3, A4)."""


class Account:
    """Money, and what the open positions are worth."""

    def __init__(self, config: dict, books: list) -> None:
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
        return ((bid * long_volume - long_cost) + (short_cost - ask * short_volume)) * book.instrument.unit

    def equity(self) -> float:
        """A4: balance plus open profit, symbols in order."""
        profit = 0.0
        for book in self.books:
            if book.open:
                profit += self.open_profit(book)
        return self.balance + profit

    def margin_of(self, book, volume: float, price: float) -> float:
        """A3: the margin of a volume opened at a price."""
        if not self.leverage > 0.0:
            return 0.0
        return volume * book.instrument.unit * price / self.leverage

    def margin(self) -> float:
        """N39: the margin used by all open positions, a sum a symbol, symbols in order."""
        used = 0.0
        for book in self.books:
            used += self.margin_in(book)
        return used

    def margin_in(self, book) -> float:
        """N39: the margin used by the open positions of one symbol, in ticket order."""
        used = 0.0
        for position in book.positions():
            used += self.margin_of(book, position.volume, position.entry_price)
        return used

    def covers(self, book, volume: float, price: float, fee: float, freed: float) -> bool:
        """A3: whether a new position can be afforded once `freed` margin is back."""
        return self.equity() - (self.margin() - freed) >= self.margin_of(book, volume, price) + fee

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
