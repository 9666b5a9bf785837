"""Orders: requests that wait, and what they ask for."""

from .side import side_of

CARRIED = (
    "symbol",
    "magic",
    "order_type",
    "volume",
    "risk",
    "expires",
    "trail_pips",
    "trail_start_pips",
    "trail_step_pips",
    "break_even_pips",
    "break_even_offset_pips",
    "max_holding",
    "oco",
    "tag",
    "stop_loss_pips",
    "take_profit_pips",
    "ordinal",
)


class Order:
    """A market or pending order; levels are on the grid (Q5)."""

    def __init__(self, signal: dict, grid) -> None:
        for name in CARRIED:
            setattr(self, name, signal[name])
        self.ticket = None
        self.side = side_of(signal["direction"])
        self.signal_time = signal["time"]
        self.triggered = False
        self.rests_this_bar = False
        for name in ("price", "limit_price", "stop_loss", "take_profit"):
            level = signal[name]
            setattr(self, name, None if level is None else grid.nearest(level))
        if self.order_type == "market":
            self.price = None

    @property
    def is_market(self) -> bool:
        return self.order_type == "market"

    @property
    def waits_as_limit(self) -> bool:
        """G4: a stop limit is a limit once it has been triggered."""
        return self.order_type == "limit" or (self.order_type == "stop_limit" and self.triggered)

    @property
    def asked_price(self):
        """G4: the price that S2 and Z2 go by."""
        return self.limit_price if self.order_type == "stop_limit" else self.price

    def settle(self) -> None:
        """N22: a new step begins."""
        self.rests_this_bar = False

    def row(self) -> dict:
        """O2: a pending order that is left."""
        names = (
            "ticket",
            "symbol",
            "magic",
            "order_type",
            "signal_time",
            "price",
            "limit_price",
            "stop_loss",
            "take_profit",
            "stop_loss_pips",
            "take_profit_pips",
            "volume",
            "risk",
            "expires",
            "oco",
            "tag",
            "triggered",
        )
        return {**{name: getattr(self, name) for name in names}, "direction": self.side.name}


def level_from(given, pips, price: float, sign: int, instrument):
    """N17: a level as given, or its distance in pips from a price; `sign` points from price to level."""
    if pips is not None:
        return instrument.grid.nearest(price + sign * pips * instrument.pip_size)
    return given


def stops_from(order: Order, price: float, instrument) -> tuple:
    """The stop loss and the take profit that an order asks for, were it filled at `price`."""
    sign = order.side.sign
    stop_loss = level_from(order.stop_loss, order.stop_loss_pips, price, -sign, instrument)
    take_profit = level_from(order.take_profit, order.take_profit_pips, price, sign, instrument)
    return stop_loss, take_profit
