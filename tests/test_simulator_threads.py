"""Several simulators work at the same time; one simulator belongs to one thread at a time."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from builders import EURUSD, settings

import omegasim as om

MINUTE = 60_000_000_000
WALK = om.synthetic_bars(EURUSD, bars=30_000, seed=3).frame
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


@contextmanager
def at_work() -> Iterator[om.ExecutionSimulator]:
    """A simulator in the middle of a long batch in another thread."""
    simulator, closes = trailing(), []
    worker = threading.Thread(target=lambda: closes.append(simulator.evaluate_exits_batch(WALK)))
    worker.start()
    while not is_busy(simulator):
        assert worker.is_alive()
    yield simulator
    worker.join()
    assert len(closes) == 1


def test_another_simulator_begins_and_ends_its_work_meanwhile():
    others, meanwhile = [trailing() for _ in range(5)], []
    for other in others:
        with at_work() as simulator:
            other.evaluate_exits_batch(WALK.head(10))
            meanwhile.append(is_busy(simulator))
    assert any(meanwhile)


def test_the_same_simulator_refuses_and_goes_on_unharmed():
    refusal = pytest.raises(om.BoundaryError, match="at work in another thread; use one simulator a thread")
    with at_work() as simulator, refusal:
        simulator.on_bar((BEFORE + 1, *[1.1] * 8))
    alone = trailing()
    alone.evaluate_exits_batch(WALK)
    assert simulator.finish().fingerprint == alone.finish().fingerprint
