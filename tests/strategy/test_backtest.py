"""A run that strategies lead: errors, several strategies, the log, the command line."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from builders import EURUSD, settings

import omegasim as om

OMEGASIM = Path(sys.executable).with_name("omegasim")


def market(bars: int = 2_000, seed: int = 7) -> om.Bars:
    return om.synthetic_bars(EURUSD, bars=bars, seed=seed)


class Failing(om.Strategy):
    """Trades for a while and then divides by zero."""

    def on_bar(self, bar):
        if self.position is None:
            self.buy(stop_loss_pips=3.0, take_profit_pips=3.0)
        if bar.time.hour == 10:
            self.divide(bar)

    def divide(self, bar):
        return bar.close / 0


def test_an_exception_stops_the_run_with_its_own_traceback_and_all_up_to_there():
    with pytest.raises(
        om.StrategyError, match=r"Failing failed at 2024-01-01 10:01:00 UTC: ZeroDivisionError"
    ) as caught:
        om.Backtest(market(), Failing(), settings()).run()
    assert isinstance(caught.value.__cause__, ZeroDivisionError)
    assert caught.value.code == 7101
    assert caught.value.time.isoformat() == "2024-01-01T10:01:00+00:00"
    result = caught.value.result
    whole = om.Backtest(market().frame.head(601), StopsFailing(), settings()).run()
    assert result.equity.height == 601
    assert result.trades.height > 0
    assert result.trades.equals(whole.trades.filter(pl.col("reason") != "end_of_data"))


class StopsFailing(Failing):
    def divide(self, bar):
        return None


def test_an_exception_in_any_method_is_the_strategys():
    class Start(om.Strategy):
        def on_start(self):
            raise ValueError("no")

    class Close(om.Strategy):
        def on_bar(self, bar):
            self.buy(stop_loss_pips=3.0, take_profit_pips=3.0)

        def on_close(self, trade):
            raise KeyError(trade.ticket)

    for strategy, cause in ((Start(), ValueError), (Close(), KeyError)):
        with pytest.raises(om.StrategyError) as caught:
            om.Backtest(market(), strategy, settings()).run()
        assert isinstance(caught.value.__cause__, cause)


def test_what_is_no_fault_of_a_strategy_is_not_called_one():
    def stop(done, total):
        raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        om.Backtest(market(), om.Strategy(), settings(), progress=stop).run()


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"colour": "red"}, "colour"),
        ({"stop_loss_pips": -1.0}, "stop_loss_pips"),
        ({"stop_loss_pips": "far"}, "stop_loss_pips"),
        ({"magic": 3}, "magic: is given by the run"),
        ({"time": 0}, "time: is given by the run"),
        ({"symbol": "USDJPY"}, "USDJPY"),
    ],
)
def test_a_wrong_order_says_what_is_wrong_with_it(columns, message):
    class Wrong(om.Strategy):
        def on_bar(self, bar):
            self.buy(**columns)

    with pytest.raises(om.StrategyError, match=message) as caught:
        om.Backtest(market(), Wrong(), settings()).run()
    assert isinstance(caught.value.__cause__, om.OmegaError)


@pytest.mark.parametrize(
    ("strategy", "more", "message"),
    [
        (Failing, {}, "an object: Failing"),
        ([], {}, "at least one"),
        ("Failing", {}, "expected a Strategy"),
        ([Failing(), Failing()], {}, None),
        (om.Strategy(), {"equity": "all"}, "equity"),
        (om.Strategy(), {"day_start": "noon"}, "day_start"),
    ],
)
def test_wrong_arguments_are_clear_errors(strategy, more, message):
    if message is None:
        strategy[1].magic = 0
        message = "belongs to two strategies"
    with pytest.raises(om.InputError, match=message):
        om.Backtest(market(100), strategy, settings(), **more).run()


def test_a_signal_timeframe_has_no_meaning_for_a_strategy():
    with pytest.raises(om.InputError, match="signal_timeframe"):
        om.Backtest(market(100), om.Strategy(), settings(rules=om.Rules(signal_timeframe="H1"))).run()


def test_a_strategy_on_the_wrong_kind_of_data_is_told_so():
    class Ticks(om.Strategy):
        def on_tick(self, tick):
            pass

    ticks = market(100).frame.select("time", bid="bid_close", ask="ask_close")
    with pytest.raises(om.InputError, match="on_tick needs ticks"):
        om.Backtest(market(100), Ticks(), settings())
    with pytest.raises(om.InputError, match="on_bar with ticks needs `timeframes`"):
        om.Backtest(None, Failing(), settings(), ticks=ticks)


class Steady(om.Strategy):
    """Opens every so many bars and tells its own story."""

    def __init__(self, every=10, pips=5.0):
        self.every, self.pips = every, pips

    def on_start(self):
        self.bars, self.fills, self.closes = 0, [], []

    def on_bar(self, bar):
        self.bars += 1
        assert all(position.magic == self.own for position in self.positions)
        if self.bars % self.every == 0 and self.position is None:
            self.buy(stop_loss_pips=self.pips, take_profit_pips=self.pips, tag=str(self.bars))

    @property
    def own(self):
        return 0 if self.every == 10 else 5

    def on_fill(self, fill):
        self.fills.append(fill)

    def on_close(self, trade):
        self.closes.append(trade)
        self.log(f"closed {trade.ticket}")


def test_strategies_share_an_account_and_know_their_own():
    second = Steady(every=7, pips=8.0)
    second.magic = 5
    backtest = om.Backtest(market(), [Steady(), second], settings())
    result = backtest.run()
    for strategy, magic in zip(backtest.strategies, (0, 5), strict=True):
        own = result.trades.filter(pl.col("magic") == magic)
        assert own.height > 20
        assert [trade.ticket for trade in strategy.closes] == own.filter(pl.col("reason") != "end_of_data")[
            "ticket"
        ].to_list() or len(strategy.closes) == own.height
        assert {fill.magic for fill in strategy.fills} == {magic}
    assert [one["magic"] for one in result.record.strategies] == [0, 5]
    alone = om.Backtest(market(), Steady(), settings()).run()
    both = result.trades.filter(pl.col("magic") == 0).select("entry_time", "exit_time", "net")
    assert both.equals(alone.trades.select("entry_time", "exit_time", "net"))


def test_a_trade_that_is_told_of_is_the_row_of_the_table():
    backtest = om.Backtest(market(), Steady(), settings())
    result = backtest.run()
    told = om.Trade.to_arrow(backtest.strategies[0].closes)
    assert told.equals(result.trades.sort("exit_time", maintain_order=True))


def test_the_log_is_kept_with_the_run(tmp_path):
    result = om.Backtest(market(), Steady(), settings()).run()
    assert result.log.columns == ["time", "strategy", "message"]
    assert result.log["message"][0] == f"closed {result.trades['ticket'][0]}"
    result.save(tmp_path / "run")
    loaded = om.load_result(tmp_path / "run")
    assert loaded.log.equals(result.log)
    assert loaded.record.strategies == result.record.strategies
    assert om.simulate(market(100), None, settings()).log.is_empty()


def test_ambiguity_runs_the_strategy_again_and_says_that_it_is_an_estimate():
    result = om.Backtest(market(), Steady(pips=2.0), settings()).run()
    found = result.ambiguity()
    assert found.worst <= found.net <= found.best
    assert not found.exact
    assert "strategies decide" in found.why


def test_the_account_is_that_of_the_moment():
    class Watching(om.Strategy):
        def on_start(self):
            self.states = []

        def on_bar(self, bar):
            if len(self.states) == 3:
                self.buy(volume=1.0)
            self.states.append(
                (self.account.balance, self.account.equity, self.account.margin, self.account.free_margin)
            )

    backtest = om.Backtest(market(20), Watching(), settings())
    result = backtest.run()
    rows = [row[:3] for row in backtest.strategies[0].states]
    assert rows[:-1] == result.equity.select("balance", "equity", "margin").rows()[:-1]
    assert all(free == equity - margin for _, equity, margin, free in backtest.strategies[0].states)
    assert rows[5][2] > 0


def test_orders_can_be_changed_and_cancelled():
    class Managing(om.Strategy):
        def on_start(self):
            self.seen = []

        def on_bar(self, bar):
            match len(self.seen):
                case 0:
                    self.buy(order_type="limit", price=0.9, stop_loss=0.8, tag="far")
                case 2:
                    (order,) = self.orders
                    assert isinstance(order, om.Order)
                    self.modify(order.ticket, price=0.95)
                case 4:
                    (order,) = self.orders
                    assert order.price == 0.95
                    self.cancel(order.ticket)
            self.seen.append([order.price for order in self.orders])

    backtest = om.Backtest(market(8), Managing(), settings())
    backtest.run()
    assert backtest.strategies[0].seen == [[], [0.9], [0.9], [0.95], [0.95], [], [], []]


STRATEGY = '''
import omegasim as om


class Breakout(om.Strategy):
    """Buys new highs."""

    def __init__(self, lookback=20, fail_after=None):
        self.lookback, self.fail_after = lookback, fail_after

    def on_start(self):
        self.upper = self.indicator("donchian", self.lookback).upper
        self.bars = 0

    def on_bar(self, bar):
        self.bars += 1
        if self.bars == self.fail_after:
            raise ValueError("enough")
        if self.position is None and bar.close > self.upper[-2]:
            self.buy(stop_loss_pips=10.0, take_profit_pips=10.0)
'''
CONFIG = """
[account]
currency = "USD"
balance = 100000.0

[[instruments]]
symbol = "EURUSD"
base = "EUR"
quote = "USD"
tick_size = 1e-5
pip_size = 1e-4
contract_size = 100000.0
volume_min = 0.01
volume_step = 0.01
volume_max = 200.0

[sizing]
kind = "fixed_lots"
amount = 0.1

[data.EURUSD]
bars = "bars.parquet"

[strategy]
class = "breakout:Breakout"
parameters = { lookback = 15 }
"""


@pytest.fixture
def folder(tmp_path):
    market().frame.write_parquet(tmp_path / "bars.parquet")
    (tmp_path / "breakout.py").write_text(STRATEGY)
    (tmp_path / "run.toml").write_text(CONFIG)
    return tmp_path


def command(folder, *arguments):
    return subprocess.run(
        [OMEGASIM, "run", "run.toml", "--out", "out", "--no-report", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_line_runs_a_strategy(folder):
    done = command(folder)
    assert (done.returncode, done.stderr) == (0, "")
    saved = om.load_result(folder / "out")
    assert saved.record.strategies[0]["parameters"] == {"lookback": 15, "fail_after": None}
    assert saved.trades.height > 10


def test_models_of_a_strategy_find_the_plugins_of_pydantic(folder):
    text = STRATEGY + "\nimport os\nassert 'PYDANTIC_DISABLE_PLUGINS' not in os.environ\n"
    (folder / "breakout.py").write_text(text)
    done = command(folder)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_command_line_shows_the_strategys_traceback_and_keeps_what_was_asked_for(folder):
    text = CONFIG.replace("lookback = 15", "lookback = 15, fail_after = 500")
    (folder / "run.toml").write_text(text)
    done = command(folder)
    assert done.returncode == 1
    assert 'breakout.py", line' in done.stderr
    assert "ValueError: enough" in done.stderr
    assert "site-packages" not in done.stderr
    assert "omegasim: Breakout failed at 2024-01-01 08:20:00 UTC: ValueError: enough" in done.stderr
    assert not (folder / "out").exists()
    assert command(folder, "--keep-partial").returncode == 1
    assert om.load_result(folder / "out").equity.height == 500


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("breakout:Breakout", "breakin:Breakout", "no module 'breakin'"),
        ("breakout:Breakout", "breakout:Breakin", "breakout has no class 'Breakin'"),
        ("breakout:Breakout", "breakout", "expected a module and a class"),
        ("breakout:Breakout", "pathlib:Path", "is no om.Strategy"),
        ("lookback = 15", "lookahead = 15", "lookahead"),
        ("[strategy]", '[signals]\npath = "x.csv"\n[strategy]', "either signals or a strategy"),
    ],
)
def test_a_strategy_that_cannot_be_made_is_a_clear_error(folder, old, new, message):
    (folder / "run.toml").write_text(CONFIG.replace(old, new))
    done = command(folder)
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_config_file_may_name_news_and_several_strategies(folder):
    news = pl.DataFrame({"time": [market().frame["time"][900]], "currency": ["USD"]})
    news.write_csv(folder / "news.csv")
    quiet = STRATEGY.replace("    def on_start", "    magic = 9\n\n    def on_start").replace("Breakout", "Quiet")
    blackout = "om.filters.NewsBlackout(timedelta(days=1), timedelta(days=1))"
    quiet = quiet.replace("    magic = 9", f"    magic = 9\n    filters = ({blackout},)")
    (folder / "quiet.py").write_text("from datetime import timedelta\n" + quiet)
    second = '\n[[strategy]]\nclass = "quiet:Quiet"\n'
    text = CONFIG.replace("[strategy]", "[[strategy]]") + second
    (folder / "run.toml").write_text('news = "news.csv"\n' + text)
    done = command(folder)
    assert (done.returncode, done.stderr) == (0, "")
    saved = om.load_result(folder / "out")
    assert [one["magic"] for one in saved.record.strategies] == [0, 9]
    assert set(saved.trades["magic"]) == {0}
    assert saved.events.filter(pl.col("magic") == 9)["reason"].unique().to_list() == ["filtered"]


def test_a_file_of_its_own_may_hold_the_strategy(folder):
    (folder / "run.toml").write_text(CONFIG.replace("breakout:Breakout", "breakout.py:Breakout"))
    assert command(folder).returncode == 0


SCRIPT = """
import sys
import omegasim as om
class Slow(om.Strategy):
    {methods}
eurusd = om.instruments.fx("EURUSD")
account, sizing = om.Account(currency="USD", balance=1e5), om.Sizing.fixed_lots(1)
config = om.Config(account=account, instruments=[eurusd], sizing=sizing)
bars = om.synthetic_bars(eurusd, bars=3_000_000)
print("ready", flush=True)
om.Backtest(bars, Slow(), config, equity="off").run()
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("methods", ["def on_bar(self, bar): pass", "def on_start(self): pass"])
def test_the_user_can_stop_it(methods, tmp_path):
    script = SCRIPT.format(methods=methods)
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    ) as running:
        assert running.stdout.readline() == "ready\n"
        time.sleep(0.02)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=60)
    assert running.returncode != 0
    assert "KeyboardInterrupt" in said
