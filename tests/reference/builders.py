"""Short ways to write a configuration, bars and signals in tests."""

MINUTE = 60_000_000_000


def config(*, account=None, instrument=None, rules=None, sizing=None, costs=None) -> dict:
    """An index of tick size 1, one unit of money a point and lot, one lot a trade; no costs."""
    return {
        "account": {
            "currency": "USD",
            "digits": 2,
            "balance": 10000.0,
            "leverage": 100.0,
            "stop_out_level": 0.5,
            "mode": "hedging",
            **(account or {}),
        },
        "instruments": [
            {
                "symbol": "X",
                "base": "X",
                "quote": "USD",
                "tick_size": 1.0,
                "pip_size": 1.0,
                "contract_size": 1.0,
                "volume_min": 0.1,
                "volume_step": 0.1,
                "volume_max": 100.0,
                "tick_value": None,
                "stops_level": 0.0,
                **(instrument or {}),
            }
        ],
        "rules": {
            "preset": "default",
            "stop_trigger": "opposite",
            "gap_fill": "open",
            "take_profit_gap": "open",
            "limit_gap": "open",
            "intrabar": "worst",
            "beyond": "fill",
            "market_fill": "next_open",
            "signal_timeframe": None,
            "delay": 0,
            "pip_buffer_factor": 0.0,
            "slippage_on_limits": False,
            "max_positions": None,
            "margin_check": "close",
            "end_of_data": "keep",
            **(rules or {}),
        },
        "sizing": {"kind": "fixed_lots", "amount": 1.0, "of": "balance", "below_min": "reject", **(sizing or {})},
        "costs": {
            "slippage": {"kind": "none"},
            "commission": {"kind": "none"},
            "cost_multiplier": 1.0,
            "slippage_multiplier": 1.0,
            "spread_multiplier": 1.0,
            **(costs or {}),
        },
        "seed": 42,
    }


def bars(*rows, spread=2) -> dict:
    """Minute bars of X from bid prices; the ask is `spread` above."""
    bid = [tuple(float(price) for price in row) for row in rows]
    ask = [tuple(price + spread for price in row) for row in bid]
    times = [number * MINUTE for number in range(len(rows))]
    return {"X": {"kind": "bars", "time": times, "bid": bid, "ask": ask, "timeframe": MINUTE}}


def ticks(*bids, spread=2, times=None) -> dict:
    """Ticks of X, one a minute."""
    bid = [float(price) for price in bids]
    times = times or [number * MINUTE for number in range(len(bids))]
    return {"X": {"kind": "ticks", "time": times, "bid": bid, "ask": [price + spread for price in bid]}}


def signal(bar=0, direction="long", order_type="market", **columns) -> dict:
    """An `open` computed from the bar of that number."""
    return {"time": bar * MINUTE, "symbol": "X", "direction": direction, "order_type": order_type, **columns}
