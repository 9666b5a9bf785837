"""Laws of every indicator, stated once."""

import inspect

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from indicator_cases import INPUTS, PARAMETERS, call, market

import omegasim as om
from omegasim import _core

ROWS = 120
NAMES = sorted(PARAMETERS)


@st.composite
def markets(draw):
    """A market with missing numbers here and there, of few rows or of some more than are computed at once."""
    rows = draw(st.sampled_from([ROWS, 511, 512, 513, 1_100]))
    columns = market(rows, draw(st.integers(0, 1_000)), volatility=draw(st.sampled_from([1e-5, 1e-3, 5e-2])))
    row = st.integers(0, rows - 1) | st.sampled_from([0, 511, 512, 1_023])
    gaps = st.tuples(st.sampled_from(["high", "low", "close", "volume"]), row.filter(lambda row: row < rows))
    for column, row in draw(st.lists(gaps, max_size=5)):
        columns[column][row] = draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    return columns


def test_every_indicator_is_here_and_is_a_function():
    assert tuple(NAMES) == om.indicators.NAMES
    for name, inputs, parameters, _ in _core.indicator_definitions():
        function = inspect.signature(getattr(om.indicators, name)).parameters
        defaults = [None if one.default is inspect.Parameter.empty else one.default for one in function.values()]
        assert list(function)[len(inputs) :] == [title for title, _ in parameters], name
        assert defaults[len(inputs) :] == [default for _, default in parameters], name
        assert inspect.getdoc(getattr(om.indicators, name)), name


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(columns=markets(), share=st.floats(0.0, 1.0))
def test_a_prefix_of_the_data_gives_a_prefix_of_the_result(name, columns, share):
    whole = call(name, columns)
    cut = int(share * len(columns["close"]))
    prefix = call(name, {title: column[:cut] for title, column in columns.items()})
    for one, other in zip(prefix, whole, strict=True):
        assert one.tobytes() == other[:cut].tobytes()


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=10, deadline=None)
@given(columns=markets())
def test_row_by_row_equals_whole_columns_bit_for_bit(name, columns):
    whole = call(name, columns)
    stream = om.indicators.Stream(name, *PARAMETERS[name])
    columns = columns | {"price": columns["close"], "time": columns["time"].astype("int64")}
    rows = [stream.update(*row) for row in zip(*(columns[title].tolist() for title in INPUTS[name]), strict=True)]
    streamed = np.array(rows).reshape(len(rows), -1).T
    for one, other in zip(streamed, whole, strict=True):
        assert np.ascontiguousarray(one).tobytes() == other.tobytes()


@pytest.mark.parametrize("name", NAMES)
def test_polars_and_numpy_give_the_same_numbers(name):
    columns = market(ROWS)
    arrays = call(name, columns)
    series = call(name, {title: pl.Series(title, column) for title, column in columns.items()})
    for one, other in zip(series, arrays, strict=True):
        assert one.to_numpy().tobytes() == other.tobytes()
