"""The run: time, steps, the order of things (T5, B)."""

from dataclasses import dataclass, field

from . import costs, drill, entries, exits, management, margin, paths, position, signals, step, swaps
from .account import Account
from .book import Book
from .events import Journal
from .order import Order
from .quotes import steps_of
from .rates import Rates


@dataclass
class Result:
    """What a run leaves behind (O1, O2)."""

    trades: list = field(default_factory=list)
    events: list = field(default_factory=list)
    equity: list = field(default_factory=list)
    orders: list = field(default_factory=list)
    open_positions: list = field(default_factory=list)
    missing_finer: int = 0
    stale_rates: dict = field(default_factory=lambda: {"bookings": 0, "oldest": None})


class Simulator:
    """The state of one run."""

    def __init__(self, config: dict, market: dict, table: list, finer: dict, equity: str, rates: dict) -> None:
        self.rules = config["rules"]
        self.sizing = config["sizing"]
        self.costs = config["costs"]
        self.seed = config["seed"]
        self.equity_setting = equity
        self.books = self._books(config, market, finer)
        self.account = Account(self, config["account"], self.books)
        series = {pair: steps_of(one, 1.0, None) for pair, one in rates.items()}
        self.rates = Rates(config["account"], series, self.books)
        self.journal = Journal(self)
        self.trades = []
        self.now = None
        self.moment = None
        self.last_ticket = 0
        self.missing_finer = 0
        self.unfilled = []
        self._schedule(signals.complete(table, list(market)))

    def _books(self, config: dict, market: dict, finer: dict) -> list:
        instruments = {instrument["symbol"]: instrument for instrument in config["instruments"]}
        return [
            Book(index, instruments[symbol], self.costs, series, finer.get(symbol, []))
            for index, (symbol, series) in enumerate(market.items())
        ]

    def _schedule(self, rows: list) -> None:
        """T3, T7, T8: the row of market data on which each signal acts."""
        by_symbol = {book.symbol: book for book in self.books}
        for signal in rows:
            book = by_symbol[signal["symbol"]]
            if signals.fills_at_close(signal, self.rules):
                row, due = signals.closing_row(signal, book.times, self.rules), book.due_at_close
            else:
                row, due = signals.due_row(signal, book.times, book.is_ticks, self.rules), book.due
            if row < len(book.times):
                due.setdefault(row, []).append(signal)
            else:
                self.unfilled.append(signal)

    def take_ticket(self, order) -> None:
        """S4: an accepted `open` takes the next ticket."""
        self.last_ticket += 1
        order.ticket = self.last_ticket

    def fee(self, book, volume: float, price: float, at: str) -> float:
        return costs.fee(self, book, volume, price, at)

    def rate(self, book) -> float:
        """F1: the rate from a symbol's money to the account's; with `tick_value` there is nothing to convert."""
        one, own = book.instrument, self.account.currency
        return self.rates.rate(one.quote if one.tick_value is None else own, own, self.moment)

    def shown_rate(self, book):
        """E2: the rate of an event, none where nothing was converted."""
        one, own = book.instrument, self.account.currency
        unconverted = one.tick_value is not None or one.quote == own
        return None if unconverted else self.rates.booked(one.quote, own, self.moment)

    def pay(self, book, subject, fee: float, price: float, volume: float) -> None:
        """C1: a commission is booked once, with no event where it is 0."""
        if fee == 0.0:
            return
        self.account.balance -= fee
        rate = costs.shown_rate(self, book)
        self.journal.write("commission", subject, price=price, volume=volume, amount=-fee, rate=rate)

    def close(self, *arguments) -> None:
        exits.close(self, *arguments)

    def after_close(self) -> None:
        """A4: an equity row for each close of a position, where asked for."""
        if self.equity_setting == "closes":
            self.account.write_row(self.now)

    def netted(self, book):
        """A5: the one position of a symbol in netting."""
        if not self.account.is_netting or not book.open:
            return None
        return book.positions()[0]

    def rest_of(self, volume: float) -> float:
        return position.to_8_decimals(volume)

    def walks(self, bar) -> bool:
        """I4: whether the bar is walked along a path."""
        return self.rules["intrabar"] in paths.MODELS and not bar.is_tick

    def goes_on_at_once(self, bar) -> bool:
        """N22: in a path model and on ticks a stop limit goes on at once."""
        return bar.is_tick or self.walks(bar)

    def order_is_decided(self, bar) -> bool:
        """N26: where nothing is ambiguous."""
        return bar.is_tick or self.walks(bar)

    def prefers_profit(self) -> bool:
        """I3."""
        return self.rules["intrabar"] == "best"

    def run(self) -> Result:
        """T5: the sorted union of all times."""
        for time in sorted({time for book in self.books for time in book.times}):
            for group in self._rounds(time):
                self._round(time, group)
            if self.equity_setting == "bars":
                self.account.write_row(time)
        self._end()
        return Result(
            trades=sorted(self.trades, key=lambda trade: trade["exit_time"]),
            events=self.journal.rows,
            equity=self.account.rows,
            orders=[order.row() for order in self._all("pending")],
            open_positions=[p.row() for p in self._all("open")],
            missing_finer=self.missing_finer,
            stale_rates={"bookings": self.rates.stale, "oldest": self.rates.oldest},
        )

    def _all(self, name: str) -> list:
        things = [thing for book in self.books for thing in getattr(book, name).values()]
        return sorted(things, key=lambda thing: thing.ticket)

    def _rounds(self, time: int):
        """N3: the first row of that time of every symbol, then the second, and so on."""
        while group := [b for b in self.books if b.row + 1 < len(b.times) and b.times[b.row + 1] == time]:
            yield group

    def _round(self, time: int, group: list) -> None:
        """B: B1 to B4 symbol by symbol, then B5, then B6."""
        self.now = self.moment = time
        for book in self.books:
            book.settle()
            book.has_bar = book in group
        for book in group:
            book.row += 1
            book.bar = book.steps[book.row]
            book.mark_at(book.bar, "open")
        self._need_rates(group, "due")
        for book in group:
            self._opening(book, time)
        for book in group:
            if not book.is_drilled:
                step.inside(self, book, book.bar)
        self._closing(group)

    def _need_rates(self, group: list, due: str) -> None:
        """N55: rates are needed while a symbol has an order or a position, or a signal is due."""
        for book in self.books:
            if book.open or book.pending or (book in group and book.row in getattr(book, due)):
                self.rate(book)
                self.rates.rate(costs.currency_of(self, book), self.account.currency, self.moment)

    def _opening(self, book, time: int) -> None:
        """B1 to B4, or the whole bar on finer data (N29)."""
        swaps.begin(self, book)
        self._need_rates([book], "due")
        due = book.due.get(book.row, [])
        drills = self.rules["intrabar"] == "drill"
        book.is_drilled = drills and drill.replay(self, book, book.bar, due, 0)
        if book.is_drilled:
            self.now = self.moment = time
            book.settle()
        else:
            step.opening(self, book, book.bar, due)

    def _closing(self, group: list) -> None:
        """B6, then the fills of T8, then M7; N54: at the end of the longest bar."""
        self.moment = self.now + max(book.bar.span for book in group)
        self._need_rates(group, "due_at_close")
        for book in group:
            book.mark_at(book.bar, "close")
        for book in group:
            if not book.is_drilled:
                management.at_close(self, book, book.bar, self.walks(book.bar))
        margin.check(self, [(book, book.bar) for book in group if not book.is_drilled])
        for book in group:
            for signal in book.due_at_close.get(book.row, []):
                entries.open_at_market(self, book, book.bar, Order(signal, book.grid), "close")
        for book in group:
            self._end_of_data(book)

    def _end_of_data(self, book) -> None:
        """M7: the close of a symbol's last bar."""
        if self.rules["end_of_data"] != "close" or book.row + 1 < len(book.times):
            return
        for p in book.positions():
            exits.close_at_market(self, book, book.bar, p, p.volume, "close", "end_of_data")

    def _end(self) -> None:
        """T7, N5: signals without later market data."""
        for signal in sorted(self.unfilled, key=lambda signal: signal["row"]):
            self.journal.write("unfilled", signal, ticket=None, reason="no_market_data")
