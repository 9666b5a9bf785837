"""Slippage: how much worse than the quote a fill is (L)."""

MASK = (1 << 64) - 1


def mix(x: int) -> int:
    """L4: one step of SplitMix64."""
    z = (x + 0x9E3779B97F4A7C15) & MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
    return z ^ (z >> 31)


def uniform(seed: int, *parts: int) -> float:
    """L4: the number in [0, 1) that belongs to a trade's leg."""
    h = mix(seed & MASK)
    for part in parts:
        h = mix(h ^ (part & MASK))
    return (h >> 11) * 2.0**-53


def slip(sim, book, spread: float, signal_time: int, ordinal: int, leg: int) -> float:
    """L3, N23: the distance between the quote and the fill."""
    model = sim.costs["slippage"]
    multiplier = sim.costs["slippage_multiplier"]
    pip_size = book.instrument.pip_size
    if model["kind"] == "fixed":
        return model["pips"] * pip_size * multiplier
    if model["kind"] == "uniform":
        u = uniform(sim.seed, book.index, signal_time, ordinal, leg)
        return (model["fixed_pips"] + u * model["random_pips"]) * pip_size * multiplier
    if model["kind"] == "volatility":
        return model["factor"] * book.previous_range() * multiplier
    if model["kind"] == "spread":
        return model["factor"] * spread * multiplier
    return 0.0


def slipped(quote: float, distance: float, is_buying: bool, grid) -> float:
    """L2, L5: the fill, worse than the quote and on the grid."""
    if distance == 0.0:
        return quote
    if is_buying:
        return grid.away_from_buyer(quote + distance)
    return grid.away_from_seller(quote - distance)


def entry_fill(sim, book, order, quote: float, spread: float, as_limit: bool) -> float:
    """L1: the price at which an order is filled."""
    if as_limit and not sim.rules["slippage_on_limits"]:
        return quote
    distance = slip(sim, book, spread, order.signal_time, order.ordinal, 0)
    return slipped(quote, distance, order.side.is_long, book.grid)


def exit_fill(sim, book, position, quote: float, spread: float, reason: str) -> float:
    """L1: the price at which a position is closed."""
    if reason == "end_of_data":
        return quote
    if reason == "take_profit" and not sim.rules["slippage_on_limits"]:
        return quote
    distance = slip(sim, book, spread, position.signal_time, position.ordinal, position.exits + 1)
    return slipped(quote, distance, not position.side.is_long, book.grid)
