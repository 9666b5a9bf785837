from builders import EURUSD, settings
from report.runs import market
from report.test_page import data_of, sections_of

import omegasim as om
from omegasim.report.page import report_page
from omegasim.report.strategies import LINES


class Talking(om.Strategy):
    timeframes = ("M5",)
    filters = (om.filters.TradingHours("08:00", "16:00"),)

    def __init__(self, pips=20.0, words="<b>bar</b>"):
        self.pips, self.words = pips, words

    def on_bar(self, bar):
        self.log(f"{self.words} {bar.time}")
        if self.position is None:
            self.buy(stop_loss_pips=self.pips, take_profit_pips=self.pips)


def talk(bars=4_000, **parameters):
    return om.Backtest(om.synthetic_bars(EURUSD, bars=bars, seed=3), Talking(**parameters), settings()).run()


def test_a_strategy_its_parameters_and_its_log_are_on_the_page():
    result = talk(pips=17.5)
    page = report_page(result)
    assert "strategies" in sections_of(page)
    shown = page.split('<section id="strategies">')[1].split("</section>")[0]
    assert "Talking" in shown
    assert "17.5" in shown
    assert "TradingHours" in shown
    assert shown.count("&lt;b&gt;bar&lt;/b&gt;") == result.log.height + 1  # the parameter itself
    assert "<b>bar</b>" not in page
    assert "held back by a filter" in page


def test_a_long_log_keeps_its_ends():
    result = talk(bars=8_000)
    shown = report_page(result).split('<section id="strategies">')[1].split("</section>")[0]
    assert result.log.height > LINES
    assert f"{result.log.height - LINES:,} lines left out" in shown
    first, last = result.log["message"][0], result.log["message"][-1]
    assert first.rpartition("</b>")[2] in shown
    assert last.rpartition("</b>")[2] in shown


def test_a_saved_strategy_run_shows_the_same(tmp_path):
    result = talk()
    loaded = om.load_result(result.save(tmp_path / "run"))
    parts = [report_page(one).split('<section id="strategies">')[1].split("</section>")[0] for one in (result, loaded)]
    assert parts[0] == parts[1]


def test_a_run_that_signals_led_has_no_such_section():
    assert "strategies" not in sections_of(report_page(market(2_000, 100)))


def test_the_rate_of_a_conversion_is_among_the_events():
    euros = om.Account(currency="EUR", balance=100_000.0, leverage=30.0)
    converted = market(3_000, 100, config=settings(account=euros, sizing=om.Sizing.fixed_lots(0.1)))
    assert "rate" in data_of(report_page(converted))["events"]
    assert "rate" not in data_of(report_page(market(3_000, 100)))["events"]


def test_the_parts_of_the_risk_taken_stand_beside_it():
    result = market(20_000, 100)
    page = report_page(result)
    assert result.metrics["risk_by_grid"]
    assert "of the difference: rounding to the volume step" in page
    assert "of the difference: raised to the smallest volume" not in page
