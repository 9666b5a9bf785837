"""Runs of the command line that are killed while they work."""

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from random import Random

import omegasim as om
from omegasim.checkpoint import Checkpoints

OMEGASIM = Path(sys.executable).with_name("omegasim")


def killed_and_resumed(config: Path, out: Path, rng: Random, most: int) -> tuple[str, int]:
    """Kill a run at random moments and start it again until it ends: its fingerprint, and how often it was killed.

    A run that ends before the first kill is begun anew and killed sooner, so that no machine is too fast for it.
    """
    kills, longest = 0, 1.0
    while True:
        process = _start(config, out)
        if kills < most:
            _wait_for_a_moment(process, out, rng, longest)
            process.send_signal(signal.SIGKILL)
        _, errors = process.communicate()
        if process.returncode not in (0, -signal.SIGKILL):
            raise AssertionError(errors)
        kills += process.returncode != 0
        if not (out / "run.json").exists():
            continue
        if kills:
            return om.load_result(out).fingerprint, kills
        shutil.rmtree(out)
        longest /= 2


def _start(config: Path, out: Path) -> subprocess.Popen[str]:
    arguments = ["run", config, "--out", out, "--checkpoint-every", "5000", "--resume", "--no-report", "-q"]
    return subprocess.Popen([OMEGASIM, *arguments], stderr=subprocess.PIPE, text=True)


def _wait_for_a_moment(process: subprocess.Popen[str], out: Path, rng: Random, longest: float) -> None:
    """Any moment of the start, or some time after the run has got further."""
    if rng.random() < 0.8:
        checkpoint, before = Checkpoints(out).path, _changed(Checkpoints(out).path)
        while process.poll() is None and _changed(checkpoint) == before:
            time.sleep(0.001)
        time.sleep(rng.uniform(0.0, 0.2 * longest))
    else:
        time.sleep(rng.uniform(0.0, longest))


def _changed(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:
        return 0
