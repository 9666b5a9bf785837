"""The stepwise door leaves what the batch door leaves, cut and restored or not (R2, R3)."""

from collections.abc import Callable
from functools import partial
from random import Random

import pytest
from property.doors import bars_first, run_simulator
from property.money_cases import MoneyCase, money_case
from property.preset_cases import legacy_case, metatrader_case
from property.resuming import accepted_damage, cut_outcome, in_new_processes, mixed_case, outcome, random_cuts
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
        case = case_of(seed)
        expected = fingerprint_or_code(partial(run_simulator, case, equity=equity))
        assert fingerprint_or_code(Drive(case, equity).finish) == expected, f"random_case({seed})"
        table = fingerprint_or_code(Drive(case, equity, table=True).finish)
        assert table == expected, f"random_case({seed}), signals as a table"


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
    """What a run leaves: a fingerprint and how old its rates were, or the code of the error that ended it."""
    try:
        result = work()
        return f"{result.fingerprint} {result.record.stale_rates}"
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
    work, rng = mixed_case(seed), Random(seed)
    expected = outcome(work)
    for _ in range(20):
        cuts = random_cuts(work, rng, 1)
        assert cut_outcome(work, cuts) == expected, f"mixed_case({seed}) cut after {cuts}"


@pytest.mark.parametrize("seed", range(320, 325))
def test_a_run_may_be_cut_again(seed):
    work = mixed_case(seed)
    cuts = random_cuts(work, Random(seed), 3)
    assert cut_outcome(work, cuts) == outcome(work), f"mixed_case({seed}) cut after {cuts}"


def test_a_run_goes_on_in_a_new_process():
    assert in_new_processes(range(330, 335)) == []


def test_damaged_snapshots_are_refused():
    assert accepted_damage(1_000, 0) == []
