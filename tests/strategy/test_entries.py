"""Signals from boolean columns."""

import polars as pl
import pytest
from builders import EURUSD, at, flat, settings

import omegasim as om


def table(**columns) -> pl.DataFrame:
    return flat(5).select("time").with_columns(**{name: pl.Series(values) for name, values in columns.items()})


def test_rows_become_signals_in_order_exits_first():
    frame = table(enter=[True, False, None, True, False], leave=[False, False, True, True, False])
    signals = om.signals_from(frame, long="enter", exit_long=pl.col("leave"), stop_loss_pips=20.0, magic=7)
    assert signals.select("time", "action", "direction", "stop_loss_pips", "magic").rows() == [
        (at(0), "open", "long", 20.0, 7),
        (at(2), "close", "long", None, 7),
        (at(3), "close", "long", None, 7),
        (at(3), "open", "long", 20.0, 7),
    ]


def test_each_side_may_have_its_own_columns():
    frame = table(up=[True, False, False, False, False], down=[False, True, False, False, False], low=[1.0] * 5)
    signals = om.signals_from(
        frame,
        long="up",
        short=[False, True, False, False, False],
        stop_loss={"long": pl.col("low"), "short": pl.col("low") + 1},
        symbol="EURUSD",
    )
    assert signals["stop_loss"].to_list() == [1.0, 2.0]
    assert signals["symbol"].to_list() == ["EURUSD", "EURUSD"]


def test_they_are_what_simulate_takes():
    bars = om.synthetic_bars(EURUSD, bars=2_000)
    close = pl.col("bid_close")
    signals = om.signals_from(bars, long=close > close.shift(1), exit_long=close < close.shift(1), stop_loss_pips=20.0)
    result = om.simulate(bars, signals, settings(rules=om.Rules(max_positions=1)))
    assert set(result.trades["reason"]) >= {"signal"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "expected at least one of long"),
        ({"long": "nowhere"}, "no column 'nowhere'"),
        ({"long": pl.col("nowhere") > 0}, "nowhere"),
        ({"long": [True]}, "expected 5 values, one a row, found 1"),
        ({"long": "price"}, "expected booleans"),
        ({"long": "enter", "colour": "red"}, "unknown column 'colour'"),
        ({"long": "enter", "direction": "long"}, "unknown column 'direction'"),
        ({"long": "enter", "stop_loss": {"up": 1.0}}, "a value for 'long' and one for 'short'"),
    ],
)
def test_what_cannot_be_is_a_clear_error(changes, message):
    frame = table(enter=[True] * 5, price=[1.0] * 5)
    with pytest.raises(om.InputError, match=message):
        om.signals_from(frame, **changes)


def test_a_table_without_times_is_a_clear_error():
    with pytest.raises(om.InputError, match="column 'time' is missing"):
        om.signals_from(pl.DataFrame({"enter": [True]}), long="enter")
