"""The class that other engines embed, end to end."""

import sys
import threading

import polars as pl
import pytest

import omegasim as om

MINUTE = 60_000_000_000
EURUSD = om.Instrument(
    symbol="EURUSD", base="EUR", quote="USD", tick_size=1e-5, pip_size=1e-4, contract_size=100_000.0,
    volume_min=0.01, volume_step=0.01, volume_max=200.0,
)  # fmt: skip


def config(**changes):
    settings = {
        "account": om.Account(currency="USD", balance=100_000.0),
        "instruments": [EURUSD],
        "sizing": om.Sizing.risk_amount(100.0),
    }
    return om.Config(**{**settings, **changes})


def bar(minute, bid=1.1, low=None, high=None):
    low, high = low or bid - 2e-4, high or bid + 2e-4
    spread = 1e-4
    return (minute * MINUTE, bid, high, low, bid, bid + spread, high + spread, low + spread, bid + spread)


def tick(minute, bid=1.1):
    return (minute * MINUTE, bid, bid + 1e-4)


@pytest.fixture
def sim():
    simulator = om.ExecutionSimulator(config())
    simulator.on_bar(bar(0))
    return simulator


def test_a_signal_waits_for_the_next_bar_as_in_a_batch(sim):
    order = sim.process_signal({"direction": "long", "stop_loss_pips": 20, "magic": 7})
    assert (order.ticket, order.status, order.magic) == (None, "waiting", 7)
    sim.on_bar(bar(1))
    assert sim.positions(magic=7)["volume"].to_list() == [0.5]
    assert sim.positions(magic=8).is_empty()


def test_a_signal_with_a_quote_opens_at_once(sim):
    position = sim.process_signal({"direction": "long", "stop_loss_pips": 20}, quote=tick(1))
    assert (position.entry_price, position.entry_time) == (1.1001, MINUTE)
    assert sim.process_signal({"direction": "long", "stop_loss": 1.2}, quote=tick(1)) is None
    assert sim.events()["reason"][-1] == "invalid_stops"


def test_a_market_order_fills_at_the_close_that_is_just_over():
    simulator = om.ExecutionSimulator(config(rules=om.Rules(market_fill="signal_close")))
    simulator.on_bar(bar(0))
    assert simulator.process_signal({"direction": "short", "stop_loss_pips": 20, "time": 0}).entry_price == 1.1


def test_legacy_fills_at_once_at_the_signals_own_price():
    simulator = om.ExecutionSimulator(config(rules=om.Rules.preset("legacy")))
    simulator.on_bar(bar(0)[:5])
    position = simulator.process_signal({"direction": "short", "price": 1.1, "stop_loss": 1.102})
    assert (position.ticket, position.entry_price) == (1, 1.1)


def test_a_batch_answers_row_by_row(sim):
    rows = {"time": [0, 0], "direction": ["long", "long"], "stop_loss": [1.09, 1.2]}
    signals = pl.DataFrame(rows).with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC")))
    answer = sim.process_signals_batch(signals)
    assert answer.names == ["ticket", "status", "reason", "fill_price", "volume"]
    assert pl.read_ipc_stream(answer.to_ipc())["status"].to_list() == ["waiting", "waiting"]
    sim.on_bar(bar(1))
    assert sim.events()["kind"].to_list() == ["accepted", "filled", "rejected"]


def test_entry_trigger_activates_one_order_and_evaluate_exit_closes_one_position(sim):
    limit = {"direction": "long", "order_type": "limit", "price": 1.095, "stop_loss_pips": 20, "take_profit_pips": 60}
    first, second = (sim.process_signal(limit, quote=tick(1)) for _ in range(2))
    assert sim.entry_trigger(first.ticket, bar(2)) is None
    position = sim.entry_trigger(first.ticket, bar(3, low=1.0945))
    assert (position.ticket, position.entry_price) == (first.ticket, 1.095)
    assert sim.orders()["ticket"].to_list() == [second.ticket]
    assert sim.evaluate_exit(first.ticket, bar(4, bid=1.096)) is None
    closed = sim.evaluate_exit(first.ticket, bar(5, bid=1.0925))
    assert (closed.reason, closed.gap, closed.exit_price) == ("stop_loss", True, 1.0925)
    with pytest.raises(om.InputError, match="ticket: 1 is no"):
        sim.evaluate_exit(first.ticket, bar(6))


def test_evaluate_exits_closes_all_that_a_bar_reaches(sim):
    for _ in range(3):
        sim.process_signal({"direction": "long", "stop_loss_pips": 20}, quote=tick(1))
    assert [close.ticket for close in sim.evaluate_exits(bar(2, bid=1.09))] == [1, 2, 3]
    assert sim.trades().height == 3


def test_the_lot_size_is_that_of_an_order(sim):
    assert sim.calculate_lot_size("EURUSD", 1.1, 1.09) == 0.1
    assert sim.calculate_lot_size("EURUSD", 1.1, 1.09, risk=250.0) == 0.25
    assert sim.calculate_lot_size("EURUSD", 1.1, 1.09, risk=0.01) == 0.0
    with pytest.raises(om.InputError, match="invalid_stops"):
        sim.calculate_lot_size("EURUSD", 1.1, 1.1)


def test_orders_are_modified_cancelled_and_positions_closed(sim):
    limit = {"direction": "long", "order_type": "limit", "price": 1.095, "stop_loss_pips": 20}
    order = sim.process_signal(limit, quote=tick(1))
    sim.modify(order.ticket, price=1.094, quote=tick(1))
    assert sim.orders()["price"].to_list() == [1.094]
    sim.cancel(order.ticket)
    sim.on_bar(bar(2))
    assert sim.orders().is_empty()
    position = sim.process_signal({"direction": "long", "stop_loss_pips": 20}, quote=tick(3))
    sim.close(position.ticket, fraction=0.5, quote=tick(4))
    assert sim.positions()["volume"].to_list() == [0.25]


def test_the_same_bar_twice_is_an_error_that_names_symbol_and_times(sim):
    with pytest.raises(om.InputError, match=r"EURUSD.*1970-01-01T00:00:00Z.*1970-01-01T00:00:00Z"):
        sim.on_bar(bar(0))


def test_a_panic_is_an_error_and_the_simulator_refuses_work_until_restored(sim, capfd):
    data = sim.snapshot()
    with pytest.raises(om.BoundaryError) as raised:
        sim._panic()
    assert raised.value.code == 5005
    with pytest.raises(om.BoundaryError) as raised:
        sim.on_bar(bar(1))
    assert raised.value.code == 5006
    om.ExecutionSimulator.restore(data).on_bar(bar(1))
    capfd.readouterr()


def test_one_simulator_in_two_threads_is_a_clear_error_or_takes_turns(sim):
    codes = []

    def drive():
        try:
            for _ in range(50):
                sim.events()
                sim.snapshot()
        except om.OmegaError as error:
            codes.append(error.code)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    threads = [threading.Thread(target=drive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(before)
    assert set(codes) <= {5004}


@pytest.mark.parametrize("value", ["never", "auto", ""])
def test_the_switch_knows_one_implementation(monkeypatch, value):
    monkeypatch.setenv("OMEGA_USE_RUST_EXECUTION_SIMULATOR", value)
    with pytest.raises(om.InputError, match="no other implementation"):
        om.ExecutionSimulator(config())


def test_the_switch_may_say_always(monkeypatch):
    monkeypatch.setenv("OMEGA_USE_RUST_EXECUTION_SIMULATOR", "always")
    om.ExecutionSimulator(config())


def test_what_never_acted_is_written_down_at_the_end(sim):
    sim.process_signal({"direction": "long", "stop_loss_pips": 20})
    result = sim.finish()
    assert result.events["kind"].to_list() == ["unfilled"]
    with pytest.raises(om.InputError, match="finished"):
        sim.on_bar(bar(1))
