"""The beginning of a bar: conditions that change, and swaps (B1, C3)."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .costs import to_digits
from .exits import closing_quote

SECOND = 1_000_000_000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHANGE, ROLL = 0, 1


def local(moment: int, zone: ZoneInfo) -> datetime:
    """A moment on a zone's clock, whole seconds."""
    return datetime.fromtimestamp(moment // SECOND, zone)


def rollovers(terms: dict, after: int, until: int):
    """C3: rollovers later than one moment and not later than another, with the days of the week."""
    zone, clock = ZoneInfo(terms.get("zone", "America/New_York")), time.fromisoformat(terms.get("time", "17:00"))
    day: date = local(after, zone).date()
    last = local(until, zone).date()
    while day <= last:
        moment = int(datetime.combine(day, clock, zone).timestamp()) * SECOND
        if day.weekday() < 5 and day.isoformat() not in terms.get("holidays", ()) and after < moment <= until:
            yield moment, WEEKDAYS[day.weekday()]
        day += timedelta(days=1)


def begin(sim, book) -> None:
    """N65: changes of conditions and rollovers since the last bar, in the order of their times."""
    bar, terms = book.bar, book.terms
    due = [(moment, CHANGE, dated) for moment, dated in terms.changes_until(bar.time)]
    if terms.ever_swaps and book.row > 0:
        since = book.times[book.row - 1]
        due += [(moment, ROLL, day) for moment, day in rollovers(terms.rollover, since, bar.time)]
    for moment, kind, what in sorted(due, key=lambda one: one[:2]):
        if kind == CHANGE:
            terms.change(what)
        else:
            roll(sim, book, moment, what)


def roll(sim, book, moment: int, day: str) -> None:
    """N59: one rollover, for all positions that were opened before it, in ticket order."""
    if book.terms.swaps is None:
        return
    for position in book.positions():
        if position.entry_time < moment:
            charge(sim, book, position, day)


def charge(sim, book, position, day: str) -> None:
    """N57: a swap is rounded, and one of nothing writes no event."""
    swaps = book.terms.swaps
    price = closing_quote(book, position)
    days = 3 if day == swaps.get("triple_day", "wednesday") else 1
    amount = to_digits(a_day(sim, book, position, price) * days, sim.account.digits)
    if amount == 0.0:
        return
    sim.account.balance += amount
    position.swap += amount
    rate = None if swaps["kind"] == "money" else sim.shown_rate(book)
    sim.journal.write("swap", position, price=price, volume=position.volume, amount=amount, rate=rate)


def a_day(sim, book, position, price: float) -> float:
    """N58: what one day books, not rounded."""
    swaps, unit, volume = book.terms.swaps, book.instrument.unit, position.volume
    value = swaps["long" if position.side.is_long else "short"]
    if swaps["kind"] == "money":
        return value * volume
    if swaps["kind"] == "points":
        return value * book.instrument.tick_size * volume * unit * sim.rate(book)
    return volume * unit * price * sim.rate(book) * value / 100.0 / 360.0
