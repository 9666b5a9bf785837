"""The simulator agrees with the plain-Python oracle, bit for bit."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from property.doors import disagreement
from reference.cases import Case, case_from, random_case

RELAXED = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=100, print_blob=True)


@pytest.mark.parametrize("block", range(8))
def test_the_simulator_agrees_with_the_oracle_over_seeded_cases(block):
    for seed in range(block * 50, block * 50 + 50):
        difference = disagreement(random_case(seed))
        assert difference is None, f"random_case({seed}): {difference}"


@RELAXED
@given(st.randoms(use_true_random=False))
def test_the_simulator_agrees_with_the_oracle_over_drawn_cases(rng):
    assert (difference := disagreement(case_from(rng))) is None, difference


REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.json"))


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_a_disagreement_of_the_past_stays_settled(path):
    case = Case(**json.loads(path.read_text()))
    assert (difference := disagreement(case)) is None, difference
