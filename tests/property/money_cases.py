"""Random cases on foreign accounts: conversion, swaps, margin terms, dated conditions; for laws that need no oracle."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random
from typing import Any

from property.doors import series_of
from reference.cases import Case, plain_case

import omegasim as om

MINUTE = 60_000_000_000
HOUR = 60 * MINUTE
SPANS = (15 * MINUTE, HOUR, 4 * HOUR)
USUAL = {"EURUSD": 1.1, "GBPUSD": 1.27, "USDCHF": 0.88, "USDJPY": 147.0}
CURRENCIES = {"EURUSD": ("EUR", "USD"), "USDJPY": ("USD", "JPY"), "DE40": ("DE40", "EUR")}


@dataclass(frozen=True)
class MoneyCase:
    """A case, and the series of conversion pairs that come from outside the run."""

    case: Case
    rates: dict[str, om.Bars | om.Ticks]


def money_case(seed: int) -> MoneyCase:
    """The case of a seed."""
    rng, case = Random(seed), plain_case(Random(seed))
    config = {**case.config, "account": {**case.config["account"], **_account(rng)}}
    config["instruments"] = [_terms(one, rng, case) for one in config["instruments"]]
    config["costs"] = {**config["costs"], "swap": {"time": rng.choice(("17:00", "00:05")), "zone": "UTC"}}
    config["costs"]["commission"] = {**config["costs"]["commission"], "currency": rng.choice((None, "USD", "EUR"))}
    if rng.random() < 0.3:
        config["rules"] = {**config["rules"], "margin_check": "worst_price"}
    constants, series = _rates(rng, config, case)
    config["account"]["rates"] = constants
    return MoneyCase(replace(case, config=config, rates={}), series)


def _account(rng: Random) -> dict[str, Any]:
    currency = rng.choice(("EUR", "GBP", "CHF", "USD", "JPY"))
    limit = {"stale_limit_hours": rng.choice((30.0, 60.0))} if rng.random() < 0.3 else {}
    return {"currency": currency, **limit, **({"balance": 5_000_000.0} if currency == "JPY" else {})}


def _terms(instrument: dict[str, Any], rng: Random, case: Case) -> dict[str, Any]:
    base, quote = CURRENCIES.get(instrument["symbol"], (instrument["symbol"], "USD"))
    terms: dict[str, Any] = {"base": base, "quote": quote}
    if rng.random() < 0.9:
        terms["tick_value"] = None
    if rng.random() < 0.7:
        terms["swaps"] = _swaps(rng)
    if rng.random() < 0.4:
        tiers = [{"up_to": 2.0, "leverage": 100.0}, {"leverage": 20.0}]
        terms["margin"] = {"tiers": tiers, "hedged": rng.choice((0.0, 0.5, 1.0))}
    if rng.random() < 0.3:
        first = min(series["time"][0] for series in case.market.values())
        terms["history"] = [{"from": _next_day(first), "swaps": _swaps(rng)}]
    if rng.random() < 0.2:
        days = ["monday", "tuesday", "wednesday", "thursday", "friday"]
        terms["sessions"] = {"zone": "UTC", "hours": [{"days": days, "open": "02:00", "close": "20:00"}]}
    return {**instrument, **terms}


def _swaps(rng: Random) -> dict[str, Any]:
    kind = rng.choice(("points", "money", "percent"))
    return {"kind": kind, "long": round(rng.uniform(-5, 3), 2), "short": round(rng.uniform(-5, 3), 2)}


def _next_day(time: int) -> str:
    return datetime.fromtimestamp(time // 1_000_000_000 + 86_400, UTC).date().isoformat()


def _rates(rng: Random, config: dict[str, Any], case: Case) -> tuple[dict[str, float], dict[str, om.Bars | om.Ticks]]:
    """EURUSD, USDJPY and the account's pair with the hub: constants, series from outside, or symbols of the run."""
    account = {"GBP": ["GBPUSD"], "CHF": ["USDCHF"]}.get(config["account"]["currency"], [])
    constants, series = {}, {}
    for pair in ["EURUSD", "USDJPY", *account]:
        source = rng.choice(("constant", "bars", "bars", "ticks", "run"))
        if source == "constant":
            constants[pair] = USUAL[pair]
        elif source != "run" or pair not in case.market:
            series[pair] = _series(rng, pair, case, ticks=source == "ticks")
    return constants, series


def _series(rng: Random, pair: str, case: Case, *, ticks: bool) -> om.Bars | om.Ticks:
    """From a little before the data, now and then too late, to a little after them."""
    times = [time for series in case.market.values() for time in (series["time"][0], series["time"][-1])]
    span = rng.choice(SPANS)
    start = (sum(times) // len(times) if rng.random() < 0.05 else min(times) - 3 * span) // span * span
    price, closes = USUAL[pair], []
    for _ in range((max(times) - start) // span + 3):
        price *= 1 + rng.uniform(-0.002, 0.002)
        closes.append(price)
    moments = [start + row * span for row in range(len(closes))]
    asks = [close * 1.0001 for close in closes]
    if ticks:
        return series_of(pair, {"kind": "ticks", "time": moments, "bid": closes, "ask": asks})
    sides = {"bid": [(price,) * 4 for price in closes], "ask": [(price,) * 4 for price in asks]}
    return series_of(pair, {"kind": "bars", "time": moments, "timeframe": span, **sides})
