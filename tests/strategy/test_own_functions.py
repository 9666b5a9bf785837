"""A user's own indicator in a strategy: it is given closed bars and no others."""

import math

import polars as pl
import pytest
from builders import EURUSD, settings

import omegasim as om

MARKET = om.synthetic_bars(EURUSD, bars=300, seed=7)
CLOSE = MARKET.frame["bid_close"]


def watched(start, bars=MARKET):
    """What `start` asks for, read at every bar: the newest value, the one before, and how many bars are closed."""

    class Watching(om.Strategy):
        def on_start(self):
            self.view = start(self)
            self.seen = []

        def on_bar(self, bar):
            self.seen.append((self.view[-1], self.view[-2], len(self.view)))

    backtest = om.Backtest(bars, Watching(), settings())
    backtest.run()
    return backtest.strategies[0].seen


def newest(start, bars=MARKET):
    return [value for value, _, _ in watched(start, bars)]


def test_it_gives_what_the_indicator_of_the_package_gives():
    seen = watched(lambda strategy: strategy.indicator(lambda close, rows: close.rolling_mean(rows), 3))
    expected = om.indicators.sma(CLOSE, 3).to_list()
    assert [value for value, _, _ in seen] == pytest.approx(expected, rel=1e-12, nan_ok=True)
    assert [value for _, value, _ in seen] == pytest.approx([math.nan, *expected[:-1]], rel=1e-12, nan_ok=True)
    assert [count for _, _, count in seen] == list(range(1, 301))


def test_what_it_is_given_ends_with_the_newest_closed_bar():
    given = []

    def remembering(close):
        given.append(close.to_list())
        return close

    newest(lambda strategy: strategy.indicator(remembering))
    assert given == [CLOSE[:count].to_list() for count in range(1, 301)]


@pytest.mark.parametrize(
    "peeking",
    [lambda close: close.shift(-1), lambda close: close.reverse().cum_max().reverse(), lambda close: close - close[-1]],
    ids=["next close", "highest to come", "distance from the last"],
)
def test_a_function_that_looks_ahead_finds_nothing_there(peeking):
    seen = newest(lambda strategy: strategy.indicator(peeking))
    expected = [peeking(CLOSE[:count])[-1] for count in range(1, 301)]
    assert seen == pytest.approx([math.nan if value is None else value for value in expected], nan_ok=True)


def test_a_scale_of_the_whole_column_is_that_of_the_bars_so_far():
    seen = newest(lambda strategy: strategy.indicator(lambda close: close / close.mean()))
    assert seen == pytest.approx([CLOSE[count - 1] / CLOSE[:count].mean() for count in range(1, 301)], rel=1e-12)


def test_rows_are_all_that_it_is_given():
    lengths = []

    def counting(close):
        lengths.append(len(close))
        return close.cum_sum()

    seen = newest(lambda strategy: strategy.indicator(counting, rows=5))
    assert lengths == [min(count, 5) for count in range(1, 301)]
    assert seen == pytest.approx([CLOSE[max(count - 5, 0) : count].sum() for count in range(1, 301)], rel=1e-12)


def test_a_longer_bar_is_given_once_it_is_closed():
    def own(strategy):
        return strategy.indicator(lambda high, low: high - low, timeframe="H1", side="ask", inputs=("high", "low"))

    hours = om.indicators.Cache(MARKET).frame(timeframe="H1", side="ask")
    ranges = (hours["high"] - hours["low"]).to_list()
    counts = [count for _, _, count in watched(own)]
    assert counts == [len(view) for view in hour_views()]
    assert newest(own) == pytest.approx([ranges[count - 1] if count else math.nan for count in counts], nan_ok=True)


def hour_views():
    cache = om.indicators.Cache(MARKET)
    view = cache.view("sma", 1, timeframe="H1")
    for row in range(300):
        cache.seek(row)
        yield [None] * len(view)


def test_it_runs_once_a_bar_for_all_who_ask():
    calls = []

    def own(close):
        calls.append(len(close))
        return close

    class Twice(om.Strategy):
        def on_start(self):
            self.views = [self.indicator(own), self.indicator(own)]

        def on_bar(self, bar):
            assert [view[-1] for view in self.views] == [bar.close, bar.close]

    om.Backtest(
        MARKET,
        [Twice(), Twice()],
        settings(),
    ).run()
    assert calls == list(range(1, 301))


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (lambda s: s.indicator(lambda close: close.head(1)), "expected one column of 2 rows"),
        (lambda s: s.indicator(lambda close: (close, close)), "found 2 of 1"),
        (lambda s: s.indicator(lambda close: close, inputs=("spread",)), "inputs: unknown spread"),
        (lambda s: s.indicator(lambda: pl.Series([1.0]), inputs=()), "inputs: expected at least one"),
        (lambda s: s.indicator(lambda close: close, rows=0), "rows: expected at least 1, found 0"),
        (lambda s: s.indicator("sma", 3, rows=5), "rows: only a function over columns takes it"),
        (lambda s: s.indicator(3), "expected a function or a class with update, found 3"),
        (lambda s: s.indicator(lambda close: close)[0], "count back from the newest closed value"),
    ],
)
def test_what_cannot_be_taken_is_named(start, message):
    with pytest.raises(om.StrategyError, match=message):
        watched(start)


class Band:
    """The highest and the lowest price so far; keeps all that it was given."""

    def __init__(self, widen=0.0):
        self.widen, self.given = widen, []

    def update(self, high, low):
        self.given.append((high, low))
        return max(high for high, _ in self.given) + self.widen, min(low for _, low in self.given) - self.widen


def test_a_class_is_given_each_bar_once_after_its_close():
    given = []

    class Remembering:
        def update(self, close):
            given.append(close)
            return close

    seen = newest(lambda strategy: strategy.indicator(Remembering))
    assert seen == CLOSE.to_list()
    assert len(given) == 301
    assert math.isnan(given[0])
    assert given[1:] == seen


def test_what_a_class_keeps_shows_no_bar_to_come():
    class Looking(om.Strategy):
        def on_start(self):
            self.high, self.low = self.indicator(Band, 0.5, timeframe="M5", inputs=("high", "low"))
            self.seen = []

        def on_bar(self, bar):
            self.seen.append((self.high[-1], self.low[-1], self.low[-2], len(self.high)))

    backtest = om.Backtest(MARKET, Looking(), settings())
    backtest.run()
    hours = om.resample(MARKET, "M5").frame
    highs, lows = hours["bid_high"].cum_max() + 0.5, hours["bid_low"].cum_min() - 0.5
    for row, (high, low, before, count) in enumerate(backtest.strategies[0].seen):
        closed = (row + 1) // 5
        assert count == closed
        expected = (highs[closed - 1], lows[closed - 1]) if closed else (math.nan, math.nan)
        assert (high, low) == pytest.approx(expected, abs=0.0, nan_ok=True)
        assert before == pytest.approx(lows[closed - 2] if closed > 1 else math.nan, abs=0.0, nan_ok=True)


def test_a_class_may_do_without_an_answer_to_missing_prices():
    class Whole:
        def update(self, close):
            return int(close * 1e5)

    assert newest(lambda strategy: strategy.indicator(Whole)) == [float(int(price * 1e5)) for price in CLOSE]


def test_a_class_gives_as_many_values_at_every_row():
    class Fickle:
        def update(self, close):
            return (close, close) if close > 0 else close

    with pytest.raises(om.StrategyError, match="Fickle: update returned 2 values, and 1 for missing prices"):
        newest(lambda strategy: strategy.indicator(Fickle))
