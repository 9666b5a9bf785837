"""Tables of any library, whatever types they hold."""

import subprocess
import sys
from decimal import Decimal

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from builders import flat, settings

import omegasim as om

BARS = flat(4).with_columns(volume=pl.Series([1.0, 2.0, 3.0, 4.0]))
ARROW = BARS.to_arrow()
NANOSECONDS = BARS["time"].cast(pl.Int64)


def pandas_nullable():
    return BARS.to_pandas().convert_dtypes()


def pandas_with_index():
    return BARS.to_pandas().set_index("time")


def pandas_on_another_clock():
    table = BARS.to_pandas()
    return table.assign(time=table["time"].dt.tz_convert("Asia/Tokyo"))


def pandas_with_arrow_types():
    return BARS.to_pandas().convert_dtypes(dtype_backend="pyarrow")


def decimals():
    kind = pa.decimal128(18, 5)
    columns = [
        pa.array([Decimal(str(value)) for value in ARROW[name].to_pylist()], kind) if name != "time" else ARROW[name]
        for name in ARROW.column_names
    ]
    return pa.table(columns, names=ARROW.column_names)


def string_views():
    times = pa.array([f"{time:%Y-%m-%d %H:%M:%S}" for time in BARS["time"]], pa.string_view())
    return ARROW.set_column(0, "time", times)


def dictionaries():
    times = pa.array([f"{time:%Y-%m-%d %H:%M:%S}" for time in BARS["time"]]).dictionary_encode()
    return ARROW.set_column(0, "time", times).set_column(
        1, "bid_open", ARROW["bid_open"].combine_chunks().dictionary_encode()
    )


def chunks():
    return pa.concat_tables([ARROW.slice(0, 1), ARROW.slice(1)])


def seconds_and_float32():
    table = BARS.with_columns(pl.col("volume").cast(pl.Float32), time=pl.col("time").dt.epoch("s"))
    return table.to_arrow()


def duckdb_relation():
    return duckdb.from_arrow(ARROW)


def arrays_by_name():
    times = NANOSECONDS.to_numpy().astype("datetime64[ns]")
    return {"time": times, **{name: BARS[name].to_numpy() for name in BARS.columns if name != "time"}}


def structured_array():
    names = [name for name in BARS.columns if name != "time"]
    array = np.zeros(len(BARS), dtype=[("time", "i8"), *((name, "f8") for name in names)])
    array["time"] = NANOSECONDS.to_numpy() // 1_000_000_000
    for name in names:
        array[name] = BARS[name].to_numpy()
    return array


TABLES = [
    lambda: BARS, lambda: BARS.lazy(), lambda: ARROW, lambda: ARROW.to_reader(), lambda: ARROW.to_batches()[0],
    pandas_nullable,
    pandas_with_index, pandas_on_another_clock, pandas_with_arrow_types, decimals, string_views, dictionaries, chunks,
    seconds_and_float32, duckdb_relation, arrays_by_name, structured_array,
]  # fmt: skip


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
def test_every_library_gives_the_same_bars(table):
    assert om.Bars(table()).frame.equals(BARS)


def test_ticks_from_arrays_by_name():
    ticks = om.Ticks({"time": np.array(["2024-01-02T10:00:00.5"], "M8[ms]"), "bid": np.array([1.1]), "ask": [1.2]})
    assert ticks.frame.select("bid", "ask").row(0) == (1.1, 1.2)


def test_what_is_no_table_is_refused():
    for wrong in (7, np.zeros(3), {"time": np.zeros(2), "bid": np.zeros(3)}, pd.Series([1.0])):
        with pytest.raises(om.InputError, match=r"ticks: (expected|the)"):
            om.Ticks(wrong)


def test_no_library_but_polars_is_needed():
    code = "import sys, omegasim as om; om.synthetic_bars(bars=9).frame; print({'numpy', 'pyarrow'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def owned_arrays(frame):
    return {name: frame[name].to_numpy().copy() for name in frame.columns}


def pandas_over(arrays):
    return pd.DataFrame(arrays, copy=False)


def series_over(arrays):
    return {name: pd.Series(array, copy=False) for name, array in arrays.items()}


@pytest.mark.parametrize("table_over", [dict, pandas_over, series_over])
@pytest.mark.parametrize("kind", [om.Bars, om.Ticks])
def test_what_is_written_to_a_table_later_changes_nothing(table_over, kind):
    given = BARS if kind is om.Bars else pl.DataFrame({"time": BARS["time"], "bid": [1.0] * 4, "ask": [1.1] * 4})
    arrays = owned_arrays(given)
    made = kind(table_over(arrays))
    before = made.frame.clone().rechunk().write_ipc(None).getvalue()
    for name, array in arrays.items():
        array[:] = array[0] if name == "time" else 9.0
    assert made.frame.rechunk().write_ipc(None).getvalue() == before


@pytest.mark.parametrize("table_over", [dict, pandas_over, series_over])
def test_what_is_written_to_signals_later_changes_no_record_of_their_run(table_over):
    signals = {"time": BARS["time"].to_numpy()[:1].copy(), "direction": np.array([1]), "volume": np.array([1.0])}
    unchanged = {name: array.copy() for name, array in signals.items()}
    expected = om.simulate(BARS, table_over(unchanged), settings()).record.signals
    result = om.simulate(BARS, table_over(signals), settings())
    signals["volume"][:] = 5.0
    assert result.record.signals == expected
