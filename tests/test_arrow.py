import subprocess
import sys

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from builders import EURUSD, OHLC, flat, long, one_sided, settings, signals

import omegasim as om

SIGNALS = signals(long(0, stop_loss=1.09, tag="a"), {"minute": 2, "direction": "short", "volume": 0.5})


LIBRARIES = {
    "polars": lambda frame: frame,
    "lazy": pl.DataFrame.lazy,
    "pandas": lambda frame: frame.to_pandas(),
    "pyarrow": pl.DataFrame.to_arrow,
    "batches": lambda frame: pa.RecordBatchReader.from_batches(frame.to_arrow().schema, frame.to_arrow().to_batches()),
}


@pytest.fixture(scope="module")
def expected():
    return om.simulate(flat(), SIGNALS, settings())


@pytest.mark.parametrize("library", LIBRARIES)
def test_s_signals_and_bars_of_any_library_give_the_same_run(library, expected):
    convert = LIBRARIES[library]
    assert om.simulate(convert(flat()), convert(SIGNALS), settings()).fingerprint == expected.fingerprint


def test_duckdb_relations_go_in_and_results_come_out(expected):
    # In a process of its own: duckdb talks about itself when the process ends.
    code = """
import duckdb, pyarrow as pa
from test_arrow import SIGNALS, flat, om, settings
result = om.simulate(duckdb.from_arrow(flat().to_arrow()), duckdb.from_arrow(SIGNALS.to_arrow()), settings())
trades = pa.table(result.arrow("trades"))
print(result.fingerprint, duckdb.sql("select count(*) from trades").fetchall()[0][0])
"""
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PYTHONPATH": "tests"})
    assert done.stdout.split() == [expected.fingerprint, str(expected.trades.height)]


def test_s_signals_as_ipc_bytes(expected):
    stream = pa.BufferOutputStream()
    table = SIGNALS.to_arrow()
    with pa.ipc.new_stream(stream, table.schema) as writer:
        writer.write_table(table)
    assert om.simulate(flat(), stream.getvalue().to_pybytes(), settings()).fingerprint == expected.fingerprint


STRINGS = [pa.string(), pa.large_string(), pa.string_view(), pa.dictionary(pa.int32(), pa.string())]


@pytest.mark.parametrize("kind", STRINGS, ids=str)
def test_s_strings_of_any_arrow_type(kind, expected):
    table = SIGNALS.to_arrow()
    for name in ("direction", "tag"):
        index = table.column_names.index(name)
        table = table.set_column(index, name, table[name].cast(pa.string()).cast(kind))
    assert om.simulate(flat(), table, settings()).fingerprint == expected.fingerprint


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_t1_times_of_any_unit(unit, expected):
    table = SIGNALS.to_arrow()
    moved = table.set_column(0, "time", table["time"].cast(pa.timestamp(unit, "UTC")))
    assert om.simulate(flat(), moved, settings()).fingerprint == expected.fingerprint


def test_s_directions_as_numbers(expected):
    numbered = SIGNALS.with_columns(direction=pl.Series([1, -1], dtype=pl.Int8))
    assert om.simulate(flat(), numbered, settings()).fingerprint == expected.fingerprint


def test_a_pandas_frame_with_its_times_in_the_index_works_once_a_spread_is_stated(expected):
    frame = one_sided().to_pandas().set_index("time").rename(columns={name: name.title() for name in OHLC})
    frame.index.name = None
    bars = om.Bars(frame, spread_pips=1.0)
    assert om.simulate(bars, SIGNALS, settings()).fingerprint == expected.fingerprint
    indexed = SIGNALS.to_pandas().set_index("time")
    assert om.simulate(bars, indexed, settings()).fingerprint == expected.fingerprint


def test_results_go_to_any_library(expected):
    table = pa.table(expected.arrow("trades"))
    assert table.schema.field("entry_time").type == pa.timestamp("ns", "UTC")
    assert pl.DataFrame(expected.arrow("trades")).equals(expected.trades)
    assert pd.DataFrame.from_arrow(expected.arrow("equity")).shape == expected.equity.shape


def test_bars_and_ticks_go_to_any_library():
    assert pa.table(om.synthetic_bars(EURUSD, bars=10)).num_rows == 10
    assert pl.DataFrame(om.Bars(flat())).equals(flat())


def test_schemas_are_those_of_the_tables(expected):
    for name, table in (("TRADE", "trades"), ("EVENT", "events"), ("EQUITY", "equity"), ("ORDER", "orders")):
        schema = pa.schema(getattr(om.schemas, f"{name}_SCHEMA"))
        assert schema.equals(pa.table(expected.arrow(table)).schema), name
    assert pa.schema(om.schemas.POSITION_SCHEMA).equals(pa.table(expected.arrow("open_positions")).schema)
    assert pa.schema(om.schemas.BAR_SCHEMA).names[0] == "time"
    assert pa.schema(om.schemas.TICK_SCHEMA).names == ["time", "bid", "ask"]
    assert {"time", "direction", "stop_loss_pips"} <= set(pa.schema(om.schemas.TRADE_SIGNAL_SCHEMA).names)
