"""The floors: the rules of the workload as one loop, compiled by numba and over plain lists."""

from protocol import STOP_LOSS, TAKE_PROFIT, UNITS


def grid(price: float) -> float:
    """The nearest price of five digits."""
    return int(price * 100000.0 + 0.5) / 100000.0


def make_loop(grid):
    """The loop over a way to round prices."""

    def loop(opens, highs, lows, closes, entries, stop_loss, take_profit):
        held, entry, stop, target, trades, profit = False, 0.0, 0.0, 0.0, 0, 0.0
        for bar in range(len(opens)):
            price = 0.0
            if held:
                if opens[bar] <= stop or opens[bar] >= target:
                    price = opens[bar]
                if price > 0.0:
                    trades, profit, held, price = trades + 1, profit + (price - entry) * UNITS, False, 0.0
            if not held and entries[bar]:
                held, entry = True, opens[bar]
                stop, target = grid(entry - stop_loss), grid(entry + take_profit)
            if held:
                if lows[bar] <= stop:
                    price = stop
                elif highs[bar] >= target:
                    price = target
                if price > 0.0:
                    trades, profit, held = trades + 1, profit + (price - entry) * UNITS, False
        if held:
            trades, profit = trades + 1, profit + (closes[-1] - entry) * UNITS
        return trades, profit

    return loop


STOPS = (STOP_LOSS, TAKE_PROFIT)
