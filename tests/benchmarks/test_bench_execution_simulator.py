"""The stepwise door against its goals and against the plain-Python oracle: `make bench`.

The oracle is timed in the same process, so that the printed ratios hold on any machine.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import polars as pl
import pytest
import reference
from builders import EURUSD

import omegasim as om

MINUTE = 60_000_000_000
START = 1_704_186_000_000_000_000
ROWS = 20_000
CONFIG = om.Config(
    account=om.Account(currency="USD", balance=1e9, leverage=1000.0),
    instruments=[EURUSD],
    rules=om.Rules.preset("default"),
    sizing=om.Sizing.fixed_lots(0.01),
)


def bar(row: int, low: float = 1.0998, high: float = 1.1002) -> tuple[float, ...]:
    """A bar around 1.1 with a spread of a pip."""
    bid = (1.1, high, low, 1.1)
    return (START + row * MINUTE, *bid, *(round(price + 0.0001, 5) for price in bid))


def signal(row: int = 0, **columns: Any) -> dict[str, Any]:
    """A market order with stops far away."""
    return {"time": START + row * MINUTE, "direction": "long", "stop_loss": 1.05, "take_profit": 1.15, **columns}


def table_of(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Signals as a table."""
    return pl.DataFrame(rows).with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC")))


THOUSAND = table_of([signal()] * 1000)
WALK = om.synthetic_bars(EURUSD, bars=ROWS, seed=3)
WALK_ROWS = [
    tuple(row) for row in WALK.frame.select(pl.col("time").cast(pl.Int64), pl.exclude("time", "volume")).rows()
]
WALK_SIGNALS = [
    {"time": row[0], "direction": "long", "stop_loss_pips": 15.0, "take_profit_pips": 20.0} for row in WALK_ROWS[::20]
]


def simulator(signals: pl.DataFrame | None = None, *, equity: str = "bars", rows: int = 1) -> om.ExecutionSimulator:
    """A simulator that has seen some bars, with the positions of some signals of the first one."""
    made = om.ExecutionSimulator(CONFIG, equity=equity)
    made.on_bar(bar(0))
    if signals is not None:
        made.process_signals_batch(signals)
    for row in range(1, rows):
        made.on_bar(bar(row))
    return made


def oracle(bars: list[tuple[float, ...]], signals: list[dict[str, Any]]) -> reference.Result:
    """The same work in plain Python."""
    series = {
        "kind": "bars",
        "time": [row[0] for row in bars],
        "bid": [row[1:5] for row in bars],
        "ask": [row[5:9] for row in bars],
        "timeframe": MINUTE,
    }
    rows = [{"action": "open", "symbol": "EURUSD", "order_type": "market", **row} for row in signals]
    config = CONFIG.model_dump(mode="json")
    config["rules"]["preset"] = "default"
    return reference.simulate(config, {"EURUSD": series}, rows, {})


def fastest(work: Callable[[], object], rounds: int = 3) -> float:
    """The shortest of some runs, in seconds."""
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def told(benchmark: Any, goal: str, per: int, plain: float | None = None) -> None:
    """Print the figure beside its goal, and the ratio to plain Python."""
    if benchmark.stats is None:
        return
    seconds = benchmark.stats.stats.min
    ratio = "" if plain is None else f", plain Python {plain * 1e3:.1f} ms: {plain / seconds:.0f} times"
    print(f"\n  {seconds * 1e3:.3f} ms, {seconds / per * 1e6:.3f} us each; goal {goal}{ratio}")


def test_a_thousand_signals_in_one_call(benchmark):
    outcome = benchmark.pedantic(
        lambda sim: sim.process_signals_batch(THOUSAND), setup=lambda: ((simulator(),), {}), rounds=200
    )
    assert len(outcome) == 1000
    plain = fastest(lambda: oracle([bar(0), bar(1)], [signal()] * 1000)) if benchmark.stats else None
    told(benchmark, "0.5 ms, 8 times", 1000, plain)


def test_a_thousand_signals_that_fill_at_once(benchmark):
    def work(sim: om.ExecutionSimulator) -> om.ExecutionSimulator:
        sim.process_signals_batch(THOUSAND)
        sim.on_bar(bar(1))
        return sim

    made = benchmark.pedantic(work, setup=lambda: ((simulator(),), {}), rounds=200)
    assert made.positions().height == 1000
    plain = fastest(lambda: oracle([bar(0), bar(1)], [signal()] * 1000)) if benchmark.stats else None
    told(benchmark, "8 times", 1000, plain)


def test_a_bar_that_touches_none_of_a_thousand_positions(benchmark):
    sim, rows = simulator(THOUSAND, rows=2), [bar(row) for row in range(2, 400_000)]
    waiting = iter(rows)

    def work() -> None:
        for _ in range(1000):
            sim.on_bar(next(waiting))

    benchmark.pedantic(work, rounds=100)
    assert sim.positions().height == 1000
    told(benchmark, "2 us each", 1000)


def test_a_thousand_exits(benchmark):
    closes = benchmark.pedantic(
        lambda sim: sim.evaluate_exits(bar(2, low=1.04)), setup=lambda: ((simulator(THOUSAND, rows=2),), {}), rounds=100
    )
    assert {close.reason for close in closes} == {"stop_loss"}
    assert len(closes) == 1000
    told(benchmark, "1 ms", 1000)


def test_bars_from_python(benchmark):
    sim, waiting = simulator(equity="off"), iter([bar(row) for row in range(1, 1_000_002)])

    def work() -> None:
        step = sim.on_bar
        for _ in range(10_000):
            step(next(waiting))

    benchmark.pedantic(work, rounds=100)
    told(benchmark, "1 us each", 10_000)


def drive() -> om.Result:
    """Twenty thousand bars and a thousand signals, one by one."""
    sim = om.ExecutionSimulator(CONFIG)
    waiting = iter(WALK_SIGNALS)
    for row, values in enumerate(WALK_ROWS):
        if row % 20 == 0:
            sim.process_signal(next(waiting))
        sim.on_bar(values)
    return sim.finish()


def test_a_whole_run_step_by_step(benchmark):
    result = benchmark.pedantic(drive, rounds=10)
    assert result.trades.height == 1000
    if benchmark.stats is None:
        return
    started = time.perf_counter()
    expected = oracle(WALK_ROWS, WALK_SIGNALS)
    plain = time.perf_counter() - started
    assert [trade["exit_price"] for trade in expected.trades] == result.trades["exit_price"].to_list()
    told(benchmark, "8 times", ROWS, plain)


def test_two_simulators_in_two_threads(benchmark):
    """The interpreter lock is released in batch calls: on two cores two threads need little more than one."""

    def work(*sims: om.ExecutionSimulator) -> None:
        threads = [threading.Thread(target=sim.evaluate_exits_batch, args=(WALK.frame,)) for sim in sims]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    benchmark.pedantic(work, setup=lambda: ((trailing(), trailing()), {}), rounds=10)
    if benchmark.stats is None:
        return
    alone = [trailing() for _ in range(5)]
    serial = 2 * fastest(lambda: alone.pop().evaluate_exits_batch(WALK.frame), 5)
    both = benchmark.stats.stats.min
    print(
        f"\n  two threads {both * 1e3:.1f} ms, one after the other {serial * 1e3:.1f} ms: {both / serial:.2f}; goal 0.6"
    )


def trailing() -> om.ExecutionSimulator:
    """A hundred trailing positions before the first bar of the walk."""
    made = om.ExecutionSimulator(CONFIG)
    first = WALK_ROWS[0]
    quote = (first[0] - MINUTE, first[1], first[5])
    for _ in range(100):
        made.process_signal({"direction": "long", "stop_loss": 0.5, "trail_pips": 5000.0}, quote)
    return made


if __name__ == "__main__":
    pytest.main([__file__, "--benchmark-enable", "-s"])
