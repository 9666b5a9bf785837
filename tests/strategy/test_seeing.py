"""What a strategy sees: nothing later than the close of the current bar."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from builders import EURUSD, settings

import omegasim as om

GBPUSD = EURUSD.model_copy(update={"symbol": "GBPUSD", "base": "GBP"})


def market(bars: int = 3_000, seed: int = 7) -> om.Bars:
    return om.synthetic_bars(EURUSD, bars=bars, seed=seed)


def run(strategy, bars=None, config=None, **more):
    backtest = om.Backtest(market() if bars is None else bars, strategy, config or settings(), **more)
    result = backtest.run()
    return backtest.strategies[0], result


class Diary(om.Strategy):
    """Writes down all that every door shows at every bar."""

    def on_start(self):
        self.views = {
            "fast": self.indicator("ema", 5),
            "hour": self.indicator("sma", 2, timeframe="H1"),
            "own": self.indicator(Highest),
            "peeking": self.indicator(lambda close: close - close.reverse().cum_max().reverse(), rows=50),
            "upper": self.indicator("bollinger", 10).upper,
        }
        self.seen = []

    def on_bar(self, bar):
        if self.position is None and len(self.seen) % 10 == 0:
            self.buy(stop_loss_pips=5.0, take_profit_pips=5.0)
        self.seen.append(
            (
                repr(bar),
                bar.time,
                self.now,
                [(name, len(view), view[-1], view[-2]) for name, view in self.views.items()],
                self.history(n=3).rows(),
                self.history(timeframe="H1", n=2).rows(),
                self.history(timeframe="D1", n=2).rows(),
                self.account,
                [repr(position) for position in self.positions],
                self.orders,
                self.may_open(),
                self.news.published(),
                self.news.ahead(),
            )
        )


class Highest:
    def __init__(self):
        self.value = float("-inf")

    def update(self, price):
        self.value = max(self.value, price)
        return self.value


@pytest.mark.parametrize("cut", [300, 1_441, 2_999])
def test_what_comes_later_changes_nothing_that_was_seen(cut):
    news = pl.DataFrame({"time": [market().frame["time"][500]], "currency": ["USD"], "actual": [1.0]})
    other = market(seed=8).frame
    frame = market().frame
    changed = pl.concat([frame.head(cut), other.slice(cut).with_columns(time=frame["time"].slice(cut))])
    one, _ = run(Diary(), news=news)
    two, _ = run(Diary(), changed, news=news)
    assert [repr(row) for row in one.seen[:cut]] == [repr(row) for row in two.seen[:cut]]
    assert cut >= 2_990 or repr(one.seen) != repr(two.seen)


def test_the_newest_of_everything_is_the_closed_bar():
    class Checking(om.Strategy):
        def on_start(self):
            self.hour = self.indicator("sma", 1, timeframe="H1")

        def on_bar(self, bar):
            assert self.now == bar.time + timedelta(minutes=1) == bar.end
            newest = self.history(n=1)
            assert newest["time"][0] == bar.time
            assert newest["bid_close"][0] == bar.close == bar.bid_close
            hours = self.history(timeframe="H1", n=2)
            if hours.height:
                assert hours["time"][-1] + timedelta(hours=1) <= self.now
                assert self.hour[-1] == hours["bid_close"][-1]
                assert self.now < hours["time"][-1] + timedelta(hours=2)

    run(Checking())


def test_a_bar_that_was_kept_stays_as_it_was():
    class Keeping(om.Strategy):
        def on_start(self):
            self.bars = []

        def on_bar(self, bar):
            self.bars.append(bar)

    strategy, _ = run(Keeping(), market(100))
    frame = market(100).frame
    assert [bar.close for bar in strategy.bars] == frame["bid_close"].to_list()
    assert [bar.ask_high for bar in strategy.bars] == frame["ask_high"].to_list()
    assert [bar.time for bar in strategy.bars] == frame["time"].to_list()
    with pytest.raises(AttributeError):
        strategy.bars[0].close = 1.0


def test_views_count_back_only():
    class Ahead(om.Strategy):
        def on_start(self):
            self.view = self.indicator("sma", 2)

        def on_bar(self, bar):
            _ = self.view[0]

    with pytest.raises(om.StrategyError, match="count back"):
        run(Ahead())


def test_bars_of_different_lengths_are_refused():
    config = settings(instruments=(EURUSD, GBPUSD))
    with pytest.raises(om.InputError, match="bars of different lengths"):
        run(om.Strategy(), {"EURUSD": market(), "GBPUSD": om.resample(market(), "M5")}, config)


def test_a_figure_is_not_published_before_its_time():
    class Reading(om.Strategy):
        def on_start(self):
            self.found = {}

        def on_bar(self, bar):
            ahead, published = self.news.ahead(5), self.news.published(5, currency="USD")
            assert all(event.actual is None for event in ahead)
            self.found[self.now] = (len(ahead), [event.actual for event in published])

    start = market().frame["time"][0]
    times = [start + timedelta(minutes=minutes) for minutes in (10, 10, 20)]
    news = pl.DataFrame({"time": times, "currency": ["USD", "EUR", "USD"], "actual": [1.5, 9.0, 2.5]})
    strategy, _ = run(Reading(), market(40), news=news)
    assert strategy.found[times[0] - timedelta(minutes=1)] == (3, [])
    assert strategy.found[times[0]] == (1, [1.5])
    assert strategy.found[times[2]] == (0, [1.5, 2.5])


def test_longer_bars_are_told_of_when_they_are_over():
    class Counting(om.Strategy):
        timeframes = ("M1", "M5", "H1", "D1")

        def on_start(self):
            self.told = []

        def on_bar(self, bar):
            assert bar.end <= self.now
            self.told.append((bar.timeframe, bar.time, self.now, bar.volume))

    bars = market(2_000)
    strategy, _ = run(Counting(), bars)
    minutes = [entry for entry in strategy.told if entry[0] == "M1"]
    hours = [entry for entry in strategy.told if entry[0] == "H1"]
    resampled = om.resample(bars, "H1").frame
    assert len(minutes) == 2_000
    assert [time for _, time, _, _ in hours] == resampled["time"].to_list()[: len(hours)]
    assert len(hours) in (resampled.height - 1, resampled.height)
    assert all(now == time + timedelta(hours=1) for _, time, now, _ in hours)
    assert [name for name, _, _, _ in strategy.told[:10]] == ["M1"] * 5 + ["M5"] + ["M1"] * 4


def test_a_break_in_the_session_makes_no_bar_and_days_end_in_new_york():
    class Days(om.Strategy):
        timeframes = ("H4", "D1")

        def on_start(self):
            self.bars = []

        def on_bar(self, bar):
            self.bars.append((bar.timeframe, bar.time, bar.end, self.now))

    # Hours from Thursday 2024-03-07 to Tuesday 2024-03-12, the week in which New York's clocks change.
    start = datetime(2024, 3, 7, 0, 0, tzinfo=UTC)
    hours = [start + timedelta(hours=hour) for hour in range(24 * 5)]
    closed, opened = datetime(2024, 3, 8, 22, tzinfo=UTC), datetime(2024, 3, 10, 21, tzinfo=UTC)
    hours = [hour for hour in hours if not closed <= hour < opened]
    price = pl.lit(1.1)
    frame = pl.DataFrame({"time": hours}).with_columns(
        **{f"{side}_{point}": price for side in ("bid", "ask") for point in ("open", "high", "low", "close")}
    )
    strategy, _ = run(Days(), om.Bars(frame, timeframe="H1"))
    days = [(time, end) for name, time, end, _ in strategy.bars if name == "D1"]
    assert days == [
        (datetime(2024, 3, 6, 22, tzinfo=UTC), datetime(2024, 3, 7, 22, tzinfo=UTC)),
        (datetime(2024, 3, 7, 22, tzinfo=UTC), datetime(2024, 3, 8, 22, tzinfo=UTC)),
        (datetime(2024, 3, 10, 21, tzinfo=UTC), datetime(2024, 3, 11, 21, tzinfo=UTC)),
    ]
    assert not any(closed <= time < opened for _, time, _, _ in strategy.bars)
    assert all(end <= now for _, _, end, now in strategy.bars)


def test_bars_built_of_ticks_are_told_of_before_the_tick_that_ends_them():
    class Building(om.Strategy):
        timeframes = ("M1", "M5")

        def on_start(self):
            self.told = []
            self.average = self.indicator("sma", 1)

        def on_bar(self, bar):
            assert self.now == bar.end
            self.told.append((bar.timeframe, bar.time, bar.close))
            if bar.timeframe == "M1":
                assert self.average[-1] == bar.close
                self.buy(volume=0.01)

        def on_tick(self, tick):
            assert self.now == tick.time
            assert self.history(timeframe="tick", n=1)["bid"][0] == tick.bid
            self.told.append(("tick", tick.time, tick.bid))

    start = datetime(2024, 1, 2, 10, 0, tzinfo=UTC)
    seconds = [0, 20, 59, 61, 130, 299, 300, 301, 500]
    ticks = pl.DataFrame(
        {
            "time": [start + timedelta(seconds=second) for second in seconds],
            "bid": [1.1 + second * 1e-5 for second in seconds],
            "ask": [1.1001 + second * 1e-5 for second in seconds],
        }
    )
    backtest = om.Backtest(None, Building(), settings(), ticks=ticks)
    result = backtest.run()
    names = " ".join(name for name, _, _ in backtest.strategies[0].told)
    # Minutes end at 60, 120, 180 and 300 seconds; the five minutes of M5 before the tick at 300.
    assert names == "tick tick tick M1 tick M1 tick M1 tick M1 M5 tick tick M1 tick"
    # An order of a bar acts on the tick that ends the bar, the first one at or after its end.
    assert result.trades["entry_time"].to_list()[0] == start + timedelta(seconds=61)


def test_parameters_are_recorded_however_they_are_given():
    @dataclass
    class Fields(om.Strategy):
        length: int = 20
        factor: float = 1.5

    class Arguments(om.Strategy):
        def __init__(self, lookback, *, side="long"):
            self.lookback = lookback

    _, result = run(Fields(length=30), market(50))
    assert result.record.strategies[0]["parameters"] == {"length": 30, "factor": 1.5}
    _, result = run(Arguments(5), market(50))
    assert result.record.strategies[0]["parameters"] == {"lookback": 5, "side": "long"}
    assert result.record.strategies[0]["class"].endswith("Arguments")


def test_warm_up_runs_indicators_and_no_orders():
    class Warm(om.Strategy):
        warmup = 30

        def on_start(self):
            self.average = self.indicator("sma", 30)
            self.first = None
            self.buy(volume=1.0, symbol="EURUSD")

        def on_bar(self, bar):
            if self.first is None:
                self.first = (bar.time, self.average[-1])
                self.buy(volume=1.0)

    strategy, result = run(Warm(), market(100))
    frame = market(100).frame
    assert strategy.first[0] == frame["time"][30]
    assert strategy.first[1] == pytest.approx(frame["bid_close"][1:31].mean())
    assert result.trades["signal_time"].to_list() == [frame["time"][30]]
    assert result.events["reason"].to_list()[0] == "filtered"
