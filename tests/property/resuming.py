"""Runs that are cut, saved and resumed: in the same process, in a new one, twice."""

import multiprocessing
from collections.abc import Iterable
from random import Random

from property.doors import bars_first, run_simulator
from property.money_cases import MoneyCase, money_case
from property.preset_cases import legacy_case, metatrader_case
from property.stepwise import Drive
from reference.cases import random_case
from reference.converted_cases import converted_case
from reference.lone_cases import lone_case

import omegasim as om


def mixed_case(seed: int) -> MoneyCase:
    """A case: by turns random, with foreign money, of preset `metatrader`, of `legacy`, of orders that stand alone.

    Some of those with foreign money hold something over long quiet stretches.
    """
    if seed % 10 == 1:
        return MoneyCase(converted_case(seed), {})
    if seed % 5 == 1:
        return money_case(seed)
    case = {0: random_case, 2: metatrader_case, 3: legacy_case, 4: lone_case}[seed % 5](seed)
    return MoneyCase(case, {})


def outcome(work: MoneyCase) -> str:
    """What the batch door leaves: a fingerprint, or the code of the error that ends the run."""
    try:
        return run_simulator(bars_first(work.case), rates=work.rates).fingerprint
    except om.OmegaError as error:
        return str(error.code)


def cut_outcome(work: MoneyCase, cuts: Iterable[int]) -> str:
    """What the stepwise door leaves when it is cut after these numbers of steps, one after the other."""
    drive = Drive(bars_first(work.case), rates=work.rates)
    try:
        for steps in cuts:
            drive.run(steps)
            drive.cut()
        return drive.finish().fingerprint
    except om.OmegaError as error:
        return str(error.code)


def random_cuts(work: MoneyCase, rng: Random, count: int) -> list[int]:
    """Numbers of steps before each of some cuts."""
    steps = len(Drive(bars_first(work.case), rates=work.rates).steps)
    marks = sorted(rng.randrange(steps) for _ in range(count))
    return [mark - before for mark, before in zip(marks, [0, *marks], strict=False)]


def in_new_processes(seeds: Iterable[int]) -> list[str]:
    """Runs that are saved half-way and go on in a process of their own: what differs."""
    works, expected = [], []
    for seed in seeds:
        work = mixed_case(seed)
        drive = Drive(bars_first(work.case), rates=work.rates)
        cut = len(drive.steps) // 2
        try:
            drive.run(cut)
        except om.OmegaError:
            continue
        works.append((seed, cut, drive.simulator.snapshot()))
        expected.append(outcome(work))
    with multiprocessing.get_context("spawn").Pool(2, maxtasksperchild=1) as pool:
        found = pool.map(_go_on, works, chunksize=1)
    pairs = zip(works, expected, found, strict=True)
    return [f"mixed_case({work[0]}): a new process differs" for work, ours, theirs in pairs if ours != theirs]


def _go_on(work: tuple[int, int, bytes]) -> str:
    seed, cut, snapshot = work
    case = mixed_case(seed)
    drive = Drive(bars_first(case.case), rates=case.rates)
    while drive.signals and cut and drive.signals[0]["time"] <= drive.steps[cut - 1][0]:
        drive.signals.pop(0)
    drive.steps = drive.steps[cut:]
    drive.simulator = om.ExecutionSimulator.restore(snapshot)
    try:
        return drive.finish().fingerprint
    except om.OmegaError as error:
        return str(error.code)


def snapshots(seeds: Iterable[int]) -> list[bytes]:
    """Snapshots of runs that are half over."""
    made = []
    for seed in seeds:
        drive = Drive(bars_first(random_case(seed)))
        try:
            drive.run(len(drive.steps) // 2)
        except om.OmegaError:
            # F2: a rate that is needed is too old; there is nothing to go on from.
            continue
        made.append(drive.simulator.snapshot())
    return made


def damaged(data: bytes, other: bytes, rng: Random) -> bytes:
    """A snapshot with a flipped bit, cut off, joined with another one, or from a made-up future version."""
    kind = rng.randrange(4)
    if kind == 0:
        position = rng.randrange(len(data))
        return data[:position] + bytes([data[position] ^ (1 << rng.randrange(8))]) + data[position + 1 :]
    if kind == 1:
        return data[: rng.randrange(len(data))]
    if kind == 2:
        middle = rng.randrange(1, min(len(data), len(other)))
        return data[:middle] + other[middle:]
    return data[:8] + rng.randrange(2, 2**32).to_bytes(4, "little") + data[12:]


def accepted_damage(count: int, seed: int) -> list[str]:
    """Damaged snapshots that are not refused with a clear error."""
    rng, wrong = Random(seed), []
    sound = snapshots(range(seed, seed + 20))
    for number in range(count):
        data = damaged(*rng.sample(sound, 2), rng)
        if data in sound:
            continue
        try:
            om.ExecutionSimulator.restore(data)
        except om.FileError as error:
            if error.code == 3001 and str(error).startswith("snapshot: "):
                continue
        wrong.append(f"damaged snapshot {number} was not refused")
    return wrong
