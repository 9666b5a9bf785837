"""The simulator agrees with the plain-Python oracle, bit for bit."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from property.doors import config_of, disagreement, run_simulator, series_of, signals_of
from reference.cases import Case, case_from, random_case
from reference.converted_cases import converted_case
from reference.lone_cases import lone_case
from reference.portfolio_cases import portfolio_case

import omegasim as om

RELAXED = settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=100, print_blob=True)


@pytest.mark.parametrize("block", range(8))
def test_the_simulator_agrees_with_the_oracle_over_seeded_cases(block):
    for seed in range(block * 50, block * 50 + 50):
        difference = disagreement(random_case(seed))
        assert difference is None, f"random_case({seed}): {difference}"


@pytest.mark.parametrize("block", range(6))
def test_the_simulator_agrees_with_the_oracle_over_orders_that_stand_alone(block):
    for seed in range(block * 50, block * 50 + 50):
        difference = disagreement(lone_case(seed))
        assert difference is None, f"lone_case({seed}): {difference}"


@pytest.mark.parametrize("block", range(6))
def test_the_simulator_agrees_with_the_oracle_over_several_symbols(block):
    for seed in range(block * 25, block * 25 + 25):
        difference = disagreement(portfolio_case(seed))
        assert difference is None, f"portfolio_case({seed}): {difference}"


@pytest.mark.parametrize("block", range(6))
def test_the_simulator_agrees_with_the_oracle_while_rates_move(block):
    for seed in range(block * 25, block * 25 + 25):
        difference = disagreement(converted_case(seed))
        assert difference is None, f"converted_case({seed}): {difference}"


def test_orders_that_stand_alone_trade_often():
    trades = [run_simulator(lone_case(seed)).trades.height for seed in range(60)]
    assert sum(trades) > 300


@pytest.mark.parametrize("seed", range(40))
def test_a_sweep_over_orders_that_stand_alone_has_the_metrics_of_their_run(seed):
    # A sweep writes no events, and passes over orders that nobody hears of.
    case = lone_case(1_000 + seed)
    (symbol, series), *_ = case.market.items()
    door = {"bars": None, series["kind"]: {symbol: series_of(symbol, series)}}
    swept = om.sweep(signals=signals_of(case.signals), config=config_of(case), grid={"seed": [1]}, **door)
    result = run_simulator(replace(case, config={**case.config, "seed": 1}), equity="off")
    names = [name for name, value in result.metrics.items() if value is not None and name in swept.frame.columns]
    assert swept.frame.select(names).row(0) == tuple(result.metrics[name] for name in names)


@RELAXED
@given(st.randoms(use_true_random=False))
def test_the_simulator_agrees_with_the_oracle_over_drawn_cases(rng):
    assert (difference := disagreement(case_from(rng))) is None, difference


REGRESSIONS = sorted((Path(__file__).parent / "regressions").glob("*.json"))


@pytest.mark.parametrize("path", REGRESSIONS, ids=lambda path: path.stem)
def test_a_disagreement_of_the_past_stays_settled(path):
    case = Case(**json.loads(path.read_text()))
    assert (difference := disagreement(case)) is None, difference
