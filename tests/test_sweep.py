import polars as pl
import pytest
from builders import EURUSD, settings

import omegasim as om

GRID = {
    "stop_loss_pips": [8.0, 15.0],
    "rules.intrabar": ["worst", "best", "candle"],
    "take_profit_pips": [12.0, None, 40.0],
}


@pytest.fixture(scope="module")
def bars():
    return om.synthetic_bars(EURUSD, bars=4_000, seed=3)


@pytest.fixture(scope="module")
def signals(bars):
    directions = ["long", "short"] * 40
    return bars.frame.gather_every(50).select("time", direction=pl.Series(directions))


def metrics_of(result):
    return dict(result.metrics)


def test_each_row_is_what_simulate_gives_for_its_setting(bars, signals):
    swept = om.sweep(bars, signals, settings(), grid=GRID, metrics="all")
    assert len(swept) == 18
    for row, values in enumerate(swept.frame.to_dicts()):
        rules = om.Rules(intrabar=values["rules.intrabar"])
        frame = signals.with_columns(
            stop_loss_pips=pl.lit(values["stop_loss_pips"]),
            take_profit_pips=pl.lit(values["take_profit_pips"], dtype=pl.Float64),
        )
        alone = om.simulate(bars, frame, settings(rules=rules))
        assert alone.trades.height > 0
        assert {name: values[name] for name in alone.metrics} == metrics_of(alone)
        assert swept.setting(row) == {axis: values[axis] for axis in GRID}
        again = swept.result(row)
        assert again.fingerprint == alone.fingerprint


def test_the_last_axis_turns_fastest(bars, signals):
    frame = om.sweep(bars, signals, settings(), grid=GRID).frame
    assert frame["stop_loss_pips"].to_list() == [8.0] * 9 + [15.0] * 9
    assert frame["take_profit_pips"].to_list()[:4] == [12.0, None, 40.0, 12.0]
    assert frame["rules.intrabar"].to_list()[:4] == ["worst", "worst", "worst", "best"]


def test_one_thread_and_many_give_the_same_rows(bars, signals):
    alone = om.sweep(bars, signals, settings(), grid=GRID, metrics="all", threads=1)
    many = om.sweep(bars, signals, settings(), grid=GRID, metrics="all", threads=4)
    assert alone.frame.equals(many.frame, null_equal=True)


def test_trade_metrics_come_without_an_equity_curve(bars, signals):
    frame = om.sweep(bars, signals, settings(), grid=GRID).frame
    both = om.sweep(bars, signals, settings(), grid=GRID, metrics="all").frame
    assert frame["net_profit"].to_list() == both["net_profit"].to_list()
    assert frame["sharpe"].null_count() == len(frame)
    assert both["sharpe"].null_count() == 0


def test_whole_tables_of_signals_are_an_axis(bars, signals):
    tables = {"all": signals, "every other": signals.gather_every(2)}
    swept = om.sweep(bars, None, settings(), grid={"signals": tables, "stop_loss_pips": [10.0], "seed": [1, 2]})
    assert swept.frame["signals"].to_list() == ["all", "all", "every other", "every other"]
    for row in range(4):
        assert swept.result(row, equity="off").trades.height == swept.frame["trades"][row]
    assert swept.frame["trades"][0] > swept.frame["trades"][2]


@pytest.mark.parametrize(("axis", "values"), [
    ("sizing", [om.Sizing.fixed_lots(0.1), om.Sizing.fixed_lots(0.3)]),
    ("costs.slippage", [om.Slippage.fixed(0.0), om.Slippage.fixed(1.5)]),
    ("costs.spread_multiplier", [1.0, 2.0]),
    ("instruments.0.volume_min", [0.01, 0.1]),
    ("direction", ["long", "short"]),
    ("magic", [1, 2]),
])  # fmt: skip
def test_any_setting_and_any_column_is_an_axis(bars, signals, axis, values):
    swept = om.sweep(bars, signals.with_columns(stop_loss_pips=10.0), settings(), grid={axis: values})
    assert swept.axes == (axis,)
    for row in range(2):
        assert swept.result(row).metrics["net_profit"] == swept.frame["net_profit"][row]


@pytest.mark.parametrize(("grid", "message"), [
    ({}, "grid: expected a mapping of axes to their values, found {}"),
    ({"stop_los_pips": [1.0]}, "'stop_los_pips' is neither a field .*; did you mean 'stop_loss_pips'?"),
    ({"rules.intrabr": ["worst"]}, "grid: rules.intrabr: config: rules: unknown key .*; did you mean 'intrabar'?"),
    ({"rules.intrabar": ["worst", "bad"]}, "grid: rules.intrabar: config: rules.intrabar: expected .*'bad'"),
    ({"stop_loss_pips": []}, "grid: stop_loss_pips: expected at least one value"),
    ({"stop_loss_pips": 5.0}, "grid: stop_loss_pips: expected a list of values, found 5.0"),
    ({"stop_loss_pips": [5.0, -5.0]}, "grid: stop_loss_pips: .*-5; expected a finite number above 0"),
    ({"direction": ["up"]}, "grid: direction: .*\"up\"; expected long or short"),
    ({"instruments.3.pip_size": [1e-4]}, "grid: instruments.3.pip_size: expected a number below 1, found '3'"),
    ({"signals": [1]}, "grid: signals: expected a mapping of names to tables"),
])  # fmt: skip
def test_errors_name_the_axis(bars, signals, grid, message):
    with pytest.raises(om.InputError, match=message):
        om.sweep(bars, signals, settings(), grid=grid)


def test_what_a_single_run_fails_for_names_its_row(bars, signals):
    both = signals.with_columns(stop_loss=1.0)
    with pytest.raises(om.InputError, match=r"grid: stop_loss_pips: .*given together with stop_loss"):
        om.sweep(bars, both, settings(), grid={"stop_loss_pips": [None, 5.0]})
    with pytest.raises(om.InputError, match=r"grid: row 1: EURUSD: no rate turns USD into JPY"):
        om.sweep(bars, signals, settings(), grid={"account.currency": ["USD", "JPY"]})


def test_progress_counts_runs_and_can_stop_them(bars, signals):
    seen = []
    om.sweep(bars, signals, settings(), grid=GRID, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (18, 18)

    def stop(_done, _total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        om.sweep(bars, signals, settings(), grid=GRID, progress=stop)


def test_a_row_that_is_not_there_is_an_error(bars, signals):
    swept = om.sweep(bars, signals, settings(), grid={"stop_loss_pips": [5.0]})
    with pytest.raises(om.InputError, match="row: expected one from 0 to 0, found 1"):
        swept.result(1)


def test_the_heatmap_shows_the_metric_at_its_place(bars, signals):
    swept = om.sweep(bars, signals, settings(), grid=GRID)
    figure = om.heatmap(swept, "take_profit_pips", "stop_loss_pips", "trades", over="max")
    drawn = figure.data[0]
    assert list(drawn.y) == ["8.0", "15.0"]
    assert list(drawn.x) == ["12.0", "None", "40.0"]
    cell = swept.frame.filter(pl.col("stop_loss_pips") == 15.0, pl.col("take_profit_pips") == 40.0)
    assert drawn.z[1][2] == cell["trades"].max()
    with pytest.raises(om.InputError, match=r"metric: expected one of trades, .*found 'profit'"):
        om.heatmap(swept, "take_profit_pips", "stop_loss_pips", "profit")


def test_b4_a_close_makes_room_for_the_order_of_its_bar(bars):
    # The table has the order first; a sweep, which writes no events, must not take it for refused.
    times = bars.frame["time"]
    rows = {"time": [times[0], times[3], times[3]], "action": ["open", "open", "close"], "direction": ["long"] * 3}
    frame = pl.DataFrame(rows).with_columns(volume=pl.lit(0.1))
    config = settings(rules=om.Rules(max_positions=1))
    alone = om.simulate(bars, frame, config, equity="off")
    assert alone.trades["reason"].to_list() == ["signal", "end_of_data"]
    assert om.sweep(bars, frame, config, grid={"seed": [1, 2]}).frame["trades"].to_list() == [2, 2]
