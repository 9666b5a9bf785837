"""What random cases draw about money: currencies, swaps, margin, hours, conditions that change."""

from copy import deepcopy
from datetime import UTC, datetime, timedelta
from random import Random

from . import markets
from .markets import MINUTE, SECOND

HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
TIMES = ("time", "expires")
# Around midnight, rollovers, weekends and the changes of both clocks.
STARTS = (
    "2024-01-02 00:00:00", "2024-01-02 23:55:00", "2024-01-03 20:40:00", "2024-03-08 19:30:00", "2024-03-10 20:10:00",
    "2024-03-29 18:00:00", "2024-11-01 20:35:00", "2024-11-03 21:00:00",
)  # fmt: skip
TICK_STARTS = ("2024-01-03 21:59:10", "2024-03-11 20:59:30", "2024-01-04 23:59:20", "2024-01-05 21:58:00")
ZONES = ("America/New_York", "UTC", "Europe/Berlin", "Europe/Athens")
CURRENCIES = {
    "EURUSD": ("EUR", "USD"),
    "USDJPY": ("USD", "JPY"),
    "XAUUSD": ("XAU", "USD"),
    "US500": ("US500", "USD"),
    "COPPER": ("COPPER", "GBP"),
    "DE40": ("DE40", "EUR"),
}
# About what one unit is worth in USD.
WORTH = {"USD": 1.0, "EUR": 1.1, "GBP": 1.27, "JPY": 1 / 147.0, "CHF": 1.15}


def with_money(rng: Random, case):
    """The case with money of several kinds, or as it was."""
    if rng.random() < 0.35:
        return case
    case = deepcopy(case)
    _start_elsewhere(rng, case)
    if rng.random() < 0.6:
        _currencies(rng, case)
    for instrument in case.config["instruments"]:
        _conditions(rng, instrument, case)
    if rng.random() < 0.5:
        case.config["costs"]["swap"] = _rollover(rng, case)
    if rng.random() < 0.35 and case.config["rules"]["margin_check"] == "close":
        case.config["rules"]["margin_check"] = "worst_price"
    _give_rates(rng, case)
    return case


def _all_series(case) -> list[dict]:
    return [*case.market.values(), *(one for levels in case.finer.values() for one in levels)]


def _span_of(case) -> tuple[int, int]:
    """The first and the last time of the market."""
    times = [time for series in case.market.values() for time in series["time"]]
    return min(times), max(times)


def _start_elsewhere(rng: Random, case) -> None:
    is_ticks = any(series["kind"] == "ticks" for series in case.market.values())
    start = datetime.fromisoformat(rng.choice(TICK_STARTS if is_ticks else STARTS)).replace(tzinfo=UTC)
    later = int(start.timestamp()) * SECOND - markets.START
    for series in _all_series(case):
        series["time"] = [time + later for time in series["time"]]
    for signal in case.signals:
        signal.update({name: signal[name] + later for name in TIMES if signal.get(name) is not None})


def _day(rng: Random, case) -> str:
    """A day on which something happens, or the day before or after."""
    first, last = _span_of(case)
    moment = datetime.fromtimestamp(rng.randint(first, last) // SECOND, UTC)
    return (moment + timedelta(days=rng.choice((0, 0, 0, 1, -1)))).date().isoformat()


def _currencies(rng: Random, case) -> None:
    account = case.config["account"]
    account["currency"] = rng.choice(("EUR", "EUR", "GBP", "USD", "JPY"))
    account["hub"] = rng.choice(("USD", "USD", "EUR"))
    if account["currency"] == "JPY":
        account["balance"] *= 100.0
    if rng.random() < 0.2:
        account["stale_limit_hours"] = rng.choice((200.0, 60.0, 2.0))
    for instrument in case.config["instruments"]:
        instrument["base"], instrument["quote"] = CURRENCIES[instrument["symbol"]]
        if rng.random() < 0.8:
            instrument["tick_value"] = None
    if case.config["costs"]["commission"]["kind"] != "none" and rng.random() < 0.5:
        case.config["costs"]["commission"]["currency"] = rng.choice(("USD", "GBP", "CHF"))


def _conditions(rng: Random, instrument: dict, case) -> None:
    if rng.random() < 0.6:
        instrument["swaps"] = _swaps(rng)
    if rng.random() < 0.4:
        instrument["margin"] = _margin(rng, instrument)
    if rng.random() < 0.2:
        instrument["sessions"] = _sessions(rng, case)
    if rng.random() < 0.4:
        days = sorted({_day(rng, case) for _ in range(rng.choice((1, 1, 2, 3)))})
        instrument["history"] = [_dated(rng, instrument, day) for day in days]


def _swaps(rng: Random) -> dict:
    kind, size = rng.choice((("points", 30.0), ("money", 9.0), ("percent", 12.0)))
    return {
        "kind": kind,
        "long": round(rng.uniform(-size, size / 2), rng.choice((0, 2, 4))),
        "short": round(rng.uniform(-size, size / 2), rng.choice((0, 2, 4))),
        "triple_day": rng.choice(("wednesday", *WEEKDAYS)),
    }


def _margin(rng: Random, instrument: dict) -> dict:
    terms = {"hedged": rng.choice((1.0, 1.0, 0.0, 0.5, 0.3, 2.0))}
    if rng.random() < 0.5:
        terms["leverage"] = rng.choice((10.0, 20.0, 33.0, 500.0, 1000.0))
        return terms
    sizes = sorted({instrument["volume_min"] * rng.choice((1, 2, 3, 10, 25)) for _ in range(rng.choice((1, 2, 3)))})
    tiers = [{"up_to": size, "leverage": rng.choice((1000.0, 500.0, 200.0, 100.0))} for size in sizes]
    terms["tiers"] = [*tiers, {"leverage": rng.choice((50.0, 30.0, 5.0))}]
    return terms


def _sessions(rng: Random, case) -> dict:
    spans = []
    for _ in range(rng.choice((1, 2, 3))):
        begin = rng.randrange(0, 23)
        end = rng.choice(("24:00", f"{rng.randrange(begin + 1, 24):02}:30"))
        days = sorted(rng.sample(WEEKDAYS, rng.choice((3, 5, 7))), key=WEEKDAYS.index)
        spans.append({"days": days, "open": f"{begin:02}:{rng.choice(('00', '20'))}", "close": end})
    holidays = [_day(rng, case)] if rng.random() < 0.2 else []
    return {"zone": rng.choice(ZONES), "hours": spans, "holidays": holidays}


def _dated(rng: Random, instrument: dict, day: str) -> dict:
    dated = {"from": day}
    for name in rng.sample(("swaps", "margin", "commission"), rng.choice((1, 1, 2, 3))):
        if name == "swaps":
            dated[name] = _swaps(rng)
        elif name == "margin":
            dated[name] = _margin(rng, instrument)
        else:
            kind, amount = rng.choice((("none", 0.0), ("per_lot", 4.2), ("per_million", 31.0), ("percent", 0.013)))
            currency = rng.choice((None, "USD", "EUR")) if instrument["base"] != "XXX" else None
            dated[name] = {"kind": kind, "amount": amount, "side": "both", "min_fee": 0.25, "currency": currency}
    return dated


def _rollover(rng: Random, case) -> dict:
    zone = rng.choice(("America/New_York", *ZONES))
    clock = rng.choice(("17:00", "17:00", "00:00", "16:05", "23:59", f"{rng.randrange(24):02}:{rng.randrange(60):02}"))
    return {"time": clock, "zone": zone, "holidays": [_day(rng, case)] if rng.random() < 0.3 else []}


def _wanted(case) -> list[tuple[str, str]]:
    """The conversions that a run may need, each once."""
    account = case.config["account"]["currency"]
    fees = [case.config["costs"]["commission"].get("currency")]
    pairs = []
    for instrument in case.config["instruments"]:
        money = account if instrument["tick_value"] is not None else instrument["quote"]
        pairs.append((money, account))
        dated = [one["commission"].get("currency") for one in instrument.get("history", ()) if one.get("commission")]
        pairs += [(fee, account) for fee in (*fees, *dated) if fee is not None]
    return list(dict.fromkeys(pair for pair in pairs if pair[0] != pair[1]))


def _give_rates(rng: Random, case) -> None:
    """A path for each conversion: a pair, its inverse, or two through the hub; the run's own pairs where there are."""
    own = {(one["base"], one["quote"]) for one in case.config["instruments"]}
    hub = case.config["account"].get("hub", "USD")
    given = case.config["account"].setdefault("rates", {})
    for start, end in _wanted(case):
        through_hub = hub not in (start, end) and rng.random() < 0.4
        for pair in ((start, hub), (hub, end)) if through_hub else ((start, end),):
            if (pair in own or pair[::-1] in own) and rng.random() < 0.6:
                continue
            base, quote = pair if rng.random() < 0.5 else pair[::-1]
            if rng.random() < 0.4:
                given[base + quote] = round(WORTH[base] / WORTH[quote] * rng.uniform(0.9, 1.1), 6)
            else:
                case.rates[base + quote] = _rate_series(rng, case, base, quote)


def _rate_series(rng: Random, case, base: str, quote: str) -> dict:
    first, last = _span_of(case)
    worth = WORTH[base] / WORTH[quote]
    kind = base + quote, 1e-3 if worth > 20 else 1e-7 if worth < 0.05 else 1e-5, None, None, worth, None
    if last - first < HOUR and rng.random() < 0.7:
        begin = first - rng.choice((1, 30)) * SECOND
        times = sorted(begin + rng.randrange(0, 2 * (last - first) + SECOND) // SECOND * SECOND for _ in range(40))
        return markets.ticks(rng, kind, [begin, *times])
    spans = [span for span in (5 * MINUTE, 15 * MINUTE, HOUR, 4 * HOUR, DAY) if (last - first) // span < 60]
    span = rng.choice(spans[:3])
    series = markets.bars(rng, kind, (last - first) // span + 5, span)
    begin = first // span * span - span * rng.choice((1, 2, 2, 3))
    later = begin - series["time"][0]
    return {**series, "time": [time + later for time in series["time"]]}
