"""O3 by hand, and beside two libraries where they define the same thing."""

from statistics import mean, stdev

import pytest
from builders import flat, long, settings, signals
from report.runs import all_losses, market, weekdays

import omegasim as om


@pytest.fixture(scope="module")
def daily():
    """A run with one equity row a weekday, and its daily returns."""
    pandas = pytest.importorskip("pandas")
    result = weekdays()
    equity = pandas.Series(
        result.equity["equity"].to_list(), index=pandas.DatetimeIndex(result.equity["time"].to_list())
    )
    return result, equity, equity.pct_change().dropna()


@pytest.fixture(scope="module")
def empyrical():
    return pytest.importorskip("empyrical")


@pytest.fixture(scope="module")
def quantstats():
    return pytest.importorskip("quantstats.stats")


def same(value):
    return pytest.approx(value, rel=1e-9, abs=1e-9)


def test_o3_by_hand_a_run_of_known_trades():
    result = all_losses()
    nets, metrics = result.trades["net"].to_list(), result.metrics
    assert metrics["trades"] == metrics["losses"] == metrics["longest_losing_run"] == len(nets)
    assert metrics["net_profit"] == same(sum(nets))
    assert metrics["expectancy"] == metrics["average_loss"] == same(mean(nets))
    assert metrics["profit_factor"] == 0.0
    assert metrics["average_win"] is None
    assert metrics["win_rate"] == 0.0


def test_o3_by_hand_one_trade_in_a_flat_market():
    result = om.simulate(flat(30), signals(long(3, stop_loss_pips=10.0)), settings())
    # A lot at a spread of one pip: 10 dollars, on 100,000; the stop is 10 pips from the entry at the ask.
    assert result.metrics["net_profit"] == same(-10.0)
    assert result.metrics["max_drawdown"] == same(10.0)
    assert result.metrics["max_drawdown_percent"] == same(0.01)
    assert result.metrics["recovery_factor"] == same(-1.0)
    assert result.metrics["risk_taken"] == same(100.0)
    assert result.metrics["expectancy_r"] == same(-0.1)


def test_o3_by_hand_sharpe_sortino_and_calmar(daily):
    result, equity, returns = daily
    values = returns.to_list()
    assert result.metrics["sharpe"] == same(mean(values) / stdev(values) * 252**0.5)
    below = sum(min(value, 0.0) ** 2 for value in values) / (len(values) - 1)
    assert result.metrics["sortino"] == same(mean(values) / below**0.5 * 252**0.5)
    yearly = (equity.iloc[-1] / equity.iloc[0]) ** (252 / len(values)) - 1
    assert result.metrics["calmar"] == same(yearly / (result.metrics["max_drawdown_percent"] / 100))


def test_o3_empyrical_sharpe_drawdown_and_calmar_are_the_same(daily, empyrical):
    result, _, returns = daily
    assert result.metrics["sharpe"] == same(empyrical.sharpe_ratio(returns))
    assert result.metrics["max_drawdown_percent"] == same(-100 * empyrical.max_drawdown(returns))
    assert result.metrics["calmar"] == same(empyrical.calmar_ratio(returns))


def test_o3_empyrical_sortino_divides_by_n_where_ours_divides_by_n_less_one(daily, empyrical):
    result, _, returns = daily
    count = len(returns)
    assert result.metrics["sortino"] == same(empyrical.sortino_ratio(returns) * ((count - 1) / count) ** 0.5)


def test_o3_quantstats_sharpe_and_drawdown_are_the_same(daily, quantstats):
    result, equity, returns = daily
    assert result.metrics["sharpe"] == same(quantstats.sharpe(returns))
    assert result.metrics["max_drawdown_percent"] == same(-100 * quantstats.max_drawdown(equity))


def test_o3_quantstats_sortino_divides_by_n_where_ours_divides_by_n_less_one(daily, quantstats):
    result, _, returns = daily
    count = len(returns)
    assert result.metrics["sortino"] == same(quantstats.sortino(returns) * ((count - 1) / count) ** 0.5)


def test_o3_quantstats_of_the_nets_of_the_trades_are_the_same(quantstats):
    pandas = pytest.importorskip("pandas")
    result = market(20_000, 100)
    nets = pandas.Series(result.trades["net"].to_list())
    assert result.metrics["profit_factor"] == same(quantstats.profit_factor(nets))
    assert result.metrics["win_rate"] == same(quantstats.win_rate(nets))
    assert result.metrics["average_win"] == same(quantstats.avg_win(nets))
    assert result.metrics["average_loss"] == same(quantstats.avg_loss(nets))
    assert result.metrics["longest_losing_run"] == quantstats.consecutive_losses(nets)
