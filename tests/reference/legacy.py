"""Preset `legacy`: the rules of the simulator that was replaced (V1 to V10)."""

import math

from .account import Account
from .book import Book
from .events import Journal
from .order import Order
from .position import Position
from .signals import complete
from .simulator import Result

# The market data unchanged; fees are V7's.
AS_IT_IS = {"spread_multiplier": 1.0, "commission": {"kind": "none"}}


class Legacy:
    """One list in signal order, one pass a bar (V10)."""

    def __init__(self, config: dict, market: dict, table: list, equity: str) -> None:
        self.config = config
        self.costs = config["costs"]
        self.equity_setting = equity
        instruments = {instrument["symbol"]: instrument for instrument in config["instruments"]}
        self.books = {
            symbol: Book(index, instruments[symbol], AS_IT_IS, with_ask(series), [])
            for index, (symbol, series) in enumerate(market.items())
        }
        self.has_ask = {symbol: series["ask"] is not None for symbol, series in market.items()}
        self.account = Account(self, config["account"], [])
        self.journal = Journal(self)
        self.signals = complete(table, list(market))
        self.active = []
        self.trades = []
        self.last_ticket = 0
        self.now = None

    def run(self) -> Result:
        waiting = list(self.signals)
        for time in sorted({time for book in self.books.values() for time in book.times}):
            while waiting and waiting[0]["time"] <= time:
                self._arrive(waiting.pop(0))
            self.now = time
            self._bar(time)
            if self.equity_setting == "bars":
                self._equity_row(time)
        for signal in waiting:
            self.journal.write("unfilled", signal, ticket=None, reason="no_market_data")
        return self._result()

    def _bar(self, time: int) -> None:
        """V10: position by position, trigger before exit."""
        for book in self.books.values():
            if book.row + 1 < len(book.times) and book.times[book.row + 1] == time:
                book.row += 1
                book.bar = book.steps[book.row]
        for thing in list(self.active):
            book = self.books[thing.symbol]
            if book.bar is not None and book.bar.time == time and time > thing.signal_time:
                self._meet(book, book.bar, thing)

    def _meet(self, book, bar, thing) -> None:
        if isinstance(thing, Order):
            if not self._triggered(bar, thing):
                return
            thing = self._open(book, thing, thing.price, thing.price, "inside", place=self.active.index(thing))
        self._look_for_exit(book, bar, thing)

    def _arrive(self, signal: dict) -> None:
        """V1, S4: a signal becomes a position at once, or an order that waits."""
        self.now = signal["time"]
        book = self.books[signal["symbol"]]
        order = Order(signal, NoGrid)
        price = signal["price"]
        if order.is_market:
            fill = price + order.side.sign * self._slippage(book)
            if abs(fill - order.stop_loss) < 0.00001:
                self.journal.write("rejected", order, ticket=None, price=price, reason="invalid_stops")
                return
        self.last_ticket += 1
        order.ticket = self.last_ticket
        self.journal.write("accepted", order, price=order.price, volume=order.volume)
        self.active.append(order)
        if order.is_market:
            self._open(book, order, fill, price, "close", place=len(self.active) - 1)

    def _slippage(self, book) -> float:
        """V5: a constant number of pips."""
        model = self.costs["slippage"]
        return model["pips"] * book.instrument.pip_size if model["kind"] == "fixed" else 0.0

    def _triggered(self, bar, order) -> bool:
        """V2, V9: the level is touched, whatever the open; without ask no buy triggers."""
        if order.side.is_long and not self.has_ask[order.symbol]:
            return False
        quotes = order.side.opening(bar)
        if (order.order_type == "limit") == order.side.is_long:
            return quotes.low <= order.price
        return quotes.high >= order.price

    def _volume(self, book, order, entry: float) -> float:
        """V6."""
        i = book.instrument
        risk = self.config["sizing"]["amount"] if order.risk is None else order.risk
        raw = risk / (abs(entry - order.stop_loss) * (i.tick_value / i.tick_size))
        if raw <= i.volume_min:
            return i.volume_min
        volume = i.volume_min + math.floor((raw - i.volume_min + 1e-12) / i.volume_step) * i.volume_step
        return round(min(volume, i.volume_max), 8)

    def _fee(self, book, volume: float, price: float) -> float:
        """V7."""
        model = self.costs["commission"]
        if model["kind"] == "none":
            return 0.0
        fee = volume * book.instrument.contract_size * price / 1e6 * model["amount"]
        return max(fee, model["min_fee"]) if model["min_fee"] > 0.0 else fee

    def _pay(self, subject, fee: float, price: float, volume: float) -> None:
        if fee != 0.0:
            self.account.balance -= fee
            self.journal.write("commission", subject, price=price, volume=volume, amount=-fee)

    def _open(self, book, order, fill: float, quote: float, entered: str, place: int) -> Position:
        """V1, V2: the entry, and its fee."""
        if not order.is_market:
            self.journal.write("triggered", order, price=quote)
        volume = order.volume if order.volume is not None else self._volume(book, order, fill)
        position = Position(
            order,
            time=self.now,
            price=fill,
            quote=quote,
            volume=volume,
            stop_loss=order.stop_loss,
            take_profit=order.take_profit,
            entered=entered,
        )
        asked = self.config["sizing"]["amount"] if order.risk is None else order.risk
        position.risk_per_trade.add(asked)
        position.risk.add(abs(fill - order.stop_loss) * volume * book.instrument.unit)
        self.active[place] = position
        self.journal.write("filled", order, price=fill, volume=volume)
        fee = self._fee(book, volume, fill)
        position.commission.add(fee)
        self._pay(position, fee, fill, volume)
        return position

    def _look_for_exit(self, book, bar, position) -> None:
        """V3, V4: the stop loss first."""
        sign = position.side.sign
        buffer = self.config["rules"]["pip_buffer_factor"] * book.instrument.pip_size
        quotes = position.side.closing(bar)
        adverse, good = (quotes.low, quotes.high) if sign > 0 else (quotes.high, quotes.low)
        if position.side.reached(position.stop_loss + sign * buffer, adverse):
            self._close(book, position, position.stop_loss, "stop_loss")
        elif position.take_profit is None:
            position.seen.extend(self._seen(position, quotes))
        elif self._takes_profit(position, quotes, good, buffer):
            self._close(book, position, position.take_profit, "take_profit")
        else:
            position.seen.extend(self._seen(position, quotes))
        position.entered = None

    def _takes_profit(self, position, quotes, good: float, buffer: float) -> bool:
        """V4: in the bar of a limit's fill only a close past the level counts."""
        if position.entered == "inside" and position.order_type == "limit":
            return position.side.better(quotes.close, position.take_profit)
        return position.side.reached(good, position.take_profit - position.side.sign * buffer)

    def _seen(self, position, quotes) -> list:
        return [quotes.close] if position.entered == "inside" else [quotes.low, quotes.high]

    def _close(self, book, position, level: float, reason: str) -> None:
        """V5, V8, V10: the fee first, then the result."""
        sign, volume = position.side.sign, position.volume
        exit_price = level + sign * self._slippage(book)
        distance = (exit_price - position.entry_price) if sign > 0 else (position.entry_price - exit_price)
        r = distance / abs(position.entry_price - position.initial_stop_loss)
        result = r * position.risk_per_trade.whole
        fee = self._fee(book, volume, exit_price)
        self._pay(position, fee, exit_price, volume)
        self.account.balance += result
        self.journal.write("closed", position, price=exit_price, volume=volume, reason=reason, amount=result)
        self.active.remove(position)
        self.trades.append(self._trade(book, position, level, exit_price, reason, result, r, fee))
        if self.equity_setting == "closes":
            self._equity_row(self.now)

    def _trade(self, book, position, level, exit_price, reason, result, r, fee) -> dict:
        """O1: one row."""
        commission = position.commission.whole + fee
        unit = book.instrument.unit
        profits = [
            (price - position.entry_price) * position.side.sign * position.volume * unit
            for price in (*position.seen, exit_price)
        ]
        return {
            "ticket": position.ticket,
            "symbol": position.symbol,
            "magic": position.magic,
            "direction": position.side.name,
            "order_type": position.order_type,
            "signal_time": position.signal_time,
            "entry_time": position.entry_time,
            "exit_time": self.now,
            "entry_price": position.entry_price,
            "exit_price": exit_price,
            "initial_stop_loss": position.initial_stop_loss,
            "stop_loss": position.stop_loss,
            "take_profit": position.take_profit,
            "volume": position.volume,
            "risk": position.risk.whole,
            "risk_per_trade": position.risk_per_trade.whole,
            "result": result,
            "commission": commission,
            "swap": 0.0,
            "net": result - commission + 0.0,
            "r_multiple": r,
            "reason": reason,
            "ambiguous": False,
            "gap": False,
            "mae": min(profits),
            "mfe": max(profits),
            "slippage_entry": position.slippage_entry,
            "slippage_exit": abs(exit_price - level),
            "tag": position.tag,
        }

    def _equity_row(self, time: int) -> None:
        """V8: open positions have no value in the equity."""
        self.account.write_row(time)

    def _result(self) -> Result:
        return Result(
            trades=self.trades,
            events=self.journal.rows,
            equity=self.account.rows,
            orders=[thing.row() for thing in self.active if isinstance(thing, Order)],
            open_positions=[thing.row() for thing in self.active if isinstance(thing, Position)],
        )


class NoGrid:
    """Legacy has no grid (Q5)."""

    @staticmethod
    def nearest(price: float) -> float:
        return price


def with_ask(series: dict) -> dict:
    """V9: without ask bars shorts use bid."""
    return series if series["ask"] is not None else {**series, "ask": series["bid"]}
