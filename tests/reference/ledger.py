"""A bookkeeper: books the fills of a run again, in decimal numbers of 40 digits.

It takes from a run only what was filled and closed, when, at what price and in what volume. Results, fees,
swaps, rates and balances it works out itself, from the settings and the market data.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl

import omegasim as om

DIGITS = Context(prec=40)
AT_THE_CLOSE = ("stop_out", "end_of_data")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def exact(number: float) -> Decimal:
    """A number as it is written."""
    return Decimal(repr(number))


class Quotes:
    """Bars of one symbol, read as quotes at their opens and as rates at their ends."""

    def __init__(self, frame: pl.DataFrame, timeframe: timedelta) -> None:
        self.times: list[datetime] = frame["time"].to_list()
        self.known = [moment + timeframe for moment in self.times]
        self.bid, self.ask = frame["bid_open"].to_list(), frame["ask_open"].to_list()
        self.close_bid, self.close_ask = frame["bid_close"].to_list(), frame["ask_close"].to_list()

    def first_at(self, moment: datetime) -> int:
        """The first bar at or after a moment."""
        return bisect_left(self.times, moment)

    def rate(self, moment: datetime) -> Decimal:
        """F1: the middle of the newest close that is known."""
        row = bisect_right(self.known, moment) - 1
        assert row >= 0, f"nothing is known at {moment}"
        return (exact(self.close_bid[row]) + exact(self.close_ask[row])) / 2


@dataclass
class Holding:
    """An open position."""

    symbol: str
    sign: int
    price: Decimal
    volume: Decimal
    rolled: datetime


@dataclass(frozen=True)
class Booking:
    """A line of the ledger."""

    kind: str
    ticket: int
    amount: Decimal
    balance: Decimal


class Ledger:
    """Books a hedging account without `tick_value`."""

    def __init__(
        self, config: om.Config, bars: Mapping[str, pl.DataFrame], timeframe: timedelta, signs: Mapping[int, int]
    ) -> None:
        self.config, self.timeframe, self.signs = config, timeframe, signs
        self.quotes = {symbol: Quotes(frame, timeframe) for symbol, frame in bars.items()}
        self.pairs = {(one.base, one.quote): one.symbol for one in config.instruments}
        self.balance = exact(config.account.balance)
        self.holdings: dict[int, Holding] = {}

    def book(self, events: list[dict[str, Any]]) -> list[Booking]:
        """Book every fill of a journal."""
        lines: list[Booking] = []
        with localcontext(DIGITS):
            for event in events:
                for kind, amount in self._amounts(event):
                    if amount or kind == "closed":
                        self.balance += amount
                        lines.append(Booking(kind, event["ticket"], amount, self.balance))
        return lines

    def _amounts(self, event: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
        match event["kind"]:
            case "filled":
                yield from self._open(event)
            case "swap":
                yield "swap", self._next_swap(event)
            case "closed":
                yield from self._close(event)

    def _open(self, event: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
        ticket, price, volume = event["ticket"], exact(event["price"]), exact(event["volume"])
        holding = Holding(event["symbol"], self.signs[ticket], price, volume, event["time"])
        self.holdings[ticket] = holding
        yield "commission", -self._fee(holding, "entry", price, volume, event["time"])

    def _close(self, event: dict[str, Any]) -> Iterator[tuple[str, Decimal]]:
        holding = self.holdings[event["ticket"]]
        assert not any(self._swaps(holding, event["time"])), f"a swap of {event['ticket']} was not booked"
        price, volume = exact(event["price"]), exact(event["volume"])
        moment = event["time"] + (self.timeframe if event["reason"] in AT_THE_CLOSE else timedelta())
        unit = exact(self.config.instrument(holding.symbol).contract_size)
        yield "closed", (price - holding.price) * holding.sign * volume * unit * self._quote_rate(holding, moment)
        yield "commission", -self._fee(holding, "exit", price, volume, moment)
        holding.volume -= volume

    def _next_swap(self, event: dict[str, Any]) -> Decimal:
        return next(amount for amount in self._swaps(self.holdings[event["ticket"]], event["time"]) if amount)

    def _swaps(self, holding: Holding, until: datetime) -> Iterator[Decimal]:
        """C3: what the rollovers up to a moment book that have not been looked at yet."""
        for moment, day in rollovers(self.config.costs.swap, holding.rolled, until):
            holding.rolled = moment
            yield self._swap(holding, moment, day)

    def _swap(self, holding: Holding, moment: datetime, day: str) -> Decimal:
        instrument, quotes = self.config.instrument(holding.symbol), self.quotes[holding.symbol]
        terms = instrument.swaps
        if terms is None:
            return Decimal(0)
        row = quotes.first_at(moment)
        value = exact(terms.long if holding.sign > 0 else terms.short)
        rate = self._quote_rate(holding, quotes.times[row])
        lots = holding.volume * exact(instrument.contract_size)
        if terms.kind == "points":
            amount = value * exact(instrument.tick_size) * lots * rate
        elif terms.kind == "money":
            amount = value * holding.volume
        else:
            price = exact((quotes.bid if holding.sign > 0 else quotes.ask)[row])
            amount = lots * price * rate * value / 36_000
        return self._rounded(amount * (3 if day == terms.triple_day else 1))

    def _fee(self, holding: Holding, leg: str, price: Decimal, volume: Decimal, moment: datetime) -> Decimal:
        """C1: in the commission's currency first, then in account money."""
        terms, account = self.config.costs.commission, self.config.account.currency
        if terms.kind == "none" or terms.side not in ("both", leg):
            return Decimal(0)
        instrument = self.config.instrument(holding.symbol)
        back = self._rate(terms.currency or account, account, moment)
        notional = volume * exact(instrument.contract_size) * price * self._quote_rate(holding, moment) / back
        base = {"per_lot": volume, "per_million": notional / 1_000_000, "percent": notional / 100}[terms.kind]
        fee = max(base * exact(terms.amount), exact(terms.min_fee))
        return self._rounded(fee * back * exact(self.config.costs.cost_multiplier))

    def _rounded(self, money: Decimal) -> Decimal:
        return money.quantize(Decimal(1).scaleb(-self.config.account.digits), ROUND_HALF_UP)

    def _quote_rate(self, holding: Holding, moment: datetime) -> Decimal:
        return self._rate(self.config.instrument(holding.symbol).quote, self.config.account.currency, moment)

    def _rate(self, start: str, end: str, moment: datetime) -> Decimal:
        """F1: identity, one pair, or two through the hub."""
        if start == end:
            return Decimal(1)
        direct = self._pair_rate(start, end, moment)
        if direct is not None:
            return direct
        hub = self.config.account.hub
        first, second = self._pair_rate(start, hub, moment), self._pair_rate(hub, end, moment)
        assert first is not None
        assert second is not None
        return first * second

    def _pair_rate(self, start: str, end: str, moment: datetime) -> Decimal | None:
        if (start, end) in self.pairs:
            return self.quotes[self.pairs[start, end]].rate(moment)
        if (end, start) in self.pairs:
            return 1 / self.quotes[self.pairs[end, start]].rate(moment)
        return None


def rollovers(terms: om.Rollover, after: datetime, until: datetime) -> Iterator[tuple[datetime, str]]:
    """C3: rollovers later than one moment and not later than another, with their days of the week."""
    zone, clock = ZoneInfo(terms.zone), time.fromisoformat(terms.time)
    day: date = after.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        moment = datetime.combine(day, clock, zone).astimezone(UTC)
        if day.weekday() < 5 and day.isoformat() not in terms.holidays and after < moment <= until:
            yield moment, WEEKDAYS[day.weekday()]
        day += timedelta(days=1)
