import inspect

import numpy as np
import pandas as pd
import polars as pl
import pytest
from indicator_cases import market

import omegasim as om

ind = om.indicators
VALUES = [1.0, 2.0, 4.0, 8.0]
MEANS = [1.5, 3.0, 6.0]


class Highest:
    """A user's own: the highest value so far, and how long ago it was."""

    def __init__(self, start=float("-inf")):
        self.value, self.age = start, 0

    def update(self, price):
        self.age = 0 if price > self.value else self.age + 1
        self.value = max(self.value, price)
        return self.value, float(self.age)


def test_polars_comes_back_as_polars_under_the_indicator_s_name():
    back = ind.sma(pl.Series("price", VALUES), 2)
    assert isinstance(back, pl.Series)
    assert back.name == "sma"
    assert back.to_list()[1:] == MEANS


def test_numpy_comes_back_as_numpy_that_can_be_written_to():
    back = ind.sma(np.array(VALUES), 2)
    assert isinstance(back, np.ndarray)
    assert back[1:].tolist() == MEANS
    back[0] = 0.0


def test_pandas_comes_back_as_pandas_with_its_index():
    index = pd.date_range("2024-01-01", periods=4, freq="h")
    back = ind.bollinger(pd.Series(VALUES, index=index), 2).middle
    assert isinstance(back, pd.Series)
    assert back.index is index
    assert back.name == "bollinger_middle"
    assert back.tolist()[1:] == MEANS


def test_strides_integers_and_nulls_are_taken():
    assert ind.sma(np.array([VALUES, VALUES]).T[:, 0], 2)[1:].tolist() == MEANS
    assert ind.sma(np.array([1, 2, 4, 8]), 2)[1:].tolist() == MEANS
    assert ind.sma(pl.Series([1, 2, 4, 8]), 2).to_list()[1:] == MEANS
    assert ind.ema(pl.Series([1.0, 2.0, None, 4.0]), 1).fill_nan(None).to_list() == [1.0, 2.0, None, 4.0]
    chunks = pl.concat([pl.Series([1.0, 2.0]), pl.Series([4.0, 8.0])], rechunk=False)
    assert ind.sma(chunks, 2).to_list()[1:] == MEANS


@pytest.mark.parametrize("zone", [None, "UTC", "Europe/Berlin"])
def test_times_of_any_kind_and_unit_mean_the_same(zone):
    columns = market(72)
    bar = [columns["high"], columns["low"], columns["close"]]
    expected = ind.pivots(columns["time"], *bar).pivot
    assert np.isfinite(expected[-1])
    for unit in ("ms", "us", "ns"):
        series = pl.Series(columns["time"]).cast(pl.Datetime(unit))
        series = series if zone is None else series.dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
        back = ind.pivots(series, *(pl.Series(column) for column in bar)).pivot
        np.testing.assert_array_equal(back.to_numpy(), expected)
        times = pd.Series(columns["time"]).dt.as_unit(unit)
        times = times if zone is None else times.dt.tz_localize("UTC").dt.tz_convert(zone)
        np.testing.assert_array_equal(ind.pivots(times, *(pd.Series(column) for column in bar)).pivot, expected)
        array = columns["time"].astype(f"datetime64[{unit}]")
        np.testing.assert_array_equal(ind.pivots(array, *bar).pivot, expected)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: ind.sma([1.0, 2.0], 2), "expected a polars Series, a numpy array of one dimension or a pandas Series"),
        (lambda: ind.sma(np.ones((2, 2)), 2), "found ndarray"),
        (lambda: ind.sma(np.array(["a"]), 2), "expected numbers"),
        (lambda: ind.sma(pl.Series(["a"]), 2), "column has type String; expected numbers"),
        (lambda: ind.donchian(np.ones(3), pl.Series([1.0])), "columns of one kind, please; found numpy, polars"),
        (lambda: ind.donchian(np.ones(3), np.ones(2)), "column low has 2 rows, the first one 3"),
        (lambda: ind.donchian(pl.Series([1.0]), pl.Series([1.0, 2.0])), "column low has 2 rows, the first one 1"),
        (lambda: ind.sma(np.ones(3), 0), "period: expected a whole number from 1 to 10000000, found 0"),
        (lambda: ind.Stream("sma", 2).update(1.0, 2.0), "update takes 1 numbers, found 2"),
        (lambda: ind.Stream("nothing"), 'unknown name "nothing"'),
        (lambda: ind.apply(3, np.ones(3)), "expected a function or a class with update, found 3"),
    ],
)
def test_what_cannot_be_taken_is_named(call, message):
    with pytest.raises(om.InputError) as raised:
        call()
    assert message in str(raised.value)


def test_a_user_s_own_function_takes_and_returns_columns():
    back = ind.apply(lambda values, period: values.rolling_max(period), pl.Series([1.0, 3.0, 2.0]), parameters=(2,))
    assert back.to_list() == [None, 3.0, 3.0]


@pytest.mark.parametrize("kind", [pl.Series, np.array, pd.Series])
def test_a_user_s_own_class_gives_columns_in_kind(kind):
    column = kind([1.0, 3.0, 2.0])
    highest, age = ind.apply(Highest, column, parameters=(2.0,))
    assert type(highest) is type(column)
    assert list(highest) == [2.0, 3.0, 3.0]
    assert list(age) == [1.0, 0.0, 1.0]


def test_every_function_is_explained():
    for name in ind.__all__:
        value = getattr(ind, name)
        assert inspect.isfunction(value) is False or inspect.getdoc(value), name
