"""Rates, commissions and swaps are those of their own moment (F, C3)."""

from datetime import timedelta

import polars as pl
from builders import EURUSD, settings
from money import USDJPY, amounts, events, hours, moving, orders, utc

import omegasim as om

GBPUSD = EURUSD.model_copy(update={"symbol": "GBPUSD", "base": "GBP"})
START = utc(2024, 1, 9, 10)
HOUR = timedelta(hours=1)


def test_f1_a_drilled_symbol_tells_no_other_symbol_the_future():
    closes = [1.1, 1.1, 1.25, 2.0, 2.0]
    euro = moving(closes, start=START, step=HOUR)
    quarters = moving([p for p in closes for _ in range(4)], start=START, step=timedelta(minutes=15))
    sterling = moving([1.3, 1.3, 1.3, 1.4, 1.4], start=START, step=HOUR)
    signals = orders(
        {"time": START, "symbol": "GBPUSD", "volume": 1.0},
        {"time": START + 2 * HOUR, "symbol": "EURUSD", "volume": 0.1},
        {"time": START + 2 * HOUR, "symbol": "GBPUSD", "action": "close", "direction": None},
    )
    config = settings(
        account=om.Account(currency="EUR", balance=1e6), instruments=(EURUSD, GBPUSD), rules=om.Rules(intrabar="drill")
    )
    result = om.simulate({"EURUSD": euro, "GBPUSD": sterling}, signals, config, finer={"EURUSD": quarters})
    closed = next(event for event in events(result, "closed") if event["symbol"] == "GBPUSD")
    # The hour of 12:00 closed at 1.25; the hour of 13:00, in which this happens, is still running.
    assert closed["rate"] == 1 / 1.25


def test_f2_a_dated_commission_is_converted_from_its_own_currency():
    dated = om.Dated(day="2024-01-01", commission=om.Commission.per_lot(10.0, currency="GBP"))
    config = settings(
        account=om.Account(currency="USD", balance=1e5, rates={"GBPUSD": 1.5}),
        instruments=(EURUSD.model_copy(update={"history": (dated,)}),),
    )
    result = om.simulate(hours(START, 4), orders({"time": START, "volume": 1.0}), config)
    assert amounts(result, "commission") == [-15.0, -15.0]


def test_f1_a_pair_given_as_a_constant_and_as_bars_hides_no_other_pair():
    config = settings(account=om.Account(currency="EUR", balance=1e5, rates={"EURUSD": 1.25}), instruments=(USDJPY,))
    bars = hours(START, 4, price=160.0)
    result = om.simulate(bars, orders({"time": START, "volume": 0.1}), config, rates={"EURUSD": hours(START, 4, 1.1)})
    assert events(result, "closed")[0]["rate"] == 1 / 160.0 * (1 / 1.25)


def test_c3_a_rollover_books_the_swap_of_its_own_day():
    swaps = om.Swaps(kind="money", long=-1.0, short=0.0)
    later = om.Dated(day="2024-01-09", swaps=om.Swaps(kind="money", long=-9.0, short=0.0))
    held = EURUSD.model_copy(update={"swaps": swaps, "history": (later,)})
    # The rollover of 8 January, 22:00 UTC, is met by the first bar of 9 January.
    before, after = hours(utc(2024, 1, 8, 20), 2), hours(utc(2024, 1, 9, 0), 2)
    result = om.simulate(
        pl.concat([before, after]), orders({"time": utc(2024, 1, 8, 20), "volume": 1.0}), settings(instruments=(held,))
    )
    assert amounts(result, "swap") == [-1.0]
    assert events(result, "swap")[0]["rate"] is None


def test_n55_an_order_at_the_close_needs_its_rate_at_the_close():
    config = settings(account=om.Account(currency="EUR", balance=1e6), rules=om.Rules(market_fill="signal_close"))
    result = om.simulate(moving([1.25, 1.6, 2.0], start=START, step=HOUR), orders({"time": START}), config)
    # Nothing is known at the open of the first bar; at its close it is 1.25.
    assert result.equity["margin"][0] == 100_000.0 * 1.25 / 30.0 * (1 / 1.25)


def test_n54_ticks_of_one_time_are_rates_one_after_the_other():
    times = [START] * 2 + [START + HOUR] * 2 + [START + 2 * HOUR] * 2
    ticks = pl.DataFrame({"time": times, "bid": [1.0, 1.0, 1.25, 1.25, 1.6, 2.0]}).with_columns(ask="bid")
    config = settings(
        account=om.Account(currency="EUR", balance=1e6, leverage=500.0), rules=om.Rules(signal_timeframe="tick")
    )
    table = orders({"time": START}, {"time": START + HOUR, "action": "close"})
    result = om.simulate(None, table, config, ticks=ticks)
    # It closes on the first tick of 12:00, when the second is still to come.
    assert [(event["price"], event["rate"]) for event in events(result, "closed")] == [(1.6, 1 / 1.6)]
