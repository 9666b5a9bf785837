import numpy as np
import polars as pl
import pytest

import omegasim as om

BARS = om.synthetic_bars(bars=20_000)
CLOSE = BARS.frame["bid_close"]


def hourly() -> pl.DataFrame:
    """Hours of the bars by polars."""
    return BARS.frame.group_by_dynamic("time", every="1h").agg(
        open=pl.col("bid_open").first(),
        high=pl.col("bid_high").max(),
        low=pl.col("bid_low").min(),
        close=pl.col("bid_close").last(),
    )


def test_the_bars_own_timeframe_gives_what_the_function_gives():
    cache = om.indicators.Cache(BARS)
    np.testing.assert_array_equal(cache.column("rsi", 14), om.indicators.rsi(CLOSE, 14))
    upper = cache.column("bollinger", 20, 2.0).upper
    np.testing.assert_array_equal(upper, om.indicators.bollinger(CLOSE).upper)


def test_asking_twice_computes_once_and_returns_the_same_object():
    cache = om.indicators.Cache(BARS)
    first = cache.column("rsi", 14, timeframe="H1")
    assert cache.column("rsi", 14, timeframe="H1") is first
    cache.column("rsi", timeframe="H1")
    cache.closed("rsi", 14, timeframe="H1")
    cache.view("rsi", 14, timeframe="H1")
    assert cache.computed == 1


def test_longer_bars_are_those_of_polars():
    bars = om.indicators.Cache(BARS).frame(timeframe="H1")
    expected = hourly().head(bars.height)
    assert bars["time"].dt.epoch("s").to_list() == expected["time"].dt.epoch("s").to_list()
    for name in ("open", "high", "low", "close"):
        np.testing.assert_array_equal(bars[name], expected[name])


def test_a_value_of_a_longer_bar_shows_once_it_is_closed_and_not_before():
    cache = om.indicators.Cache(BARS)
    rows = cache.column("sma", 1, timeframe="H1")
    times = BARS.frame["time"].dt.epoch("s").to_numpy()
    hours = cache.frame(timeframe="H1")
    starts, closes = hours["time"].dt.epoch("s").to_numpy(), hours["close"].to_numpy()
    counts = np.searchsorted(starts + 3600, times + 60, side="right")
    expected = np.where(counts > 0, closes[np.maximum(counts, 1) - 1], np.nan)
    np.testing.assert_array_equal(rows, expected)


def test_no_column_changes_when_later_bars_are_cut_off():
    whole = om.indicators.Cache(BARS)
    for rows in (1, 59, 60, 61, 5_003, 19_999):
        cut = om.indicators.Cache(om.Bars(BARS.frame.head(rows), timeframe="M1"))
        for timeframe in ("M1", "M15", "H1", "D1"):
            for name in ("ema", "zscore", "atr"):
                column = cut.column(name, 3, timeframe=timeframe)
                np.testing.assert_array_equal(column, whole.column(name, 3, timeframe=timeframe)[:rows])


def test_a_view_counts_back_from_the_newest_closed_value():
    cache = om.indicators.Cache(BARS)
    view, column = cache.view("rsi", 14, timeframe="M15"), cache.column("rsi", 14, timeframe="M15")
    closed = cache.closed("rsi", 14, timeframe="M15")
    assert (len(view), np.isnan(view[-1])) == (0, True)
    for row in (0, 400, 1_234, 19_999):
        cache.seek(row)
        count = len(view)
        np.testing.assert_equal(view[-1], column[row])
        np.testing.assert_equal(
            [view[-back] for back in (1, 2)], [closed[count - back] if count >= back else np.nan for back in (1, 2)]
        )
    with pytest.raises(IndexError, match="newest closed value"):
        view[0]


def test_several_symbols_have_rows_of_their_own():
    other = om.synthetic_bars(bars=500, seed=9)
    cache = om.indicators.Cache({"EURUSD": BARS, "GBPUSD": other})
    view = cache.view("sma", 2, symbol="GBPUSD")
    cache.seek(10, symbol="EURUSD")
    assert len(view) == 0
    cache.seek(7, symbol="GBPUSD")
    assert len(view) == 8
    assert view[-1] == other.frame["bid_close"][6:8].mean()
    with pytest.raises(om.InputError, match="which one"):
        cache.column("sma", 2)
    with pytest.raises(om.InputError, match="unknown symbol"):
        cache.column("sma", 2, symbol="USDJPY")


def test_a_user_s_own_is_cached_and_aligned_like_the_others():
    calls = []

    def spread(high, low, factor):
        calls.append(len(high))
        return (high - low) * factor

    cache = om.indicators.Cache(BARS)
    inputs = ("high", "low")
    column = cache.column(spread, 2.0, timeframe="H1", inputs=inputs)
    assert cache.column(spread, 2.0, timeframe="H1", inputs=inputs) is column
    view = cache.view(spread, 2.0, timeframe="H1", inputs=inputs)
    cache.seek(19_999)
    assert view[-1] == column[-1]
    assert len(calls) == 1
    bars = cache.frame(timeframe="H1")
    assert column[-1] == (bars["high"][-1] - bars["low"][-1]) * 2.0


def test_a_user_s_own_class_is_run_over_the_closed_bars():
    class Count:
        def __init__(self):
            self.rows = 0

        def update(self, close):
            self.rows += 1
            return self.rows, close

    cache = om.indicators.Cache(BARS)
    count, close = cache.column(Count, timeframe="H1")
    assert count[-1] == cache.frame(timeframe="H1").height
    np.testing.assert_array_equal(close, cache.column("sma", 1, timeframe="H1"))


def test_a_user_s_own_of_the_wrong_length_or_input_is_refused():
    cache = om.indicators.Cache(BARS)
    with pytest.raises(om.InputError, match="rows"):
        cache.column(lambda close: close.head(3))
    with pytest.raises(om.InputError, match="unknown spread"):
        cache.column(lambda spread: spread, inputs=("spread",))


def test_sides_and_prices_are_told_apart():
    cache = om.indicators.Cache(BARS)
    frame = BARS.frame
    np.testing.assert_array_equal(cache.column("sma", 1, side="ask"), frame["ask_close"])
    np.testing.assert_array_equal(
        cache.column("sma", 1, side="mid", price="open"), (frame["bid_open"] + frame["ask_open"]) / 2
    )
    with pytest.raises(om.InputError, match="expected open, high, low, close, median or typical"):
        cache.column("sma", 1, price="last")


def test_bars_of_one_side_need_their_instrument():
    frame = BARS.frame.select("time", open="bid_open", high="bid_high", low="bid_low", close="bid_close")
    bars = om.Bars(frame, spread_pips=1.0)
    with pytest.raises(om.InputError, match="expected instrument="):
        om.indicators.Cache(bars)
    eurusd = om.Instrument(
        symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4, contract_size=100_000.0,
        volume_min=0.01, volume_step=0.01, volume_max=200.0,
    )  # fmt: skip
    assert len(om.indicators.Cache(bars, instrument=eurusd).column("sma", 2)) == len(bars)
