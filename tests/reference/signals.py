"""Signals: their defaults, their ordinals, and the row of market data on which they act."""

from bisect import bisect_left

TIMEFRAMES = {
    "S1": 1,
    "S5": 5,
    "S15": 15,
    "S30": 30,
    "M1": 60,
    "M2": 120,
    "M3": 180,
    "M5": 300,
    "M10": 600,
    "M15": 900,
    "M30": 1800,
    "H1": 3600,
    "H2": 7200,
    "H3": 10800,
    "H4": 14400,
    "H6": 21600,
    "H8": 28800,
    "H12": 43200,
    "D1": 86400,
    "W1": 604800,
}
SECOND = 1_000_000_000
MILLISECOND = 1_000_000

DEFAULTS = {
    "action": "open",
    "direction": None,
    "order_type": "market",
    "price": None,
    "limit_price": None,
    "stop_loss": None,
    "take_profit": None,
    "stop_loss_pips": None,
    "take_profit_pips": None,
    "volume": None,
    "risk": None,
    "magic": 0,
    "ticket": None,
    "fraction": 1.0,
    "expires": None,
    "trail_pips": None,
    "trail_start_pips": 0.0,
    "trail_step_pips": 0.0,
    "break_even_pips": None,
    "break_even_offset_pips": 0.0,
    "max_holding": None,
    "oco": None,
    "tag": None,
}


def complete(signals: list[dict], symbols: list[str]) -> list[dict]:
    """The table with every absent value filled and every row's ordinal (N2)."""
    rows, seen = [], {}
    for number, given in enumerate(signals):
        row = dict(DEFAULTS, time=given["time"], row=number)
        row["symbol"] = given.get("symbol") or symbols[0]
        for column, value in given.items():
            if value is not None:
                row["magic" if column == "magic_number" else column] = value
        key = row["symbol"], row["time"]
        row["ordinal"] = seen.get(key, 0)
        seen[key] = row["ordinal"] + 1
        rows.append(row)
    return rows


def known_at(time: int, rules: dict) -> int:
    """T3: the earliest moment at which a signal may act."""
    frame = rules.get("signal_timeframe")
    if frame is None or frame == "tick":
        return time + 1
    return time + TIMEFRAMES[frame] * SECOND


def due_row(signal: dict, times: list[int], is_ticks: bool, rules: dict) -> int:
    """T3, L6: the row of the symbol's data on which a signal acts (it may lie past the end)."""
    delay = rules.get("delay") or 0
    moment = known_at(signal["time"], rules)
    if is_ticks:
        return bisect_left(times, moment + delay * MILLISECOND)
    return bisect_left(times, moment) + delay


def closing_row(signal: dict, times: list[int], rules: dict) -> int:
    """T8: the row at whose close a market order fills under `signal_close`."""
    row = bisect_left(times, signal["time"])
    if row == len(times) or times[row] != signal["time"]:
        raise ValueError(f"T8: no bar of {signal['symbol']} at {signal['time']}")
    return row + (rules.get("delay") or 0)


def fills_at_close(signal: dict, rules: dict) -> bool:
    """T8: market orders alone fill at the close."""
    return (
        rules.get("market_fill") == "signal_close" and signal["action"] == "open" and signal["order_type"] == "market"
    )
