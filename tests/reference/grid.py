"""The price grid of an instrument (Q5)."""

import math


class Grid:
    """Prices that are whole multiples of a tick size."""

    def __init__(self, tick_size: float) -> None:
        self.tick_size = tick_size
        inverse = round(1.0 / tick_size)
        self.inverse = float(inverse) if abs(inverse * tick_size - 1.0) < 1e-9 else None

    def ticks(self, price: float) -> float:
        """Q5: a price in ticks, not rounded."""
        return price / self.tick_size if self.inverse is None else price * self.inverse

    def price(self, number: int) -> float:
        """Q5: the grid price of a number."""
        return number * self.tick_size if self.inverse is None else number / self.inverse

    def nearest(self, price: float) -> float:
        """Q5: a level goes to the nearest grid price."""
        return self.price(math.floor(self.ticks(price) + 0.5))

    def away_from_buyer(self, price: float) -> float:
        """L5: a slipped price of a buyer goes up to the grid."""
        return self.price(math.ceil(self.ticks(price) - 1e-6))

    def away_from_seller(self, price: float) -> float:
        """L5: a slipped price of a seller goes down to the grid."""
        return self.price(math.floor(self.ticks(price) + 1e-6))

    def thousandths(self, price: float) -> int:
        """I4: a price in whole thousandths of a tick."""
        return math.floor(self.ticks(price) * 1000.0 + 0.5)
