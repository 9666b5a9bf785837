"""Plain Python, row by row from the definitions, as the oracle of what no other package computes alike."""

import math
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import numpy as np
import pytest
from indicator_cases import market

import omegasim as om

ind = om.indicators
M = market(600, price=100.0)
HIGH, LOW, CLOSE, VOLUME = M["high"], M["low"], M["close"], M["volume"]
BAR = (HIGH, LOW, CLOSE)
NAN = math.nan


def session(time, start):
    """The date on which the session of a time began."""
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(time) // 1_000)
    return (moment - timedelta(hours=start)).date()


def sessions(start):
    """Session by session the rows that belong to it."""
    rows = {}
    for row, time in enumerate(M["time"].astype("int64")):
        rows.setdefault(session(time, start), []).append(row)
    return list(rows.values())


@pytest.mark.parametrize("start", [0.0, 22.0, 6.5])
def test_vwap_is_money_over_volume_of_the_session_so_far(start):
    expected = np.full(len(CLOSE), NAN)
    for rows in sessions(start):
        for last in rows:
            so_far = [row for row in rows if row <= last]
            money = math.fsum((HIGH[row] + LOW[row] + CLOSE[row]) / 3 * VOLUME[row] for row in so_far)
            expected[last] = money / math.fsum(VOLUME[row] for row in so_far)
    np.testing.assert_allclose(ind.vwap(M["time"], *BAR, VOLUME, start), expected, rtol=1e-12)


def test_vwap_is_not_known_before_the_session_has_volume():
    volume = VOLUME.copy()
    volume[:3] = volume[24:27] = 0.0
    vwap = ind.vwap(M["time"], *BAR, volume)
    assert np.flatnonzero(np.isnan(vwap)).tolist() == [0, 1, 2, 24, 25, 26]


@pytest.mark.parametrize("start", [0.0, 22.0, 6.5])
def test_pivots_are_those_of_the_session_before(start):
    expected = np.full((7, len(CLOSE)), NAN)
    of_sessions = sessions(start)
    for before, rows in pairwise(of_sessions):
        high, low, close = max(HIGH[before]), min(LOW[before]), CLOSE[before[-1]]
        pivot = (high + low + close) / 3
        levels = [
            pivot,
            2 * pivot - low,
            2 * pivot - high,
            pivot + (high - low),
            pivot - (high - low),
            high + 2 * (pivot - low),
            low - 2 * (high - pivot),
        ]
        expected[:, rows] = np.array(levels)[:, np.newaxis]
    np.testing.assert_allclose(ind.pivots(M["time"], *BAR, start), expected, rtol=1e-12)


def supertrend(period, width):
    """Seban's bands, one row after the other."""
    ranges = [max(HIGH[row], CLOSE[row - 1]) - min(LOW[row], CLOSE[row - 1]) for row in range(1, len(CLOSE))]
    average = math.fsum(ranges[:period]) / period
    upper, lower, direction, found = math.inf, -math.inf, NAN, [(NAN, NAN)] * period
    for row in range(period, len(CLOSE)):
        if row > period:
            average += (ranges[row - 1] - average) / period
        middle = (HIGH[row] + LOW[row]) / 2
        if middle + width * average < upper or CLOSE[row - 1] > upper:
            upper = middle + width * average
        if middle - width * average > lower or CLOSE[row - 1] < lower:
            lower = middle - width * average
        if CLOSE[row] > upper:
            direction = 1.0
        elif CLOSE[row] < lower:
            direction = -1.0
        line = {1.0: lower, -1.0: upper}.get(direction, NAN)
        found.append((line, direction))
    return np.array(found).T


@pytest.mark.parametrize(("period", "width"), [(10, 1.0), (7, 2.0), (1, 0.5)])
def test_supertrend_follows_its_bands(period, width):
    line, direction = supertrend(period, width)
    assert {1.0, -1.0} <= set(direction)
    ours = ind.supertrend(*BAR, period, width)
    np.testing.assert_array_equal(ours.direction, direction)
    np.testing.assert_allclose(ours.line, line, rtol=1e-12)


def test_the_middle_of_donchian_is_half_way():
    bands = ind.donchian(HIGH, LOW, 20)
    highest = [NAN] * 19 + [max(HIGH[row - 19 : row + 1]) for row in range(19, 600)]
    lowest = [NAN] * 19 + [min(LOW[row - 19 : row + 1]) for row in range(19, 600)]
    np.testing.assert_array_equal(bands.middle, (np.array(highest) + np.array(lowest)) / 2)


def test_an_average_goes_on_over_what_is_missing():
    values = CLOSE.copy()
    values[[5, 50, 51, 300]] = [NAN, math.inf, NAN, -math.inf]
    known = np.isfinite(values)
    for name in ("ema", "dema", "tema", "rsi", "macd"):
        whole, without = getattr(ind, name)(values), getattr(ind, name)(values[known])
        whole, without = (one if isinstance(one, tuple) else (one,) for one in (whole, without))
        for one, other in zip(whole, without, strict=True):
            assert np.isnan(one[~known]).all()
            np.testing.assert_array_equal(one[known], other, err_msg=name)
