"""Ten scenarios leave the same trades, events and equity, byte for byte, as when they were stored."""

import pytest
from golden.scenarios import SCENARIOS
from golden.store import TABLES, difference, ipc_of, path_of


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_leaves_the_stored_tables(scenario):
    result = scenario.run()
    for name in TABLES:
        old, new = path_of(scenario, name).read_bytes(), ipc_of(result, name)
        assert old == new, f"{scenario.name}, {name}: {difference(old, new)}; `make golden` stores it anew"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_a_scenario_has_something_to_say(scenario):
    assert scenario.run().trades.height >= 20
