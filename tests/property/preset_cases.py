"""Random cases under the other presets."""

from dataclasses import replace
from random import Random
from typing import Any

from reference.cases import Case, plain_case

KEPT = ("signal_timeframe", "delay", "max_positions", "end_of_data")


def metatrader_case(seed: int) -> Case:
    """The work of a random case under preset `metatrader`."""
    case = plain_case(Random(seed))
    rules = {"preset": "metatrader", **{name: case.config["rules"][name] for name in KEPT}}
    return replace(case, config={**case.config, "rules": rules})


def legacy_case(seed: int) -> Case:
    """The work of a random case as preset `legacy` takes it: every open has a price; bars now and then have no ask."""
    rng, case = Random(seed), plain_case(Random(seed))
    instruments = [{**one, "tick_value": one["tick_value"] or one["tick_size"]} for one in case.config["instruments"]]
    config = {**case.config, "rules": {"preset": "legacy"}, "instruments": instruments}
    config["costs"] = {**_costs(rng), "spread_multiplier": 1.0}
    market = {symbol: _series(rng, series) for symbol, series in case.market.items()}
    return Case(config, market, [_signal(row, case.market[row["symbol"]]) for row in case.signals], {})


def _costs(rng: Random) -> dict[str, Any]:
    commission = {"kind": "per_million", "amount": 25.0, "min_fee": rng.choice((0.0, 1.0))}
    return {
        "slippage": rng.choice(({"kind": "none"}, {"kind": "fixed", "pips": 0.5})),
        "commission": rng.choice(({"kind": "none"}, commission)),
    }


def _series(rng: Random, series: dict[str, Any]) -> dict[str, Any]:
    return {**series, "ask": None} if series["kind"] == "bars" and rng.random() < 0.2 else series


def _signal(row: dict[str, Any], series: dict[str, Any]) -> dict[str, Any]:
    if row["action"] != "open":
        return row
    at = max((i for i, time in enumerate(series["time"]) if time <= row["time"]), default=0)
    bid = series["bid"][at] if series["kind"] == "ticks" else series["bid"][at][3]
    kind = "stop" if row["order_type"] == "stop_limit" else row["order_type"]
    return {**row, "order_type": kind, "limit_price": None, "price": row.get("price") or bid}
