"""Swaps and dated conditions, counted by hand (C3)."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from builders import EURUSD, settings
from money import amounts, events, hours, moving, orders, utc

import omegasim as om

MONEY = om.Swaps(kind="money", long=-1.0, short=0.5)


def run(start: datetime, rows: int, *signals: dict, swaps: om.Swaps = MONEY, **changes) -> om.Result:
    """Hour bars from a start; the first signal is due at the second."""
    instrument = EURUSD.model_copy(update={"swaps": swaps, **changes.pop("instrument", {})})
    table = orders(*(signals or ({"time": start},)))
    return om.simulate(hours(start, rows), table, settings(instruments=(instrument,), **changes))


def times(result: om.Result) -> list[str]:
    return [f"{event['time']:%d %H:%M}" for event in events(result, "swap")]


def test_c3_each_weekday_once_and_wednesday_three_times():
    # Monday, 8 January 2024; New York's 17:00 is 22:00 UTC.
    result = run(utc(2024, 1, 8), 24 * 7)
    assert times(result) == ["08 22:00", "09 22:00", "10 22:00", "11 22:00", "12 22:00"]
    assert amounts(result, "swap") == [-1.0, -1.0, -3.0, -1.0, -1.0]
    assert result.trades["swap"].to_list() == [-7.0]
    assert result.trades["net"].to_list() == [-7.0]
    assert result.metrics["swap"] == -7.0


def test_c3_points():
    swaps = om.Swaps(kind="points", long=-6.5, short=1.25)
    start = utc(2024, 1, 8)
    result = run(start, 30, {"time": start}, {"time": start, "direction": "short", "volume": 0.3}, swaps=swaps)
    # 6.5 points of 1 USD a lot; 0.3 * 1.25 = 0.375, half away from zero.
    assert amounts(result, "swap") == [-6.5, 0.38]


def test_c3_points_are_converted():
    swaps = om.Swaps(kind="points", long=-6.5, short=0.0)
    account = om.Account(currency="EUR", balance=1e5, rates={"EURUSD": 1.25})
    result = run(utc(2024, 1, 8), 30, swaps=swaps, account=account)
    assert [(event["amount"], event["rate"]) for event in events(result, "swap")] == [(-5.2, 0.8)]


def test_c3_percent_of_the_price_of_the_moment():
    swaps = om.Swaps(kind="percent", long=-3.6, short=0.0)
    instrument = EURUSD.model_copy(update={"swaps": swaps})
    start = utc(2024, 1, 8, 20)
    bars = moving([1.1, 1.1, 1.2, 1.3], start=start, step=timedelta(hours=1), spread=0.1)
    result = om.simulate(bars, orders({"time": start}), settings(instruments=(instrument,)))
    (swap,) = events(result, "swap")
    # The bid at 22:00 is 1.2: 120,000 USD at 3.6 % a year of 360 days.
    assert (swap["price"], swap["amount"]) == (1.2, -12.0)


@pytest.mark.parametrize("day", ["monday", "friday"])
def test_c3_another_triple_day(day):
    result = run(utc(2024, 1, 8), 24 * 7, swaps=MONEY.model_copy(update={"triple_day": day}))
    assert sum(amounts(result, "swap")) == -7.0
    assert amounts(result, "swap")[0 if day == "monday" else -1] == -3.0


def test_c3_rollover_follows_both_changes_of_the_clock():
    # New York's clock goes forward on 10 March 2024 and back on 3 November 2024.
    assert times(run(utc(2024, 3, 7), 24 * 6)) == ["07 22:00", "08 22:00", "11 21:00", "12 21:00"]
    assert times(run(utc(2024, 10, 31), 24 * 6)) == ["31 21:00", "01 21:00", "04 22:00", "05 22:00"]


def test_c3_the_weekend_is_not_counted_twice():
    # In before Friday's rollover, the next bar is Sunday's.
    instrument = EURUSD.model_copy(update={"swaps": MONEY})
    start = utc(2024, 1, 12, 20)
    bars = hours(start, 60).filter(~hours(start, 60)["time"].is_between(utc(2024, 1, 12, 22), utc(2024, 1, 14, 21)))
    result = om.simulate(bars, orders({"time": start}), settings(instruments=(instrument,)))
    assert times(result) == ["14 22:00"]


def test_c3_several_rollovers_in_one_gap_are_all_booked():
    instrument = EURUSD.model_copy(update={"swaps": MONEY})
    start = utc(2024, 1, 8, 20)
    whole = hours(start, 24 * 4)
    bars = whole.filter(~whole["time"].is_between(utc(2024, 1, 8, 22), utc(2024, 1, 11, 9)))
    result = om.simulate(bars, orders({"time": start}), settings(instruments=(instrument,)))
    assert amounts(result, "swap") == [-1.0, -1.0, -3.0, -1.0]
    assert times(result)[:3] == ["11 10:00"] * 3


@pytest.mark.parametrize(
    ("opened", "closed", "charged"),
    [
        (20, 21, 0),
        (20, 22, 1),  # B1 comes before B4: the swap is booked, then the position closes
        (21, 22, 1),
        (22, 23, 0),  # opened at the rollover
    ],
)
def test_c3_positions_around_the_minute_of_the_rollover(opened, closed, charged):
    signals = [{"time": utc(2024, 1, 8, opened - 1)}, {"time": utc(2024, 1, 8, closed - 1), "action": "close"}]
    assert len(times(run(utc(2024, 1, 8, 12), 12, *signals))) == charged


def test_c3_holidays_do_not_roll_over():
    costs = om.Costs(swap=om.Rollover(holidays=["2024-01-09"]))
    assert times(run(utc(2024, 1, 8), 24 * 3, costs=costs)) == ["08 22:00", "10 22:00"]


def test_c3_another_clock():
    costs = om.Costs(swap=om.Rollover(time="00:00", zone="Europe/Athens"))
    assert times(run(utc(2024, 1, 9, 2), 24 * 2, costs=costs)) == ["09 22:00", "10 22:00"]


def test_c3_a_partial_close_takes_its_share_of_the_swap():
    start = utc(2024, 1, 8)
    part = {"time": utc(2024, 1, 9, 3), "action": "close", "fraction": 0.25}
    result = run(start, 24 * 3, {"time": start}, part)
    # Monday's 1.00 on a lot; Tuesday's 0.75 and Wednesday's 2.25 on what is left.
    assert amounts(result, "swap") == [-1.0, -0.75, -2.25]
    assert result.trades["swap"].to_list() == [-0.25, -3.75]


def test_c3_swaps_stay_with_positions_that_are_kept():
    result = run(utc(2024, 1, 8), 24, rules=om.Rules(end_of_data="keep"))
    assert result.open_positions["swap"].to_list() == [-1.0]
    assert result.equity["balance"][-1] == 99_999.0


def test_c3_a_swap_of_nothing_writes_no_event():
    assert times(run(utc(2024, 1, 8), 30, swaps=om.Swaps(kind="money", long=0.0, short=-1.0))) == []


def test_dated_swaps_and_commission_hold_from_their_day_on():
    history = (
        om.Dated(day="2024-01-09", swaps=om.Swaps(kind="money", long=-2.0, short=0.0)),
        om.Dated(day="2024-01-10", commission=om.Commission.per_lot(3.0)),
    )
    start = utc(2024, 1, 8)
    result = run(
        start, 24 * 2 + 2, instrument={"history": history}, costs=om.Costs(commission=om.Commission.per_lot(1.0))
    )
    assert amounts(result, "swap") == [-1.0, -2.0]
    assert amounts(result, "commission") == [-1.0, -3.0]


def test_dated_margin_holds_from_its_day_on():
    history = (om.Dated(day="2024-01-09", margin=om.Margin(leverage=10.0)),)
    rows = run(utc(2024, 1, 8), 24 * 2, instrument={"history": history}).equity
    at = dict(zip(rows["time"].to_list(), rows["margin"].to_list(), strict=True))
    assert at[utc(2024, 1, 8, 23)] == pytest.approx(110_000 / 30)
    assert at[utc(2024, 1, 9, 0)] == pytest.approx(11_000)


def test_days_that_do_not_exist():
    with pytest.raises(om.InputError, match=r"triple_day: expected 'monday', .*found 'someday'"):
        om.Swaps(kind="money", long=1.0, short=1.0, triple_day="someday")
    with pytest.raises(om.InputError, match=r"holidays\[0\]: expected a date that exists.*'2024-02-30'"):
        om.Rollover(holidays=["2024-02-30"])
    with pytest.raises(om.InputError, match="day: expected a date that exists"):
        om.Dated(day="2024-13-01", swaps=MONEY)
    with pytest.raises(om.InputError, match="expected margin, swaps or commission"):
        om.Dated(day="2024-01-01")


@pytest.mark.parametrize(("changes", "sentence"), [({"zone": "Mars/Base"}, "Mars/Base"), ({"time": "25:00"}, "25:00")])
def test_clocks_that_do_not_exist(changes, sentence):
    with pytest.raises(om.InputError, match=sentence):
        run(utc(2024, 1, 8), 30, costs=om.Costs(swap=om.Rollover(**changes)))


def test_dated_conditions_rise():
    history = tuple(om.Dated(day=day, swaps=MONEY) for day in ("2024-02-01", "2024-01-01"))
    with pytest.raises(om.InputError, match="history"):
        run(utc(2024, 1, 8), 30, instrument={"history": history})


def test_n65_swaps_that_begin_in_a_gap_book_the_rollovers_after_their_day():
    start = utc(2024, 1, 8, 20)
    bars = pl.concat([hours(start, 2), hours(utc(2024, 1, 11, 0), 2)])
    held = EURUSD.model_copy(update={"history": (om.Dated(day="2024-01-09", swaps=MONEY),)})
    result = om.simulate(bars, orders({"time": start}), settings(instruments=(held,)))
    # No swaps on Monday, one day's on Tuesday, three on Wednesday; all met by Thursday's first bar.
    assert amounts(result, "swap") == [-1.0, -3.0]
