"""Parquet files of the core: every table comes back as it was, and the same table gives the same bytes."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from test_cli import BARS

import omegasim as om
from omegasim import _core

START = datetime(2024, 1, 1, tzinfo=UTC)
TIMES = pl.Series([START + timedelta(minutes=step) for step in (0, 1, 5)], dtype=pl.Datetime("ns", "UTC"))
TABLE = pl.DataFrame(
    {
        "time": TIMES,
        "closed": [TIMES[0], None, TIMES[2]],
        "naive": TIMES.dt.replace_time_zone(None).cast(pl.Datetime("us")),
        "held": [timedelta(hours=1), None, timedelta(0)],
        "price": [1.1, None, float("inf")],
        "count": [-(2**63), None, 2**63 - 1],
        "ticket": pl.Series([0, None, 2**64 - 1], dtype=pl.UInt64),
        "text": ["a", None, "a much longer text than the others"],
        "flag": [True, None, False],
    }
)


@pytest.mark.parametrize("table", [TABLE, TABLE.clear(), pl.concat([TABLE, TABLE], rechunk=False), BARS.frame])
def test_a_table_comes_back_as_it_was(table, tmp_path):
    _core.write_parquet(table, tmp_path / "table.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "table.parquet"), table)
    read = pl.DataFrame(_core.read_parquet(tmp_path / "table.parquet"))
    assert_frame_equal(read, table, check_dtypes=False)


def test_a_table_larger_than_a_part_comes_back_as_it_was(tmp_path):
    table = pl.DataFrame({"row": pl.int_range(2_500_000, eager=True)})
    _core.write_parquet(table, tmp_path / "table.parquet")
    assert_frame_equal(pl.read_parquet(tmp_path / "table.parquet"), table)
    assert_frame_equal(pl.DataFrame(_core.read_parquet(tmp_path / "table.parquet")), table)


def test_the_same_table_gives_the_same_bytes(tmp_path):
    for name in "ab":
        _core.write_parquet(BARS.frame, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("compression", ["uncompressed", "snappy", "lz4", "zstd"])
def test_bars_are_read_however_they_were_packed(compression, tmp_path):
    BARS.frame.write_parquet(tmp_path / "bars.parquet", compression=compression, row_group_size=7_000)
    bars = _core.Bars.read_parquet(tmp_path / "bars.parquet")
    assert bars is not None
    assert bars.hash == BARS._checked.hash


@pytest.mark.parametrize("kind", [pl.Datetime("ms"), pl.Datetime("us", "UTC"), pl.Datetime("ns")])
def test_t1_times_of_any_unit_are_nanoseconds_of_utc(kind, tmp_path):
    BARS.frame.with_columns(pl.col("time").cast(kind)).write_parquet(tmp_path / "bars.parquet")
    bars = _core.Bars.read_parquet(tmp_path / "bars.parquet", symbol="EURUSD")
    assert bars is not None
    assert (bars.symbol, bars.hash) == ("EURUSD", BARS._checked.hash)


def test_what_is_no_parquet_file_is_an_error(tmp_path):
    (tmp_path / "text.parquet").write_text("time,bid\n" * 10)
    for path in (tmp_path / "text.parquet", tmp_path / "nowhere.parquet"):
        for read in (_core.read_parquet, _core.Bars.read_parquet):
            with pytest.raises(om.BoundaryError, match=r"\.parquet: cannot be read as Parquet: "):
                read(path)


def test_bars_that_break_a_rule_are_an_error(tmp_path):
    BARS.frame.with_columns(bid_low=pl.lit(7.0)).write_parquet(tmp_path / "bars.parquet")
    with pytest.raises(om.InputError, match="EURUSD"):
        _core.Bars.read_parquet(tmp_path / "bars.parquet", symbol="EURUSD")


def test_a_place_that_cannot_be_written_to_is_an_error(tmp_path):
    with pytest.raises(OSError, match="No such file"):
        _core.write_parquet(TABLE, tmp_path / "nowhere" / "table.parquet")


def test_signals_have_one_hash_whatever_they_came_in(tmp_path):
    signals = BARS.frame.gather_every(500).select("time", direction=pl.lit("long"), stop_loss_pips=pl.lit(15.0))
    signals.write_parquet(tmp_path / "signals.parquet")
    facts = _core.signal_facts(signals)
    assert facts == (40, _core.signal_facts(signals.to_pandas())[1])
    assert facts == _core.signal_facts(_core.read_parquet(tmp_path / "signals.parquet"))
    assert facts == _core.signal_facts(signals.write_ipc(None).getvalue())
    empty = signals.with_columns(risk=pl.lit(None, dtype=pl.Float64), tag=pl.lit(None))
    empty.write_parquet(tmp_path / "empty.parquet")
    assert facts == _core.signal_facts(_core.read_parquet(tmp_path / "empty.parquet"))
    assert facts != _core.signal_facts(signals.with_columns(stop_loss_pips=pl.lit(16.0)))
