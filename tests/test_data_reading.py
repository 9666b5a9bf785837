"""How a file is read when its looks do not say it, and what is said of files that cannot be."""

import gzip
import zipfile
from datetime import UTC, datetime

import polars as pl
import pytest
from builders import EURUSD, at, flat, one_sided, with_value
from vendor_files import bi5_ticks, written

import omegasim as om

CLOCK = ("01:30", "02:30", "02:45", "02:30", "03:30")
BERLIN = pl.DataFrame({"time": [f"2024-10-27 {clock}:00" for clock in CLOCK], "bid": [1.1] * 5, "ask": [1.1001] * 5})


def test_t1_a_repeated_hour_is_told_by_the_order_of_rows():
    ticks = om.Ticks(BERLIN, timezone="Europe/Berlin").frame["time"]
    assert [f"{time:%H:%M}" for time in ticks] == ["23:30", "00:30", "00:45", "01:30", "02:30"]


def test_t1_a_skipped_hour_is_refused():
    table = BERLIN.head(1).with_columns(time=pl.lit("2024-03-31 02:30:00"))
    with pytest.raises(om.InputError, match=r"row 0: 2024-03-31 02:30:00 does not exist in Europe/Berlin"):
        om.Ticks(table, timezone="Europe/Berlin")


@pytest.mark.parametrize(
    ("zone", "summer", "winter"),
    [
        ("UTC+2", 10, 10),
        ("GMT-05:00", 17, 17),
        ("America/New_York+7", 9, 10),
        ("Europe/Helsinki", 9, 10),
        ("EST", 17, 17),
    ],
)
def test_t1_clocks_by_name(zone, summer, winter):
    naive = pl.DataFrame(
        {"time": [datetime(2024, 1, 2, 12), datetime(2024, 7, 2, 12)], "bid": [1.1] * 2, "ask": [1.2] * 2}
    )
    times = om.Ticks(naive, timezone=zone).frame["time"]
    assert [time.hour for time in times] == [winter, summer]


def test_unknown_and_contradicting_clocks_are_refused():
    with pytest.raises(om.InputError, match="timezone: no zone 'Mars/Olympus'"):
        om.Ticks(BERLIN, timezone="Mars/Olympus")
    tokyo = pl.lit(datetime(2024, 1, 2, tzinfo=UTC)).dt.convert_time_zone("Asia/Tokyo")
    for own in (pl.lit("2024-01-02T10:00:00+01:00"), tokyo):
        with pytest.raises(om.InputError, match="timezone is given, and the times of column 'time' bring their own"):
            om.Ticks(BERLIN.with_columns(time=own), timezone="Europe/Berlin")


def test_t1_mixed_zones_are_refused_in_a_sentence():
    table = BERLIN.head(2).with_columns(time=pl.Series(["2024-01-02 10:00:00", "2024-01-02 10:01:00+01:00"]))
    with pytest.raises(om.InputError, match="column 'time' mixes zones: row 1 is '2024-01-02 10:01:00"):
        om.Ticks(table)


def test_t2_times_of_the_close_become_those_of_the_open(tmp_path):
    one_sided(5).write_csv(tmp_path / "bars.csv")
    bars = om.read_bars(tmp_path / "bars.csv", time_is="close")
    assert bars.frame["time"].to_list() == [at(minute - 1) for minute in range(5)]
    span = om.read_bars(tmp_path / "bars.csv", time_is="close", start=at(0), end=at(2))
    assert span.frame["time"].to_list() == [at(0), at(1)]
    with pytest.raises(om.InputError, match="time_is='close' with a single bar; expected timeframe="):
        om.Bars(one_sided(1), time_is="close")
    assert om.Bars(one_sided(1), time_is="close", timeframe="H1").frame["time"].to_list() == [at(-60)]


def test_decimal_commas(tmp_path):
    path = written(tmp_path / "c.csv", "Date;Open;High;Low;Close", "2024-01-02 10:00;1,1;1,2;1,0;1,15")
    with pytest.raises(
        om.InputError, match=r"column 'Open', row 0: '1,1' is no number; decimal=',' reads decimal commas"
    ):
        om.read_bars(path)
    assert om.read_bars(path, decimal=",").frame["bid_close"].to_list() == [1.15]
    both = written(tmp_path / "d.csv", "Date,Open,High,Low,Close", "2024-01-02 10:00,1,1,1,2,1,0,1,15")
    with pytest.raises(om.InputError, match="rows of 9 fields under 5 column names"):
        om.read_bars(both, decimal=",")


def test_spreads_by_what_they_are_counted_in():
    table = one_sided(2).with_columns(spread=pl.Series([8.0, 12.0]))
    for unit, size in (("points", 1e-5), ("pips", 1e-4)):
        asks = om.Bars(table, spread=unit, instrument=EURUSD).frame["ask_open"]
        assert asks.to_list() == pytest.approx([1.1 + 8 * size, 1.1 + 12 * size])
    assert om.Bars(one_sided(1), spread=0.0002, instrument=EURUSD).frame["ask_open"].to_list() == [1.1002]
    for wrong, match in ((0.1, "spread is given, and the table has a column"), ("lots", "spread: expected a number")):
        with pytest.raises(om.InputError, match=match):
            om.Bars(table, spread=wrong)
    with pytest.raises(om.InputError, match="spread is given, and the table has bid and ask"):
        om.Bars(flat(), spread=0.1)


def test_patterns_folders_and_spans(tmp_path):
    for name, rows in (("b", flat(10)[5:]), ("a", flat(10)[:5])):
        rows.write_csv(tmp_path / f"{name}.csv")
        folder = tmp_path / "parts" / "symbol=EURUSD" / f"month={name}"
        folder.mkdir(parents=True)
        rows.write_parquet(folder / "data.parquet")
    other = tmp_path / "parts" / "symbol=GBPUSD"
    other.mkdir()
    flat(3, price=1.3).write_parquet(other / "data.parquet")
    assert om.read_bars(tmp_path / "*.csv").frame.equals(flat(10))
    assert om.read_bars(tmp_path / "parts", symbol="EURUSD").frame.equals(flat(10))
    assert om.read_bars(tmp_path / "parts", symbol="EURUSD", start=at(3), end="2024-01-02 10:07").frame.equals(
        flat(10)[3:7]
    )
    assert om.read_bars(tmp_path / "*.csv", start=at(3), end=at(7)).frame.equals(flat(10)[3:7])
    with pytest.raises(om.InputError, match="the folder holds EURUSD, GBPUSD; expected symbol="):
        om.read_bars(tmp_path / "parts")
    with pytest.raises(om.InputError, match="no rows in the span from start to end"):
        om.read_bars(tmp_path / "*.csv", start="2025-01-01")
    with pytest.raises(FileNotFoundError, match="no file fits the pattern"):
        om.read_bars(tmp_path / "*.tsv")


def test_a_span_of_parquet_reads_nothing_else(tmp_path):
    sound, broken = (
        flat(5),
        with_value(flat(5, price=-1.0), "time", 0, at(0)).with_columns(pl.col("time").dt.offset_by("1y")),
    )
    pl.concat([sound, broken]).write_parquet(tmp_path / "bars.parquet")
    assert len(om.read_bars(tmp_path / "bars.parquet", end="2024-06-01")) == 5


def test_packed_text(tmp_path):
    text = flat().write_csv()
    (tmp_path / "bars.csv.gz").write_bytes(gzip.compress(text.encode()))
    with zipfile.ZipFile(tmp_path / "bars.zip", "w") as archive:
        archive.writestr("bars.csv", text)
        archive.writestr("readme.txt", "no data")
    for name in ("bars.csv.gz", "bars.zip"):
        assert om.read_bars(tmp_path / name).frame.equals(flat())


def test_text_is_read_in_chunks_with_the_rows_counted_on(tmp_path, monkeypatch):
    monkeypatch.setattr("omegasim.data.text.CHUNK", 4_096)
    flat(500).write_csv(tmp_path / "bars.csv")
    assert om.read_bars(tmp_path / "bars.csv").frame.equals(flat(500))
    lines = (tmp_path / "bars.csv").read_text().splitlines()
    written(tmp_path / "odd.csv", *lines[:400], lines[400].replace("1.1001", "oops"), *lines[401:])
    with pytest.raises(om.InputError, match=r"column 'ask_open', row 399: 'oops' is no number"):
        om.read_bars(tmp_path / "odd.csv")


ROWS = [f"2024-01-02 10:00:{second:02}, 1.1{second:02}, 1.2{second:02}" for second in range(40)]


@pytest.mark.parametrize(
    "text",
    [
        "time,bid,ask\r" + "\r".join(ROWS) + "\r",
        "time,bid,ask\n" + "\r\n".join(ROWS),
        "\n\ntime, bid, ask\n\n" + "\n\r\n".join(ROWS) + "\n\n\n",
        "# made by hand\n#\n\ntime,bid,ask\n" + "\n".join(ROWS),
        "\ufeff# made by hand\r\n\r\ntime,bid,ask\r\n" + "\r\n\r\n".join(ROWS),
        '"time";"bid";"ask"\n' + "\n".join(ROWS).replace(", ", ";"),
        "time\tbid\task\t\n" + "\t\n".join(ROWS).replace(", ", "\t"),
    ],
    ids=["carriage-returns", "mixed-ends", "empty-lines", "comments", "mark-and-comments", "quotes", "trailing-tab"],
)
def test_text_as_other_programs_write_it(text, tmp_path, monkeypatch):
    monkeypatch.setattr("omegasim.data.text.CHUNK", 500)
    (tmp_path / "ticks.csv").write_bytes(text.encode())
    frame = om.read_ticks(tmp_path / "ticks.csv").frame
    assert frame.select("bid", "ask").rows() == [(float(f"1.1{s:02}"), float(f"1.2{s:02}")) for s in range(40)]


def test_text_that_cannot_be_a_table_says_what_it_lacks(tmp_path):
    (tmp_path / "values.csv").write_text("2024-01-02 10:00:00,1.1,1.2,1.0,1.1,5\n" * 3)
    with pytest.raises(
        om.InputError, match=r"the first line holds values, 2024-01-02 10:00:00, 1.1.*expected column names"
    ):
        om.read_bars(tmp_path / "values.csv")
    (tmp_path / "latin.csv").write_bytes("Zeit für,bid,ask\n".encode("latin-1"))
    with pytest.raises(om.FileError, match="is no text in UTF-8; expected it saved in that encoding"):
        om.read_ticks(tmp_path / "latin.csv")


def broken(tmp_path):
    """Files that are not what their names say, and what is said about them."""
    flat(2_000).write_parquet(tmp_path / "half.parquet")
    data = (tmp_path / "half.parquet").read_bytes()
    (tmp_path / "half.parquet").write_bytes(data[: len(data) // 2])
    yield "half.parquet", "its end is missing; it was not written or copied whole"
    packed = gzip.compress(flat(2_000).write_csv().encode())
    (tmp_path / "half.csv.gz").write_bytes(packed[: len(packed) // 2])
    yield "half.csv.gz", "cannot be read as gzip file, it is truncated or damaged"
    with zipfile.ZipFile(tmp_path / "half.zip", "w") as archive:
        archive.writestr("bars.csv", flat().write_csv())
    (tmp_path / "half.zip").write_bytes((tmp_path / "half.zip").read_bytes()[:-30])
    yield "half.zip", "cannot be read as zip archive, it is truncated or damaged"
    (tmp_path / "nothing.csv").write_bytes(bytes(range(256)) * 1_000)
    yield "nothing.csv", "holds no lines of text"
    (tmp_path / "one_line.csv").write_bytes(b"x" * 200_000)
    yield "one_line.csv", "holds no lines of text"
    (tmp_path / "prose.txt").write_text("Call me Ishmael.\nSome years ago\n")
    yield "prose.txt", "missing columns open, high, low, close"
    flat().select("time").write_parquet(tmp_path / "other.parquet")
    yield "other.parquet", "missing columns open, high, low, close; found time"


def test_broken_files_are_reported_in_one_sentence(tmp_path):
    for name, message in broken(tmp_path):
        with pytest.raises(om.OmegaError, match=message) as caught:
            om.read_bars(tmp_path / name)
        assert "\n" not in str(caught.value), name


def test_truncated_bi5_files_are_reported(tmp_path):
    folder = tmp_path / "EURUSD" / "2019" / "00" / "02"
    path = bi5_ticks(folder / "00h_ticks.bi5", *((row, 114_361, 114_359) for row in range(500)))
    data = path.read_bytes()
    for wrong, message in ((data[:-40], "it is truncated"), (b"not lzma", "it is no LZMA file or damaged")):
        path.write_bytes(wrong)
        with pytest.raises(om.FileError, match=message):
            om.read_ticks(path)
