"""The trickier rules, computed by hand."""

import pytest

from reference import simulate
from reference.builders import MINUTE, bars, config, signal, ticks
from reference.cases import random_case
from reference.rates import RateError
from reference.slippage import uniform

FLAT = (100, 100, 100, 100)
PATHS = ("ohlc", "olhc", "nearest", "candle")


def run(market, *signals, finer=None, **settings):
    return simulate(config(**settings), market, list(signals), finer)


def only_trade(result):
    assert len(result.trades) == 1
    return result.trades[0]


def summary(trade):
    return trade["entry_price"], trade["exit_price"], trade["reason"], trade["ambiguous"], trade["gap"]


def kinds(result):
    return [(event["kind"], event["ticket"]) for event in result.events]


def test_l4_vectors():
    assert uniform(42, 1, 0) == 0.577125795355946
    assert uniform(42, 0, 1704276000000000000, 0, 0) == 0.8120245125224367


def test_g2_a_stop_loss_gaps_to_the_open_and_a_take_profit_too():
    market = bars(FLAT, FLAT, (80, 85, 75, 82))
    trade = only_trade(run(market, signal(stop_loss=90.0)))
    assert summary(trade) == (102.0, 80.0, "stop_loss", False, True)
    market = bars(FLAT, FLAT, (120, 125, 119, 122))
    trade = only_trade(run(market, signal(take_profit=110.0)))
    assert summary(trade) == (102.0, 120.0, "take_profit", False, True)


def test_g2_gap_fill_level_keeps_the_level():
    market = bars(FLAT, FLAT, (80, 85, 75, 82))
    trade = only_trade(run(market, signal(stop_loss=90.0), rules={"gap_fill": "level"}))
    assert summary(trade) == (102.0, 90.0, "stop_loss", False, True)


def test_g1_a_buy_stop_watches_the_bid_and_pays_the_spread():
    market = bars(FLAT, FLAT, (100, 106, 100, 106))
    order = signal(order_type="stop", price=105.0)
    assert run(market, order).open_positions[0]["entry_price"] == 107.0
    fill_side = run(market, order, rules={"stop_trigger": "fill_side"})
    assert fill_side.open_positions[0]["entry_price"] == 105.0


def test_g3_a_limit_beyond_the_market_fills_at_the_open():
    result = run(bars(FLAT, FLAT), signal(order_type="limit", price=110.0))
    assert result.open_positions[0]["entry_price"] == 102.0
    refused = run(bars(FLAT, FLAT), signal(order_type="limit", price=110.0), rules={"beyond": "reject"})
    assert refused.events[0]["reason"] == "invalid_price"


def test_g8_a_stop_loss_in_the_bar_of_the_fill_pays_the_spread():
    market = bars(FLAT, FLAT, (100, 100, 95, 98))
    trade = only_trade(run(market, signal(order_type="limit", price=98.0, stop_loss=97.0)))
    assert trade["entry_price"] == 98.0
    assert trade["exit_price"] == 96.0


def test_g8_the_bound_stays_within_the_bar():
    market = bars(FLAT, FLAT, (100, 100, 97, 98))
    trade = only_trade(run(market, signal(order_type="limit", price=99.0, stop_loss=98.0)))
    assert trade["exit_price"] == 97.0


def test_i1_both_touched_is_a_loss_and_ambiguous_and_i3_a_profit():
    market = bars(FLAT, FLAT, (100, 110, 90, 100))
    asked = signal(stop_loss=95.0, take_profit=105.0)
    assert summary(only_trade(run(market, asked))) == (102.0, 95.0, "stop_loss", True, False)
    best = only_trade(run(market, asked, rules={"intrabar": "best"}))
    assert summary(best) == (102.0, 105.0, "take_profit", True, False)


@pytest.mark.parametrize(("close", "ambiguous"), [(97, True), (95, False), (96, True)])
def test_i2_after_a_stop_entry_the_touch_may_have_come_before(close, ambiguous):
    market = bars(FLAT, FLAT, (100, 106, 95, close))
    trade = only_trade(run(market, signal(order_type="stop", price=105.0, stop_loss=95.0)))
    assert summary(trade) == (107.0, 95.0, "stop_loss", ambiguous, False)


def test_i2_after_a_limit_entry_the_take_profit_needs_the_close():
    asked = signal(order_type="limit", price=98.0, stop_loss=80.0, take_profit=104.0)
    market = bars(FLAT, FLAT, (100, 105, 95, 103))
    result = run(market, asked)
    assert result.trades == []
    assert result.open_positions[0]["ambiguous"] is True
    market = bars(FLAT, FLAT, (100, 105, 95, 104))
    assert summary(only_trade(run(market, asked))) == (98.0, 104.0, "take_profit", False, False)


def test_i2_a_touched_sibling_is_ambiguous():
    market = bars(FLAT, FLAT, (100, 110, 90, 100))
    result = run(market, signal(order_type="stop", price=108.0, oco=1), signal(order_type="limit", price=95.0, oco=1))
    assert kinds(result) == [
        ("accepted", 1),
        ("accepted", 2),
        ("triggered", 1),
        ("filled", 1),
        ("cancelled", 2),
    ]
    assert result.open_positions[0]["ambiguous"] is True


@pytest.mark.parametrize(("model", "reason"), [("ohlc", "take_profit"), ("olhc", "stop_loss")])
def test_i4_the_path_decides_the_order(model, reason):
    market = bars(FLAT, FLAT, (100, 110, 90, 100))
    trade = only_trade(run(market, signal(stop_loss=95.0, take_profit=105.0), rules={"intrabar": model}))
    assert (trade["reason"], trade["ambiguous"]) == (reason, False)


def test_i4_at_equal_f_exits_go_before_entries():
    market = bars(FLAT, FLAT, (100, 110, 100, 100), spread=0)
    result = run(
        market,
        signal(take_profit=105.0),
        signal(order_type="stop", price=105.0, stop_loss=90.0),
        rules={"intrabar": "ohlc"},
    )
    last = kinds(result)[-3:]
    assert last == [("closed", 1), ("triggered", 2), ("filled", 2)]


@pytest.mark.parametrize("model", PATHS)
def test_i4_a_stop_behind_the_quote_at_the_fill_counts_at_once(model):
    market = bars(FLAT, FLAT, (100, 106, 100, 106))
    trade = only_trade(
        run(market, signal(order_type="stop", price=105.0, stop_loss_pips=1.0), rules={"intrabar": model})
    )
    assert (trade["entry_price"], trade["stop_loss"], trade["exit_price"]) == (107.0, 106.0, 105.0)


def test_g4_a_stop_limit_rests_until_the_next_bar():
    market = bars(FLAT, FLAT, (100, 106, 100, 100), FLAT)
    order = signal(order_type="stop_limit", price=105.0, limit_price=103.0)
    result = run(market, order)
    assert kinds(result) == [("accepted", 1), ("triggered", 1), ("filled", 1)]
    assert result.open_positions[0]["entry_time"] == 3 * MINUTE
    assert result.open_positions[0]["entry_price"] == 102.0
    walked = run(market, order, rules={"intrabar": "ohlc"})
    assert walked.open_positions[0]["entry_time"] == 2 * MINUTE
    assert walked.open_positions[0]["entry_price"] == 103.0


def test_g5_the_buffer_touches_early_and_fills_at_the_level():
    market = bars(FLAT, FLAT, (100, 100, 96, 98))
    trade = only_trade(run(market, signal(stop_loss=95.0), rules={"pip_buffer_factor": 1.0}))
    assert summary(trade) == (102.0, 95.0, "stop_loss", False, False)


def test_g6_a_tick_fills_at_its_own_quote():
    market = ticks(100, 100, 93)
    trade = only_trade(run(market, signal(stop_loss=95.0), rules={"signal_timeframe": "tick", "gap_fill": "level"}))
    assert summary(trade) == (102.0, 93.0, "stop_loss", False, True)


def test_m1_m2_break_even_then_trailing():
    market = bars(FLAT, FLAT, (100, 110, 100, 110), (110, 120, 110, 120), (120, 120, 110, 110))
    result = run(
        market,
        signal(
            stop_loss=90.0,
            break_even_pips=5.0,
            break_even_offset_pips=1.0,
            trail_pips=6.0,
            trail_start_pips=15.0,
        ),
    )
    moves = [(e["time"] // MINUTE, e["price"], e["reason"]) for e in result.events if e["kind"] == "modified"]
    assert moves == [(2, 103.0, "break_even"), (3, 114.0, "trailing")]
    trade = only_trade(result)
    assert summary(trade) == (102.0, 114.0, "trailing_stop", False, False)
    assert (trade["mae"], trade["mfe"]) == (-2.0, 18.0)


def test_m5_the_bar_of_an_inside_fill_counts_with_its_close():
    market = bars(FLAT, FLAT, (100, 110, 90, 100), FLAT)
    result = run(market, signal(order_type="limit", price=95.0, stop_loss=80.0, trail_pips=5.0))
    moves = [event["price"] for event in result.events if event["kind"] == "modified"]
    assert moves == [95.0]


def test_m3_a_time_stop_closes_at_the_open():
    market = bars(FLAT, FLAT, FLAT, (104, 110, 90, 100))
    trade = only_trade(run(market, signal(max_holding=2 * MINUTE)))
    assert summary(trade) == (102.0, 104.0, "timeout", False, False)


def test_a6_a_partial_close_splits_the_costs():
    market = bars(FLAT, FLAT, (110,) * 4, (120,) * 4)
    per_lot = {"kind": "per_lot", "amount": 4.0, "side": "both", "min_fee": 0.0, "currency": None}
    result = run(
        market,
        signal(stop_loss=92.0),
        {"time": MINUTE, "symbol": "X", "action": "close", "fraction": 0.35},
        {"time": 2 * MINUTE, "symbol": "X", "action": "close"},
        costs={"commission": per_lot},
    )
    first, second = result.trades
    assert (first["volume"], second["volume"]) == (0.3, 0.7)
    assert first["commission"] == 4.0 * 0.3 / 1.0 + 1.2
    assert second["commission"] == 4.0 - 4.0 * 0.3 / 1.0 + 2.8
    assert first["risk"] + second["risk"] == 10.0
    assert result.events[-1]["balance"] == 10000.0 - 4.0 + 8.0 * 0.3 - 1.2 + 18.0 * 0.7 - 2.8


def test_a5_netting_adds_reduces_and_reverses():
    market = bars(FLAT, FLAT, (110,) * 4, (120,) * 4, (130,) * 4)
    result = run(
        market,
        signal(volume=1.0),
        signal(bar=1, volume=3.0),
        signal(bar=2, direction="short", volume=1.0),
        signal(bar=3, direction="short", volume=5.0),
        account={"mode": "netting"},
    )
    first, second = result.trades
    assert first["entry_price"] == (1.0 * 102.0 + 3.0 * 112.0) / 4.0
    assert (first["ticket"], first["volume"], first["exit_price"], first["reason"]) == (1, 1.0, 120.0, "signal")
    assert (second["ticket"], second["volume"], second["exit_price"]) == (1, 3.0, 130.0)
    rest = result.open_positions[0]
    assert (rest["ticket"], rest["direction"], rest["volume"], rest["entry_price"]) == (4, "short", 2.0, 130.0)


def test_a3_a_stop_out_takes_the_largest_loss_first():
    market = bars(FLAT, FLAT, (60, 60, 60, 60))
    result = run(
        market,
        signal(volume=2.0),
        signal(volume=3.0),
        account={"balance": 215.0, "leverage": 50.0, "stop_out_level": 0.9},
    )
    assert [trade["ticket"] for trade in result.trades] == [2]
    assert kinds(result)[-2:] == [("stop_out", 2), ("closed", 2)]


def test_l5_slippage_goes_to_the_grid_away_from_the_trader():
    market = bars(FLAT, FLAT, FLAT)
    fixed = {"slippage": {"kind": "fixed", "pips": 0.3}}
    result = run(market, signal(), {"time": MINUTE, "symbol": "X", "action": "close"}, costs=fixed)
    trade = only_trade(result)
    assert summary(trade) == (103.0, 99.0, "signal", False, False)
    assert (trade["slippage_entry"], trade["slippage_exit"]) == (1.0, 1.0)


def test_t8_a_market_order_fills_at_the_close_of_its_bar():
    market = bars((100, 105, 95, 101), (90, 90, 90, 90))
    result = run(market, signal(stop_loss=96.0), rules={"market_fill": "signal_close"})
    trade = only_trade(result)
    assert (trade["entry_time"], trade["entry_price"], trade["exit_price"]) == (0, 103.0, 90.0)


def test_i5_the_finer_data_decide():
    coarse = bars(FLAT, FLAT, (100, 110, 90, 100))
    second = 1_000_000_000
    finer = ticks(100, 110, 90, 100, times=[2 * MINUTE + n * second for n in range(4)])["X"]
    result = run(coarse, signal(stop_loss=95.0, take_profit=105.0), finer={"X": [finer]}, rules={"intrabar": "drill"})
    trade = only_trade(result)
    assert (trade["reason"], trade["exit_price"], trade["exit_time"]) == ("take_profit", 110.0, 2 * MINUTE + second)
    assert result.missing_finer == 1


def test_t7_a_signal_after_the_last_bar_is_unfilled():
    result = run(bars(FLAT, FLAT), signal(bar=1))
    event = result.events[-1]
    assert (event["kind"], event["time"], event["reason"]) == ("unfilled", MINUTE, "no_market_data")


@pytest.mark.parametrize("seed", range(150))
def test_random_cases_keep_their_books(seed):
    case = random_case(seed)
    try:
        result = simulate(case.config, case.market, case.signals, case.finer, rates=case.rates)
    except RateError:
        return
    balance = case.config["account"]["balance"]
    paid_by_open = sum(position["commission"] for position in result.open_positions)
    booked_by_open = sum(position["swap"] for position in result.open_positions)
    net = sum(trade["net"] for trade in result.trades) - paid_by_open + booked_by_open
    last = result.events[-1]["balance"] if result.events else balance
    assert last == pytest.approx(balance + net, abs=1e-6)
    assert [t["exit_time"] for t in result.trades] == sorted(t["exit_time"] for t in result.trades)
