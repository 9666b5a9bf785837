"""Preset `legacy` reproduces the replaced simulator, number for number."""

import gzip
import json
import os
from datetime import datetime
from pathlib import Path

import pytest

from reference import simulate

PROJECT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("OMEGASIM_DATA", PROJECT.parent / "shared" / "data")) / "legacy_parity"
NAMES = (
    "de40_market_tight",
    "eurusd_all_orders",
    "eurusd_market",
    "eurusd_tight_limit",
    "usdjpy_all_orders",
    "xauusd_pending",
)
FIELDS = {
    "direction": "direction",
    "order_type": "order_type",
    "entry_price": "entry_price",
    "exit_price": "exit_price",
    "initial_stop_loss": "initial_stop_loss",
    "stop_loss": "stop_loss",
    "take_profit": "take_profit",
    "size": "volume",
    "result": "result",
    "r_multiple": "r_multiple",
    "reason": "reason",
}


def load(name: str) -> dict:
    path = DATA / f"{name}.json.gz"
    if not path.exists():
        pytest.skip(f"{path} is absent: set OMEGASIM_DATA to the folder that holds legacy_parity")
    with gzip.open(path, "rt") as file:
        return json.load(file)


def nanoseconds(text):
    return None if text is None else round(datetime.fromisoformat(text).timestamp()) * 1_000_000_000


def config_of(case: dict) -> dict:
    spec = case["spec"]
    instrument = {
        "symbol": case["symbol"],
        "base": spec["base_currency"],
        "quote": spec["quote_currency"],
        "stops_level": 0.0,
    }
    for name in ("tick_size", "tick_value", "pip_size", "contract_size", "volume_min", "volume_step", "volume_max"):
        instrument[name] = spec[name]
    return {
        "account": {
            "currency": "USD",
            "digits": 2,
            "balance": case["initial_balance"],
            "leverage": 30.0,
            "stop_out_level": 0.5,
            "mode": "hedging",
        },
        "instruments": [instrument],
        "rules": {"preset": "legacy", "pip_buffer_factor": 0.5},
        "sizing": {"kind": "risk_amount", "amount": case["risk_per_trade"], "of": "balance", "below_min": "min"},
        "costs": {
            "slippage": {"kind": "fixed", "pips": case["slippage_fixed_pips"]},
            "commission": {
                "kind": "per_million",
                "amount": case["fee_per_million"],
                "side": "both",
                "min_fee": case["fee_min"],
                "currency": None,
            },
            "cost_multiplier": 1.0,
            "slippage_multiplier": 1.0,
            "spread_multiplier": 1.0,
        },
        "seed": 42,
    }


def market_of(case: dict) -> dict:
    bars = case["bars"]
    sides = {
        side: list(zip(*(bars[f"{side}_{part}"] for part in ("open", "high", "low", "close")), strict=True))
        for side in ("bid", "ask")
    }
    times = [nanoseconds(text) for text in bars["time"]]
    return {case["symbol"]: {"kind": "bars", "time": times, "timeframe": times[1] - times[0], **sides}}


def signals_of(case: dict) -> list[dict]:
    rows = [dict(row, time=nanoseconds(row["time"]), symbol=case["symbol"]) for row in case["signals"]]
    for row in rows:
        row["price"] = row.pop("entry_price")
    return rows


def fees_of(result) -> dict:
    """The commissions of each ticket, entry first."""
    fees = {}
    for event in result.events:
        if event["kind"] == "commission":
            fees.setdefault(event["ticket"], []).append(-event["amount"])
    return fees


def check_times(expected: dict, row: dict) -> None:
    assert row["signal_time"] == nanoseconds(expected["signal_time"])
    assert row.get("entry_time") == nanoseconds(expected["trigger_time"])
    assert row.get("exit_time") == nanoseconds(expected["exit_time"])


def check_closed(expected: dict, trade: dict, fees: dict) -> None:
    check_times(expected, trade)
    for theirs, ours in FIELDS.items():
        assert trade[ours] == expected[theirs], theirs
    entry, leave = fees.get(trade["ticket"], (0.0, 0.0))
    assert (entry, leave) == (expected["entry_fee"], expected["exit_fee"])
    assert trade["commission"] == entry + leave


def check_active(expected: dict, row: dict, fees: dict) -> None:
    check_times(expected, row)
    price = row["entry_price"] if "entry_price" in row else row["price"]
    assert price == expected["entry_price"]
    assert (row["volume"] or 0) == expected["size"]
    for name in ("direction", "order_type", "stop_loss", "take_profit"):
        assert row[name] == expected[name], name
    assert sum(fees.get(row["ticket"], [])) == expected["entry_fee"]
    assert ("open" if "entry_price" in row else "pending") == expected["status"]


@pytest.mark.parametrize("name", NAMES)
def test_legacy_case_comes_out_equal(name):
    case = load(name)
    result = simulate(config_of(case), market_of(case), signals_of(case))
    fees, expected = fees_of(result), case["expected"]

    assert len(result.trades) == len(expected["closed"])
    for theirs, ours in zip(expected["closed"], result.trades, strict=True):
        check_closed(theirs, ours, fees)
    active = sorted(result.orders + result.open_positions, key=lambda row: row["ticket"])
    assert len(active) == len(expected["active"])
    for theirs, ours in zip(expected["active"], active, strict=True):
        check_active(theirs, ours, fees)
    assert result.equity[-1]["balance"] == result.events[-1]["balance"] == expected["final_cash"]
    assert sum(sum(f) for f in fees.values()) == pytest.approx(expected["total_fees"], rel=1e-12)
