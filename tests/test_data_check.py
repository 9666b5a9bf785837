"""What a check knows of calendars, prices and clocks, and what it needs of memory."""

import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from builders import EURUSD, flat, one_sided
from test_data_commands import OMEGASIM, WEEKS, omegasim
from vendor_files import HEADERS, bi5_ticks, written

import omegasim as om
from omegasim.data.check.inspection import inspect_file
from omegasim.data.reading import Reading
from omegasim.data.symbols import ready_symbol, usual_divisor, usual_prices, year_of_prices

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday"]


def found(inspection):
    return {finding.name: finding for finding in inspection.findings}


def dax(**changes):
    hours = [om.Hours(days=WEEKDAYS, open="09:00", close="17:30")]
    sessions = om.Sessions(zone="Europe/Berlin", hours=hours, holidays=["2024-05-01"])
    return om.instruments.get("DE40", sessions=sessions, **changes)


def minutes_of_berlin(days, gap=()):
    """Every minute of the sessions of these days, some minutes of the first day left out."""
    midnights = (
        pl.Series(days).cast(pl.Datetime("ns")).dt.replace_time_zone("Europe/Berlin").dt.convert_time_zone("UTC")
    )
    minutes = [
        midnight + timedelta(minutes=minute)
        for number, midnight in enumerate(midnights)
        for minute in range(9 * 60, 17 * 60 + 30)
        if number or minute not in gap
    ]
    price = pl.Series([18_000.0 + row % 7 for row in range(len(minutes))])
    times = pl.Series("time", minutes, dtype=pl.Datetime("ns", "UTC"))
    return pl.DataFrame({"time": times, **dict.fromkeys(("open", "high", "low", "close"), price)})


APRIL = [datetime(2024, 4, 29), datetime(2024, 4, 30), datetime(2024, 5, 2), datetime(2024, 5, 3)]


def test_missing_bars_are_counted_by_the_instruments_own_sessions_and_holidays(tmp_path):
    minutes_of_berlin(APRIL, gap=range(600, 630)).write_parquet(tmp_path / "dax.parquet")
    own = inspect_file(tmp_path / "dax.parquet", Reading(instrument=dax()))
    assert own.calendar == "sessions of DE40 in Europe/Berlin, 1 holiday left out"
    assert [vars(one) for one in own.missing] == [
        {"session": "monday to friday 09:00-17:30", "expected": 4 * 510, "missing": 30}
    ]
    assert "closed" not in found(own)
    usual = inspect_file(tmp_path / "dax.parquet", Reading())
    assert usual.calendar.startswith("hours of the week in which at least half of the file's weeks have rows")
    assert sum(one.missing for one in usual.missing) != 30


def test_rows_outside_the_sessions_are_noted(tmp_path):
    holiday = minutes_of_berlin([*APRIL[:2], datetime(2024, 5, 1), *APRIL[2:]])
    holiday.write_parquet(tmp_path / "dax.parquet")
    note = found(inspect_file(tmp_path / "dax.parquet", Reading(instrument=dax())))["closed"]
    assert (note.count, note.rows[0]["time"]) == (510, datetime(2024, 5, 1, 7, tzinfo=UTC))


def test_a_list_of_instruments_tells_the_sessions(tmp_path):
    minutes_of_berlin(APRIL).write_parquet(tmp_path / "dax.parquet")
    listed = {"instruments": [json.loads(dax().model_dump_json(exclude_none=True))]}
    (tmp_path / "symbols.json").write_text(json.dumps(listed))
    done = omegasim("check", tmp_path / "dax.parquet", "--instruments", tmp_path / "symbols.json", "--json")
    assert json.loads(done.stdout)["calendar"].startswith("sessions of DE40 in Europe/Berlin"), done.stderr
    page = omegasim("check", tmp_path / "dax.parquet", "--instruments", tmp_path / "symbols.json").stdout
    assert "sessions of DE40 in Europe/Berlin" in page
    assert "2,040" in page


def test_every_ready_instrument_has_a_range_of_prices():
    assert year_of_prices() >= 2025
    for symbol in om.instruments.names():
        lowest, highest = usual_prices(symbol)
        assert 0 < 2 * lowest < highest, symbol
        assert ready_symbol(symbol) == symbol
        divisor = usual_divisor(f"{symbol.lower()}_m1.csv")
        assert divisor in (1e3, 1e5)
        assert divisor * om.instruments.get(symbol).tick_size >= 1, symbol


@pytest.mark.parametrize(
    ("name", "symbol"),
    [("USA500.IDX/USD", "US500"), ("GER40", "DE40"), ("xau/usd", "XAUUSD"), ("DAT_ASCII_EURUSD_M1.csv", "EURUSD"),
     ("EURSEK", None), ("bars.csv", None)],
)  # fmt: skip
def test_names_mean_ready_instruments(name, symbol):
    assert ready_symbol(name) == symbol


@pytest.mark.parametrize(
    ("name", "price"), [("us500", 52_000.0), ("chfjpy", 1.7), ("hk50", 170.0), ("xagusd", 2_300.0)]
)
def test_a_price_that_the_symbol_never_had_is_found(name, price, tmp_path):
    one_sided(50, price=price).write_csv(tmp_path / f"{name}.csv")
    finding = found(inspect_file(tmp_path / f"{name}.csv", Reading()))["symbol"]
    assert f"the usual price is {price:g}" in finding.message
    assert f"prices up to {year_of_prices()}" in finding.message


def test_what_is_not_checked_is_said(tmp_path):
    one_sided(50, price=11.3).write_csv(tmp_path / "eursek.csv")
    note = found(inspect_file(tmp_path / "eursek.csv", Reading()))["unchecked"]
    assert (note.level, "no price range is known for 'eursek.csv'" in note.message) == ("note", True)
    one_sided(50, price=1.1).write_csv(tmp_path / "bars.csv")
    assert "unchecked" not in found(inspect_file(tmp_path / "bars.csv", Reading(symbol="EURUSD")))


def test_prices_off_an_instruments_grid_are_found(tmp_path):
    krona = EURUSD.model_copy(update={"symbol": "EURSEK", "quote": "SEK", "tick_size": 0.001})
    one_sided(50, price=11.30012).write_csv(tmp_path / "x.csv")
    finding = found(inspect_file(tmp_path / "x.csv", Reading(instrument=krona)))["grid"]
    assert "100% of the prices are not on the grid of EURSEK, 0.001" in finding.message
    one_sided(50, price=11.301).write_csv(tmp_path / "x.csv")
    assert "grid" not in found(inspect_file(tmp_path / "x.csv", Reading(instrument=krona)))


def test_a_wrong_divisor_of_an_index_is_refused(tmp_path):
    path = bi5_ticks(tmp_path / "USA500IDXUSD" / "2019" / "00" / "02" / "00h_ticks.bi5", (0, 2_500_500, 2_500_000))
    assert om.read_ticks(path).frame["bid"].to_list() == [2_500.0]
    for command in (("check", path), ("convert", path, tmp_path / "o.parquet")):
        done = omegasim(*command, "--divisor", "100000")
        assert done.returncode == 1
        assert "divided by 100000 the price of USA500IDXUSD is 25" in done.stderr


def test_a_server_clock_taken_for_utc_is_suspected_with_its_cure(tmp_path):
    path = written(tmp_path / "EURUSD.csv", HEADERS["bars"], "2024.01.02\t10:00:00\t1.1\t1.1\t1.1\t1.1\t57\t0\t8")
    done = omegasim("check", path)
    assert "warning clock_assumed: times are the broker's server clock and were taken for UTC" in done.stdout
    assert "America/New_York+7" in done.stdout
    assert "clock_assumed" not in omegasim("check", path, "--timezone", "UTC+2").stdout


def test_rates_saved_with_their_zone_are_not_suspected(tmp_path):
    rates = one_sided(50).with_columns(tick_volume=pl.lit(5), spread=pl.lit(8), real_volume=pl.lit(0))
    rates.write_parquet(tmp_path / "zoned.parquet")
    rates.with_columns(pl.col("time").dt.replace_time_zone(None)).write_parquet(tmp_path / "naive.parquet")
    for name, suspected in (("zoned", False), ("naive", True)):
        findings = found(inspect_file(tmp_path / f"{name}.parquet", Reading(symbol="EURUSD")))
        assert ("clock_assumed" in findings) == suspected, name


def test_an_ask_file_without_partners_is_refused_as_a_run_does(tmp_path):
    one_sided(50).write_csv(tmp_path / "bid.csv")
    one_sided(50)[:-3].with_columns(pl.exclude("time", "volume") + 1e-4).write_csv(tmp_path / "ask.csv")
    done = omegasim("check", tmp_path / "bid.csv", "--ask", tmp_path / "ask.csv")
    assert done.returncode == 1
    assert "3 rows have a time that only one of the sides has" in done.stdout
    assert 'clean="unmatched"' in done.stdout


def test_a_span_is_checked_alone(tmp_path):
    WEEKS.frame.write_parquet(tmp_path / "eurusd.parquet")
    page = json.loads(
        omegasim("check", tmp_path / "eurusd.parquet", "--start", "2024-01-10", "--end", "2024-01-11", "--json").stdout
    )
    assert (page["rows"], page["first"]) == (1_440, "2024-01-10T00:00:00+00:00")


PEAK = """
import sys
from pathlib import Path
from omegasim.commands import run_command_line
code = run_command_line(sys.argv[1:])
# Not ru_maxrss: that begins with the memory of the process that started this one.
status = Path("/proc/self/status").read_text().splitlines()
print(next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM")), code)
"""


def peak(*arguments):
    done = subprocess.run(
        [sys.executable, "-c", PEAK, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    megabytes, code = done.stdout.splitlines()[-1].split()
    return int(megabytes), int(code), done


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in kilobytes on Linux")
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_a_check_needs_little_memory(ending, tmp_path):
    rows = 4_000_000
    times = (pl.int_range(0, rows, eager=True) * 137 + 1_500_000_000_000).cast(pl.Datetime("ms"))
    bid = 1.1 + pl.int_range(0, rows, eager=True) % 997 * 1e-5
    table = pl.DataFrame({"Timestamp": times, "Bid price": bid, "Ask price": bid + 1e-5})
    path = tmp_path / f"eurusd.{ending}"
    table.write_csv(path) if ending == "csv" else table.write_parquet(path)
    del table
    megabytes, code, done = peak("data", "check", path)
    assert code == 0, done.stdout
    assert "4,000,000" in done.stdout
    assert megabytes < 650


def junk(folder):
    """Large files that are no market data, made of holes on disk, and what is said about them."""
    for name, start in (("zeros.csv", b""), ("junk.csv", b"time,bid,ask\n2024-01-02 10:00:00,1.1,1.2\n")):
        path = folder / name
        path.write_bytes(start)
        os.truncate(path, 400 << 20)
        yield path, "holds no lines of text"
    line = b"x" * (80 << 20)
    (folder / "line.csv").write_bytes(b"time,bid,ask\n" + b"2024-01-02 10:00:00,1.1,1.2\n" * 20_000 + line)
    yield folder / "line.csv", "a line of more than"
    (folder / "random.csv").write_bytes(os.urandom(64 << 20))
    yield folder / "random.csv", "holds no lines of text"
    (folder / "late.csv").write_bytes(
        b"time,bid,ask\n" + b"2024-01-02 10:00:00,1.1,1.2\n" * 20_000 + os.urandom(64 << 20)
    )
    yield folder / "late.csv", "late.csv: "
    (folder / "zeros.parquet").write_bytes(b"PAR1")
    os.truncate(folder / "zeros.parquet", 400 << 20)
    yield folder / "zeros.parquet", "its end is missing"
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bars.csv", b"time,bid,ask\n" + b"0" * (300 << 20))
    yield folder / "bomb.zip", "bomb.zip: "


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in kilobytes on Linux")
def test_large_files_that_are_no_market_data_are_one_sentence_and_little_memory(tmp_path):
    for path, message in junk(tmp_path):
        for command in (("check", path), ("convert", path, tmp_path / "out.parquet")):
            megabytes, code, done = peak("data", *command)
            assert (code, megabytes < 400) == (1, True), (path.name, megabytes)
            assert message in done.stderr, (path.name, done.stderr)
            assert len(done.stderr.strip().splitlines()) == 1, done.stderr
        path.unlink()
    assert not list(tmp_path.glob("*out.parquet*"))


def test_mixed_zones_in_a_file_are_one_sentence(tmp_path):
    rows = ("2024-01-02 10:00:00,1.1,1.2", "2024-01-02 10:00:01,1.1,1.2", "2024-01-02 10:00:02+01:00,1.1,1.2")
    path = written(tmp_path / "ticks.csv", "time,bid,ask", *rows)
    done = subprocess.run([OMEGASIM, "data", "check", path], capture_output=True, text=True, check=False)
    assert "column 'time' mixes zones: row 2 is '2024-01-02 10:00:02+01:00'" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_parquet_file_cut_in_the_middle_is_one_sentence(tmp_path):
    flat(2_000).write_parquet(tmp_path / "bars.parquet", row_group_size=100)
    data = bytearray((tmp_path / "bars.parquet").read_bytes())
    data[200:2_000] = bytes(1_800)
    (tmp_path / "bars.parquet").write_bytes(data)
    for command in (
        ("check", tmp_path / "bars.parquet"),
        ("convert", tmp_path / "bars.parquet", tmp_path / "o.parquet"),
    ):
        done = omegasim(*command)
        assert done.returncode == 1
        assert "cannot be read as Parquet" in done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
