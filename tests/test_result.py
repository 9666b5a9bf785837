import json
import subprocess
import sys

import polars as pl
import pytest
from builders import EURUSD, flat, long, settings, signals

import omegasim as om

BARS = om.synthetic_bars(EURUSD, bars=5_000, seed=5)


def crossing(**columns):
    return BARS.frame.gather_every(200).select(
        "time", direction=pl.lit("long"), stop_loss_pips=pl.lit(10.0), take_profit_pips=pl.lit(10.0), **columns
    )


@pytest.fixture(scope="module")
def result():
    return om.simulate(BARS, crossing(), settings())


TRADE_COLUMNS = """
    ticket symbol magic direction order_type signal_time entry_time exit_time entry_price exit_price initial_stop_loss
    stop_loss take_profit volume risk risk_per_trade result commission swap net r_multiple reason ambiguous gap mae mfe
    slippage_entry slippage_exit tag
"""
EVENT_COLUMNS = "time kind ticket symbol magic price volume reason amount balance rate tag"


def test_o1_o2_tables_have_the_columns_of_the_execution_model(result):
    assert " ".join(result.trades.columns) == " ".join(TRADE_COLUMNS.split())
    assert result.equity.columns == ["time", "balance", "equity", "margin", "drawdown"]
    assert " ".join(result.events.columns) == EVENT_COLUMNS
    assert result.trades.height == 25
    assert result.equity.height == 5_000
    assert result.trades["exit_time"].dtype == pl.Datetime("ns", "UTC")


def test_tables_are_read_once(result):
    assert result.trades is result.trades


def test_a4_equity_rows_are_those_asked_for():
    closes = om.simulate(BARS, crossing(), settings(), equity="closes")
    assert closes.equity.height == closes.trades.height
    off = om.simulate(BARS, crossing(), settings(), equity="off")
    assert off.equity.is_empty()
    assert off.metrics["max_drawdown"] is None
    assert off.trades.equals(closes.trades)


def test_progress_is_told_steps_done_and_in_all():
    steps = []
    om.simulate(om.synthetic_bars(bars=200_000), crossing(), settings(), progress=lambda *step: steps.append(step))
    # A run too short to be worth telling about tells nothing.
    assert steps == sorted(steps)
    assert all(0 <= done <= total for done, total in steps)


def test_r1_r2_the_fingerprint_is_the_same_again_and_in_a_fresh_process(result):
    assert om.simulate(BARS, crossing(), settings()).fingerprint == result.fingerprint
    code = "import test_result as t; print(t.om.simulate(t.BARS, t.crossing(), t.settings()).fingerprint)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env={"PYTHONPATH": "tests"}
    )
    assert done.stdout.strip() == result.fingerprint


def test_o4_a_saved_run_comes_back_equal(result, tmp_path):
    folder = result.save(tmp_path / "run")
    assert sorted(path.name for path in folder.iterdir()) == [
        "equity.parquet", "events.parquet", "metrics.json", "open_positions.parquet", "orders.parquet", "run.json",
        "trades.parquet",
    ]  # fmt: skip
    again = om.load_result(folder)
    for name in ("trades", "equity", "events", "orders", "open_positions"):
        assert getattr(again, name).equals(getattr(result, name)), name
    assert again.metrics == result.metrics
    assert again.fingerprint == result.fingerprint
    assert again.config == result.config
    assert repr(again) == repr(result)


def test_o4_run_json_tells_config_versions_hashes_counts_and_time(result, tmp_path):
    written = json.loads((result.save(tmp_path / "run") / "run.json").read_text())
    assert om.Config.from_values(written["config"]) == result.config
    assert written["versions"]["omegasim"] == om.__version__
    assert written["data"]["EURUSD"]["rows"] == 5_000
    assert len(written["data"]["EURUSD"]["hash"]) == 64
    assert written["signals"]["rows"] == 25
    assert written["counts"]["trades"] == 25
    assert written["fingerprint"] == result.fingerprint
    assert written["wall_seconds"] > 0


def test_what_was_cleaned_is_in_run_json(tmp_path):
    bars = om.Bars(pl.concat([flat(), flat().tail(1)]), clean="duplicates")
    folder = om.simulate(bars, signals(long()), settings()).save(tmp_path / "run")
    assert json.loads((folder / "run.json").read_text())["data"]["EURUSD"]["cleaned"] == {"duplicates": 1}


def test_o4_an_existing_folder_is_never_overwritten_without_force(result, tmp_path):
    folder = result.save(tmp_path / "run")
    with pytest.raises(FileExistsError, match="run: exists already; expected a new folder"):
        result.save(folder)
    assert result.save(folder, force=True) == folder
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_force_replaces_saved_runs_only(result, tmp_path):
    (tmp_path / "thesis.txt").write_text("")
    with pytest.raises(om.ExistingFileError, match="is no saved run; force replaces saved runs only"):
        result.save(tmp_path, force=True)


def test_o4_a_save_that_fails_leaves_nothing(result, tmp_path, monkeypatch):
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("omegasim._core.write_parquet", full)
    with pytest.raises(om.FileError, match="run: cannot be written: no space left"):
        result.save(tmp_path / "run")
    assert list(tmp_path.iterdir()) == []


def test_folders_that_are_no_saved_runs_are_named(result, tmp_path):
    with pytest.raises(om.MissingFileError, match="nowhere: no such folder"):
        om.load_result(tmp_path / "nowhere")
    with pytest.raises(om.FileError, match=r"not a saved run: run\.json is missing"):
        om.load_result(tmp_path)
    folder = result.save(tmp_path / "run")
    (folder / "run.json").write_text("{")
    with pytest.raises(om.FileError, match=r"run\.json or metrics\.json is damaged"):
        om.load_result(folder)


def test_i6_ambiguity_bounds_where_positions_are_independent(result):
    ambiguity = result.ambiguity()
    assert ambiguity.exact
    assert ambiguity.worst <= ambiguity.net <= ambiguity.best
    assert ambiguity.count == result.trades["ambiguous"].sum()
    assert ambiguity.why == "bounds: positions are independent of each other"


def test_i6_ambiguity_says_what_makes_it_an_estimate():
    run = om.simulate(BARS, crossing(trail_pips=pl.lit(5.0)), settings(rules=om.Rules(max_positions=1)))
    ambiguity = run.ambiguity()
    assert not ambiguity.exact
    assert ambiguity.why == "estimates: max_positions limits later orders; signals use trail_pips"


def test_i6_a_loaded_run_has_no_data_to_run_again(result, tmp_path):
    with pytest.raises(om.InputError, match="a loaded run has no market data"):
        om.load_result(result.save(tmp_path / "run")).ambiguity()


def test_unknown_tables_are_named(result):
    with pytest.raises(om.InputError, match="unknown table 'fills'; expected trades, equity, events"):
        result.arrow("fills")


def test_metrics_are_those_with_a_definition(result):
    from omegasim import _core

    assert list(result.metrics) == [name for name, _, _ in _core.metric_definitions()]
    assert result.metrics["trades"] == 25
    assert result.metrics["net_profit"] == pytest.approx(result.trades["net"].sum())
