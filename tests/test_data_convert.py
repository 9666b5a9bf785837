"""`omegasim data convert`: cleaning, two sides, spreads, how far it has come."""

import json
import zipfile

import polars as pl
import pytest
from builders import EURUSD, at, flat, one_sided, with_value
from test_data_commands import WEEKS, omegasim
from test_data_streams import troubled_bars
from vendor_files import HEADERS, bi5_candles, bi5_ticks, written, zipped

import omegasim as om
from omegasim.data.conversion import convert_file, facts_of
from omegasim.data.reading import Reading

STEPS = [row * row % 9 for row in range(300)]


def test_what_is_cleaned_is_what_read_bars_cleans_and_is_remembered(tmp_path, monkeypatch):
    monkeypatch.setattr("omegasim.data.windows._ROWS", 50)
    monkeypatch.setattr("omegasim.data.spool._PIECE", 40)
    bars = troubled_bars(STEPS).sort("time", maintain_order=True)
    bars.write_csv(tmp_path / "bars.csv")
    kinds = ["outliers", "duplicates", "crossed:swap", "ohlc", "filler"]
    conversion = convert_file(tmp_path / "bars.csv", tmp_path / "out.parquet", Reading(), clean=kinds)
    expected = om.read_bars(tmp_path / "bars.csv", clean=kinds)
    assert om.read_bars(tmp_path / "out.parquet").frame.equals(expected.frame)
    assert facts_of(tmp_path / "out.parquet")["cleaned"] == conversion.facts["cleaned"] == expected.cleaned
    assert sum(expected.cleaned.values()) > 50


def test_the_command_cleans_and_says_so(tmp_path):
    troubled_bars(STEPS).write_csv(tmp_path / "bars.csv")
    out = tmp_path / "out.parquet"
    done = omegasim("convert", tmp_path / "bars.csv", out, "--clean", "duplicates,crossed", "--clean", "outliers")
    assert done.returncode == 0, done.stderr
    assert "; cleaned duplicates " in done.stdout
    assert list(facts_of(out)["cleaned"]) == ["duplicates", "crossed", "outliers"]
    wrong = omegasim("convert", tmp_path / "bars.csv", tmp_path / "o.parquet", "--clean", "magic")
    assert (wrong.returncode, "unknown cleaning 'magic'" in wrong.stderr) == (1, True)
    ticks = tmp_path / "ticks.csv"
    troubled_bars(STEPS).select("time", bid="bid_open", ask="ask_open").write_csv(ticks)
    wrong = omegasim("convert", ticks, tmp_path / "o.parquet", "--clean", "filler")
    assert "cleaning 'filler' does not apply here; expected crossed, duplicates, outliers, stale" in wrong.stderr
    wrong = omegasim("convert", ticks, tmp_path / "o.parquet", "--clean", "crossed", "--start", "2030-01-01")
    assert "no rows; expected at least one" in wrong.stderr


def two_files(folder, *, unsorted=False):
    side = one_sided(40)
    bid, ask = side, side.with_columns(pl.exclude("time", "volume") + 1e-4)
    with_value(bid, "time", 3, bid["time"][4]).sample(
        fraction=1.0, shuffle=unsorted, seed=2
    ).write_csv(folder / "bid.csv")  # fmt: skip
    ask.filter(pl.col("time") != at(7)).write_csv(folder / "ask.csv")


def test_two_sides_become_one_file(tmp_path):
    two_files(tmp_path)
    files = (tmp_path / "bid.csv", tmp_path / "out.parquet", "--ask", tmp_path / "ask.csv")
    refused = omegasim("convert", *files)
    assert (refused.returncode, "has no partner; expected the same times in both" in refused.stderr) == (1, True)
    done = omegasim("convert", *files, "--clean", "unmatched,duplicates")
    assert done.returncode == 0, done.stderr
    expected = om.read_bars(files[0], ask=files[3], clean=["unmatched", "duplicates"])
    assert om.read_bars(files[1]).frame.equals(expected.frame)
    facts = facts_of(files[1])
    assert facts["cleaned"] == expected.cleaned == {"duplicates": 1, "unmatched": 2}
    assert facts["files"] == ["bid.csv", "ask.csv"]
    two_files(tmp_path, unsorted=True)
    assert omegasim("convert", *files, "--clean", "unmatched,duplicates", "--force").returncode == 0
    assert facts_of(files[1])["was_sorted"] is False


def test_a_folder_of_dukascopys_candles_has_both_sides(tmp_path):
    folder = tmp_path / "USDJPY" / "2019" / "00" / "02"
    for side, points in (("BID", 0), ("ASK", 5)):
        rows = ((60 * row, *(108_900 + points,) * 4, 1.0) for row in range(3))
        bi5_candles(folder / f"{side}_candles_min_1.bi5", *rows)
    assert omegasim("convert", tmp_path / "USDJPY", tmp_path / "out.parquet").returncode == 0
    frame = om.read_bars(tmp_path / "out.parquet").frame
    assert frame.select("bid_open", "ask_open").rows() == [(108.9, 108.905)] * 3
    page = json.loads(omegasim("check", tmp_path / "USDJPY", "--json").stdout)
    assert (page["rows"], page["refused"]) == (3, False)


@pytest.mark.parametrize("side", ["bid", "ask", "mid"])
def test_the_other_side_is_made_on_the_instruments_grid(side, tmp_path, monkeypatch):
    monkeypatch.setattr("omegasim.data.windows._ROWS", 64)
    bars = one_sided(300, price=1.1)
    bars.write_csv(tmp_path / "bars.csv")
    out = tmp_path / "out.parquet"
    done = omegasim("convert", tmp_path / "bars.csv", out, "--side", side, "--spread-pips", "0.8", "--symbol", "EURUSD")
    assert done.returncode == 0, done.stderr
    expected = om.read_bars(tmp_path / "bars.csv", side=side, spread_pips=0.8, instrument=EURUSD)
    assert om.read_bars(out).frame.equals(expected.frame)
    assert facts_of(out)["spread_pips"] == 0.8


def test_spreads_that_cannot_be_used_are_one_sentence(tmp_path):
    one_sided(5).write_csv(tmp_path / "one.csv")
    flat().write_csv(tmp_path / "both.csv")
    one_sided(5).with_columns(spread=pl.lit(1e-4)).write_csv(tmp_path / "column.csv")
    known = ("--symbol", "EURUSD")
    for name, options, message in (
        ("one.csv", ("--spread-pips", "1"), "expected the symbol of a ready instrument"),
        ("one.csv", ("--side", "mid", *known), "bars of the mid need a spread; expected spread_pips"),
        ("both.csv", ("--spread-pips", "1", *known), "side or spread_pips is given, and the files name their sides"),
        ("column.csv", ("--spread-pips", "1", *known), "and the files have a column 'spread'; drop one of them"),
    ):
        done = omegasim("convert", tmp_path / name, tmp_path / "out.parquet", *options)
        assert (done.returncode, message in done.stderr) == (1, True), done.stderr
        assert len(done.stderr.strip().splitlines()) == 1
    assert not list(tmp_path.glob("*out.parquet*"))


def test_a_broker_tells_the_grid_of_the_other_side(tmp_path):
    one_sided(5, price=2_000.0).write_csv(tmp_path / "gold.csv")
    broker = {"XAUUSD.r": {"base": "XAU", "quote": "USD", "tick_size": 0.001, "pip_size": 0.1, "contract_size": 100,
                           "volume_min": 0.01, "volume_step": 0.01, "volume_max": 50}}  # fmt: skip
    (tmp_path / "symbols.json").write_text(json.dumps(broker))
    out = tmp_path / "out.parquet"
    options = ("--spread-pips", "1.234", "--instruments", tmp_path / "symbols.json")
    assert omegasim("convert", tmp_path / "gold.csv", out, *options).returncode == 0
    assert om.read_bars(out).frame["ask_open"][0] == 2_000.123
    wrong = omegasim("convert", tmp_path / "gold.csv", out, *options, "--symbol", "XAUUSD", "--force")
    assert "there is no symbol 'XAUUSD'; known: XAUUSD.r" in wrong.stderr


def sources(folder):
    """One input of every kind."""
    frame = WEEKS.frame.head(4_000)
    frame.write_csv(folder / "bars.csv")
    yield folder / "bars.csv"
    frame.write_parquet(folder / "bars.parquet", row_group_size=500)
    yield folder / "bars.parquet"
    with zipfile.ZipFile(folder / "bars.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in (("a", frame[:2_000]), ("b", frame[2_000:])):
            archive.writestr(f"{name}.csv", part.write_csv())
    yield folder / "bars.zip"
    (folder / "parts").mkdir()
    for name, part in (("b", frame[:2_000]), ("a", frame[2_000:])):
        part.write_csv(folder / "parts" / f"{name}.csv")
    yield folder / "parts"
    yield folder / "parts" / "*.csv"
    for hour in range(3):
        ticks = ((row, 114_361, 114_359) for row in range(100))
        bi5_ticks(folder / "EURUSD" / "2019" / "01" / "04" / f"{hour:02}h_ticks.bi5", *ticks)
    yield folder / "EURUSD"


def test_the_bar_moves_to_its_end_for_every_kind_of_input(tmp_path, monkeypatch):
    monkeypatch.setattr("omegasim.data.text.CHUNK", 65_536)
    monkeypatch.setattr("omegasim.data.lazy._ROWS", 500)
    monkeypatch.setattr("omegasim.data.progress._BLOCK", 4_096)
    for path in sources(tmp_path):
        stages: dict[str, list[int]] = {}
        totals: dict[str, int | None] = {}

        def stage(name, total, stages=stages, totals=totals):
            totals[name] = total
            return stages.setdefault(name, []).append

        convert_file(path, tmp_path / "out.parquet", Reading(), force=True, stages=stage, clean="duplicates")
        seen = stages["reading"]
        assert seen == sorted(seen), path
        assert seen[-1] == totals["reading"] > 0, path
        assert len(set(seen)) > 3, path
        assert stages["sorting"][-1] == totals["sorting"] == stages["cleaning"][-1]


def test_files_come_in_the_order_of_their_times(tmp_path):
    frame = WEEKS.frame.head(4_000)
    paths = list(sources(tmp_path))
    for path in paths[2:5]:
        convert_file(path, tmp_path / "out.parquet", Reading(), force=True)
        assert facts_of(tmp_path / "out.parquet")["was_sorted"], path
        assert om.read_bars(tmp_path / "out.parquet").frame.equals(frame)


def test_rows_from_before_both_sides_are_quoted_are_counted(tmp_path, caplog):
    rows = ["2024.01.02\t10:00:00.100\t1.1\t\t\t\t2", "2024.01.02\t10:00:00.200\t1.1\t\t\t\t2"]
    rows += ["2024.01.02\t10:00:00.300\t\t1.2\t\t\t4", "2024.01.02\t10:00:00.400\t1.15\t\t\t\t2"]
    path = written(tmp_path / "EURUSD_ticks.csv", HEADERS["ticks"], *rows)
    ticks = om.read_ticks(path, timezone="UTC", clean="duplicates")
    assert ticks.cleaned == {"one_sided": 2, "duplicates": 0}
    assert ticks.changes.select("row", "cleaning", "action").rows() == [
        (0, "one_sided", "dropped"), (1, "one_sided", "dropped"),
    ]  # fmt: skip
    assert "clean one_sided: 2 of 4 rows dropped, one side not quoted yet" in caplog.text
    convert_file(path, tmp_path / "out.parquet", Reading(timezone="UTC"))
    assert facts_of(tmp_path / "out.parquet")["cleaned"] == {"one_sided": 2}
    assert om.read_ticks(tmp_path / "out.parquet").frame.equals(ticks.frame)
    page = json.loads(omegasim("check", path, "--json").stdout)
    found = {finding["name"]: finding for finding in page["findings"]}
    assert (found["one_sided"]["count"], page["rows"], page["refused"]) == (2, 2, False)
    assert "server clock" in found["clock_assumed"]["message"]
    assert 'timezone="America/New_York+7"' in found["clock_assumed"]["cure"]
    config = om.Config(
        account=om.Account(currency="USD", balance=1e4), instruments=[EURUSD], sizing=om.Sizing.fixed_lots(1)
    )
    om.simulate(None, None, config, ticks={"EURUSD": ticks}).save(tmp_path / "run")
    record = json.loads((tmp_path / "run" / "run.json").read_text())
    assert record["data"]["EURUSD"]["cleaned"] == ticks.cleaned


def test_lean_zips_become_one_file(tmp_path):
    folder = tmp_path / "forex" / "fxcm" / "minute" / "eurusd"
    for day in ("20140501", "20140502"):
        zipped(
            folder / f"{day}_quote.zip", f"{day}_eurusd_minute_quote.csv", "60000,1.1,1.1,1.1,1.1,0,1.2,1.2,1.2,1.2,0"
        )
    assert omegasim("convert", folder, tmp_path / "out.parquet").returncode == 0
    assert [time.hour for time in om.read_bars(tmp_path / "out.parquet").frame["time"]] == [5, 5]
