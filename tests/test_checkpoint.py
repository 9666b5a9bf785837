"""A run that was cut off goes on where it stood (R3)."""

import os
from random import Random

import polars as pl
import pytest
from builders import EURUSD
from killing import killed_and_resumed
from test_cli import omegasim, sentence, write_inputs

import omegasim as om
from omegasim.checkpoint import Checkpoints

BARS = om.synthetic_bars(EURUSD, bars=200_000, seed=9)


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return write_inputs(tmp_path_factory.mktemp("inputs"), BARS, every=100)


@pytest.fixture(scope="module")
def fingerprint(config):
    orders = pl.read_csv(config.parent / "signals.csv", try_parse_dates=True)
    return om.simulate(BARS, orders, om.Config.from_toml(config)).fingerprint


def checkpoint_of(config, out):
    """A checkpoint as a killed run leaves it, and how many there were before."""
    from omegasim.run_file import read_run_file

    checkpoints, states = Checkpoints(out, every=60_000), []

    class Kept(Checkpoints):
        def write(self, state):
            states.append(state)

    read_run_file(config).run(None, Kept(out, every=60_000))
    checkpoints.write(states[-1])
    return checkpoints.path, states


@pytest.mark.parametrize("seed", range(5))
def test_r3_a_run_that_is_killed_and_resumed_ends_like_one_that_was_not(config, fingerprint, tmp_path, seed):
    found, kills = killed_and_resumed(config, tmp_path / "run", Random(seed))
    assert kills > 0
    assert found == fingerprint
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_r3_checkpoints_come_every_so_many_bars_and_each_leads_to_the_same_end(config, fingerprint, tmp_path):
    path, states = checkpoint_of(config, tmp_path / "run")
    assert len(states) == 3
    for number, state in enumerate(states):
        path.write_bytes(state)
        out = tmp_path / f"run{number}"
        path.rename(Checkpoints(out).path)
        assert omegasim("run", config, "--out", out, "--resume", "--no-report", "-q").returncode == 0
        assert om.load_result(out).fingerprint == fingerprint
        assert not Checkpoints(out).path.exists()


def test_r3_a_checkpoint_of_other_settings_is_refused(config, tmp_path):
    path, _ = checkpoint_of(config, tmp_path / "run")
    other = write_inputs(tmp_path, BARS, every=100)
    other.write_text(config.read_text().replace("seed = ", "seed = 1"))
    assert other.read_text() != config.read_text()
    done = omegasim("run", other, "--out", tmp_path / "run", "--resume")
    assert done.returncode == 1
    assert "snapshot: it belongs to other settings, data or signals" in sentence(done)
    assert path.exists()


def test_r3_a_damaged_checkpoint_is_refused(config, tmp_path):
    path, states = checkpoint_of(config, tmp_path / "run")
    path.write_bytes(states[0][:-1])
    done = omegasim("run", config, "--out", tmp_path / "run", "--resume")
    assert "snapshot: the checksum does not fit" in sentence(done)


def test_resuming_a_complete_run_changes_nothing(config, tmp_path):
    out = tmp_path / "run"
    assert omegasim("run", config, "--out", out, "--no-report", "-q").returncode == 0
    before = (out / "run.json").stat().st_mtime_ns
    done = omegasim("run", config, "--out", out, "--resume")
    assert (done.returncode, done.stdout) == (0, f"{out}: complete already\n")
    assert (out / "run.json").stat().st_mtime_ns == before
    assert omegasim("run", config, "--out", out).returncode == 2


def test_leftovers_of_killed_processes_go_and_those_of_living_ones_stay(tmp_path):
    out = tmp_path / "run"
    dead, alive = tmp_path / ".run.999999999.tmp", tmp_path / f".run.checkpoint.{os.getpid()}.tmp"
    dead.mkdir()
    alive.write_bytes(b"")
    assert Checkpoints(out, resume=True).read() is None
    assert not dead.exists()
    assert alive.exists()


def test_a_checkpoint_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "run.checkpoint").mkdir()
    with pytest.raises(om.FileError, match=r"run\.checkpoint: cannot be written"):
        Checkpoints(tmp_path / "run", every=1).write(b"state")
    assert [path.name for path in tmp_path.iterdir()] == ["run.checkpoint"]
