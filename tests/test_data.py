import logging
import subprocess
import sys
from datetime import UTC, datetime

import polars as pl
import pytest
from builders import EURUSD, OHLC, at, flat, long, one_sided, settings, signals, with_value

import omegasim as om
from omegasim.data.times import utc

TWO_SIDES = [f"{side}_{price}" for side in ("bid", "ask") for price in OHLC]


def test_a_file_of_both_sides_reads_the_same_from_parquet_and_csv(tmp_path):
    flat().write_parquet(tmp_path / "bars.parquet")
    flat().write_csv(tmp_path / "bars.csv")
    flat().write_csv(tmp_path / "tabs.txt", separator="\t")
    flat().write_ipc(tmp_path / "bars.arrow")
    frames = [om.read_bars(tmp_path / name).frame for name in ("bars.parquet", "bars.csv", "tabs.txt", "bars.arrow")]
    assert frames[0].columns == ["time", *TWO_SIDES]
    assert all(frame.equals(frames[0]) for frame in frames)


def test_two_files_make_both_sides(tmp_path):
    one_sided().write_csv(tmp_path / "bid.csv")
    one_sided(price=1.1001).write_csv(tmp_path / "ask.csv")
    bars = om.read_bars(tmp_path / "bid.csv", ask=tmp_path / "ask.csv")
    assert bars.frame.equals(flat())


def test_two_files_with_other_times_are_refused_or_cut_to_what_they_share(tmp_path):
    one_sided(5).write_csv(tmp_path / "bid.csv")
    one_sided(5, price=1.1001).filter(pl.col("time") != at(2)).write_csv(tmp_path / "ask.csv")
    with pytest.raises(om.InputError, match="1 rows of the bid file have no partner, the first at 2024-01-02T10:02"):
        om.read_bars(tmp_path / "bid.csv", ask=tmp_path / "ask.csv")
    bars = om.read_bars(tmp_path / "bid.csv", ask=tmp_path / "ask.csv", clean="unmatched")
    assert (len(bars), bars.cleaned) == (4, {"unmatched": 1})


HEADERS = [
    ("time", "open", "high", "low", "close"),
    ("Date", "Open", "High", "Low", "Close"),
    ("timestamp", "OPEN", "HIGH", "LOW", "CLOSE"),
    ("Gmt time", "o", "h", "l", "c"),
    ("<DATETIME>", "<OPEN>", "<HIGH>", "<LOW>", "<CLOSE>"),
]


@pytest.mark.parametrize("header", HEADERS)
def test_q2_usual_headers_of_one_side(header):
    table = one_sided().rename(dict(zip(["time", *OHLC], header, strict=True)))
    completed = om.Bars(table, spread_pips=1.0, instrument=EURUSD)
    assert completed.frame.equals(flat().cast({"time": pl.Datetime("ns", "UTC")}))


@pytest.mark.parametrize(
    "spelling", ["{side}_{price}", "{Side}{Price}", "{price}_{side}", "{SIDE}_{PRICE}", "{Side} {Price}"]
)
def test_usual_headers_of_both_sides(spelling):
    def name(column: str) -> str:
        side, price = column.split("_")
        forms = {"side": side, "price": price, "Side": side.title(), "Price": price.title()}
        return spelling.format(**forms, SIDE=side.upper(), PRICE=price.upper())

    table = flat().rename({column: name(column) for column in TWO_SIDES})
    assert om.Bars(table).frame.equals(flat())


def test_volume_is_kept_and_other_columns_are_not():
    table = flat().with_columns(TickVolume=pl.lit(7), comment=pl.lit("x"))
    assert om.Bars(table).frame.columns == ["time", *TWO_SIDES, "volume"]


MOMENT = datetime(2024, 1, 31, 14, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2024-01-31 14:05:00", "2024-01-31T14:05:00Z", "2024-01-31 14:05:00+00:00", "2024-01-31T16:05:00.000+02:00",
        "2024.01.31 14:05", "2024.01.31 14:05:00", "31.01.2024 14:05:00.000", "20240131 140500", "2024/01/31 14:05:00",
        "31.01.2024 16:05:00.000 GMT+0200",
    ],
)  # fmt: skip
def test_t1_times_as_they_are_usually_written(text):
    assert utc(pl.Series("time", [text]), "file").to_list() == [MOMENT]


@pytest.mark.parametrize("factor", [1, 10**3, 10**6, 10**9])
def test_t1_times_as_epoch_numbers(factor):
    assert utc(pl.Series("time", [int(MOMENT.timestamp()) * factor]), "file").to_list() == [MOMENT]


def test_t1_a_zoned_time_is_converted_and_a_naive_one_is_utc():
    zoned = pl.Series("time", [MOMENT]).dt.convert_time_zone("America/New_York")
    naive = pl.Series("time", [MOMENT.replace(tzinfo=None)])
    assert utc(zoned, "x").to_list() == utc(naive, "x").to_list() == [MOMENT]


def test_date_and_time_of_day_in_two_columns():
    table = one_sided(2).with_columns(
        pl.col("time").dt.strftime("%Y.%m.%d").alias("<DATE>"), pl.col("time").dt.strftime("%H:%M:%S").alias("<TIME>")
    )
    assert om.Bars(table.drop("time"), spread_pips=1.0).frame["time"].to_list() == [at(0), at(1)]


def test_days_and_months_that_could_be_either_are_not_guessed():
    with pytest.raises(om.InputError, match="'03/04/2024' is no time that can be read"):
        om.Bars(one_sided(1).with_columns(time=pl.lit("03/04/2024")), spread_pips=1.0)


def test_q2_a_spread_column_is_in_price_units():
    bars = om.Bars(one_sided(2).with_columns(spread=pl.Series([0.0001, 0.0003])), side="mid", instrument=EURUSD)
    assert bars.frame["bid_open"].to_list() == [1.09995, 1.09985]
    assert bars.frame["ask_open"].to_list() == [1.10005, 1.10015]


def test_one_side_is_completed_inside_the_run_with_its_instrument():
    bars = om.Bars(one_sided(), side="ask", spread_pips=1.0)
    assert bars.frame.columns == ["time", *OHLC]
    result = om.simulate(bars, signals(long()), settings())
    assert result.trades["entry_price"].to_list() == [1.1]
    assert bars.frame.columns == ["time", *TWO_SIDES]


def test_bars_are_checked_once_and_reused():
    bars = om.Bars(flat())
    first = om.simulate(bars, signals(long()), settings())
    assert om.simulate(bars, signals(long()), settings()).fingerprint == first.fingerprint


def test_clean_crossed_drops_rows_and_counts_them(caplog):
    table = with_value(flat(), "ask_close", 2, 1.0999)
    table = table.with_columns(pl.min_horizontal("ask_low", "ask_close").alias("ask_low"))
    with caplog.at_level(logging.WARNING, "omegasim"):
        bars = om.Bars(table, clean=["crossed"])
    assert bars.cleaned == {"crossed": 1}
    assert bars.frame["time"].to_list() == [at(0), at(1), at(3), at(4)]
    assert caplog.messages == ["bars: clean crossed: 1 of 5 rows dropped, ask below bid"]


def test_clean_duplicates_keeps_the_last():
    table = with_value(flat().with_columns(volume=pl.Series([1.0, 2.0, 3.0, 4.0, 5.0])), "time", 1, at(0))
    bars = om.Bars(table, clean="duplicates")
    assert bars.cleaned == {"duplicates": 1}
    assert bars.frame["volume"].to_list() == [2.0, 3.0, 4.0, 5.0]


def test_clean_ohlc_widens_high_and_low():
    table = with_value(with_value(flat(), "bid_high", 3, 1.0), "ask_low", 3, 1.2)
    bars = om.Bars(table, clean="ohlc")
    assert bars.cleaned == {"ohlc": 1}
    assert bars.frame.row(3, named=True)["bid_low"] == 1.0
    assert bars.frame.row(3, named=True)["bid_high"] == 1.1
    assert bars.frame.row(3, named=True)["ask_high"] == 1.2


def test_cleaning_leaves_nulls_and_nan_for_the_check_to_name():
    for value, kind in ((None, om.InputError), (float("nan"), om.NumberError)):
        with pytest.raises(kind, match="row 1"):
            om.Bars(with_value(flat(), "bid_close", 1, value), clean=["crossed", "duplicates", "ohlc"])


def test_unknown_cleanings_are_refused():
    with pytest.raises(om.InputError, match="unknown cleaning 'spikes'; expected crossed, duplicates, ohlc, outliers"):
        om.Bars(flat(), clean=["spikes"])
    with pytest.raises(om.InputError, match="cleaning 'unmatched' does not apply here"):
        om.Bars(flat(), clean=["unmatched"])


def test_ticks_from_files(tmp_path):
    ticks = pl.DataFrame({"time": [at(0), at(0), at(1)], "bid": [1.1, 1.1, 1.1], "ask": [1.1001, 1.1001, 1.0999]})
    ticks.write_parquet(tmp_path / "ticks.parquet")
    ticks.rename({"bid": "Bid Price", "ask": "Ask Price"}).write_csv(tmp_path / "ticks.csv")
    with pytest.raises(om.InputError, match=r"row 2 at 2024-01-02T10:01:00Z.*1\.0999.*below"):
        om.read_ticks(tmp_path / "ticks.parquet")
    for name in ("ticks.parquet", "ticks.csv"):
        clean = om.read_ticks(tmp_path / name, clean=["crossed", "duplicates"])
        assert clean.cleaned == {"crossed": 1, "duplicates": 1}
        assert clean.frame.rows() == [(at(0), 1.1, 1.1001)]
        assert clean.frame.columns == ["time", "bid", "ask"]


def test_files_that_cannot_be_read_are_named(tmp_path):
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "broken.parquet").write_text("no parquet")
    (tmp_path / "bars.xlsx").write_text("")
    with pytest.raises(FileNotFoundError, match=r"nowhere\.csv: no such file"):
        om.read_bars(tmp_path / "nowhere.csv")
    with pytest.raises(om.FileError, match=r"empty\.csv: the file is empty"):
        om.read_bars(tmp_path / "empty.csv")
    with pytest.raises(om.FileError, match=r"broken\.parquet: cannot be read as Parquet"):
        om.read_bars(tmp_path / "broken.parquet")
    with pytest.raises(om.FileError, match=r"bars\.xlsx: unknown kind of file; expected \.parquet"):
        om.read_bars(tmp_path / "bars.xlsx")
    with pytest.raises(om.FileError, match="is a folder"):
        om.read_bars(tmp_path)


def test_r1_synthetic_bars_are_the_same_for_the_same_seed():
    one, two, other = (om.synthetic_bars(bars=500, seed=seed).frame for seed in (3, 3, 4))
    assert one.equals(two)
    assert not one.equals(other)
    with pytest.raises(om.InputError, match="bars: expected at least 1, found 0"):
        om.synthetic_bars(bars=0)
    with pytest.raises(om.InputError, match="start: expected a time"):
        om.synthetic_bars(start="soon")


def test_importing_the_package_is_quick_and_pulls_in_nothing():
    code = "import sys, omegasim; print([m for m in ('polars', 'pydantic', 'typer', 'rich') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
