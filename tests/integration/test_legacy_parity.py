"""Preset `legacy` gives what the replaced simulator gave, number for number (V1 to V10)."""

import pytest
from property.doors import rows_of, run_simulator
from property.stepwise import Drive
from reference.cases import Case
from reference.test_reference_legacy import (
    NAMES,
    check_active,
    check_closed,
    config_of,
    fees_of,
    load,
    market_of,
    signals_of,
)


class Tables:
    """The tables of a run as rows."""

    def __init__(self, result):
        names = ("trades", "events", "orders", "open_positions")
        self.trades, self.events, self.orders, self.open_positions = (rows_of(getattr(result, name)) for name in names)
        self.equity = rows_of(result.equity)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_of_the_replaced_simulator_comes_out_equal(name):
    case = load(name)
    tables = Tables(run_simulator(Case(config_of(case), market_of(case), signals_of(case), {})))
    fees, expected = fees_of(tables), case["expected"]
    assert len(tables.trades) == len(expected["closed"])
    for theirs, ours in zip(expected["closed"], tables.trades, strict=True):
        check_closed(theirs, ours, fees)
    active = sorted(tables.orders + tables.open_positions, key=lambda row: row["ticket"])
    assert len(active) == len(expected["active"])
    for theirs, ours in zip(expected["active"], active, strict=True):
        check_active(theirs, ours, fees)
    assert tables.equity[-1]["balance"] == tables.events[-1]["balance"] == expected["final_cash"]


@pytest.mark.parametrize("name", NAMES)
def test_both_doors_leave_the_same(name):
    loaded = load(name)
    case = Case(config_of(loaded), market_of(loaded), signals_of(loaded), {})
    assert Drive(case).finish().fingerprint == run_simulator(case).fingerprint
