"""How old the rates of a run's bookings were, counted by hand (N55)."""

import json
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest
from builders import settings
from money import GER40, moving, orders, utc
from report.runs import market

import omegasim as om
from omegasim.report.cautions import cautions
from omegasim.report.page import report_page

HOUR = 3_600_000_000_000
# Tuesday, noon; the one rate bar is over at 13:00.
RATE = moving([1.25], start=utc(2024, 1, 2, 12), step=timedelta(hours=1))
CLOSE = {"action": "close", "volume": None}


def hourly(start, rows: int) -> om.Bars:
    return om.Bars(moving([100.0] * rows, start=start, step=timedelta(hours=1)), symbol="GER40", timeframe="H1")


def rate_bars() -> om.Bars:
    return om.Bars(RATE, symbol="EURUSD", timeframe="H1")


def hash_of_rate() -> str:
    """The hash that a run over the same bars tells."""
    return om.simulate(rate_bars(), None, settings()).record.data["EURUSD"]["hash"]


def config(**more) -> om.Config:
    return settings(account=om.Account(currency="USD", balance=1e6, **more), instruments=(GER40,))


def closed_after(hours: int, **more) -> om.Result:
    """A position from 14:00 that closes so many hours after the rate became known."""
    first = utc(2024, 1, 2, 13)
    table = orders({"time": first, "volume": 1.0}, {**CLOSE, "time": first + timedelta(hours=hours - 1)})
    return om.simulate(hourly(first, hours + 3), table, config(**more), rates={"EURUSD": rate_bars()})


def test_n55_a_rate_of_a_day_is_not_stale_and_an_hour_more_is():
    assert closed_after(24).record.stale_rates.bookings == 0
    stale = closed_after(25).record.stale_rates
    assert stale.bookings == 1
    known = int(utc(2024, 1, 2, 13).timestamp()) * 10**9
    assert stale.oldest.model_dump() == {
        "pair": "EURUSD", "time": known + 25 * HOUR, "known_from": known, "age": 25 * HOUR,
    }  # fmt: skip


def test_n55_weekends_do_not_age_a_rate():
    # Friday 13:00 to Monday 12:00 are 71 hours, 23 of them on weekdays.
    rate = om.Bars(RATE.with_columns(pl.col("time") + timedelta(days=3)), symbol="EURUSD", timeframe="H1")
    first = utc(2024, 1, 5, 13)
    table = orders({"time": first, "volume": 1.0}, {**CLOSE, "time": first + timedelta(hours=70)})
    result = om.simulate(hourly(first, 75), table, config(), rates={"EURUSD": rate})
    assert result.record.stale_rates.bookings == 0
    assert result.record.stale_rates.oldest.age == 23 * HOUR


def test_n55_constants_and_runs_without_conversion_have_no_age():
    table = orders({"time": utc(2024, 1, 2, 13), "volume": 1.0})
    constant = om.simulate(hourly(utc(2024, 1, 2, 13), 5), table, config(rates={"EURUSD": 1.25}))
    assert constant.events["rate"].drop_nulls().len() == 1
    for result in (constant, market(2_000, 100)):
        assert result.record.stale_rates.oldest is None


def test_the_report_warns_of_stale_rates_and_shows_the_series():
    result = closed_after(75)
    (sentence,) = [one for one in cautions(result) if "stale" in one]
    assert sentence.startswith("1 amount converted at a stale rate, older than 24 hours")
    assert "EURUSD, 3 d 3 h old at 2024-01-05 16:00" in sentence
    page = report_page(result)
    assert "rate EURUSD, bars" in page
    assert f"hash {hash_of_rate()[:16]}" in page
    assert "no stale rate" in report_page(market(2_000, 2_000))


def test_who_sets_a_limit_is_not_warned():
    result = closed_after(75, stale_limit_hours=100.0)
    assert result.record.stale_rates.bookings == 1
    assert not any("stale" in one for one in cautions(result))


def test_run_json_names_the_rates_from_outside(tmp_path):
    folder = closed_after(30).save(tmp_path / "run")
    written = json.loads((folder / "run.json").read_text())
    times = {name: int(utc(2024, 1, 2, 12).timestamp()) * 10**9 for name in ("first_time", "last_time")}
    facts = {"kind": "bars", "rows": 1, **times, "hash": hash_of_rate(), "cleaned": {}}
    assert written["rates"] == {"EURUSD": facts}
    assert om.load_result(folder).record.stale_rates.bookings == 1


def test_a_page_of_a_run_whose_rates_are_not_at_hand_says_so():
    result = closed_after(30)
    bare = om.Result(result.config, result.arrow, lambda: result.record, replace(result._work, rates=()))
    assert "with the rates of EURUSD from outside" in report_page(bare)
    assert "with the rates of EURUSD from outside" not in report_page(result)


def test_a_run_saved_before_rates_were_recorded_is_read(tmp_path):
    folder = market(2_000, 100).save(tmp_path / "run")
    record = json.loads((folder / "run.json").read_text())
    del record["rates"], record["stale_rates"]
    (folder / "run.json").write_text(json.dumps(record))
    assert om.load_result(folder).record.rates == {}


@pytest.mark.parametrize("cut", [False, True])
def test_the_simulator_counts_what_the_batch_counts(cut):
    expected = closed_after(30)
    simulator = om.ExecutionSimulator(config(), rates={"EURUSD": rate_bars()}, timeframe="H1")
    first = int(utc(2024, 1, 2, 13).timestamp()) * 10**9
    for row in range(33):
        if row == 1:
            simulator.process_signal({"direction": "long", "volume": 1.0, "time": first})
        if row == 30:
            simulator.process_signal({"action": "close", "direction": "long", "time": first + 29 * HOUR})
        if cut and row == 31:
            simulator = om.ExecutionSimulator.restore(simulator.snapshot())
        simulator.on_bar((first + row * HOUR, *[100.0] * 8), "GER40", last=row == 32)
    result = simulator.finish()
    assert result.fingerprint == expected.fingerprint
    assert result.record.stale_rates == expected.record.stale_rates
    assert result.record.rates == ({} if cut else expected.record.rates)
