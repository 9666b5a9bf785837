"""The pictures that stand where charts will be."""

import re
from itertools import pairwise

import polars as pl
import pytest
from report.runs import all_losses, empty, market, no_equity, one_bar, year

import omegasim as om
from omegasim.report.extremes import extremes
from omegasim.report.page import report_page
from omegasim.report.still import SIZE, STRETCHES, Curve, Panel, Still
from omegasim.report.ticks import DAY, MINUTE, time_ticks, value_ticks

JANUARY = 1_704_067_200 * 10**9


def picture(values: list[float], **more: object) -> Still:
    times = pl.Series([JANUARY + MINUTE * row for row in range(len(values))])
    panel = Panel([Curve("equity", times, pl.Series(values), **more)])
    return Still([panel], (times[0], times[-1]), 460)


def points(markup: str, name: str) -> list[tuple[int, int]]:
    path = re.search(rf'<path class="{name}" d="M([^"]*)"', markup)[1]
    return [tuple(map(int, one.split())) for one in path.split("L")]


def pictures(page: str) -> list[str]:
    return re.findall(r'<div class="still".*?</div></div>', page)


def test_a_line_of_many_rows_keeps_its_peaks_in_few_points():
    values = [float(row % 7) for row in range(200_000)]
    values[70_001], values[120_003] = 100.0, -50.0
    still = picture(values)
    drawn = points(still.markup(), "equity")
    room = 150.0 / 18
    assert len(drawn) <= 2 * STRETCHES + 2
    assert min(y for _, y in drawn) == round(SIZE * room / (150 + 2 * room))
    assert max(y for _, y in drawn) == round(SIZE * (150 + room) / (150 + 2 * room))
    assert [x for x, _ in drawn] == sorted(x for x, _ in drawn)
    assert {x for x, y in drawn if y < 100} == {350}
    assert {x for x, y in drawn if y > 900} == {600}


def test_extremes_are_the_least_and_the_greatest_of_each_stretch_in_their_order():
    rows = pl.DataFrame({"y": [1.0, 3.0, 2.0, 9.0, 4.0, 8.0, 5.0]})
    assert extremes(rows, "y", pl.col("row") // 3)["y"].to_list() == [1.0, 3.0, 9.0, 4.0, 5.0]


def test_steps_go_across_and_then_up():
    assert 'd="M0 950H500V500H1000V50"' in picture([0.0, 1.0, 2.0], steps=True).markup()


def test_a_panel_from_zero_hangs_from_its_upper_edge():
    times = pl.Series([JANUARY, JANUARY + DAY])
    panel = Panel([Curve("drawdown", times, pl.Series([0.0, -19.0]))], top=0.5, from_zero=True)
    assert panel.place(0.0) == 500
    assert panel.place(-20.0) == SIZE
    assert 'class="drawdown area" d="M0 500L1000 975V500H0z"' in Still([panel], (JANUARY, JANUARY + DAY), 460).markup()


@pytest.mark.parametrize("values", [[5.0, 5.0], [0.0, 0.0], [1e-9, 2e-9], [1e12, 3e12]])
def test_every_axis_has_ticks_within_its_ends(values):
    still = picture(values)
    least, most = still.panels[0].ends
    ticks = value_ticks(least, most, 256)
    assert 2 <= len(ticks) <= 10
    assert all(least <= one.at <= most for one in ticks)
    assert "nan" not in still.markup()


@pytest.mark.parametrize(
    "span", [MINUTE, 20 * MINUTE, 300 * MINUTE, 2 * DAY, 30 * DAY, 200 * DAY, 900 * DAY, 9000 * DAY]
)
@pytest.mark.parametrize("most", [5, 10])
def test_times_are_round_few_and_within_the_span(span, most):
    ticks = time_ticks(JANUARY + 17, JANUARY + 17 + span, most)
    assert len(ticks) <= most + 1
    assert all(JANUARY + 17 <= one.at <= JANUARY + 17 + span and one.at % MINUTE == 0 for one in ticks)
    assert len({after.at - before.at for before, after in pairwise(ticks)}) <= 1 or span > 30 * DAY


def test_labels_of_days_and_hours_say_once_what_they_share():
    hours = time_ticks(JANUARY + 20 * 60 * MINUTE, JANUARY + 28 * 60 * MINUTE, 5)
    assert [(one.label, one.below) for one in hours] == [
        ("20:00", "Jan 1, 2024"), ("22:00", ""), ("00:00", "Jan 2, 2024"), ("02:00", ""), ("04:00", "")
    ]  # fmt: skip
    weeks = time_ticks(JANUARY, JANUARY + 28 * DAY, 5)
    assert [one.label for one in weeks] == ["Jan 7", "Jan 14", "Jan 21", "Jan 28"]


def test_a_year_shows_equity_and_prices_in_a_small_picture():
    page = report_page(year())
    equity, prices = pictures(page)
    assert [re.findall('<i class="(.*?)"', one) for one in (equity, prices)] == [["equity", "balance"], ["bid"]]
    assert len(points(equity, "equity")) > STRETCHES
    assert len(equity) + len(prices) < 60_000
    assert "Jan 2024" in equity
    assert ">drawdown</b>" in equity


@pytest.mark.parametrize(("make", "count"), [(empty, 1), (one_bar, 0), (no_equity, 0), (all_losses, 1)])
def test_where_nothing_moves_there_is_no_picture(make, count):
    assert len(pictures(report_page(make()))) == count


def test_a_saved_run_has_a_picture_of_its_equity(tmp_path):
    loaded = om.load_result(market(2_000, 100).save(tmp_path / "run"))
    assert len(pictures(report_page(loaded))) == 1
