"""The stepwise door leaves what the batch door leaves, cut and restored or not (R2, R3)."""

from collections.abc import Callable
from random import Random

import pytest
from property.doors import bars_first, run_simulator
from property.money_cases import MoneyCase, money_case
from property.preset_cases import legacy_case, metatrader_case
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


@pytest.mark.parametrize("preset", [legacy_case, metatrader_case])
@pytest.mark.parametrize("block", range(3))
def test_both_doors_leave_the_same_under_other_presets(preset, block):
    for seed in range(block * 50, block * 50 + 50):
        case = bars_first(preset(seed))
        expected = run_simulator(case).fingerprint
        assert Drive(case).finish().fingerprint == expected, f"{preset.__name__}({seed})"
        drive = Drive(case)
        drive.run(seed % (len(drive.steps) + 1))
        drive.cut()
        assert drive.finish().fingerprint == expected, f"{preset.__name__}({seed}), cut"


def fingerprint_or_code(work: Callable[[], om.Result]) -> str | int:
    """What a run leaves: a fingerprint, or the code of the error that ended it."""
    try:
        return work().fingerprint
    except om.OmegaError as error:
        return error.code


def drive_with_money(money: MoneyCase, cuts: int = 0) -> om.Result:
    drive, rng = Drive(bars_first(money.case), rates=money.rates), Random(cuts)
    for _ in range(cuts):
        drive.run(rng.randrange(len(drive.steps) + 1))
        drive.cut()
    return drive.finish()


@pytest.mark.parametrize("block", range(8))
def test_both_doors_leave_the_same_money(block):
    for seed in range(block * 25, block * 25 + 25):
        money = money_case(seed)
        expected = fingerprint_or_code(lambda m=money: run_simulator(bars_first(m.case), rates=m.rates))
        assert fingerprint_or_code(lambda m=money: drive_with_money(m)) == expected, f"money_case({seed})"
        cut = fingerprint_or_code(lambda m=money: drive_with_money(m, cuts=2))
        assert cut == expected, f"money_case({seed}), cut twice"


def test_most_money_cases_convert_and_book_swaps():
    results = [fingerprint_or_code(lambda s=seed: drive_with_money(money_case(s))) for seed in range(60)]
    assert sum(isinstance(found, str) for found in results) > 45
    swaps = [drive_with_money(money_case(seed)).events.filter(kind="swap").height for seed in range(10)]
    assert sum(swaps) > 0


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
