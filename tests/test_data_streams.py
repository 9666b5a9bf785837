"""What works on a stream gives what it gives on the whole table, however the stream is cut."""

import polars as pl
import pytest
from builders import EURUSD, at, flat, one_sided, with_value
from hypothesis import given, settings
from hypothesis import strategies as st

import omegasim as om
from omegasim.data.changes import ROW
from omegasim.data.check.inspection import inspect_file
from omegasim.data.clean import StreamCleaning, clean_bars, clean_ticks
from omegasim.data.pairing import Pairing
from omegasim.data.reading import Reading
from omegasim.data.windows import windows

KINDS = [
    "crossed",
    "crossed:swap",
    "crossed:lift",
    "duplicates",
    "ohlc",
    "outliers",
    "outliers:drop",
    "filler",
    "stale:3",
]


def cut(frame, size):
    return [frame[start : start + size] for start in range(0, len(frame), size)]


def troubled_bars(steps):
    """Bars with lost decimal points, crossed sides, filler, repeats and runs that stand still."""
    price = pl.Series([1.1 + step * 1e-4 for step in steps])
    factor = pl.Series([1_000.0 if step == 7 else 1.0 for step in steps])
    bid = {f"bid_{name}": price * factor for name in ("open", "high", "low", "close")}
    spread = pl.Series([-1e-4 if step == 5 else 1e-4 for step in steps])
    ask = {f"ask_{name}": price + spread for name in ("open", "high", "low", "close")}
    times = [at(row - (step == 3)) for row, step in enumerate(steps)]
    return pl.DataFrame({"time": times, **bid, **ask, "volume": [float(step % 3) for step in steps]}).with_columns(
        pl.col("time").cast(pl.Datetime("ns", "UTC"))
    )


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.integers(0, 8), min_size=1, max_size=60),
    st.integers(1, 20),
    st.integers(1, 30),
    st.lists(st.sampled_from(KINDS), max_size=3, unique_by=lambda kind: kind.partition(":")[0]),
)
def test_a_cleaned_stream_is_the_cleaned_table(steps, size, rows, kinds):
    bars = troubled_bars(steps)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("omegasim.data.windows._ROWS", rows)
        cleaning = StreamCleaning(kinds, "bars", "bars")
        frames = list(cleaning(cut(bars, size)))
    whole, counts, _ = clean_bars(bars, kinds, "bars")
    assert pl.concat([bars.clear(), *frames]).equals(whole)
    assert cleaning.counts == counts
    ticks = bars.select("time", bid="bid_open", ask="ask_open")
    kinds = [kind for kind in kinds if kind not in ("ohlc", "filler")]
    cleaning = StreamCleaning(kinds, "ticks", "ticks")
    assert pl.concat([ticks.clear(), *cleaning(cut(ticks, size))]).equals(clean_ticks(ticks, kinds, "ticks")[0])


def test_windows_see_their_neighbours_and_own_every_row_once(monkeypatch):
    monkeypatch.setattr("omegasim.data.windows._ROWS", 4)
    seen = list(windows(cut(pl.DataFrame({"x": range(20)}), 3), 2))
    assert pl.concat([window.rows for window in seen])["x"].to_list() == list(range(20))
    for window in seen[1:-1]:
        numbers = window.table[ROW].to_list()
        assert (numbers[0], numbers[-1]) == (window.start - 2, window.end + 1)


@settings(deadline=None, max_examples=40)
@given(
    st.sets(st.integers(0, 40), min_size=1),
    st.sets(st.integers(0, 40), min_size=1),
    st.integers(1, 9),
    st.integers(1, 9),
)
def test_sides_are_paired_by_time_however_they_are_cut(bids, asks, size, other):
    def side(minutes, name):
        values = {f"{name}_{price}": [1.0 + minute for minute in sorted(minutes)] for price in ("open", "close")}
        return pl.DataFrame({"time": [at(minute) for minute in sorted(minutes)], **values})

    bid, ask = side(bids, "bid"), side(asks, "ask")
    pairing = Pairing(drop=True, where="files")
    paired = pl.concat(pairing(iter(cut(bid, size)), iter(cut(ask, other))))
    assert paired.equals(bid.join(ask, on="time", maintain_order="left"))
    assert pairing.unmatched == len(bids ^ asks)
    strict = Pairing(drop=False, where="files")
    if bids == asks:
        assert pl.concat(strict(iter(cut(bid, size)), iter(cut(ask, other)))).equals(paired)
    else:
        with pytest.raises(om.InputError, match=r"files: the row of the (bid|ask) side at 2024-\S+ has no partner"):
            list(strict(iter(cut(bid, size)), iter(cut(ask, other))))


def test_sides_that_are_not_sorted_cannot_be_paired():
    with pytest.raises(om.InputError, match="a time of the ask side is missing or before the one ahead of it"):
        list(Pairing(drop=True, where="files")(iter([flat()]), iter([flat().reverse()])))


def troubled_file(folder):
    table = with_value(one_sided(3_000, price=1.3), "open", 700, 13_000.0)
    table = table.with_columns(high=pl.max_horizontal("open", "high"))
    wave = [1e-4 * (row % 7) if row > 40 else 0.0 for row in range(3_000)]
    moved = pl.Series(wave) + pl.Series([0.0] * 1_500 + [0.08] * 1_500)
    table = table.with_columns(pl.exclude("time", "volume") + moved)
    table = with_value(table, "time", 2_000, table["time"][1_999])
    table.write_csv(folder / "usdjpy.csv")
    return folder / "usdjpy.csv"


def test_a_check_finds_the_same_however_the_file_is_cut(tmp_path, monkeypatch):
    path = troubled_file(tmp_path)
    whole = inspect_file(path, Reading()).as_json()
    names = {finding["name"] for finding in whole["findings"]}
    assert {"duplicates", "outliers", "jumps", "symbol", "stale"} <= names
    monkeypatch.setattr("omegasim.data.text.CHUNK", 4_096)
    monkeypatch.setattr("omegasim.data.windows._ROWS", 300)
    monkeypatch.setattr("omegasim.data.check.calendar._AT_ONCE", 50)
    assert inspect_file(path, Reading()).as_json() == whole


def test_rows_of_a_finding_are_numbered_from_the_start_of_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr("omegasim.data.windows._ROWS", 100)
    bars = with_value(flat(5_000), "ask_close", 4_321, 1.05)
    bars.write_parquet(tmp_path / "bars.parquet")
    finding = next(one for one in inspect_file(tmp_path / "bars.parquet", Reading()).findings if one.name == "crossed")
    assert [row["row"] for row in finding.rows] == [4_321]
    with pytest.raises(om.InputError, match="row 4321 at"):
        om.read_bars(tmp_path / "bars.parquet", instrument=EURUSD)
