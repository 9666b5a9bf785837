"""hftbacktest; every bar is four quotes fifteen seconds apart: open, low, high and close.

Its book cannot quote bid and ask at one price, so the ask is a tick above; the tick that each trade pays is given back.
It has no stop orders: the strategy sells at the first quote beyond the stop loss, mostly the low of the bar.
The take profit is a resting order and fills at its price, also where the bar opens beyond it.
"""

from importlib.metadata import version

import numpy as np
from hftbacktest import BacktestAsset, ROIVectorMarketDepthBacktest
from hftbacktest.order import GTC, LIMIT, MARKET
from hftbacktest.types import BUY_EVENT, DEPTH_EVENT, EXCH_EVENT, LOCAL_EVENT, SELL_EVENT, event_dtype
from numba import njit
from protocol import STOP_LOSS, TAKE_PROFIT, UNITS, answer, arrays

TICK, DEPTH = 1e-5, 1e9
QUOTE = 15_000_000_000
STOP_TICKS, TARGET_TICKS = round(STOP_LOSS / TICK), round(TAKE_PROFIT / TICK)

data, repeats = arrays()


def quotes() -> np.ndarray:
    """The depth events: each new level comes before the old one goes, so that neither side is ever empty."""
    bid = np.rint(np.column_stack((data.open, data.low, data.high, data.close)).ravel() / TICK).astype(np.int64)
    moves = np.flatnonzero(np.diff(bid, prepend=0))
    new = bid[moves]
    old = np.concatenate(([0], new[:-1]))
    events = np.zeros((len(moves), 4), dtype=event_dtype)
    events["exch_ts"] = events["local_ts"] = ((moves + 1) * QUOTE)[:, None]
    # The side that the price moves towards makes room first.
    sells = (new > old)[:, None] == np.array([True, True, False, False])
    events["ev"] = np.where(sells, SELL_EVENT, BUY_EVENT) | (DEPTH_EVENT | EXCH_EVENT | LOCAL_EVENT)
    events["px"] = (np.column_stack((new, old, new, old)) + sells) * TICK
    events["qty"] = [DEPTH, 0.0, DEPTH, 0.0]
    # The clock starts at the first event.
    start = events[0, 2:3].copy()
    start["exch_ts"] = start["local_ts"] = 0
    return np.concatenate((start, events.ravel()))


@njit
def workload(backtest, due):
    trades, stop, target, ticket = 0, 0, 0, 0
    for quote in range(4 * len(due)):
        backtest.elapse(QUOTE)
        price = backtest.depth(0).best_bid_tick
        held = backtest.position(0) > 0.0
        if held and price <= stop:
            backtest.cancel(0, ticket, True)
            ticket += 1
            backtest.submit_sell_order(0, ticket, price * TICK, UNITS, GTC, MARKET, True)
            held = False
        if not held and quote % 4 == 0 and due[quote // 4]:
            backtest.clear_inactive_orders(0)
            trades, stop, target = trades + 1, price - STOP_TICKS, price + TARGET_TICKS
            backtest.submit_buy_order(0, ticket + 1, (price + 1) * TICK, UNITS, GTC, MARKET, True)
            ticket += 2
            backtest.submit_sell_order(0, ticket, target * TICK, UNITS, GTC, LIMIT, True)
    state = backtest.state_values(0)
    worth = state.balance + state.position * backtest.depth(0).best_bid
    backtest.close()
    return trades, worth + trades * UNITS * TICK


def run() -> tuple[int, float]:
    asset = (
        BacktestAsset()
        .data(events)
        .linear_asset(1.0)
        .constant_order_latency(0, 0)
        .risk_adverse_queue_model()
        .no_partial_fill_exchange()
        .trading_value_fee_model(0.0, 0.0)
        .tick_size(TICK)
        .lot_size(1.0)
        .roi_lb(0.5)
        .roi_ub(2.0)
    )
    return workload(ROIVectorMarketDepthBacktest([asset]), data.entries)


events = quotes()
answer({"hftbacktest": version("hftbacktest")}, run, repeats)
