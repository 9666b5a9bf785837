"""TA-Lib as the oracle: equal within 1e-9 of the value wherever TA-Lib has one."""

import numpy as np
import pytest
import talib
from indicator_cases import market

import omegasim as om

ind = om.indicators
# Price 100, so that TA-Lib's variances, differences of squares, have nine digits themselves.
M = market(20_000, price=100.0)
HIGH, LOW, CLOSE, VOLUME = M["high"], M["low"], M["close"], M["volume"]
BAR = (HIGH, LOW, CLOSE)

PAIRS = {
    "sma": (ind.sma(CLOSE, 20), talib.SMA(CLOSE, 20)),
    "ema": (ind.ema(CLOSE, 20), talib.EMA(CLOSE, 20)),
    "wma": (ind.wma(CLOSE, 20), talib.WMA(CLOSE, 20)),
    "dema": (ind.dema(CLOSE, 20), talib.DEMA(CLOSE, 20)),
    "tema": (ind.tema(CLOSE, 20), talib.TEMA(CLOSE, 20)),
    "rsi": (ind.rsi(CLOSE, 14), talib.RSI(CLOSE, 14)),
    "roc": (ind.roc(CLOSE, 10), talib.ROC(CLOSE, 10)),
    "momentum": (ind.momentum(CLOSE, 10), talib.MOM(CLOSE, 10)),
    "true_range": (ind.true_range(*BAR), talib.TRANGE(*BAR)),
    "atr": (ind.atr(*BAR, 14), talib.ATR(*BAR, 14)),
    "standard_deviation": (ind.standard_deviation(CLOSE, 20), talib.STDDEV(CLOSE, 20)),
    "bollinger middle": (ind.bollinger(CLOSE, 20, 2.0).middle, talib.BBANDS(CLOSE, 20, 2, 2)[1]),
    "bollinger upper": (ind.bollinger(CLOSE, 20, 2.0).upper, talib.BBANDS(CLOSE, 20, 2, 2)[0]),
    "bollinger lower": (ind.bollinger(CLOSE, 20, 2.0).lower, talib.BBANDS(CLOSE, 20, 2, 2)[2]),
    "donchian upper": (ind.donchian(HIGH, LOW, 20).upper, talib.MAX(HIGH, 20)),
    "donchian lower": (ind.donchian(HIGH, LOW, 20).lower, talib.MIN(LOW, 20)),
    "adx": (ind.adx(*BAR, 14), talib.ADX(*BAR, 14)),
    "dmi plus": (ind.dmi(*BAR, 14).plus, talib.PLUS_DI(*BAR, 14)),
    "dmi minus": (ind.dmi(*BAR, 14).minus, talib.MINUS_DI(*BAR, 14)),
    "cci": (ind.cci(*BAR, 20), talib.CCI(*BAR, 20)),
    "williams_r": (ind.williams_r(*BAR, 14), talib.WILLR(*BAR, 14)),
    "obv": (ind.obv(CLOSE, VOLUME), talib.OBV(CLOSE, VOLUME)),
    "mfi": (ind.mfi(*BAR, VOLUME, 14), talib.MFI(*BAR, VOLUME, 14)),
}


def assert_equal(ours, theirs):
    # Oscillators pass through 0, where what counts is the digits of the numbers that they are differences of.
    scale = np.nanmedian(np.abs(theirs))
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9 * scale)


@pytest.mark.parametrize("name", PAIRS)
def test_equal_to_talib_with_the_same_warm_up(name):
    ours, theirs = PAIRS[name]
    assert_equal(ours, theirs)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        # TA-Lib holds back MACD's line until there is a signal, and %K until there is a %D.
        (ind.macd(CLOSE, 12, 26, 9), talib.MACD(CLOSE, 12, 26, 9)),
        (ind.stochastic(*BAR, 14, 3, 3), talib.STOCH(*BAR, 14, 3, 0, 3, 0)),
    ],
    ids=["macd", "stochastic"],
)
def test_equal_to_talib_where_it_has_every_output(ours, theirs):
    known = ~np.isnan(theirs[-1])
    for our, their in zip(ours, theirs, strict=True):
        assert_equal(our[known], their[known])
    assert np.isfinite(ours[0][~known]).sum() == 8 if len(theirs) == 3 else 2
    assert np.isnan(ours[-1][~known]).all()


def test_the_middle_of_keltner_is_the_ema_and_its_width_the_atr():
    bands = ind.keltner(*BAR, 20, 2.0, 10)
    assert_equal(bands.middle[20:], talib.EMA(CLOSE, 20)[20:])
    assert_equal((bands.upper - bands.lower)[20:], 4 * talib.ATR(*BAR, 10)[20:])


def test_choppiness_is_what_talib_s_parts_give():
    ranges, high, low = talib.SUM(talib.TRANGE(*BAR)[1:], 14), talib.MAX(HIGH, 14)[1:], talib.MIN(LOW, 14)[1:]
    assert_equal(ind.choppiness(*BAR, 14)[1:], 100 * np.log10(ranges / (high - low)) / np.log10(14))


def test_the_z_score_is_what_talib_s_parts_give():
    assert_equal(ind.zscore(CLOSE, 20), (CLOSE - talib.SMA(CLOSE, 20)) / talib.STDDEV(CLOSE, 20))


def test_where_nothing_moves_we_say_nan_and_talib_0():
    flat = np.full(100, 1.25)
    bar = (flat, flat, flat)
    for ours, theirs in (
        (ind.rsi(flat, 14), talib.RSI(flat, 14)),
        (ind.cci(*bar, 14), talib.CCI(*bar, 14)),
        (ind.williams_r(*bar, 14), talib.WILLR(*bar, 14)),
        (ind.stochastic(*bar).d, talib.STOCH(*bar, 14, 3, 0, 3, 0)[1]),
    ):
        assert np.isnan(ours).all()
        assert theirs[-1] == 0.0
