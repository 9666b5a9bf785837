"""Bars that are read while the program is still being imported: the same bars, and never a reason to fail."""

import subprocess
import sys

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from test_cli import BARS, omegasim, sentence, write_inputs

from omegasim.data import ahead

DATA = '[data.EURUSD]\nbars = "bars.parquet"\n'


@pytest.fixture
def folder(tmp_path):
    BARS.frame.write_parquet(tmp_path / "bars.parquet")
    return tmp_path


def read_ahead(folder, text=DATA):
    (folder / "run.toml").write_text(text)
    ahead.read_ahead(["--force", str(folder / "run.toml"), "--quiet"])
    return ahead.ready(folder / "bars.parquet"), ahead.taken(folder / "bars.parquet")


def test_bars_that_were_read_ahead_are_given_once_checked(folder):
    bars, table = read_ahead(folder)
    assert table is None
    assert bars.hash == BARS._checked.hash
    assert_frame_equal(pl.DataFrame(bars), BARS.frame)
    assert ahead.ready(folder / "bars.parquet") is None


@pytest.mark.parametrize(
    ("text", "frame"),
    [
        (DATA + 'clean = ["crossed"]\n', BARS.frame),
        (DATA, BARS.frame.with_columns(note=pl.lit("x"))),
        (DATA, BARS.frame.with_columns(spread=pl.lit(0.1))),
        (DATA, BARS.frame.with_columns(pl.col("bid_low").cast(pl.Float32))),
        (DATA, BARS.frame.with_columns(pl.col("time").dt.convert_time_zone("Europe/Paris"))),
        (DATA, BARS.frame.select("time", pl.col("^bid_.*$"))),
        (DATA, BARS.frame.with_columns(pl.lit(7.0).alias("bid_low"))),
    ],
)
def test_a_table_that_leaves_something_to_find_out_is_given_once_as_it_is(folder, text, frame):
    frame.write_parquet(folder / "bars.parquet")
    bars, table = read_ahead(folder, text)
    assert bars is None
    assert_frame_equal(table, frame)
    assert ahead.taken(folder / "bars.parquet") is None


@pytest.mark.parametrize("argument", ["run.toml", "--out", "", "long" * 1_000])
def test_without_a_config_file_nothing_is_read_ahead(folder, argument):
    ahead.read_ahead([argument, str(folder)])
    assert ahead._reading == {}


@pytest.mark.parametrize(
    "text",
    [
        DATA + 'start = "2024-01-02"\n',
        DATA.replace(".parquet", ".csv"),
        DATA.replace("bars.parquet", "nowhere.parquet"),
        DATA.replace('"bars.parquet"', "7"),
        'data = "EURUSD"',
        "[data",
        "",
    ],
)
def test_what_cannot_or_need_not_be_read_whole_is_not_read_ahead(folder, text):
    assert read_ahead(folder, text) == (None, None)
    assert ahead._reading == {}


def test_files_that_are_larger_together_than_what_fits_are_not_read_ahead(folder, monkeypatch):
    monkeypatch.setattr(ahead, "_MOST", (folder / "bars.parquet").stat().st_size - 1)
    assert read_ahead(folder) == (None, None)


def test_a_damaged_file_is_not_given(folder):
    (folder / "bars.parquet").write_bytes(b"PAR1" * 100)
    assert read_ahead(folder) == (None, None)


def test_a_run_takes_what_was_read_ahead(tmp_path):
    config = write_inputs(tmp_path)
    code = (
        "from omegasim.data import ahead\nfrom omegasim.cli import run\n"
        "given = []\nready = ahead.ready\n"
        "def noted(path):\n    given.append(ready(path))\n    return given[-1]\n"
        "ahead.ready = noted\n"
        "assert run() == 0\n"
        "print([None if bars is None else len(bars) for bars in given], ahead._reading)\n"
    )
    command = [sys.executable, "-c", code, "run", config, "--out", tmp_path / "run", "--quiet", "--no-report"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == f"[{BARS.frame.height}] {{}}\n"


@pytest.mark.parametrize("change", ["volume first", "a column too many", "naive times"])
def test_bars_are_the_same_whether_they_were_read_ahead_or_not(change, tmp_path):
    config = write_inputs(tmp_path)
    frame = BARS.frame
    if change == "volume first":
        frame = frame.select(pl.lit(1.0).alias("volume"), pl.all())
    elif change == "a column too many":
        frame = frame.with_columns(note=pl.lit("x"))
    else:
        frame = frame.with_columns(pl.col("time").dt.replace_time_zone(None))
    frame.write_parquet(tmp_path / "bars.parquet")
    hashes = []
    for name in ("bars.parquet", "b*rs.parquet"):
        config.write_text(config.read_text().replace("bars.parquet", name))
        out = tmp_path / f"run{len(hashes)}"
        done = omegasim("run", config, "--out", out, "--quiet", "--no-report")
        assert (done.returncode, done.stderr) == (0, "")
        hashes.append((out / "run.json").read_text().partition('"data"')[2].partition('"signals"')[0])
    assert hashes[0] == hashes[1]


def test_a_run_over_a_damaged_file_says_so(tmp_path):
    config = write_inputs(tmp_path)
    whole = (tmp_path / "bars.parquet").read_bytes()
    (tmp_path / "bars.parquet").write_bytes(whole[: len(whole) // 2])
    done = omegasim("run", config, "--out", tmp_path / "run")
    assert done.returncode == 1
    assert "its end is missing" in sentence(done)
