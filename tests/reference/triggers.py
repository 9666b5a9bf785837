"""Table G: what touches a level, and at which price it fills."""

from typing import NamedTuple


class Watch(NamedTuple):
    """A level and the side of the quote that watches it; `up` means touched from below."""

    on_bid: bool
    up: bool
    level: float

    def prices(self, bar):
        """The side of the bar that is watched."""
        return bar.bid if self.on_bid else bar.ask

    def past(self, price: float) -> bool:
        """Whether a price has reached the level."""
        return price >= self.level if self.up else price <= self.level

    def touched(self, bar) -> bool:
        """G, column two: touched at any moment of the bar."""
        return self.past(getattr(self.prices(bar), self.extreme))

    def open_is_beyond(self, bar) -> bool:
        """G, column three."""
        return self.past(self.prices(bar).open)

    def open_is_strictly_beyond(self, bar) -> bool:
        """G2: what makes an exit a gap."""
        return self.open_is_beyond(bar) and self.prices(bar).open != self.level

    def close_is_beyond(self, bar) -> bool:
        """I2: the bar closes at or beyond the level."""
        return self.past(self.prices(bar).close)

    @property
    def extreme(self) -> str:
        """N21: the extreme of the bar that touches."""
        return "high" if self.up else "low"


def limit_watch(side, level: float) -> Watch:
    """A buyer's limit waits for the ask to fall, a seller's for the bid to rise."""
    return Watch(not side.is_long, not side.is_long, level)


def stop_watch(side, level: float, rules: dict) -> Watch:
    """G1: which quote a stop entry watches."""
    opposite = rules["stop_trigger"] == "opposite"
    return Watch(side.is_long == opposite, side.is_long, level)


def order_watch(order, rules: dict) -> Watch:
    """The level that a pending order waits for now."""
    if order.waits_as_limit:
        return limit_watch(order.side, order.asked_price)
    return stop_watch(order.side, order.price, rules)


def stop_loss_watch(side, level: float) -> Watch:
    """A long's stop loss watches the bid from above, a short's the ask from below."""
    return Watch(side.is_long, not side.is_long, level)


def take_profit_watch(side, level: float) -> Watch:
    """A long's take profit watches the bid from below, a short's the ask from above."""
    return Watch(side.is_long, side.is_long, level)


def buffered(watch: Watch, factor: float, instrument) -> Watch:
    """G5: an exit is touched a little before its level."""
    if not factor:
        return watch
    sign = -1 if watch.up else 1
    level = instrument.grid.nearest(watch.level + sign * factor * instrument.pip_size)
    return watch._replace(level=level)


def stop_price_at_open(order, bar, rules: dict, grid) -> float:
    """G2: a stop entry that the bar opens beyond."""
    if bar.is_tick or rules["gap_fill"] == "open":
        return order.side.opening(bar).open
    if rules["stop_trigger"] == "fill_side":
        return order.price
    return grid.nearest(order.price + order.side.sign * bar.spread("open"))


def limit_price_at_open(order, bar, rules: dict, on_arrival: bool) -> float:
    """G2, G3: a limit that the bar opens beyond."""
    improves = rules["gap_fill"] == "open" and (on_arrival or rules["limit_gap"] == "open")
    if bar.is_tick or improves:
        return order.side.opening(bar).open
    return order.asked_price


def stop_price_inside(order, bar, rules: dict, grid) -> float:
    """G: a stop entry that is touched inside the bar."""
    if rules["stop_trigger"] == "fill_side":
        return order.price
    extreme = "high" if order.side.is_long else "low"
    spread = max(bar.spread("open"), bar.spread(extreme))
    price = grid.nearest(order.price + order.side.sign * spread)
    return min(bar.ask.high, price) if order.side.is_long else max(bar.bid.low, price)


def no_worse_than_limit(order, price: float) -> float:
    """G4: a stop limit never fills worse than its limit."""
    return min(price, order.limit_price) if order.side.is_long else max(price, order.limit_price)


def stop_loss_at_open(position, bar, rules: dict) -> float:
    """G2: a stop loss that the bar opens beyond."""
    if bar.is_tick or rules["gap_fill"] == "open":
        return position.side.closing(bar).open
    return position.stop_loss


def take_profit_at_open(position, bar, rules: dict) -> float:
    """G2: a take profit that the bar opens beyond."""
    if bar.is_tick or (rules["gap_fill"] == "open" and rules["take_profit_gap"] == "open"):
        return position.side.closing(bar).open
    return position.take_profit


def bound_after_fill(side, price: float, bar, extreme: str, grid) -> float:
    """G8: the best price of a stop loss in the bar of its position's fill."""
    bound = grid.nearest(price - side.sign * bar.spread(extreme))
    closing = side.closing(bar)
    return min(max(bound, closing.low), closing.high)


def stop_loss_inside(position) -> float:
    """G, G8: a stop loss that is touched inside the bar."""
    if position.bound is None:
        return position.stop_loss
    if position.side.is_long:
        return min(position.stop_loss, position.bound)
    return max(position.stop_loss, position.bound)
