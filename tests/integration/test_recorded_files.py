"""Every recorded file is read; what is broken is refused, and runs when it is cleaned."""

import json

import polars as pl
import pytest
from builders import EURUSD, settings
from integration.recorded import recorded_folder
from polars.testing import assert_frame_equal

import omegasim as om
from omegasim.data.check.inspection import inspect_file
from omegasim.data.reading import Reading

BARS = {
    "eurusd_m1_2014-05.parquet": 15_366,
    "nzdusd_m1_2014-05.parquet": 15_543,
    "xauusd_m1_2014-05.parquet": 8_301,
    "de30eur_m1_2019-02.parquet": 3_638,
    "eurusd_h1_2007-2018.parquet": 74_439,
}
TICKS = {
    "eurusd_ticks_2014-05-02.parquet": 49_341,
    "eurusd_ticks_2014-05-08.parquet": 87_833,
    "xauusd_ticks_2014-05-02.parquet": 265_015,
}
DAYS = [
    ("eurusd_ticks_2014-05-02.parquet", "eurusd_m1_2014-05.parquet", "2014-05-02", "2014-05-03"),
    ("eurusd_ticks_2014-05-08.parquet", "eurusd_m1_2014-05.parquet", "2014-05-08", "2014-05-09"),
    ("xauusd_ticks_2014-05-02.parquet", "xauusd_m1_2014-05.parquet", "2014-05-02", "2014-05-03"),
]
BI5 = "dukascopy_bi5/EURUSD/2019/01/04"
BID = ("bid_open", "bid_high", "bid_low", "bid_close")


@pytest.mark.parametrize("name", BARS)
def test_bars(name):
    assert len(om.read_bars(recorded_folder() / name)) == BARS[name]


@pytest.mark.parametrize("name", TICKS)
def test_ticks(name):
    assert len(om.read_ticks(recorded_folder() / name)) == TICKS[name]


@pytest.mark.parametrize(("ticks", "minutes", "start", "end"), DAYS)
def test_ticks_make_the_recorded_minutes_exactly(ticks, minutes, start, end):
    made = om.resample(om.read_ticks(recorded_folder() / ticks), "M1").frame.drop("volume")
    recorded = om.read_bars(recorded_folder() / minutes, start=start, end=end).frame
    assert_frame_equal(made, recorded, check_exact=True)


def test_dukascopy_ticks_make_its_candles_exactly():
    folder = recorded_folder() / BI5
    made = om.resample(om.read_ticks(folder), "M1").frame.select("time", *BID)
    candles = om.read_bars(folder / "BID_candles_min_1.bi5", clean="filler")
    assert candles.frame["time"][0].isoformat() == "2019-02-04T00:00:00+00:00"
    assert_frame_equal(made, candles.frame.select("time", *BID), check_exact=True)


def test_dukascopy_csv_says_its_side_by_its_name():
    bars = om.read_bars(recorded_folder() / "dukascopy_csv_eurusd_h1_ask_2017.csv", spread_pips=0.5, instrument=EURUSD)
    assert bars.frame.select("bid_open", "ask_open").row(0) == (1.05231, 1.05236)


def test_metatrader_rates_have_points_and_a_server_clock():
    path = recorded_folder() / "mt5_rates_eurusd_m1.csv"
    bars = om.read_bars(path, timezone="America/New_York+7", instrument=EURUSD)
    assert len(bars) == 500
    assert bars.frame["time"][0].isoformat() == "2021-11-14T23:39:00+00:00"
    assert bars.frame.select("bid_open", "ask_open").row(0) == (1.14439, 1.14447)


def test_the_crossed_pair_of_files_is_refused_and_runs_when_cleaned():
    folder = recorded_folder() / "gbpusd_m1_2012-02"
    with pytest.raises(om.InputError, match="is below bid"):
        om.read_bars(folder / "bid.csv", ask=folder / "ask.csv")
    for kind in ("crossed", "crossed:swap", "crossed:lift"):
        bars = om.read_bars(folder / "bid.csv", ask=folder / "ask.csv", clean=kind)
        assert bars.cleaned == {kind: 1_203}
        assert bars.changes["row"].n_unique() == 1_203
        assert om.simulate(bars, None, settings()).equity.height == len(bars)


def test_the_crossed_ticks_are_refused_and_cleaned():
    path = recorded_folder() / "eurusd_ticks_crossed_2014-05-02.parquet"
    with pytest.raises(om.InputError, match="is below bid"):
        om.read_ticks(path)
    for kind, left in (("crossed", 96_406 - 12_061), ("crossed:swap", 96_406), ("crossed:lift", 96_406)):
        ticks = om.read_ticks(path, clean=kind)
        assert (ticks.cleaned, len(ticks)) == ({kind: 12_061}, left)
        assert ticks.changes["row"].n_unique() == 12_061


def test_the_corrupt_file_is_refused_and_runs_when_cleaned(tmp_path):
    path = recorded_folder() / "corrupt_eurusd_m1.csv"
    with pytest.raises(om.InputError, match=r"row \d+ at 2024-11-\S+: bid open"):
        om.read_bars(path, spread_pips=0.8, instrument=EURUSD)
    bars = om.read_bars(path, spread_pips=0.8, instrument=EURUSD, clean=["outliers", "duplicates"])
    assert bars.cleaned == {"outliers": 326, "duplicates": 0}
    assert bars.changes["before"].min() > 1_000
    assert bars.frame.select(pl.exclude("time", "volume").max()).max_horizontal().item() < 1.1
    om.simulate({"EURUSD": bars}, None, settings()).save(tmp_path / "run")
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["data"]["EURUSD"]["cleaned"] == bars.cleaned


FINDINGS = {
    "corrupt_eurusd_m1.csv": ("outliers", "ohlc"),
    "eurusd_ticks_crossed_2014-05-02.parquet": ("crossed",),
    "mt5_rates_eurusd_m1.csv": ("one_side",),
    "eurusd_h1_2007-2018.parquet": (),
    "xauusd_ticks_2014-05-02.parquet": (),
}


@pytest.mark.parametrize("name", FINDINGS)
def test_a_check_finds_what_is_wrong(name):
    inspection = inspect_file(recorded_folder() / name, Reading())
    found = {finding.name: finding for finding in inspection.findings}
    assert set(FINDINGS[name]) <= found.keys()
    assert inspection.refused == bool({"crossed", "ohlc"} & set(FINDINGS[name]))
    assert not {"clock", "symbol"} & found.keys()
