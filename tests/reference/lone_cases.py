"""Seeded random cases in which most orders stand alone: one symbol, one position at a time, exits by levels."""

from random import Random

from . import markets
from .cases import Case, Ideas, plain_case


def lone_case(seed: int) -> Case:
    """The case of a seed; now and then something in it disturbs the order that stands alone."""
    rng = Random(seed)
    case = plain_case(rng)
    while len(case.market) > 1 or case.finer:
        case = plain_case(rng)
    symbol = next(iter(case.market))
    kind = next(kind for kind in markets.KINDS if kind[0] == symbol)
    if rng.random() < 0.75:
        series = markets.bars(rng, kind, rng.randint(40, 400), 15 * markets.MINUTE)
    else:
        series = markets.ticks(rng, kind, markets.times_of_ticks(rng, rng.randint(60, 600)))
    if min(min(row) if isinstance(row, tuple) else row for row in series["bid"]) <= 0.0:
        return lone_case(seed + 1_000_003)
    config = {**case.config, "rules": {**case.config["rules"], **_rules(rng, series)}}
    config["account"] = {**config["account"], "mode": "hedging"}
    if rng.random() < 0.6:
        config["account"] |= {"balance": 1e7, "leverage": 500.0}
    ideas = Ideas(rng, config["instruments"][0], series, config["rules"])
    signals = _signals(rng, ideas, symbol)
    if rng.random() < 0.5:
        config["costs"] = {**config["costs"], "slippage": {"kind": "none"}}
        config["sizing"] = _sizing(rng, config["instruments"][0])
        config["rules"]["max_positions"] = 1
        signals = [_in_pips(rng, ideas, signal) for signal in signals]
    return Case(config, {symbol: series}, signals)


def _sizing(rng: Random, instrument: dict) -> dict:
    """Volumes around the least, around what the account carries, and small ones."""
    kind = rng.choice(("fixed_lots", "risk_amount", "risk_amount", "risk_percent", "notional"))
    least = instrument["volume_min"]
    amount = {
        "fixed_lots": least * rng.choice((0.5, 1.0, 3.0, 40.0, 1000.0)),
        "risk_percent": rng.choice((0.01, 0.5, 5.0, 60.0)),
    }.get(kind, rng.choice((0.5, 5.0, 50.0, 3000.0, 1e5)))
    return {
        "kind": kind,
        "amount": amount,
        "of": rng.choice(("balance", "balance", "equity")),
        "below_min": rng.choice(("reject", "min")),
    }


def _in_pips(rng: Random, ideas: Ideas, signal: dict) -> dict:
    """The same with levels in pips alone, as near as the spread or far, and mostly the volume of the settings."""
    kept = {name: value for name, value in signal.items() if name not in ("stop_loss", "take_profit")}
    if signal["action"] == "close":
        return kept
    if rng.random() < 0.9:
        kept.pop("volume", None)
    if rng.random() < 0.1:
        kept["risk"] = rng.choice((0.0, 1.0, 50.0, 1e4))
    for name in ("stop_loss_pips", "take_profit_pips"):
        if rng.random() < 0.8:
            kept[name] = ideas.pips() * rng.choice((1, 1, 3, 10))
    return kept


def _rules(rng: Random, series: dict) -> dict:
    ticks = series["kind"] == "ticks"
    return {
        "intrabar": rng.choice(("worst", "worst", "best")),
        "market_fill": "next_open",
        "signal_timeframe": "tick" if ticks else None,
        "delay": rng.choice((0,) * 9 + (500 if ticks else 1,)),
        "max_positions": rng.choice((1, 1, 1, 1, 2)),
    }


def _signals(rng: Random, ideas: Ideas, symbol: str) -> list[dict]:
    times, rows, row = ideas.series["time"], [], 0
    step = rng.choice((1, 3, 8, 20))
    while row < len(times):
        signal = {"symbol": symbol, "time": times[row] - rng.choice((0,) * 9 + (1,)), **one_signal(rng, ideas, row)}
        rows.append(signal)
        if rng.random() < 0.04:
            rows.append({"symbol": symbol, "time": signal["time"], **one_signal(rng, ideas, row)})
        row += rng.randint(1, 2 * step)
    return sorted(rows, key=lambda one: one["time"])


def one_signal(rng: Random, ideas: Ideas, row: int) -> dict:
    """Mostly a market order; now and then what no lone order meets."""
    chance = rng.random()
    if chance < 0.03:
        return {"action": "close"}
    direction = rng.choice(("long", "short"))
    signal = {"action": "open", "direction": direction, "order_type": "market", **_levels(rng, ideas, row, direction)}
    if rng.random() < 0.1:
        signal["tag"] = rng.choice(("a", "b"))
    if rng.random() < 0.3:
        signal["volume"] = ideas.volume()
    disturbances = (
        {"magic": 7},
        {"max_holding": 5 * markets.MINUTE},
        {"trail_pips": ideas.pips()},
        {"break_even_pips": ideas.pips()},
        {"oco": 1},
        {"order_type": "limit", "price": ideas.level(row)},
        {"expires": ideas.series["time"][row] + markets.MINUTE},
        {"risk": 50.0},
    )
    return signal | (rng.choice(disturbances) if chance < 0.1 else {})


def _levels(rng: Random, ideas: Ideas, row: int, direction: str) -> dict:
    """Exits near and far, as levels or in pips, and now and then none."""
    levels, price = {}, ideas.reference(row, "bid" if direction == "long" else "ask")
    for name, above in (("stop_loss", direction == "short"), ("take_profit", direction == "long")):
        kind = rng.random()
        if kind < 0.45:
            levels[name + "_pips"] = ideas.pips() * rng.choice((1, 3, 10))
        elif kind < 0.6:
            levels[name] = ideas.level_beside(row, price, above)
        elif kind < 0.95:
            levels[name] = price + (1 if above else -1) * rng.randint(20, 400) * ideas.tick_size
    return levels
