"""What crosses the boundary: schemas that do not drift, rows of them as objects."""

import json

import polars as pl
import pytest
from builders import flat, long, settings, signals
from golden.store import SCHEMAS, schemas

import omegasim as om

NAMES = [name for name in om.schemas.__all__ if name.endswith("_SCHEMA")]
LIMIT = {"direction": "long", "order_type": "limit", "price": 1.05, "stop_loss": 1.0, "magic": 7, "tag": "a"}


def simulator_with_all() -> om.ExecutionSimulator:
    """One pending order, one open position, one trade."""
    simulator = om.ExecutionSimulator(settings())
    rows = [(row["time"], *([1.1] * 4), *([1.1001] * 4)) for row in flat().to_dicts()]
    simulator.on_bar(rows[0])
    simulator.process_signal(LIMIT)
    simulator.process_signal({"direction": "short", "take_profit_pips": 30.0})
    simulator.process_signal({"direction": "long", "max_holding": 60_000_000_000})
    for row in rows[1:]:
        simulator.on_bar(row)
    return simulator


def test_schemas_do_not_drift():
    assert schemas() == json.loads(SCHEMAS.read_text()), "a changed schema needs a new VERSION, then `make golden`"


@pytest.mark.parametrize("name", NAMES)
def test_each_schema_is_a_polars_schema(name):
    schema = getattr(om.schemas, name)
    assert list(pl.Schema(schema)) == schema.names == [field for field, _, _ in schema.fields]


def test_the_tables_have_the_schemas_that_are_published():
    simulator = simulator_with_all()
    outcomes = simulator.process_signals_batch(signals(long(5)))
    closes = simulator.evaluate_exits_batch(flat(1).with_columns(pl.col("time").dt.offset_by("1h")))
    tables = {
        "ORDER_SCHEMA": simulator.arrow("orders"),
        "POSITION_SCHEMA": simulator.arrow("positions"),
        "TRADE_SCHEMA": simulator.arrow("trades"),
        "EVENT_SCHEMA": simulator.arrow("events"),
        "EQUITY_SCHEMA": simulator.arrow("equity"),
        "SIGNAL_OUTCOME_SCHEMA": outcomes,
        "CLOSE_RESULT_SCHEMA": closes,
    }
    for name, table in tables.items():
        assert pl.DataFrame(table).schema == pl.Schema(getattr(om.schemas, name)), name


@pytest.mark.parametrize(("kind", "table"), [(om.Order, "orders"), (om.Position, "positions"), (om.Trade, "trades")])
def test_rows_come_from_arrow_and_go_back(kind, table):
    frame = getattr(simulator_with_all(), table)()
    rows = kind.from_arrow(frame)
    assert len(rows) == frame.height == 1
    assert kind.to_arrow(rows).equals(frame)
    assert kind.to_arrow(rows).schema == pl.Schema(kind.SCHEMA)


def test_an_order_knows_its_levels_and_times_as_nanoseconds():
    order = om.Order.from_arrow(simulator_with_all().orders())[0]
    assert (order.ticket, order.status, order.order_type, order.price, order.magic) == (1, "pending", "limit", 1.05, 7)
    assert isinstance(order.signal_time, int)


def test_signals_as_objects_do_what_signals_as_rows_do():
    bars = flat()
    rows = om.TradeSignal.from_arrow(signals(long(0, stop_loss_pips=10.0, tag="a"), long(1, magic=3)))
    table = om.TradeSignal.to_arrow(rows)
    as_rows = om.simulate(bars, signals(long(0, stop_loss_pips=10.0, tag="a"), long(1, magic=3)), settings())
    assert om.simulate(bars, table, settings()).fingerprint == as_rows.fingerprint
    assert rows[0].fields() == {"time": rows[0].time, "direction": "long", "stop_loss_pips": 10.0, "tag": "a"}
    simulator = om.ExecutionSimulator(settings())
    assert simulator.process_signal(rows[0]).status == "waiting"


def test_rows_that_the_schema_does_not_allow_are_named():
    waiting = om.Order(ticket=None, status="waiting", symbol="EURUSD")
    with pytest.raises(om.InputError, match="Order: row 0: ticket is None, where a value is required"):
        om.Order.to_arrow([waiting])
    with pytest.raises(om.InputError, match="TradeSignal: missing column time; found direction"):
        om.TradeSignal.from_arrow(pl.DataFrame({"direction": ["long"]}))
    with pytest.raises(om.InputError, match="TradeSignal"):
        om.TradeSignal.to_arrow([om.TradeSignal(time=0, price="high")])
