"""Long and short: what the one pays the other gets."""


class Side:
    """The direction of an order or a position."""

    def __init__(self, name: str, sign: int) -> None:
        self.name = name
        self.sign = sign
        self.is_long = sign > 0

    def opening(self, bar):
        """Q1: the side of the bar at which this direction opens."""
        return bar.ask if self.is_long else bar.bid

    def closing(self, bar):
        """Q1: the side of the bar at which this direction closes."""
        return bar.bid if self.is_long else bar.ask

    def better(self, one: float, other: float) -> bool:
        """Whether the first price is strictly further in the direction of profit."""
        return one > other if self.is_long else one < other

    def reached(self, price: float, level: float) -> bool:
        """Whether a price is at or past a level in the direction of profit."""
        return price >= level if self.is_long else price <= level


LONG = Side("long", 1)
SHORT = Side("short", -1)


def side_of(name) -> Side:
    """The side that a signal's direction names."""
    return LONG if name in ("long", "buy", "1", 1) else SHORT
