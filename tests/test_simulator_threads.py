"""Several simulators work at the same time; one simulator belongs to one thread at a time."""

import threading

import pytest
from builders import EURUSD, settings

import omegasim as om

MINUTE = 60_000_000_000
WALK = om.synthetic_bars(EURUSD, bars=60_000, seed=3).frame
BEFORE = int(WALK["time"].dt.timestamp("ns")[0]) - MINUTE


def trailing() -> om.ExecutionSimulator:
    """A hundred positions that every bar moves the stop of."""
    simulator = om.ExecutionSimulator(settings(account=om.Account(currency="USD", balance=1e9)), equity="off")
    for _ in range(100):
        simulator.process_signal({"direction": "long", "volume": 0.01, "trail_pips": 5000.0}, (BEFORE, 1.1, 1.1001))
    return simulator


def is_busy(simulator: om.ExecutionSimulator) -> bool:
    try:
        return simulator.balance < 0.0
    except om.BoundaryError as error:
        return error.code == 5004


@pytest.fixture
def at_work():
    """A simulator in the middle of a long batch in another thread."""
    simulator, closes = trailing(), []
    worker = threading.Thread(target=lambda: closes.append(simulator.evaluate_exits_batch(WALK)))
    worker.start()
    while not is_busy(simulator):
        assert worker.is_alive()
    yield simulator
    worker.join()
    assert len(closes) == 1


def test_another_simulator_begins_and_ends_its_work_meanwhile(at_work):
    other = trailing()
    other.evaluate_exits_batch(WALK.head(100))
    assert other.positions().height == 100
    assert is_busy(at_work)


def test_the_same_simulator_refuses_and_goes_on_unharmed(at_work):
    with pytest.raises(om.BoundaryError, match="at work in another thread; use one simulator a thread"):
        at_work.on_bar((BEFORE + 1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1, 1.1))
    while is_busy(at_work):
        pass
    alone = trailing()
    alone.evaluate_exits_batch(WALK)
    assert at_work.finish().fingerprint == alone.finish().fingerprint
