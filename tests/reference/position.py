"""Open positions."""

import math


class Share:
    """A6: a cost of a position, split over its partial closes."""

    def __init__(self, whole: float) -> None:
        self.whole = whole
        self.left = whole

    def take(self, part: float, volume_at_entry: float, is_last: bool) -> float:
        """A6: `whole * part / volume at entry`, the last part by subtraction."""
        if is_last:
            return self.left
        share = self.whole * part / volume_at_entry
        self.left = self.left - share
        return share

    def add(self, more: float) -> None:
        """A5: what an added volume brings along."""
        self.whole = self.left + more
        self.left = self.whole


def to_8_decimals(volume: float) -> float:
    """A6: volumes are rounded to eight decimals."""
    return math.floor(volume * 1e8 + 0.5) / 1e8


MOVERS = {
    None: "stop_loss",
    "break_even": "break_even_stop_loss",
    "trailing": "trailing_stop",
    "signal": "modified_stop_loss",
}


class Position:
    """An open position, from the order that opened it."""

    def __init__(self, order, *, time, price, quote, volume, stop_loss, take_profit, entered) -> None:
        self.ticket = order.ticket
        self.symbol = order.symbol
        self.magic = order.magic
        self.side = order.side
        self.order_type = order.order_type
        self.signal_time = order.signal_time
        self.ordinal = order.ordinal
        self.tag = order.tag
        self.entry_time = time
        self.entry_price = price
        self.slippage_entry = abs(price - quote)
        self.volume = volume
        self.volume_at_entry = volume
        self.initial_stop_loss = stop_loss
        self.stop_loss = stop_loss
        self.take_profit = take_profit
        self.trail_pips = order.trail_pips
        self.trail_start_pips = order.trail_start_pips
        self.trail_step_pips = order.trail_step_pips
        self.break_even_pips = order.break_even_pips
        self.break_even_offset_pips = order.break_even_offset_pips
        self.max_holding = order.max_holding
        self.commission = Share(0.0)
        self.risk = Share(0.0)
        self.risk_per_trade = Share(0.0)
        self.swap = 0.0
        self.ambiguous = False
        self.mover = None
        self.break_even_done = False
        self.exits = 0
        self.entered = entered
        self.bound = None
        self.best = None
        self.points = []
        self.seen_now = []
        self.seen = []

    def take_swap(self, part: float, is_last: bool) -> float:
        """N60: the swap so far is split over the volume that is left."""
        share = self.swap if is_last else self.swap * part / self.volume
        self.swap -= share
        return share

    @property
    def stop_reason(self) -> str:
        """M6: a stop loss is named after the last mover of its level."""
        return MOVERS[self.mover]

    @property
    def is_managed(self) -> bool:
        """M1, M2: whether anything follows the price."""
        return self.break_even_pips is not None or self.trail_pips is not None

    def take_in(self, prices) -> None:
        """M5: the best price takes in more prices of the closing side."""
        for price in prices:
            if self.best is None or self.side.better(price, self.best):
                self.best = price

    def settle(self) -> None:
        """N32: a new step begins; the bar that is over counts in full for `mae` and `mfe`."""
        self.seen.extend(self.seen_now)
        if len(self.seen) > 2:
            self.seen = [min(self.seen), max(self.seen)]
        self.seen_now = []
        self.points = []
        self.entered = None
        self.bound = None

    def row(self) -> dict:
        """O2: a position that is left open."""
        names = (
            "ticket",
            "symbol",
            "magic",
            "order_type",
            "signal_time",
            "entry_time",
            "entry_price",
            "initial_stop_loss",
            "stop_loss",
            "take_profit",
            "volume",
            "ambiguous",
            "slippage_entry",
            "tag",
            "swap",
        )
        shares = {
            "commission": self.commission.left,
            "risk": self.risk.left,
            "risk_per_trade": self.risk_per_trade.left,
        }
        return {**{name: getattr(self, name) for name in names}, "direction": self.side.name, **shares}
