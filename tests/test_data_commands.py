"""`omegasim data check` and `omegasim data convert`."""

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from builders import EURUSD, at, flat, one_sided, with_value
from test_config import TOML
from test_data_reading import broken
from vendor_files import HEADERS, bi5_ticks, written

import omegasim as om
from omegasim.data.conversion import facts_of

OMEGASIM = Path(sys.executable).with_name("omegasim")
WEEKS = om.synthetic_bars(EURUSD, bars=3 * 7_200, start="2024-01-01")


def omegasim(*arguments):
    done = subprocess.run([OMEGASIM, "data", *arguments], capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def checked(path, *options):
    done = omegasim("check", path, "--json", *options)
    page = json.loads(done.stdout)
    return done.returncode, page, {finding["name"]: finding for finding in page["findings"]}


def test_a_sound_file_passes(tmp_path):
    WEEKS.frame.write_parquet(tmp_path / "eurusd.parquet")
    code, page, found = checked(tmp_path / "eurusd.parquet")
    assert (code, page["refused"], page["rows"], page["timeframe"]) == (0, False, 21_600, "M1")
    assert not {"clock", "symbol", "crossed", "outliers"} & found.keys()
    assert [one["session"] for one in page["missing"]] == ["asia", "europe", "america"]
    assert set(page["spread_by_hour"]) == {str(hour) for hour in range(24)}


def test_the_page_names_what_would_be_refused_with_rows_and_cure(tmp_path):
    with_value(flat(), "ask_close", 2, 1.05).write_csv(tmp_path / "bars.csv")
    done = omegasim("check", tmp_path / "bars.csv")
    assert done.returncode == 1
    assert 'refused crossed: 1 rows have ask below bid; cure: clean="crossed"' in done.stdout
    assert "row 2 at 2024-01-02 10:02:00" in done.stdout
    assert "a run would refuse this file" in done.stdout


FAULTS = {
    "unsorted": lambda: flat().reverse(),
    "duplicates": lambda: with_value(flat(), "time", 1, at(0)),
    "prices": lambda: with_value(flat(), "bid_low", 1, None),
    "ohlc": lambda: with_value(flat(), "ask_high", 1, 1.0),
}


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_run_refuses_a_check_refuses(name, tmp_path):
    FAULTS[name]().write_csv(tmp_path / "bars.csv")
    code, _, found = checked(tmp_path / "bars.csv")
    assert (code, found[name]["level"], found[name]["count"] > 0) == (1, "refused", True)
    with pytest.raises(om.OmegaError):
        om.read_bars(tmp_path / "bars.csv")


def test_a_check_warns_of_what_is_probably_wrong(tmp_path):
    table = one_sided(200, price=1.3).with_columns(volume=pl.Series([0.0] * 20 + [1.0] * 180))
    wave = pl.int_range(0, 200, eager=True) % 7 * 1e-4
    table = table.with_columns(pl.col("^open|high|low|close$") + pl.Series([0.0] * 40 + wave[40:].to_list()))
    table = table.with_columns(pl.exclude("time", "volume") + pl.Series([0.0] * 150 + [0.08] * 50))
    table = with_value(table, "open", 60, 13_000.0).with_columns(high=pl.max_horizontal("open", "high"))
    table.write_csv(tmp_path / "usdjpy.csv")
    code, _, found = checked(tmp_path / "usdjpy.csv")
    assert code == 0
    for name in ("filler", "stale", "outliers", "jumps", "symbol", "one_side"):
        assert name in found, name
    assert found["jumps"]["rows"][0]["row"] == 150


@pytest.mark.parametrize("zone", ["America/New_York+7", "Etc/GMT+5", "UTC+3"])
def test_weekly_edges_tell_a_wrong_clock_and_the_right_one(zone, tmp_path):
    from omegasim.data.zones import Zone

    clock = Zone.parse(zone)
    local = pl.col("time").dt.convert_time_zone(clock.name).dt.replace_time_zone(None)
    table = WEEKS.frame.with_columns(time=local + pl.duration(nanoseconds=clock.ahead))
    table.write_csv(tmp_path / "eurusd.csv")
    _, _, found = checked(tmp_path / "eurusd.csv")
    assert found["clock"]["level"] == "warning"
    cure = found["clock"]["cure"].split('"')[1]
    _, _, cured = checked(tmp_path / "eurusd.csv", "--timezone", cure)
    assert "clock" not in cured


def test_files_that_cannot_be_read_are_one_sentence_and_exit_code_1(tmp_path):
    for name, message in broken(tmp_path):
        for command in (("check", tmp_path / name), ("convert", tmp_path / name, tmp_path / "out.parquet")):
            done = omegasim(*command)
            assert done.returncode == 1, name
            assert len(done.stderr.strip().splitlines()) == 1, done.stderr
            assert message in done.stderr or "nothing" in name, (name, done.stderr)
    assert not list(tmp_path.glob("*out.parquet*"))


def test_convert_sorts_types_and_remembers(tmp_path):
    shuffled = WEEKS.frame.sample(fraction=1.0, shuffle=True, seed=1)
    shuffled.with_columns(pl.col("time").dt.strftime("%Y.%m.%d %H:%M:%S")).write_csv(tmp_path / "bars.csv")
    done = omegasim("convert", tmp_path / "bars.csv", tmp_path / "out.parquet", "--symbol", "EURUSD")
    assert (done.returncode, done.stderr) == (0, "")
    assert "21,600 rows of bars, table" in done.stdout
    assert om.read_bars(tmp_path / "out.parquet").frame.equals(WEEKS.frame)
    facts = facts_of(tmp_path / "out.parquet")
    known = {"files": ["bars.csv"], "format": "table", "kind": "bars", "symbol": "EURUSD", "was_sorted": False}
    assert {name: facts[name] for name in known} == known
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bars.csv", "out.parquet"]


def test_convert_mixes_overlapping_files_and_keeps_the_order_of_equal_times(tmp_path, monkeypatch):
    from omegasim.data import conversion, spool
    from omegasim.data.reading import Reading

    monkeypatch.setattr("omegasim.data.text.CHUNK", 2_048)
    monkeypatch.setattr(spool, "_SORTED", 200)
    monkeypatch.setattr(spool, "_PIECE", 50)
    order = [(7 * row) % 1_000 // 3 for row in range(1_000)]
    ticks = pl.DataFrame({"time": [at(minute) for minute in order], "bid": [1.0 + row / 1e4 for row in range(1_000)]})
    ticks = ticks.with_columns(ask=pl.col("bid") + 1.0)
    ticks.write_csv(tmp_path / "ticks.csv")
    conversion.convert_file(tmp_path / "ticks.csv", tmp_path / "out.parquet", Reading())
    expected = ticks.sort("time", maintain_order=True)["bid"]
    assert om.read_ticks(tmp_path / "out.parquet").frame["bid"].to_list() == expected.to_list()


def test_convert_writes_a_vendors_files_in_utc(tmp_path):
    folder = tmp_path / "EURUSD" / "2019" / "01" / "04"
    for hour in (8, 9):
        bi5_ticks(folder / f"{hour:02}h_ticks.bi5", (0, 114_361, 114_359))
    done = omegasim("convert", tmp_path / "EURUSD", tmp_path / "out.parquet")
    assert done.returncode == 0, done.stderr
    assert len(om.read_ticks(tmp_path / "out.parquet")) == 2
    row = "20120201 000000;1.3066;1.3067;1.3065;1.3066;0"
    omegasim("convert", written(tmp_path / "h.csv", row), tmp_path / "h.parquet")
    assert om.read_bars(tmp_path / "h.parquet").frame["time"][0].hour == 5


def test_convert_keeps_the_side_that_a_name_tells(tmp_path):
    row = "02.01.2024 12:00:00.000,1.1,1.1,1.1,1.1,1"
    path = written(tmp_path / "EURUSD_ASK.csv", "Gmt time,Open,High,Low,Close,Volume", row)
    omegasim("convert", path, tmp_path / "o.parquet")
    bars = om.read_bars(tmp_path / "o.parquet", spread_pips=1.0, instrument=EURUSD)
    assert bars.frame["ask_open"].to_list() == [1.1]


def test_convert_overwrites_nothing_unless_told(tmp_path):
    flat().write_csv(tmp_path / "bars.csv")
    (tmp_path / "out.parquet").write_text("precious")
    done = omegasim("convert", tmp_path / "bars.csv", tmp_path / "out.parquet")
    assert (done.returncode, "exists already" in done.stderr) == (1, True)
    assert (tmp_path / "out.parquet").read_text() == "precious"
    assert omegasim("convert", tmp_path / "bars.csv", tmp_path / "out.parquet", "--force").returncode == 0
    assert "ends with .parquet" in omegasim("convert", tmp_path / "bars.csv", tmp_path / "out.csv").stderr


CONVERT = """
import sys
from pathlib import Path
from omegasim.commands import run_command_line
assert run_command_line(["data", "convert", sys.argv[1], sys.argv[2], "--quiet"]) == 0
# Not ru_maxrss: that begins with the memory of the process that started this one.
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in kilobytes on Linux")
def test_convert_needs_little_memory(tmp_path):
    rows = 3_000_000
    times = (pl.int_range(0, rows, eager=True) * 137 + 1_500_000_000_000).cast(pl.Datetime("ms"))
    prices = {f"{side} price": pl.repeat(price, rows, eager=True) for side, price in (("Bid", 1.1), ("Ask", 1.1001))}
    table = pl.DataFrame({"Timestamp": times, **prices})
    table.write_csv(tmp_path / "ticks.csv")
    del table
    arguments = [sys.executable, "-c", CONVERT, tmp_path / "ticks.csv", tmp_path / "out.parquet"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=True)
    assert int(done.stdout) < 400
    assert pl.scan_parquet(tmp_path / "out.parquet").select(pl.len()).collect().item() == rows


def test_a_config_file_says_how_its_data_are_read(tmp_path):
    rows = [f"2024.01.02\t12:{minute:02}:00\t1.1\t1.1\t1.1\t1.1\t5\t0\t8" for minute in range(20)]
    written(tmp_path / "mt5.csv", HEADERS["bars"], *rows)
    (tmp_path / "signals.csv").write_text("time,direction\n2024-01-02 10:01:00,long\n")
    head, _, _ = TOML.partition("[data")
    data = '[data.EURUSD]\nbars = "mt5.csv"\ntimezone = "UTC+2"\nstart = "2024-01-02 10:01"\n'
    sizing = '[sizing]\nkind = "fixed_lots"\namount = 1.0\n' if "[sizing]" not in head else ""
    (tmp_path / "run.toml").write_text(f'{head}{sizing}{data}[signals]\npath = "signals.csv"\n')
    arguments = [OMEGASIM, "run", tmp_path / "run.toml", "--out", tmp_path / "run", "--equity", "bars"]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    equity = om.load_result(tmp_path / "run").equity
    assert f"{equity['time'][0]:%H:%M}" == "10:01"
