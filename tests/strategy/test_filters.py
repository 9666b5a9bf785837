"""What keeps a strategy from opening."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from builders import EURUSD, settings

import omegasim as om

MINUTE = timedelta(minutes=1)


def hours(days: int = 10, start: datetime = datetime(2024, 3, 25, tzinfo=UTC), spread: float = 1e-4) -> om.Bars:
    """Bars of an hour that never move, around the clock, over the change of London's clocks on 2024-03-31."""
    frame = pl.DataFrame({"time": [start + timedelta(hours=hour) for hour in range(24 * days)]})
    sides = {f"bid_{point}": pl.lit(1.1) for point in ("open", "high", "low", "close")}
    asks = {f"ask_{point}": pl.lit(1.1 + spread) for point in ("open", "high", "low", "close")}
    return om.Bars(frame.with_columns(**sides, **asks), timeframe="H1")


class Always(om.Strategy):
    """Buys at every bar and notes when it may."""

    def on_start(self):
        self.allowed, self.refused = [], []

    def on_bar(self, bar):
        if self.may_open():
            self.allowed.append(self.now)
        self.buy(volume=0.01)

    def on_reject(self, rejection):
        self.refused.append(rejection.reason)


def allowed(*filters, bars=None, config=None, **more):
    strategy = Always()
    strategy.filters = filters
    backtest = om.Backtest(hours() if bars is None else bars, strategy, config or settings(), **more)
    result = backtest.run()
    strategy = backtest.strategies[0]
    filled = result.events.filter(pl.col("kind") == "accepted").height
    # The last bar's order finds no later bar.
    assert filled in (len(strategy.allowed), len(strategy.allowed) - 1)
    assert set(strategy.refused) <= {"filtered"}
    return strategy.allowed


def test_hours_follow_the_clocks_of_their_zone():
    moments = allowed(om.filters.TradingHours("08:00", "10:00", zone="Europe/London"))
    assert {moment.hour for moment in moments if moment < datetime(2024, 3, 31, tzinfo=UTC)} == {8, 9}
    assert {moment.hour for moment in moments if moment >= datetime(2024, 3, 31, tzinfo=UTC)} == {7, 8}


def test_hours_may_reach_over_midnight_and_belong_to_the_day_of_their_start():
    moments = allowed(om.filters.TradingHours("22:00", "02:00", days=["monday"]))
    # 2024-03-25 is a Monday.
    assert [(moment.day, moment.hour) for moment in moments[:4]] == [(25, 22), (25, 23), (26, 0), (26, 1)]
    assert len(moments) == 8


def test_weekdays_and_holidays():
    moments = allowed(om.filters.Weekdays(["tuesday", "thursday"]), om.filters.Holidays(["2024-03-28"]), bars=hours(9))
    assert {moment.date().isoformat() for moment in moments} == {"2024-03-26", "2024-04-02"}


def test_news_keep_out_before_and_after_by_currency_and_impact():
    event = datetime(2024, 3, 26, 12, 30, tzinfo=UTC)
    news = pl.DataFrame(
        {
            "time": [event, event + timedelta(days=1), event + timedelta(days=2)],
            "currency": ["USD", "JPY", "USD"],
            "impact": ["High", "high", "low"],
        }
    )
    blackout = om.filters.NewsBlackout(timedelta(hours=2), timedelta(minutes=30), impacts=["high"])
    every = set(allowed())
    missing = sorted(every - set(allowed(blackout, news=news)))
    assert missing == [datetime(2024, 3, 26, hour, tzinfo=UTC) for hour in (11, 12)]
    yen = om.filters.NewsBlackout(timedelta(hours=2), timedelta(minutes=30), currencies=["JPY"])
    missing = sorted(every - set(allowed(yen, news=news)))
    assert missing == [datetime(2024, 3, 27, hour, tzinfo=UTC) for hour in (11, 12)]


def test_a_blackout_without_news_is_a_clear_error():
    blackout = om.filters.NewsBlackout(timedelta(hours=1), timedelta(hours=1))
    with pytest.raises(om.InputError, match="needs the run's news"):
        allowed(blackout)


def test_a_spread_that_is_too_wide_keeps_out():
    assert allowed(om.filters.MaxSpread(1.0 + 1e-6))
    assert not allowed(om.filters.MaxSpread(0.9))


def test_a_pause_follows_losses():
    class Losing(om.Strategy):
        filters = (om.filters.CoolDown(timedelta(hours=5), losses=2),)

        def on_bar(self, bar):
            if self.position is None:
                self.buy(volume=0.01)
            else:
                self.close()

    result = om.Backtest(hours(2), Losing(), settings()).run()
    starts = [time.hour for time in result.trades["entry_time"].to_list()]
    # Bought at 1:00, closed at 2:00, bought at 4:00 ... each pair of losses is followed by five hours of pause.
    exits = result.trades["exit_time"].to_list()
    entries = result.trades["entry_time"].to_list()
    for index in range(1, len(entries) - 1, 2):
        assert entries[index + 1] - exits[index] >= timedelta(hours=5)
    assert len(starts) > 4


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: om.filters.TradingHours("8 am", "10:00"), "expected a time of day"),
        (lambda: om.filters.TradingHours("08:00", "10:00", zone="Europe/Nowhere"), "zone"),
        (lambda: om.filters.Weekdays(["monday", "funday"]), "funday"),
        (lambda: om.filters.Holidays(["2024-02-30"]), "expected a date that exists"),
        (lambda: om.filters.MaxSpread(-1.0), "at least 0"),
        (lambda: om.filters.CoolDown(timedelta(0)), "duration above 0"),
        (lambda: om.filters.NewsBlackout(timedelta(hours=-1), timedelta(0)), "not negative"),
        (lambda: "monday", "expected omegasim.filters, found str"),
    ],
)
def test_what_makes_no_sense_is_a_clear_error(make, message):
    with pytest.raises(om.InputError, match=message):
        allowed(make())


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"currency": ["USD"]}, "column 'time' is missing"),
        ({"time": [datetime(2024, 1, 1)], "currency": ["USD"], "colour": ["red"]}, "unknown column 'colour'"),
        ({"time": ["monday"], "currency": ["USD"]}, "monday"),
    ],
)
def test_a_table_of_news_that_is_none_is_a_clear_error(table, message):
    with pytest.raises(om.InputError, match=message):
        om.News(pl.DataFrame(table))


def test_filters_never_hold_back_a_close():
    class Closing(om.Strategy):
        filters = (om.filters.Weekdays(["monday"]),)

        def on_bar(self, bar):
            if bar.time.weekday() == 0 and self.position is None:
                self.buy(volume=0.01)
            if bar.time.weekday() == 1:
                self.close()

    result = om.Backtest(hours(3), Closing(), settings(instruments=(EURUSD,))).run()
    assert result.trades["reason"].to_list() == ["signal"]
