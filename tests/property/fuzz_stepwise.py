"""The stepwise door at full count: both doors, cuts, a new process, a second cut, damaged snapshots: `make fuzz`."""

import multiprocessing
import sys
from random import Random

from property.doors import bars_first, run_simulator
from property.stepwise import Drive
from property.test_stepwise import damaged
from reference.cases import random_case

import omegasim as om

RUNS, CUTS, DAMAGED = 200, 20, 10_000
FIRST = 3_000_000


def in_new_process(work: tuple[int, int, bytes]) -> str:
    """The fingerprint of a run that goes on from a snapshot."""
    seed, cut, snapshot = work
    drive = Drive(bars_first(random_case(seed)))
    while drive.signals and cut and drive.signals[0]["time"] <= drive.steps[cut - 1][0]:
        drive.signals.pop(0)
    drive.steps = drive.steps[cut:]
    drive.simulator = om.ExecutionSimulator.restore(snapshot)
    return drive.finish().fingerprint


def check_run(seed: int) -> list[str]:
    """What goes wrong with the cuts of one run."""
    case, rng, wrong = bars_first(random_case(seed)), Random(seed), []
    expected = run_simulator(case).fingerprint
    if Drive(case).finish().fingerprint != expected:
        wrong.append(f"random_case({seed}): the doors differ")
    for number in range(CUTS):
        drive = Drive(case)
        cut = rng.randrange(len(drive.steps))
        drive.run(cut)
        drive.cut()
        if number % 4 == 0 and drive.steps:
            drive.run(rng.randrange(len(drive.steps)))
            drive.cut()
        if drive.finish().fingerprint != expected:
            wrong.append(f"random_case({seed}) cut after {cut}: the resumed run differs")
    return wrong


def check_new_processes() -> list[str]:
    """Fifty runs that go on in a process of their own."""
    works, expected = [], []
    for seed in range(FIRST, FIRST + 50):
        drive = Drive(bars_first(random_case(seed)))
        cut = len(drive.steps) // 2
        expected.append(run_simulator(drive.case).fingerprint)
        drive.run(cut)
        works.append((seed, cut, drive.simulator.snapshot()))
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=1) as pool:
        found = pool.map(in_new_process, works, chunksize=1)
    pairs = zip(works, expected, found, strict=True)
    return [f"random_case({work[0]}): a new process differs" for work, ours, theirs in pairs if ours != theirs]


def check_damage() -> list[str]:
    """Damaged snapshots that are not refused clearly."""
    rng, snapshots, wrong = Random(1), [], []
    for seed in range(FIRST, FIRST + 40):
        drive = Drive(bars_first(random_case(seed)))
        drive.run(len(drive.steps) // 2)
        snapshots.append(drive.simulator.snapshot())
    for number in range(DAMAGED):
        data = damaged(*rng.sample(snapshots, 2), rng)
        if data in snapshots:
            continue
        try:
            om.ExecutionSimulator.restore(data)
        except om.FileError:
            continue
        wrong.append(f"damaged snapshot {number} was taken")
    return wrong


def main() -> int:
    """Run all of it and print what went wrong."""
    with multiprocessing.get_context("spawn").Pool() as pool:
        wrong = [line for lines in pool.imap_unordered(check_run, range(FIRST, FIRST + RUNS)) for line in lines]
    wrong += check_new_processes() + check_damage()
    print("\n".join(wrong), file=sys.stderr)
    print(f"{RUNS} runs, {RUNS * CUTS} cuts, 50 new processes, {DAMAGED} damaged snapshots: {len(wrong)} failed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
