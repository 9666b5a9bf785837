"""Cleaning by name: what it changes, what it counts, what it lists."""

import polars as pl
import pytest
from builders import at, flat, one_sided, with_value

import omegasim as om

TICKS = pl.DataFrame({"time": [at(0), at(1), at(2)], "bid": [1.1, 1.1003, 1.1], "ask": [1.1001, 1.1001, 1.1001]})


@pytest.mark.parametrize(
    ("kind", "quotes"),
    [
        ("crossed", [(1.1, 1.1001), (1.1, 1.1001)]),
        ("crossed:drop", [(1.1, 1.1001), (1.1, 1.1001)]),
        ("crossed:swap", [(1.1, 1.1001), (1.1001, 1.1003), (1.1, 1.1001)]),
        ("crossed:lift", [(1.1, 1.1001), (1.1003, 1.1003), (1.1, 1.1001)]),
    ],
)
def test_crossed_quotes_are_dropped_swapped_or_lifted(kind, quotes):
    ticks = om.Ticks(TICKS, clean=kind)
    assert ticks.frame.select("bid", "ask").rows() == quotes
    assert ticks.cleaned == {kind: 1}
    assert set(ticks.changes["row"]) == {1}


def test_crossed_bars_stay_bars_when_swapped_or_lifted():
    table = flat().with_columns(pl.col("^ask_.*$") - 0.0005)
    for kind in ("crossed:swap", "crossed:lift"):
        bars = om.Bars(table, clean=kind)
        assert bars.cleaned == {kind: 5}
        assert bars.changes.height == (40 if kind == "crossed:swap" else 20)


def test_changes_are_listed_with_row_time_and_values():
    table = with_value(one_sided(30), "close", 7, 11_000.0)
    bars = om.Bars(with_value(table, "high", 7, 11_000.0), clean=["outliers"])
    assert bars.changes.rows() == [
        (7, at(7), "outliers", "changed", "high", 11_000.0, 1.1),
        (7, at(7), "outliers", "changed", "close", 11_000.0, 1.1),
    ]
    assert bars.frame["bid_close"].to_list() == [1.1] * 30


@pytest.mark.parametrize("factor", [10.0, 100.0, 1_000.0, 100_000.0, 0.01])
def test_lost_decimal_points_are_put_back(factor):
    table = with_value(one_sided(30), "open", 3, 1.1 * factor)
    assert om.Bars(table, clean=["outliers", "ohlc"]).frame["bid_open"][3] == pytest.approx(1.1, rel=1e-15)


def test_rows_with_lost_decimal_points_can_be_dropped():
    bars = om.Bars(with_value(one_sided(30), "high", 3, 110.0), clean="outliers:drop")
    assert bars.cleaned == {"outliers:drop": 1}
    assert bars.frame["time"].to_list() == [at(minute) for minute in range(30) if minute != 3]


def test_real_moves_are_no_outliers():
    table = one_sided(2_000).with_columns(pl.exclude("time") * pl.Series([1.0] * 1_000 + [2.5] * 1_000))
    assert om.Bars(table, clean="outliers").cleaned == {"outliers": 0}


def test_filler_is_what_has_neither_volume_nor_movement():
    table = one_sided(4).with_columns(volume=pl.Series([5.0, 0.0, 0.0, 3.0]))
    table = with_value(table, "high", 2, 1.2)
    bars = om.Bars(table, clean="filler")
    assert bars.cleaned == {"filler": 1}
    assert bars.frame["time"].to_list() == [at(0), at(2), at(3)]
    assert om.Bars(one_sided(4), clean="filler").cleaned == {"filler": 0}


def test_stale_runs_leave_their_first_row():
    table = one_sided(30).with_columns(pl.exclude("time") + pl.Series([0.0] * 5 + [0.001] * 12 + [0.002] * 13))
    bars = om.Bars(table, clean="stale")
    assert bars.cleaned == {"stale": 11 + 12}
    assert len(om.Bars(table, clean="stale:3")) == 3
    assert om.Bars(table, clean="stale:20").cleaned == {"stale:20": 0}


def test_cleanings_with_unknown_options_are_refused():
    for kind, match in (("crossed:hide", "expected crossed:drop, crossed:swap, crossed:lift"), ("stale:x", "stale:30")):
        with pytest.raises(om.InputError, match=f"unknown cleaning '{kind}'; .*{match}|expected {match}"):
            om.Ticks(TICKS, clean=kind)
    with pytest.raises(om.InputError, match="a cleaning is named twice in crossed, crossed:swap"):
        om.Ticks(TICKS, clean=["crossed", "crossed:swap"])


def test_rows_are_numbered_as_they_came():
    table = pl.concat([TICKS, TICKS.tail(1)])
    ticks = om.Ticks(table, clean=["crossed", "duplicates"])
    assert ticks.changes.select("row", "cleaning", "action").rows() == [
        (1, "crossed", "dropped"),
        (3, "duplicates", "dropped"),
    ]


def test_without_cleaning_nothing_is_listed():
    assert om.Bars(flat()).changes.is_empty()
    assert om.synthetic_bars(bars=10).changes.is_empty()
