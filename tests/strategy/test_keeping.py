"""What a strategy keeps of a run stays as it was."""

import signal

import polars as pl
import pytest
from builders import EURUSD, settings

import omegasim as om

GBPUSD = EURUSD.model_copy(update={"symbol": "GBPUSD", "base": "GBP"})
PRICES = [f"{side}_{point}" for side in ("bid", "ask") for point in ("open", "high", "low", "close")]
FIELDS = ("symbol", "timeframe", "time", "end", "volume", "spread", *PRICES)


def market(bars: int = 600, seed: int = 7) -> om.Bars:
    frame = om.synthetic_bars(EURUSD, bars=bars, seed=seed).frame
    return om.Bars(frame.with_columns(volume=pl.int_range(pl.len()).cast(pl.Float64)))


def facts(bar: om.Bar) -> tuple[object, ...]:
    return tuple(getattr(bar, name) for name in FIELDS)


class Keeping(om.Strategy):
    """Keeps some bars, and writes down what each of them was."""

    timeframes = ("M1", "M5")

    def __init__(self, every: int = 3) -> None:
        self.every = every

    def on_start(self):
        self.kept, self.written, self.told = [], [], []

    def on_bar(self, bar):
        self.told.append(facts(bar))
        if len(self.told) % self.every:
            self.kept.append(bar)
            self.written.append(facts(bar))


class KeepingArguments(om.Strategy):
    """Keeps the arguments themselves."""

    def on_start(self):
        self.kept, self.written = [], []

    def on_bar(self, *bars):
        self.kept.append(bars)
        self.written.append(facts(bars[0]))


@pytest.mark.parametrize("every", [1, 2, 3, 100])
def test_a_bar_that_was_kept_never_changes(every):
    backtest = om.Backtest(market(), Keeping(every), settings(instruments=(EURUSD,)))
    backtest.run()
    (strategy,) = backtest.strategies
    assert [facts(bar) for bar in strategy.kept] == strategy.written
    assert len(set(map(id, strategy.kept))) == len(strategy.kept)
    assert len(set(strategy.told)) == len(strategy.told) == 600 + 120


def test_it_never_changes_where_others_see_it_too_and_symbols_alternate():
    bars = {"EURUSD": market(), "GBPUSD": market(seed=8)}
    forgetful, keen = Keeping(1), Keeping(2)
    backtest = om.Backtest(bars, [forgetful, keen], settings(instruments=(EURUSD, GBPUSD)))
    backtest.run()
    first, second = backtest.strategies
    assert first.told == second.told
    assert [facts(bar) for bar in second.kept] == second.written
    assert {bar.symbol for bar in second.kept} == {"EURUSD", "GBPUSD"}


def test_arguments_that_were_kept_never_change():
    backtest = om.Backtest(market(), KeepingArguments(), settings(instruments=(EURUSD,)))
    backtest.run()
    (strategy,) = backtest.strategies
    assert [facts(bar) for (bar,) in strategy.kept] == strategy.written


def test_it_never_changes_in_the_frame_of_an_exception():
    class Failing(om.Strategy):
        def on_bar(self, bar):
            if bar.time.minute == 30:
                raise ValueError("half past")

    with pytest.raises(om.StrategyError) as caught:
        om.Backtest(market(), Failing(), settings(instruments=(EURUSD,))).run()
    frames = caught.value.__cause__.__traceback__
    while frames.tb_next is not None:
        frames = frames.tb_next
    assert frames.tb_frame.f_locals["bar"].time.minute == 30


def test_a_stop_by_the_user_leaves_the_strategy_as_it_was_and_the_next_run_is_whole():
    class Stopping(om.Strategy):
        stop = True

        def on_start(self):
            self.bars = 0

        def on_bar(self, bar):
            self.bars += 1
            if self.bars == 300 and Stopping.stop:
                signal.raise_signal(signal.SIGINT)

    backtest = om.Backtest(market(), Stopping(), settings(instruments=(EURUSD,)))
    with pytest.raises(KeyboardInterrupt):
        backtest.run()
    assert backtest.strategies[0].bars == 300
    Stopping.stop = False
    backtest.run()
    assert backtest.strategies[0].bars == 600


def test_a_copy_of_a_strategy_has_all_its_attributes():
    class Slotted(om.Strategy):
        __slots__ = ("depth",)

        def __init__(self, length: int = 4) -> None:
            self.length, self.depth, self.list = length, 2, [1]

        def on_start(self):
            self.list.append(self.depth * self.length)

    given = Slotted()
    backtest = om.Backtest(market(), given, settings(instruments=(EURUSD,)))
    backtest.run()
    assert (given.list, backtest.strategies[0].list) == ([1], [1, 8])
    assert backtest.strategies[0].parameters == {"length": 4}


def test_a_handler_may_be_set_on_the_object_and_be_no_function_of_python():
    told = []
    strategy = om.Strategy()
    strategy.on_bar = told.append
    om.Backtest(market(), strategy, settings(instruments=(EURUSD,))).run()
    assert len({bar.time for bar in told}) == 600
