"""How much margin the lots of one symbol need (A3, N39, N62)."""


def required(book, lots: list, leverage: float, rate: float) -> float:
    """The margin of lots `(is long, volume, price)` in ticket order, in account currency."""
    terms = book.terms.margin or {}
    leverage = terms.get("leverage") or leverage
    tiers, hedged = terms.get("tiers") or (), terms.get("hedged", 1.0)
    unit = book.instrument.unit
    if not tiers and hedged == 1.0:
        used = 0.0
        for _, volume, price in lots:
            used += volume * unit * price / leverage * rate
        return used
    sides = [
        _of_side([lot for lot in lots if lot[0] == is_long], unit, leverage, tiers, rate) for is_long in (True, False)
    ]
    return max(sides) + hedged * min(sides)


def _of_side(lots: list, unit: float, leverage: float, tiers, rate: float) -> float:
    """N62: the first lots of a side fill the first tier, and so on."""
    used = filled = 0.0
    for _, volume, price in lots:
        own = 0.0
        for part, at in _parts(volume, filled, tiers, leverage):
            own += part * unit * price / at
        filled += volume
        used += own * rate
    return used


def _parts(volume: float, filled: float, tiers, leverage: float):
    """The parts of a volume that go into each tier, with their leverage."""
    if not tiers:
        yield volume, leverage
        return
    end, lower = filled + volume, 0.0
    for tier in tiers:
        upper = tier.get("up_to")
        part = (end if upper is None else min(end, upper)) - max(filled, lower)
        if part > 0.0:
            yield part, tier["leverage"]
        lower = upper
