import io
import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import pytest
from builders import EURUSD
from test_config import TOML

import omegasim as om
from omegasim import foreground

OMEGASIM = Path(sys.executable).with_name("omegasim")
BARS = om.synthetic_bars(EURUSD, bars=20_000, seed=9)


def omegasim(*arguments, cwd=None):
    return subprocess.run([OMEGASIM, *arguments], capture_output=True, text=True, check=False, cwd=cwd)


def write_inputs(folder: Path, bars: om.Bars = BARS, every: int = 500) -> Path:
    bars.frame.write_parquet(folder / "bars.parquet")
    orders = bars.frame.gather_every(every).select(
        "time", direction=pl.lit("short"), stop_loss_pips=pl.lit(15.0), take_profit_pips=pl.lit(15.0)
    )
    orders.write_csv(folder / "signals.csv")
    (folder / "run.toml").write_text(TOML)
    return folder / "run.toml"


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return write_inputs(tmp_path_factory.mktemp("inputs"))


def sentence(done) -> str:
    """What a failed command said: one line, no traceback."""
    assert "Traceback" not in done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("omegasim: ")
    return lines[0]


def test_f1_a_config_file_names_rates_from_outside_the_run(tmp_path):
    config = write_inputs(tmp_path)
    earlier = pl.col("time").dt.offset_by("-2h")
    quotes = om.Bars(BARS.frame.gather_every(60).with_columns(earlier, pl.exclude("time") + 0.15))
    quotes.frame.write_csv(tmp_path / "gbpusd.csv")
    text = TOML.replace('currency = "USD"', 'currency = "GBP"')
    config.write_text(f'{text}\n[rates.GBPUSD]\nbars = "gbpusd.csv"\nstart = "2023-12-01"\n')
    done = omegasim("run", config, "--out", tmp_path / "run")
    assert (done.returncode, done.stderr) == (0, "")
    orders = pl.read_csv(tmp_path / "signals.csv", try_parse_dates=True)
    result = om.simulate(BARS, orders, om.Config.from_toml(config), rates={"GBPUSD": quotes})
    assert om.load_result(tmp_path / "run").fingerprint == result.fingerprint
    assert result.events["rate"].drop_nulls().n_unique() > 1
    config.write_text(f'{text}\n[rates.GBPUSD]\nbars = "gbpusd.csv"\nspread_pips = 1.0\n')
    assert "spread_pips is given, and the table has bid and ask" in sentence(
        omegasim("run", config, "--out", tmp_path / "b")
    )
    one_side = quotes.frame.select("time", open="bid_open", high="bid_high", low="bid_low", close="bid_close")
    one_side.write_csv(tmp_path / "bid.csv")
    config.write_text(f'{text}\n[rates.GBPUSD]\nbars = "bid.csv"\nspread_pips = 1.0\n')
    assert omegasim("run", config, "--out", tmp_path / "c").returncode == 0
    config.write_text(f'{text}\n[rates.GBPUS]\nbars = "gbpusd.csv"\n')
    done = omegasim("run", config, "--out", tmp_path / "other")
    assert "rates: expected a pair of two currencies such as 'EURUSD', found 'GBPUS'" in sentence(done)


def test_r2_the_command_and_the_function_give_the_same_fingerprint(config, tmp_path):
    done = omegasim("run", config, "--out", tmp_path / "run")
    assert (done.returncode, done.stderr) == (0, "")
    saved = om.load_result(tmp_path / "run")
    orders = pl.read_csv(config.parent / "signals.csv", try_parse_dates=True)
    result = om.simulate(BARS, orders, om.Config.from_toml(config))
    assert saved.fingerprint == result.fingerprint
    assert saved.trades.equals(result.trades)
    assert result.fingerprint in done.stdout
    assert "net profit" in done.stdout


def test_the_command_works_from_any_folder_and_may_be_quiet(config, tmp_path):
    done = omegasim(
        "run", os.path.relpath(config, tmp_path), "--out", "run", "--quiet", "--equity", "off", cwd=tmp_path
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert om.load_result(tmp_path / "run").equity.is_empty()


def test_one_sided_files_are_completed_and_cleaned_as_the_config_says(config, tmp_path):
    text = TOML.replace('bars = "bars.parquet"', 'bars = "bid.csv"\nspread_pips = 0.5\nclean = ["duplicates"]')
    bid = BARS.frame.select("time", *(pl.col(f"bid_{name}").alias(name) for name in ("open", "high", "low", "close")))
    pl.concat([bid, bid.tail(1)]).write_csv(tmp_path / "bid.csv")
    (tmp_path / "signals.csv").write_bytes((config.parent / "signals.csv").read_bytes())
    (tmp_path / "run.toml").write_text(text)
    done = omegasim("run", tmp_path / "run.toml", "--out", tmp_path / "run")
    assert done.returncode == 0
    assert done.stderr == "omegasim: EURUSD: clean duplicates: 1 of 20001 rows dropped, repeated\n"
    assert om.load_result(tmp_path / "run").record.data["EURUSD"]["cleaned"] == {"duplicates": 1}


def test_an_output_folder_that_exists_is_wrong_use_without_force(config, tmp_path):
    out = tmp_path / "run"
    assert omegasim("run", config, "--out", out, "--quiet").returncode == 0
    refused = omegasim("run", config, "--out", out)
    assert refused.returncode == 2
    assert "exists already; expected a new folder, or --force to replace it" in sentence(refused)
    assert omegasim("run", config, "--out", out, "--quiet", "--force").returncode == 0
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


WRONG_USE = [
    (["run"], "Missing argument 'CONFIG.toml'"),
    (["run", "nowhere.toml", "--out", "x"], "'nowhere.toml' does not exist"),
    (["walk"], "No such command 'walk'"),
    (["demo", "--fast"], "No such option"),
    (["run", __file__, "--out", "x", "--equity", "daily"], "daily"),
]


@pytest.mark.parametrize(("arguments", "message"), WRONG_USE)
def test_wrong_use_is_exit_code_2_and_one_sentence(arguments, message, tmp_path):
    done = omegasim(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert message in sentence(done)


FAILURES = [
    (TOML.replace("balance", "balanse"), "account: unknown key 'balanse'; did you mean 'balance'?"),
    (TOML.replace("[data.EURUSD]", "[data.EURUSD]\nspred_pips = 1"), "did you mean 'spread_pips'?"),
    (TOML.replace("[data.EURUSD]", "[data.GBPUSD]"), "data.GBPUSD: unknown symbol; the instruments are EURUSD"),
    (TOML.replace('bars = "bars.parquet"', ""), "data.EURUSD: expected bars, or bid and ask, or ticks; found none"),
    (TOML.replace("bars.parquet", "nowhere.parquet"), "nowhere.parquet: no such file"),
    (TOML.replace("signals.csv", "bars.parquet"), 'column "bid_open"'),
    (TOML + "[", "run.toml: not TOML"),
    ("", "account: missing"),
]


@pytest.mark.parametrize(("text", "message"), FAILURES, ids=[message for _, message in FAILURES])
def test_a_failed_run_is_exit_code_1_one_sentence_and_no_folder(text, message, config, tmp_path):
    for name in ("bars.parquet", "signals.csv"):
        (tmp_path / name).symlink_to(config.parent / name)
    (tmp_path / "run.toml").write_text(text)
    done = omegasim("run", tmp_path / "run.toml", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert message in sentence(done)
    assert not (tmp_path / "out").exists()


def test_demo_saves_a_fresh_run_each_time(tmp_path):
    for _ in range(2):
        done = omegasim("demo", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "net profit" in done.stdout
    runs = list((tmp_path / "runs").iterdir())
    assert len(runs) == 2
    assert len({om.load_result(run).fingerprint for run in runs}) == 1
    assert omegasim("demo", "--out", "mine", "--quiet", cwd=tmp_path).returncode == 0
    assert om.load_result(tmp_path / "mine").trades.height > 100


def test_schema_metrics_and_version():
    schema = json.loads(omegasim("schema").stdout)
    assert {"account", "data", "signals"} <= schema["properties"].keys()
    definitions = omegasim("metrics").stdout
    assert "profit_factor" in definitions
    assert "expectancy" in definitions
    assert omegasim("--version").stdout == f"{om.__version__}\n"
    assert omegasim("--help").returncode == 0


@pytest.mark.parametrize("after", [0.3, 0.6, 1.0])
def test_ctrl_c_stops_at_once_and_leaves_nothing(after, tmp_path):
    config = write_inputs(tmp_path, om.synthetic_bars(EURUSD, bars=3_000_000), every=10)
    command = [OMEGASIM, "run", config, "--out", tmp_path / "out" / "run"]
    # An import that is cut short leaves its file open, of which Python warns where it is asked for all warnings.
    env = os.environ | {"PYTHONWARNINGS": "ignore::ResourceWarning"}
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
    time.sleep(after)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    start = time.monotonic()
    _, errors = process.communicate(timeout=20)
    assert time.monotonic() - start < 0.5  # 0.1 s on a quiet machine
    assert process.returncode == 1
    assert errors.strip() == "omegasim: interrupted"
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    ("terminal", "seconds", "quiet", "shown"),
    [(True, 2.0, False, True), (True, 0.5, False, False), (False, 2.0, False, False), (True, 2.0, True, False)],
)
def test_the_progress_bar_shows_at_a_terminal_only_and_after_a_second(monkeypatch, terminal, seconds, quiet, shown):
    leader, follower = pty.openpty()
    with os.fdopen(follower, "w") as stderr, foreground.ProgressBar(quiet=quiet) as never:
        assert not never._wanted
        monkeypatch.setattr(sys, "stderr", stderr if terminal else io.StringIO())
        clock = iter([0.0, *[seconds] * 100])
        monkeypatch.setattr(foreground.time, "monotonic", lambda: next(clock))
        with foreground.ProgressBar(quiet=quiet) as bar:
            bar.stepped(1, 10)
            assert (bar._shown is not None) == shown
    os.close(leader)


def test_a_run_of_the_library_can_be_interrupted():
    code = (
        "import signal, threading, time, os\n"
        "from builders import settings\nimport omegasim as om, polars as pl\n"
        "bars = om.synthetic_bars(bars=2_000_000)\n"
        "orders = bars.frame.gather_every(5).select('time', direction=pl.lit('long'), stop_loss_pips=pl.lit(500.0))\n"
        "threading.Timer(0.05, lambda: os.kill(os.getpid(), signal.SIGINT)).start()\n"
        "try:\n    om.simulate(bars, orders, settings())\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env={"PYTHONPATH": "tests"}
    )
    assert (done.stdout, done.stderr) == ("interrupted\n", "")
