"""The stepwise door at full count: both doors, cuts, new processes, damage, kills: `make fuzz`."""

import multiprocessing
import sys
import tempfile
from pathlib import Path
from random import Random

import polars as pl
from builders import EURUSD
from killing import killed_and_resumed
from property.resuming import accepted_damage, cut_outcome, in_new_processes, mixed_case, outcome, random_cuts
from test_cli import write_inputs

import omegasim as om

RUNS, CUTS, PROCESSES, DAMAGED, KILLED = 200, 20, 50, 10_000, 50
FIRST = 3_000_000


def check_run(seed: int) -> list[str]:
    """What goes wrong with one run: the other door, cuts, and a second cut after the first."""
    work, rng, wrong = mixed_case(seed), Random(seed), []
    expected = outcome(work)
    if cut_outcome(work, []) != expected:
        wrong.append(f"mixed_case({seed}): the doors differ")
    for number in range(CUTS):
        cuts = random_cuts(work, rng, 2 if number % 4 == 0 else 1)
        if cut_outcome(work, cuts) != expected:
            wrong.append(f"mixed_case({seed}) cut after {cuts}: the resumed run differs")
    return wrong


def check_kills() -> list[str]:
    """Runs of the command line that do not survive SIGKILL."""
    wrong, kills = [], 0
    bars = om.synthetic_bars(EURUSD, bars=200_000, seed=9)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = write_inputs(folder, bars, every=100)
        orders = pl.read_csv(folder / "signals.csv", try_parse_dates=True)
        expected = om.simulate(bars, orders, om.Config.from_toml(config)).fingerprint
        for seed in range(KILLED):
            found, times = killed_and_resumed(config, folder / f"run{seed}", Random(seed))
            kills += times
            if found != expected or not times:
                wrong.append(f"killed run {seed}: {times} kills, fingerprint {found}")
    print(f"{KILLED} runs were killed {kills} times")
    return wrong


def main() -> int:
    """Run all of it and print what went wrong."""
    with multiprocessing.get_context("spawn").Pool() as pool:
        wrong = [line for lines in pool.imap_unordered(check_run, range(FIRST, FIRST + RUNS)) for line in lines]
    wrong += in_new_processes(range(FIRST, FIRST + PROCESSES)) + accepted_damage(DAMAGED, FIRST) + check_kills()
    print("\n".join(wrong), file=sys.stderr)
    print(
        f"{RUNS} runs, {RUNS * CUTS} cuts, {RUNS * CUTS // 4} second cuts, {PROCESSES} new processes, "
        f"{DAMAGED} damaged snapshots, {KILLED} killed runs: {len(wrong)} failed"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
