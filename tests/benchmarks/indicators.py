"""Indicators over a million values, compared with TA-Lib's.

Goals: none slower than TA-Lib, all of them together below 0.5 s, a second request of the cache below a microsecond.
Both get the same numpy arrays and return new ones. They are called in pairs, now one first and now the other. Slower is
whose best call is slower, or who takes longer in the quietest tenth of the pairs, those that took the least time
together: best calls may come from moments at which the machine was not equally fast. Where other work shares the
machine, the ratios of all pairs tell how much that matters: median, tenth and ninetieth percentile.
"""

import os
import statistics
import time
from collections.abc import Callable

import numpy as np
import talib

import omegasim as om

ROWS = 1_000_000
# Of each indicator so many at a time, more where a spell has room for them, and all of them again and again: what else
# runs meets none alone.
PASSES, ROUNDS, WARM_UP = 6, 8, 1
SPELL_SECONDS = 0.06

ind = om.indicators
random = np.random.default_rng(1)
CLOSE = 1.1 * np.exp(np.cumsum(random.normal(0.0, 1e-4, ROWS)))
HIGH, LOW = CLOSE * (1 + 1e-4 * random.random(ROWS)), CLOSE * (1 - 1e-4 * random.random(ROWS))
VOLUME = random.integers(1, 1_000, ROWS).astype(float)
TIME = np.datetime64("2022-01-01", "ns") + np.arange(ROWS) * np.timedelta64(60, "s")
BAR = (HIGH, LOW, CLOSE)

Call = Callable[[], object]


def channel(upper: np.ndarray, lower: np.ndarray) -> tuple[np.ndarray, ...]:
    """The three lines that Omega's Donchian channel has too; TA-Lib has the outer two."""
    return upper, (upper + lower) / 2.0, lower


CALLS: dict[str, tuple[Call, Call | None]] = {
    "sma": (lambda: ind.sma(CLOSE, 20), lambda: talib.SMA(CLOSE, 20)),
    "ema": (lambda: ind.ema(CLOSE, 20), lambda: talib.EMA(CLOSE, 20)),
    "wma": (lambda: ind.wma(CLOSE, 20), lambda: talib.WMA(CLOSE, 20)),
    "dema": (lambda: ind.dema(CLOSE, 20), lambda: talib.DEMA(CLOSE, 20)),
    "tema": (lambda: ind.tema(CLOSE, 20), lambda: talib.TEMA(CLOSE, 20)),
    "rsi": (lambda: ind.rsi(CLOSE, 14), lambda: talib.RSI(CLOSE, 14)),
    "macd": (lambda: ind.macd(CLOSE), lambda: talib.MACD(CLOSE)),
    "roc": (lambda: ind.roc(CLOSE, 10), lambda: talib.ROC(CLOSE, 10)),
    "momentum": (lambda: ind.momentum(CLOSE, 10), lambda: talib.MOM(CLOSE, 10)),
    "true_range": (lambda: ind.true_range(*BAR), lambda: talib.TRANGE(*BAR)),
    "atr": (lambda: ind.atr(*BAR, 14), lambda: talib.ATR(*BAR, 14)),
    "standard_deviation": (lambda: ind.standard_deviation(CLOSE, 20), lambda: talib.STDDEV(CLOSE, 20)),
    "zscore": (lambda: ind.zscore(CLOSE, 20), None),
    "bollinger": (lambda: ind.bollinger(CLOSE, 20, 2.0), lambda: talib.BBANDS(CLOSE, 20, 2, 2)),
    "keltner": (lambda: ind.keltner(*BAR), None),
    "donchian": (lambda: ind.donchian(HIGH, LOW, 20), lambda: channel(talib.MAX(HIGH, 20), talib.MIN(LOW, 20))),
    "adx": (lambda: ind.adx(*BAR, 14), lambda: talib.ADX(*BAR, 14)),
    "dmi": (lambda: ind.dmi(*BAR, 14), lambda: (talib.PLUS_DI(*BAR, 14), talib.MINUS_DI(*BAR, 14))),
    "stochastic": (lambda: ind.stochastic(*BAR, 14, 3, 3), lambda: talib.STOCH(*BAR, 14, 3, 0, 3, 0)),
    "cci": (lambda: ind.cci(*BAR, 20), lambda: talib.CCI(*BAR, 20)),
    "williams_r": (lambda: ind.williams_r(*BAR, 14), lambda: talib.WILLR(*BAR, 14)),
    "obv": (lambda: ind.obv(CLOSE, VOLUME), lambda: talib.OBV(CLOSE, VOLUME)),
    "mfi": (lambda: ind.mfi(*BAR, VOLUME, 14), lambda: talib.MFI(*BAR, VOLUME, 14)),
    "vwap": (lambda: ind.vwap(TIME, *BAR, VOLUME), None),
    "supertrend": (lambda: ind.supertrend(*BAR), None),
    "choppiness": (lambda: ind.choppiness(*BAR), None),
    "pivots": (lambda: ind.pivots(TIME, *BAR), None),
    "kalman_mean": (lambda: ind.kalman_mean(CLOSE, 1e-9, 1e-8), None),
    "kalman_zscore": (lambda: ind.kalman_zscore(CLOSE, 1e-9, 1e-8), None),
    "garch": (lambda: ind.garch(CLOSE), None),
    "garch_window": (lambda: ind.garch_window(CLOSE), None),
    "kalman_garch_zscore": (lambda: ind.kalman_garch_zscore(CLOSE, 1e-9, 1e-8), None),
    "volatility_clusters": (lambda: ind.volatility_clusters(CLOSE), None),
}


def seconds(call: Call) -> float:
    start = time.perf_counter()
    result = call()
    elapsed = time.perf_counter() - start
    del result
    return elapsed


def pair(ours: Call, theirs: Call | None, turned: bool) -> tuple[float, float]:
    """Seconds of both; nobody's take no time."""
    if theirs is None:
        return seconds(ours), 0.0
    if turned:
        their = seconds(theirs)
        return seconds(ours), their
    return seconds(ours), seconds(theirs)


def measured() -> dict[str, list[tuple[float, float]]]:
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in CALLS}
    for _ in range(PASSES):
        for name, (ours, theirs) in CALLS.items():
            found[name] += spell(ours, theirs)
    return found


def spell(ours: Call, theirs: Call | None) -> list[tuple[float, float]]:
    rounds: list[tuple[float, float]] = []
    end = time.perf_counter() + SPELL_SECONDS
    while len(rounds) < WARM_UP + ROUNDS or time.perf_counter() < end:
        rounds.append(pair(ours, theirs, turned=len(rounds) % 2 == 1))
    return rounds[WARM_UP:]


def quietest(rounds: list[tuple[float, float]]) -> tuple[float, float]:
    """Mean seconds of both in the tenth of the pairs that took the least time together."""
    quiet = sorted(rounds, key=sum)[: max(len(rounds) // 10, 1)]
    our, their = (statistics.fmean(times) for times in zip(*quiet, strict=True))
    return our, their


def load() -> str:
    return f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


def again(request: Call) -> float:
    """Seconds of a request that was made before."""
    request()
    rounds = []
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(20_000):
            request()
        rounds.append((time.perf_counter() - start) / 20_000)
    return min(rounds)


def cached_column() -> float:
    cache = ind.Cache(om.synthetic_bars(bars=100_000))
    return again(lambda: cache.column("rsi", 14, timeframe="H1"))


def cached_view() -> float:
    class Asking(om.Strategy):
        def on_start(self) -> None:
            self.spent = again(lambda: self.indicator("rsi", 14, timeframe="H1"))

    eurusd = om.instruments.fx("EURUSD")
    account = om.Account(currency="USD", balance=100_000.0)
    config = om.Config(account=account, instruments=[eurusd], sizing=om.Sizing.fixed_lots(0.1))
    backtest = om.Backtest(om.synthetic_bars(eurusd, bars=1_000), Asking(), config)
    backtest.run()
    (strategy,) = backtest.strategies
    return strategy.spent


def main() -> None:
    assert set(CALLS) == set(ind.NAMES)
    total, slower = 0.0, []
    print(f"{ROWS:,} values, ms, quietest tenth of at least {PASSES * ROUNDS} rounds; ratios of pairs; {load()}")
    print(f"{'':26}{'ours':>8}{'TA-Lib':>8}{'ratio':>8}{'best':>8}{'median':>9}{'10%':>7}{'90%':>7}")
    for name, rounds in measured().items():
        our, their = (mean * 1e3 for mean in quietest(rounds))
        total += our
        if CALLS[name][1] is None:
            print(f"{name:26}{our:8.2f}")
            continue
        ratios = [one / other for one, other in rounds]
        low, *_, high = statistics.quantiles(ratios, n=10)
        median = statistics.median(ratios)
        our_best, their_best = (min(times) for times in zip(*rounds, strict=True))
        best = our_best / their_best
        print(f"{name:26}{our:8.2f}{their:8.2f}{our / their:8.2f}{best:8.2f}{median:9.2f}{low:7.2f}{high:7.2f}")
        slower += [name] if max(our / their, best) > 1 else []
    print(f"slower than TA-Lib (goal none): {', '.join(slower) or 'none'}; {load()}")
    print(f"all {len(CALLS)} together: {total / 1e3:.3f} s (goal 0.5 s)")
    for title, spent in (("cache", cached_column()), ("strategy", cached_view())):
        print(f"second request of the {title}: {spent * 1e9:.0f} ns (goal 1,000 ns)")


if __name__ == "__main__":
    main()
