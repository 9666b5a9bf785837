"""Seeded random cases in which something is held over long quiet stretches while conversion rates move."""

from random import Random

from . import markets
from .cases import Case, Ideas, plain_case
from .lone_cases import one_signal
from .money_cases import with_money


def converted_case(seed: int) -> Case:
    """The case of a seed: one symbol or several, bars or ticks, an account that is not in the money of all of them."""
    rng = Random(seed)
    case = plain_case(rng)
    while case.finer:
        case = plain_case(rng)
    market = {symbol: _series(rng, symbol, series["kind"]) for symbol, series in case.market.items()}
    if min(min(row) if isinstance(row, tuple) else row for one in market.values() for row in one["bid"]) <= 0.0:
        return converted_case(seed + 1_000_003)
    is_ticks = any(series["kind"] == "ticks" for series in market.values())
    rules = {"delay": 0, "signal_timeframe": "tick" if is_ticks else None, "market_fill": "next_open"}
    config = {**case.config, "rules": {**case.config["rules"], **rules}}
    if rng.random() < 0.5:
        config["account"] = {**config["account"], "stop_out_level": rng.choice((0.9, 0.97, 0.99))}
    signals = []
    for instrument in config["instruments"]:
        symbol = instrument["symbol"]
        signals += _signals(rng, Ideas(rng, instrument, market[symbol], config["rules"]), symbol)
    plain = Case(config, market, sorted(signals, key=lambda signal: signal["time"]))
    converted = with_money(rng, plain)
    while not _converts(converted):
        converted = with_money(rng, plain)
    return converted


def _converts(case: Case) -> bool:
    instruments, currency = case.config["instruments"], case.config["account"]["currency"]
    return any(one["tick_value"] is None and one["quote"] != currency for one in instruments)


def _series(rng: Random, symbol: str, kind: str) -> dict:
    """Longer than others; now and then bars of one series overlap, or last longer than those of another."""
    known = next(one for one in markets.KINDS if one[0] == symbol)
    if kind == "ticks":
        return markets.ticks(rng, known, markets.times_of_ticks(rng, rng.randint(60, 400)))
    span = rng.choice((5, 5, 5, 15, 60)) * markets.MINUTE
    series = markets.bars(rng, known, rng.randint(60, 400), span)
    if rng.random() < 0.15:
        early = rng.choice((markets.SECOND, span // 5, span // 2))
        series["time"] = [time - early if row % 3 == 2 else time for row, time in enumerate(series["time"])]
    return series


def _signals(rng: Random, ideas: Ideas, symbol: str) -> list[dict]:
    times, row, rows = ideas.series["time"], rng.randint(0, 10), []
    while row < len(times) - 1:
        signal = {"symbol": symbol, "time": times[row], **one_signal(rng, ideas, row)}
        if rng.random() < 0.4:
            # Far from its exits it is held for long.
            signal = {name: value for name, value in signal.items() if not name.startswith(("stop_", "take_"))}
        rows.append(signal)
        row += rng.choice((1, 5, 40, 40, 120))
    return rows
