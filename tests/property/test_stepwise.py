"""The stepwise door leaves what the batch door leaves, cut and restored or not (R2, R3)."""

from random import Random

import pytest
from property.doors import bars_first, run_simulator
from property.stepwise import Drive
from reference.cases import Case, random_case

import omegasim as om

EQUITY = ("bars", "closes", "off")


def case_of(seed: int) -> Case:
    return bars_first(random_case(seed))


@pytest.mark.parametrize("block", range(8))
def test_both_doors_leave_the_same(block):
    for seed in range(block * 25, block * 25 + 25):
        equity = EQUITY[seed % 3]
        expected = run_simulator(case_of(seed), equity=equity).fingerprint
        assert Drive(case_of(seed), equity).finish().fingerprint == expected, f"random_case({seed})"
        table = Drive(case_of(seed), equity, table=True)
        assert table.finish().fingerprint == expected, f"random_case({seed}), signals as a table"


@pytest.mark.parametrize("seed", range(300, 320))
def test_a_resumed_run_ends_like_one_that_was_never_cut(seed):
    rng = Random(seed)
    expected = run_simulator(case_of(seed)).fingerprint
    for cut in sorted(rng.randrange(len(Drive(case_of(seed)).steps)) for _ in range(20)):
        drive = Drive(case_of(seed))
        drive.run(cut)
        drive.cut()
        if rng.random() < 0.25 and drive.steps:
            drive.run(rng.randrange(len(drive.steps)))
            drive.cut()
        assert drive.finish().fingerprint == expected, f"random_case({seed}) cut after {cut}"


def damaged(data: bytes, other: bytes, rng: Random) -> bytes:
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


def test_damaged_snapshots_are_refused():
    rng = Random(7)
    snapshots = []
    for seed in range(20):
        drive = Drive(case_of(seed))
        drive.run(len(drive.steps) // 2)
        snapshots.append(drive.simulator.snapshot())
    for _ in range(1_000):
        data, other = rng.sample(snapshots, 2)
        broken = damaged(data, other, rng)
        if broken in snapshots:
            continue
        with pytest.raises(om.FileError, match="snapshot: ") as raised:
            om.ExecutionSimulator.restore(broken)
        assert raised.value.code == 3001
