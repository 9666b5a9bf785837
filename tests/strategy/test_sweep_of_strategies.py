import polars as pl
import pytest
from builders import EURUSD, settings

import omegasim as om


class EveryNth(om.Strategy):
    def __init__(self, n=100, pips=20.0, *, fails=False):
        self.n, self.pips, self.fails, self.bars = n, pips, fails, 0

    def on_bar(self, bar):
        self.bars += 1
        if self.bars % self.n == 0 and self.position is None:
            if self.fails:
                raise RuntimeError(f"no luck with {self.n}")
            self.buy(stop_loss_pips=self.pips, take_profit_pips=self.pips)


GRID = {"n": [40, 90], "pips": [8.0, 15.0, 30.0], "rules.intrabar": ["worst", "best"]}


@pytest.fixture(scope="module")
def bars():
    return om.synthetic_bars(EURUSD, bars=4_000, seed=3)


@pytest.fixture(scope="module")
def backtest(bars):
    return om.Backtest(bars, EveryNth(), settings())


@pytest.mark.parametrize("processes", [1, 2])
def test_each_row_is_what_a_backtest_gives_for_its_setting(bars, backtest, processes):
    swept = backtest.sweep(GRID, metrics="all", processes=processes)
    assert (len(swept), swept.axes) == (12, tuple(GRID))
    for row, values in enumerate(swept.frame.to_dicts()):
        rules = om.Rules(intrabar=values["rules.intrabar"])
        alone = om.Backtest(bars, EveryNth(values["n"], values["pips"]), settings(rules=rules)).run()
        assert alone.trades.height > 0
        assert {name: values[name] for name in alone.metrics} == dict(alone.metrics)
        assert swept.setting(row) == {axis: values[axis] for axis in GRID}
        assert swept.result(row).fingerprint == alone.fingerprint


def test_processes_share_ticks_finer_data_rates_and_news():
    bars = om.synthetic_bars(EURUSD, bars=2_000, seed=5)
    time = bars.frame["time"]
    rates = pl.DataFrame({"time": time, "bid": 0.85, "ask": 0.8502})
    account = om.Account(currency="GBP", balance=10_000.0)
    coarse = om.Bars(om.resample(bars, "M5").frame)
    news = pl.DataFrame({"time": time[:1], "currency": ["USD"], "impact": ["high"], "title": ["x"]})
    rules = om.Rules(intrabar="drill")
    backtest = om.Backtest(
        coarse, EveryNth(20), settings(account=account, rules=rules), finer=bars, rates={"USDGBP": rates}, news=news
    )
    both = [backtest.sweep({"pips": [5.0, 9.0]}, processes=processes).frame for processes in (1, 2)]
    assert both[0]["trades"].min() > 0
    assert both[0].equals(both[1], null_equal=True)


def test_trade_metrics_come_without_an_equity_curve(backtest):
    frame = backtest.sweep({"n": [40, 90]}, processes=1).frame
    assert frame["sharpe"].null_count() == 2
    assert frame["net_profit"].null_count() == 0


def test_parameters_of_several_strategies_go_by_their_number(bars):
    two = om.Backtest(bars, [EveryNth(40), EveryNth(90)], settings())
    swept = two.sweep({"0.n": [40, 50], "1.pips": [8.0, 30.0]}, processes=1)
    alone = om.Backtest(bars, [EveryNth(50), EveryNth(90, 30.0)], settings()).run()
    assert swept.frame["net_profit"][3] == alone.metrics["net_profit"]
    with pytest.raises(om.InputError, match=r"'n' is neither a parameter .*"):
        two.sweep({"n": [40]})


def test_what_was_set_on_the_strategy_itself_stays(bars):
    strategy = EveryNth()
    strategy.magic, strategy.warmup = 7, 1_000
    swept = om.Backtest(bars, strategy, settings()).sweep({"n": [40]}, processes=1)
    assert swept.result(0).trades["magic"].unique().to_list() == [7]
    assert swept.result(0).trades["entry_time"].min() > bars.frame["time"][1_000]


def test_a_strategy_that_fails_says_so_in_its_own_words(backtest):
    for processes in (1, 2):
        with pytest.raises(om.StrategyError, match="RuntimeError: no luck with 40") as caught:
            backtest.sweep({"fails": [False, True], "n": [40, 90]}, processes=processes)
        assert isinstance(caught.value.__cause__, RuntimeError)
        assert caught.value.__notes__ == ["in row 2 of the sweep"]


@pytest.mark.parametrize(("grid", "message"), [
    ({}, "grid: expected a mapping"),
    ({"m": [1]}, "grid: 'm' is neither a parameter of a strategy nor a field of the config"),
    ({"rules.intrabr": ["worst"]}, "grid: rules.intrabr: .*unknown key .*; did you mean 'intrabar'"),
    ({"pips": []}, "grid: pips: expected at least one value"),
    ({"pips": 3.0}, "grid: pips: expected a list of values, found 3.0"),
])  # fmt: skip
def test_errors_name_the_axis(backtest, grid, message):
    with pytest.raises(om.InputError, match=message):
        backtest.sweep(grid)


def test_a_value_that_the_class_does_not_take_is_named(bars):
    class Picky(om.Strategy):
        def __init__(self, n):
            self.n = int(n)

        def on_bar(self, bar):
            pass

    backtest = om.Backtest(bars, Picky(3), settings())
    with pytest.raises(om.InputError, match=r"Picky\(n='x'\): ValueError: invalid literal"):
        backtest.sweep({"n": [3, "x"]})


def test_progress_counts_runs_and_can_stop_them(backtest):
    seen = []
    backtest.sweep({"n": [40, 50, 60]}, processes=2, progress=lambda *counts: seen.append(counts))
    assert seen == [(1, 3), (2, 3), (3, 3)]

    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        backtest.sweep({"n": list(range(40, 60))}, processes=2, progress=stop)
