"""Ticks and bars as bars of a longer timeframe, by New York's close."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from builders import EURUSD, at, flat, one_sided

import omegasim as om

TIMEFRAMES = {"M1": "1m", "M5": "5m", "M30": "30m", "H1": "1h"}
MARKET = om.synthetic_bars(EURUSD, bars=40_000, start="2024-02-26", seed=3)


def stamps(bars) -> list[str]:
    return [f"{time:%m-%d %H:%M}" for time in bars.frame["time"]]


def hourly(start: datetime, hours: int) -> om.Bars:
    """Bars of an hour without a weekend; each opens at its number."""
    table = flat(hours, price=2.0).with_columns(
        time=pl.Series([start + timedelta(hours=hour) for hour in range(hours)], dtype=pl.Datetime("ns", "UTC")),
        volume=pl.lit(1.0),
    )
    return om.Bars(table, timeframe="H1")


def test_ticks_become_bars_of_both_sides():
    ticks = pl.DataFrame(
        {
            "time": [at(0), at(0) + timedelta(seconds=59.9), at(1), at(7)],
            "bid": [1.1, 1.0999, 1.1002, 1.1], "ask": [1.1001, 1.1003, 1.1002, 1.1005],
        }
    )  # fmt: skip
    bars = om.resample(om.Ticks(ticks), "M1")
    assert bars.frame["time"].to_list() == [at(0), at(1), at(7)]
    assert bars.frame.row(0)[1:] == (1.1, 1.1, 1.0999, 1.0999, 1.1001, 1.1003, 1.1001, 1.1003, 2.0)
    assert om.resample(ticks, "M5").frame["time"].to_list() == [at(0), at(5)]


@pytest.mark.parametrize("timeframe", TIMEFRAMES)
def test_up_to_an_hour_bars_follow_the_clock(timeframe):
    made = om.resample(MARKET, timeframe).frame
    prices = {"open": "first", "high": "max", "low": "min", "close": "last"}
    expected = MARKET.frame.group_by_dynamic("time", every=TIMEFRAMES[timeframe]).agg(
        getattr(pl.col(f"{side}_{price}"), how)() for side in ("bid", "ask") for price, how in prices.items()
    )
    assert made.select(expected.columns).equals(expected)


def test_day_bars_end_at_new_yorks_close_in_winter_and_summer():
    winter, summer = hourly(datetime(2024, 3, 5, tzinfo=UTC), 48), hourly(datetime(2024, 3, 12, tzinfo=UTC), 48)
    assert stamps(om.resample(winter, "D1")) == ["03-04 22:00", "03-05 22:00", "03-06 22:00"]
    assert stamps(om.resample(summer, "D1")) == ["03-11 21:00", "03-12 21:00", "03-13 21:00"]
    assert om.resample(summer, "D1").frame["volume"].to_list() == [21.0, 24.0, 3.0]
    assert stamps(om.resample(summer, "D1", day_start="00:00 UTC")) == ["03-12 00:00", "03-13 00:00"]


def test_the_day_of_a_clock_change_is_an_hour_shorter_or_longer():
    spring = om.resample(hourly(datetime(2024, 3, 9, 22, tzinfo=UTC), 48), "D1")
    autumn = om.resample(hourly(datetime(2024, 11, 2, 21, tzinfo=UTC), 50), "D1")
    assert spring.frame["volume"].to_list()[0] == 23.0
    assert autumn.frame["volume"].to_list()[0] == 25.0


def test_bars_of_hours_count_from_the_close_and_never_reach_over_it():
    change = om.resample(hourly(datetime(2024, 3, 9, 22, tzinfo=UTC), 47), "H4")
    assert stamps(change) == [
        "03-09 22:00", "03-10 02:00", "03-10 06:00", "03-10 10:00", "03-10 14:00", "03-10 18:00",
        "03-10 21:00", "03-11 01:00", "03-11 05:00", "03-11 09:00", "03-11 13:00", "03-11 17:00",
    ]  # fmt: skip
    assert change.frame["volume"].to_list()[5] == 3.0


def test_week_bars_begin_on_sunday_evening():
    weeks = om.resample(MARKET, "W1")
    assert stamps(weeks)[:3] == ["02-25 22:00", "03-03 22:00", "03-10 21:00"]


def test_days_of_days_and_weeks_of_days():
    days = om.resample(MARKET, "D1")
    assert om.resample(days, "D1").frame.equals(days.frame)
    assert om.resample(days, "W1").frame.equals(om.resample(MARKET, "W1").frame)
    assert om.resample(om.resample(MARKET, "M5"), "H1").frame.equals(om.resample(MARKET, "H1").frame)


def test_a_bar_of_two_periods_is_refused():
    table = flat(3).with_columns(time=pl.Series([datetime(2024, 7, 2, hour, tzinfo=UTC) for hour in (16, 20, 23)]))
    with pytest.raises(om.InputError, match=r"row 1: the bar at 2024-07-02T20:00:00Z covers H4 and reaches over"):
        om.resample(om.Bars(table, timeframe="H4"), "D1")
    with pytest.raises(om.InputError, match="bars of H4 cannot become bars of M30; expected a longer timeframe"):
        om.resample(om.Bars(table, timeframe="H4"), "M30")


def test_what_cannot_be_resampled_is_refused():
    for day_start, match in (("noon", "expected a time of day and a zone"), ("17:00 Mars/Base", "unknown zone")):
        with pytest.raises(om.InputError, match=match):
            om.resample(MARKET, "D1", day_start=day_start)
    with pytest.raises(om.InputError, match="unknown timeframe"):
        om.resample(MARKET, "M7")
    with pytest.raises(om.InputError, match="expected bars read with instrument="):
        om.resample(om.Bars(one_sided(), side="ask", spread_pips=1.0), "M5")
    assert not om.resample(om.Bars(one_sided()), "M5")._checked.has_ask
