from datetime import timedelta

import polars as pl
import pytest
from builders import EURUSD, at, flat, long, settings, signals
from report.runs import all_losses, costly, market

import omegasim as om
from omegasim.report.bootstrap import mean_interval
from omegasim.report.breakdowns import MOST, grouped, month_table
from omegasim.report.certainty import readings_of
from omegasim.report.comparison import comparison_page, first_difference, only_in
from omegasim.report.costs import cost_steps, with_costs, worth_of_price
from omegasim.report.quotes import quotes_of
from omegasim.report.risk import histogram


def test_the_bootstrap_is_seeded_and_holds_the_mean():
    values = pl.Series([1.5, -1.0] * 200)
    interval = mean_interval(values, 7)
    assert interval == mean_interval(values, 7)
    assert interval != mean_interval(values, 8)
    assert interval.low < interval.mean == values.mean() < interval.high
    # The standard error of this mean is 1.25 / sqrt(400) = 0.0625.
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 0.0625, rel=0.1)


def test_the_bootstrap_of_equal_values_is_a_point_and_of_one_value_unknown():
    assert mean_interval(pl.Series([-1.0, -1.0]), 1).low == -1.0
    assert mean_interval(pl.Series([1.0]), 1) is None


def test_costs_of_a_flat_market_are_its_spread_slippage_and_commission():
    # One lot, bid 1.1, ask 1.1001: spread 10, slippage 0.5 pip each market fill.
    config = settings(
        costs=om.Costs(slippage=om.Slippage.fixed(0.5), commission=om.Commission.per_lot(2.5)),
        rules=om.Rules(end_of_data="close"),
    )
    orders = signals(long(2, stop_loss_pips=20.0)).with_columns(max_holding=pl.lit(timedelta(minutes=5)))
    result = om.simulate(flat(30), orders, config)
    steps = {name: round(money, 6) for name, money, _ in cost_steps(with_costs(result, quotes_of(result)))}
    assert steps["gross"] == 0.0
    assert (steps["spread"], steps["slippage"], steps["commission"]) == (-10.0, -10.0, -5.0)
    assert steps["net"] == -25.0


def test_cost_steps_add_up_to_the_net():
    result = market(20_000, 100)
    (_, gross, gross_r), *between, (_, net, net_r) = cost_steps(with_costs(result, quotes_of(result)))
    assert gross + sum(money for _, money, _ in between) == pytest.approx(net)
    assert gross_r + sum(r for _, _, r in between) == pytest.approx(net_r)
    assert net == pytest.approx(result.metrics["net_profit"])


def test_the_worth_of_a_price_is_converted_where_the_quote_is_foreign():
    result = market(2_000, 100)
    foreign = result.config.model_copy(update={"account": om.Account(currency="CHF", balance=1.0)})
    worth = result.trades.select(own=worth_of_price(result.config), found=worth_of_price(foreign))
    assert (worth["own"] == 100_000.0).all()
    assert worth["found"].to_list() == pytest.approx(worth["own"].to_list())


def test_groups_count_every_trade_once_and_join_the_rare():
    trades = market(20_000, 100).trades.with_row_index("row")
    groups = grouped(trades, pl.col("row").cast(pl.String))
    assert groups.height == MOST
    assert groups["trades"].sum() == trades.height
    assert groups["net"].sum() == pytest.approx(trades["net"].sum())
    assert groups["key"][-1].endswith("others")


def test_months_are_named_and_coloured():
    table = month_table(all_losses().trades)
    assert "2024" in table
    assert 'class="heat down"' in table


def test_a_histogram_holds_every_value():
    found = histogram(pl.Series([-1.0, -1.0, 1.5, 90.0, 0.2]))
    assert sum(found["counts"]) == 5
    assert histogram(pl.Series([], dtype=pl.Float64))["counts"] == []
    assert sum(histogram(pl.Series([-1.0, -1.0]))["counts"]) == 2


def test_certainty_has_the_readings_of_the_same_work():
    result = market(20_000, 100)
    readings = readings_of(result)
    assert readings.ambiguity == result.ambiguity()
    assert readings.worst.metrics["net_profit"] <= readings.best.metrics["net_profit"]


def test_comparison_finds_trades_of_one_run_only_and_the_first_difference():
    bars = om.synthetic_bars(EURUSD, bars=5_000, seed=3)
    rows = bars.frame.gather_every(400).select("time", direction=pl.lit("long"), stop_loss_pips=pl.lit(10.0))
    one, two = om.simulate(bars, rows, costly()), om.simulate(bars, rows[:-3], costly())
    assert only_in(one.trades, two.trades).height - only_in(two.trades, one.trades).height == 3
    assert first_difference(one.trades, one.trades) == "The trades are the same in every column."
    assert "First difference: trade" in first_difference(one.trades, two.trades)
    page = comparison_page({"<one>": one, "two": two})
    assert "&lt;one&gt;" in page
    assert "<one>" not in page
    assert "signals.rows" in page


def test_a_trade_longer_than_the_other_table_is_the_first_difference():
    short = om.simulate(flat(), signals(long(1)), settings()).trades
    assert str(at(4))[:16] in first_difference(short, short.clear())


def test_the_first_difference_names_the_row_and_shows_what_differs_in_the_last_digit():
    one = om.simulate(flat(30), signals(long(1), long(5), long(9)), settings()).trades
    last = pl.int_range(pl.len()) == 2
    other = one.with_columns(risk=pl.when(last).then(1e-17).otherwise("risk"), tag=pl.when(last).then(pl.lit("a_b")))
    assert first_difference(one, other) == "First difference: trade 3: risk 0 and 1e-17; tag None and a_b."
    near = one.with_columns(net=pl.col("net") * (1 + 2**-52))
    assert first_difference(one, near).startswith(f"First difference: trade 1: net {one['net'][0]!r} and ")
