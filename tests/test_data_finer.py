"""Finer data of a config file: every format that the symbol's own files may have."""

import json
import subprocess

import polars as pl
import pytest
from builders import EURUSD
from test_config import TOML
from test_data_commands import OMEGASIM, WEEKS
from vendor_files import HEADERS, bi5_ticks, written

import omegasim as om

HEAD = TOML.partition("[data")[0]
DAY = WEEKS.frame.filter(pl.col("time").dt.date() == pl.date(2024, 1, 3))
NOON = pl.datetime(2024, 1, 3, 12, time_zone="UTC")


def run(folder, finer, *, timezone=""):
    """A run over hours that drills into finer data; what it wrote down about them."""
    hours = om.resample(om.Bars(DAY), "H1").frame
    ahead = pl.duration(hours=2 if timezone else 0)
    hours.with_columns((pl.col("time") + ahead).dt.strftime("%Y-%m-%d %H:%M:%S")).write_csv(folder / "hours.csv")
    (folder / "signals.csv").write_text("time,direction,stop_loss_pips,volume\n2024-01-03 02:00:00,long,1.0,0.1\n")
    settings = f'[data.EURUSD]\nbars = "hours.csv"\nfiner = {finer}\n{timezone}'
    head = HEAD.replace("[rules]", '[rules]\nintrabar = "drill"')
    (folder / "run.toml").write_text(f'{head}{settings}[signals]\npath = "signals.csv"\n')
    done = subprocess.run(
        [OMEGASIM, "run", folder / "run.toml", "--out", folder / "run", "--no-report"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    record = json.loads((folder / "run" / "run.json").read_text()) if done.returncode == 0 else None
    return done, record


def minutes_of_metatrader(path):
    server = DAY.with_columns(pl.col("time") + pl.duration(hours=2))
    prices = server.select("time", "bid_open", "bid_high", "bid_low", "bid_close").rows()
    rows = [f"{time:%Y.%m.%d\t%H:%M:%S}\t" + "\t".join(f"{p:.5f}" for p in row) + "\t5\t0\t10" for time, *row in prices]
    return written(path, HEADERS["bars"], *rows)


def test_finer_data_may_have_a_vendors_format_and_share_the_clock(tmp_path):
    minutes_of_metatrader(tmp_path / "m1.csv")
    done, record = run(tmp_path, '["m1.csv"]', timezone='timezone = "UTC+2"\n')
    assert done.returncode == 0, done.stderr
    assert record["counts"]["drilled"] > 0
    same = om.read_bars(tmp_path / "m1.csv", timezone="UTC+2", instrument=EURUSD)
    assert same.frame["time"][0] == DAY["time"][0]
    assert len(record["data"]["EURUSD"]["finer"]) == 1


def test_finer_data_with_settings_of_their_own(tmp_path):
    minutes_of_metatrader(tmp_path / "m1.csv")
    ticks = ["2024.01.03\t00:00:00.000\t1.1\t\t\t\t2", "2024.01.03\t00:00:00.100\t1.1\t1.1002\t\t\t6"]
    ticks += ["2024.01.03\t00:00:00.200\t1.1\t1.0998\t\t\t6"]
    written(tmp_path / "ticks.csv", HEADERS["ticks"], *ticks)
    finer = (
        '[{ path = "m1.csv", timezone = "UTC+2" }, '
        '{ path = "ticks.csv", timezone = "UTC", clean = ["crossed"], format = "metatrader" }]'
    )
    done, record = run(tmp_path, finer)
    assert done.returncode == 0, done.stderr
    assert record["data"]["EURUSD"]["finer_cleaned"] == [{}, {"one_sided": 1, "crossed": 1}]


@pytest.mark.parametrize("name", ["minutes.parquet", "minutes.csv", "EURUSD"])
def test_finer_data_may_be_tables_and_folders(name, tmp_path):
    if name == "EURUSD":
        for hour in range(24):
            path = tmp_path / "EURUSD" / "2024" / "00" / "03" / f"{hour:02}h_ticks.bi5"
            bi5_ticks(path, *((60_000 * minute, 110_010 - minute, 110_000 - minute) for minute in range(60)))
    elif name.endswith("csv"):
        DAY.write_csv(tmp_path / name)
    else:
        DAY.write_parquet(tmp_path / name)
    done, record = run(tmp_path, f'["{name}"]')
    assert done.returncode == 0, done.stderr
    assert record["counts"]["drilled"] > 0
    assert record["data"]["EURUSD"]["finer_cleaned"] == [{}]


def test_what_is_wrong_with_finer_data_is_one_sentence(tmp_path):
    for finer, message in (
        ('["nowhere.csv"]', "nowhere.csv: no such file"),
        ('[{ path = "x.csv", colour = "red" }]', "colour"),
        ("[7]", "data.EURUSD.finer"),
    ):
        done, _ = run(tmp_path, finer)
        assert done.returncode == 1
        assert message in done.stderr, done.stderr
        assert len(done.stderr.strip().splitlines()) == 1, done.stderr
