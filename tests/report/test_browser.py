"""The page in a real browser; screenshots go to a temporary folder, or to OMEGASIM_SCREENSHOTS."""

import os
import shutil
from pathlib import Path

import pytest
from report.runs import SMALL, all_losses, hostile, many, market, year

from omegasim.report.comparison import comparison_page

playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
CHROMIUM = shutil.which("chromium")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium: apt-get install chromium")
# Patience for busy machines; nothing waits for it where all is well.
PATIENCE = 60_000
LOCAL = ("file:", "data:", "blob:")


@pytest.fixture(scope="module")
def browser():
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pages")
    runs = {"year": year, "hostile": hostile, **SMALL}
    return {name: make().report(folder / f"{name.replace(' ', '-')}.html") for name, make in runs.items()}


@pytest.fixture(scope="module")
def screenshots(tmp_path_factory):
    folder = Path(os.environ.get("OMEGASIM_SCREENSHOTS") or tmp_path_factory.mktemp("screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visit(browser):
    """Open a page; at the end nothing may have been complained about or asked of the network."""
    faults, contexts = [], []

    def open_page(path, width=1280, scheme="light"):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request", lambda ask: None if ask.url.startswith(("file:", "data:", "blob:")) else faults.append(ask.url)
        )
        page.goto(path.as_uri())
        page.wait_for_selector("html[data-ready]")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def draw_all(page) -> list[str]:
    """Scroll past every chart, so that each is drawn."""
    names = page.eval_on_selector_all(".chart", "found => found.map(one => one.id)")
    for name in names:
        page.eval_on_selector(f"#{name}", "one => one.scrollIntoView()")
        page.wait_for_selector(f"#{name}[data-drawn] svg.main-svg", state="attached")
    page.evaluate("scrollTo(0, 0)")
    return names


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_every_chart_is_drawn_light_and_dark_wide_and_narrow(visit, pages, screenshots, width, scheme):
    page = visit(pages["year"], width, scheme)
    assert len(draw_all(page)) == 8
    assert page.evaluate("document.documentElement.dataset.theme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth") == width
    page.screenshot(path=screenshots / f"year-{scheme}-{width}.png", full_page=True)


@pytest.mark.parametrize("name", ["hostile", *SMALL])
def test_unusual_runs_are_drawn_without_complaint(visit, pages, screenshots, name):
    page = visit(pages[name])
    draw_all(page)
    assert "omegasim" in page.title()
    page.screenshot(path=screenshots / f"{name.replace(' ', '-')}.png", full_page=True)


def test_charts_out_of_sight_are_drawn_too(visit, pages):
    page = visit(pages["all losses"])
    page.wait_for_selector("#chart-costs[data-drawn] svg.main-svg", state="attached")
    assert page.evaluate("scrollY") == 0


def spoiled(page, function, folder):
    """The address of a copy of a page in which one drawing function throws."""
    text, head = page.read_text(encoding="utf-8"), f"function {function}(element, c) {{"
    assert text.count(head) == 1
    copy = folder / "broken.html"
    copy.write_text(text.replace(head, f"{head} throw Error('spoiled');"), encoding="utf-8")
    return copy.as_uri()


def test_a_chart_that_fails_says_so_and_stops_no_other(browser, pages, tmp_path):
    page = browser.new_page()
    page.goto(spoiled(pages["all losses"], "drawCumulative", tmp_path))
    page.wait_for_selector("#chart-cumulative[data-failed]", state="attached", timeout=PATIENCE)
    page.wait_for_selector("#chart-costs[data-drawn] svg.main-svg", state="attached", timeout=PATIENCE)
    assert "could not be drawn: Error: spoiled" in page.text_content("#chart-cumulative")
    page.close()


def test_charts_are_drawn_without_frames_idle_time_or_sight(browser, pages):
    page = browser.new_page()
    page.add_init_script(
        "window.requestAnimationFrame = () => 0; window.requestIdleCallback = () => 0;"
        "window.IntersectionObserver = class { observe() {} unobserve() {} };"
    )
    page.goto(pages["one trade"].as_uri())
    page.wait_for_selector("#chart-costs[data-drawn] svg.main-svg", state="attached", timeout=PATIENCE)
    page.close()


def test_charts_are_drawn_where_a_browser_takes_no_file_out_of_the_page(browser, pages):
    page = browser.new_page()
    page.add_init_script("URL.createObjectURL = () => 'blob:null/nowhere';")
    page.goto(pages["one trade"].as_uri())
    page.wait_for_selector("#chart-costs[data-drawn] svg.main-svg", state="attached", timeout=PATIENCE)
    page.close()


# What can be read in a chart or in its picture, with the middle of its box inside the chart.
WORDS = """(chart) => {
  const place = document.getElementById(chart), around = place.getBoundingClientRect();
  const all = `.still :is(span, i), :is(.xtick, .ytick, .y2tick) text, .legendtext`;
  return [...place.querySelectorAll(all)].filter((one) => one.getClientRects().length).map((one) => {
    const box = one.getBoundingClientRect();
    return [one.textContent, (box.left + box.right) / 2 - around.left, (box.top + box.bottom) / 2 - around.top];
  });
}"""


@pytest.fixture
def unscripted(browser):
    """Open a page as a browser shows it that runs no script."""
    contexts = []

    def open_page(path, width):
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=False))
        page = contexts[-1].new_page()
        page.goto(path.as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_pictures_of_equity_and_prices_are_there_without_a_script(unscripted, pages, screenshots, width):
    page = unscripted(pages["year"], width)
    for chart in ("chart-equity", "chart-prices"):
        inside, outside = page.locator(f"#{chart} .still svg").bounding_box(), page.locator(f"#{chart}").bounding_box()
        assert inside["width"] > 0.6 * outside["width"]
        assert inside["height"] > 0.7 * outside["height"]
        assert outside["x"] >= 0
        assert outside["x"] + outside["width"] <= width
    page.screenshot(path=screenshots / f"unscripted-{width}.png", full_page=True)


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("chart", ["chart-equity", "chart-prices"])
def test_a_chart_takes_the_place_of_its_picture_without_a_jump(visit, unscripted, pages, width, chart):
    still = {word: (x, y) for word, x, y in unscripted(pages["year"], width).evaluate(WORDS, chart)}
    page = visit(pages["year"], width)
    page.wait_for_selector(f"#{chart}[data-drawn]", state="attached")
    drawn = {word: (x, y) for word, x, y in page.evaluate(WORDS, chart)}
    assert page.query_selector(f"#{chart} .still") is None
    same = still.keys() & drawn.keys() - {"equity", "balance", "bid"}
    assert len(same) > 0.9 * len(still) - 3
    far = {word for word in same if max(abs(a - b) for a, b in zip(still[word], drawn[word], strict=True)) > 5}
    assert far == set()


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_when_charts_and_buttons_come(visit, unscripted, pages, width):
    tops = "['chart-equity', 'chart-prices', 'find'].map(id => document.getElementById(id).getBoundingClientRect().top)"
    before = unscripted(pages["year"], width).evaluate(tops)
    page = visit(pages["year"], width)
    page.wait_for_selector("#chart-prices[data-drawn]", state="attached")
    assert page.evaluate(tops) == pytest.approx(before, abs=1)


def test_a_chart_that_fails_leaves_its_picture(browser, pages, tmp_path):
    page = browser.new_page()
    page.goto(spoiled(pages["all losses"], "drawEquity", tmp_path))
    page.wait_for_selector("#chart-equity[data-failed] .still", state="attached", timeout=PATIENCE)
    assert "could not be drawn: Error: spoiled" in page.text_content("#chart-equity")
    page.close()


def test_a_page_is_dark_before_anything_is_seen_and_light_on_paper(browser, pages):
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.add_init_script(
        "new MutationObserver(() => { if (document.body) window.first ??= document.documentElement.dataset.theme; })"
        ".observe(document, { subtree: true, childList: true });"
    )
    page.goto(pages["one trade"].as_uri())
    colour = "getComputedStyle(document.documentElement).getPropertyValue('--card')"
    assert page.evaluate("first") == "dark"
    assert page.evaluate(colour) == "#151c28"
    page.emulate_media(media="print")
    assert page.evaluate(colour) == "#ffffff"
    context.close()


def test_the_only_bar_of_a_run_is_seen(visit, pages):
    page = visit(pages["one bar"])
    draw_all(page)
    wide = page.evaluate("document.querySelector('#chart-prices path.box').getBoundingClientRect().width")
    assert wide > 5


def test_stop_and_target_of_a_trade_within_one_bar_are_as_long_as_the_bar(visit, tmp_path):
    result = market(400, 10, stop=1.0, target=1.0)
    assert (result.trades["entry_time"] == result.trades["exit_time"]).any()
    page = visit(result.report(tmp_path / "short.html"))
    draw_all(page)
    lines = page.evaluate(
        "document.querySelector('#chart-prices').data.filter(one => ['stop', 'target'].includes(one.name))"
        ".map(one => [...one.x])"
    )
    lengths = [x[i + 1] - x[i] for x in lines for i in range(0, len(x), 3)]
    assert len(lengths) == 2 * result.trades.height
    assert min(lengths) >= 60_000


def test_buttons_work_before_the_charts_are_drawn(visit, pages):
    page = visit(pages["year"])
    page.evaluate("for (const one of document.querySelectorAll('#price-bar button, [data-by]')) one.click()")
    page.wait_for_selector("#chart-prices[data-drawn]", state="attached")
    page.wait_for_selector("#chart-equity[data-by=trade]", state="attached")


def test_the_filter_finds_and_the_heads_sort(visit, pages):
    page = visit(pages["year"])
    every = page.inner_text("#found")
    page.fill("#find", "stop loss")
    assert page.inner_text("#found") != every
    assert {cell.inner_text() for cell in page.query_selector_all("#trade-table td:nth-child(9)")} == {"stop loss"}
    page.fill("#find", "")
    page.select_option("#show", "wins")
    page.click("#trade-table th:nth-child(10) button")
    nets = [
        float(cell.inner_text().replace(",", "")) for cell in page.query_selector_all("#trade-table td:nth-child(10)")
    ]
    assert nets == sorted(nets)
    assert min(nets) > 0
    page.fill("#find", "no such thing")
    assert page.inner_text("#found").startswith("0 of")


def test_a_click_on_a_row_goes_to_the_trade_and_shows_its_events(visit, pages, screenshots):
    page = visit(pages["year"])
    page.wait_for_selector("#trade-table tbody tr")
    page.click("#trade-table tbody tr:nth-child(3)")
    page.wait_for_selector("#detail:not([hidden]) table.events tbody tr")
    page.wait_for_selector("#chart-prices[data-drawn]")
    kinds = [cell.inner_text() for cell in page.query_selector_all("#detail td:nth-child(2)")]
    assert kinds[:2] == ["accepted", "filled"]
    assert "closed" in kinds
    page.wait_for_function("document.querySelector('#chart-prices').data?.some(one => one.name === 'stop')")
    first, last = page.evaluate("document.querySelector('#chart-prices').layout.xaxis.range.map(x => Date.parse(x))")
    assert last - first < 30 * 86_400_000
    page.screenshot(path=screenshots / "chosen-trade.png")


def test_zooming_loads_detail_and_never_too_many_points(visit, pages):
    page = visit(pages["year"])
    draw_all(page)
    candles = "document.querySelector('#chart-prices').data[0].x.length"
    assert 50 < page.evaluate(candles) < 400
    assert "bars; bid" in page.inner_text("#price-note")
    page.evaluate("Plotly.relayout('chart-prices', {'xaxis.range': ['2024-03-05 08:00', '2024-03-05 11:00']})")
    page.wait_for_function("document.querySelector('#price-note').textContent.startsWith('One candle is one bar')")
    assert 150 < page.evaluate(candles) < 400
    points = "document.querySelector('#chart-equity').data[0].x.length"
    whole = page.evaluate(points)
    page.evaluate("Plotly.relayout('chart-equity', {'xaxis.range': ['2024-03-05', '2024-03-06']})")
    page.wait_for_function(f"{points} !== {whole}")
    assert page.evaluate(points) < 4_000
    page.click("[data-by=trade]")
    page.wait_for_function("document.querySelector('#chart-equity').dataset.by === 'trade'")


def test_the_switch_changes_the_colours_of_page_and_charts(visit, pages):
    page = visit(pages["all losses"])
    draw_all(page)
    colour = "document.querySelector('#chart-equity').data[0].line.color"
    before = page.evaluate(colour)
    page.click("#theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.wait_for_function(f"{colour} !== '{before}'")


def test_text_of_a_run_stays_text(visit, pages):
    page = visit(pages["hostile"])
    page.click("#trade-table tbody tr")
    page.wait_for_selector("#detail:not([hidden])")
    assert "broken" in page.inner_text("#detail")
    assert "omegasim" in page.title()


def test_the_comparison_lays_curves_over_each_other(visit, screenshots, tmp_path):
    path = tmp_path / "comparison.html"
    runs = {"<b>one</b>": market(20_000, 100), "two": market(20_000, 150), "three": all_losses()}
    path.write_text(comparison_page(runs), encoding="utf-8")
    for width in (1280, 390):
        page = visit(path, width)
        draw_all(page)
        assert page.evaluate("document.querySelector('#chart-overlay').data.length") == 3
        assert page.evaluate("document.documentElement.scrollWidth") == width
        page.screenshot(path=screenshots / f"comparison-{width}.png", full_page=True)


def test_a_hundred_thousand_trades_are_usable(visit, tmp_path):
    page = visit(many().report(tmp_path / "many.html"))
    draw_all(page)
    page.fill("#find", "take profit")
    page.wait_for_function("/of (9\\d|100),\\d{3} trades/.test(document.querySelector('#found').textContent)")
