"""Seeded random cases of several symbols with long quiet stretches between few orders."""

from random import Random

from . import markets
from .cases import Case, Ideas, plain_case
from .lone_cases import one_signal
from .money_cases import with_money


def portfolio_case(seed: int) -> Case:
    """The case of a seed: bars with times of their own or in common, and now and then an account near its stop-out."""
    rng = Random(seed)
    case = plain_case(rng)
    while len(case.market) < 2 or any(series["kind"] == "ticks" for series in case.market.values()) or case.finer:
        case = plain_case(rng)
    span, count = rng.choice((5, 15)) * markets.MINUTE, rng.randint(60, 500)
    market = {kind[0]: markets.bars(rng, kind, count, span) for kind in markets.KINDS if kind[0] in case.market}
    market = {symbol: market[symbol] for symbol in case.market}
    if min(min(row) for series in market.values() for row in series["bid"]) <= 0.0:
        return portfolio_case(seed + 1_000_003)
    if rng.random() < 0.5:
        _in_step(market)
    config = {**case.config, "rules": {**case.config["rules"], "delay": 0, "signal_timeframe": None}}
    config["rules"]["intrabar"] = rng.choice(("worst", "best", "ohlc", "nearest", "drill"))
    signals = []
    for instrument in config["instruments"]:
        symbol = instrument["symbol"]
        ideas = Ideas(rng, instrument, market[symbol], config["rules"])
        signals += _signals(rng, ideas, symbol)
    return with_money(rng, Case(config, market, sorted(signals, key=lambda signal: signal["time"])))


def _in_step(market: dict) -> None:
    """Gives every series the times of the shortest one."""
    shortest = min((series["time"] for series in market.values()), key=len)
    for series in market.values():
        series["time"] = list(shortest)
        for side in ("bid", "ask"):
            series[side] = series[side][: len(shortest)]


def _signals(rng: Random, ideas: Ideas, symbol: str) -> list[dict]:
    times, row, rows = ideas.series["time"], rng.randint(0, 30), []
    while row < len(times) - 1:
        rows.append({"symbol": symbol, "time": times[row], **one_signal(rng, ideas, row)})
        row += rng.choice((1, 5, 40, 40, 120))
    return rows
