"""The third door leaves what the first one leaves."""

from datetime import timedelta

import polars as pl
import pytest
from builders import EURUSD, settings
from strategy.recording import Recording

import omegasim as om

GBPUSD = EURUSD.model_copy(update={"symbol": "GBPUSD", "base": "GBP"})
RISK = om.Sizing.risk_amount(100.0)


def market(bars: int = 3_000, seed: int = 7) -> om.Bars:
    return om.synthetic_bars(EURUSD, bars=bars, seed=seed)


def fingerprints(config, *, bars=None, ticks=None, table_config=None):
    strategy = Recording(seed=3)
    backtest = om.Backtest(bars, strategy, config, ticks=ticks)
    led = backtest.run()
    table = backtest.strategies[0].table()
    given = om.simulate(bars, table, table_config or config, ticks=ticks)
    assert table.height > 50
    return led.fingerprint, given.fingerprint


@pytest.mark.parametrize("intrabar", ["worst", "best", "olhc", "ohlc", "nearest", "candle"])
def test_a_strategy_and_a_table_of_its_signals_leave_the_same(intrabar):
    config = settings(rules=om.Rules(intrabar=intrabar), sizing=RISK, instruments=(EURUSD,))
    led, given = fingerprints(config, bars=market())
    assert led == given


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": om.Rules(market_fill="signal_close")},
        {"rules": om.Rules(delay=2)},
        {"rules": om.Rules.preset("metatrader")},
        {"rules": om.Rules(max_positions=1), "costs": om.Costs(slippage=om.Slippage.uniform(0.1, 0.5))},
        {"account": om.Account(currency="USD", balance=2_000.0, leverage=30.0, mode="netting")},
        {"costs": om.Costs(spread_multiplier=2.0, commission=om.Commission.per_lot(3.0))},
    ],
    ids=["signal close", "delay", "metatrader", "one position", "netting", "wide spread"],
)
def test_they_leave_the_same_under_other_settings(changes):
    led, given = fingerprints(settings(**{"sizing": RISK, **changes}), bars=market())
    assert led == given


def test_they_leave_the_same_over_several_symbols():
    config = settings(instruments=(EURUSD, GBPUSD), sizing=RISK)
    gappy = market(2_000, seed=9).frame.filter(pl.int_range(pl.len()) % 7 != 3)
    led, given = fingerprints(config, bars={"EURUSD": market(2_000), "GBPUSD": gappy})
    assert led == given


def test_they_leave_the_same_over_ticks():
    ticks = market(2_000).frame.select(
        pl.col("time") + pl.duration(nanoseconds=pl.int_range(pl.len()) % 3), bid="bid_close", ask="ask_close"
    )
    config = settings(sizing=RISK)
    given = settings(sizing=RISK, rules=om.Rules(signal_timeframe="tick"))
    led, given = fingerprints(config, ticks=ticks, table_config=given)
    assert led == given


def test_a_signal_of_a_longer_bar_acts_when_a_signal_of_that_timeframe_acts():
    class Hourly(om.Strategy):
        timeframes = ("H1",)

        def on_start(self):
            self.times = []

        def on_bar(self, bar):
            self.times.append(bar.time_ns)
            self.buy(stop_loss_pips=20.0, take_profit_pips=20.0)

    bars = market(3_000)
    backtest = om.Backtest(bars, Hourly(), settings())
    led = backtest.run()
    times = backtest.strategies[0].times
    table = pl.DataFrame({"time": times}).select(
        pl.col("time").cast(pl.Datetime("ns", "UTC")),
        direction=pl.lit("long"),
        stop_loss_pips=20.0,
        take_profit_pips=20.0,
    )
    given = om.simulate(bars, table, settings(rules=om.Rules(signal_timeframe="H1")))
    entries = ["entry_time", "entry_price", "exit_time", "exit_price", "net"]
    assert led.trades.height > 20
    assert led.trades.select(entries).equals(given.trades.select(entries))


def test_a_run_can_be_repeated():
    backtest = om.Backtest(market(), Recording(seed=5), settings(sizing=RISK))
    assert backtest.run().fingerprint == backtest.run().fingerprint


def test_drilling_works_as_in_a_batch():
    minutes = market(3_000)
    fives = om.resample(minutes, "M5")
    strategy = Recording(seed=3)
    config = settings(rules=om.Rules(intrabar="drill"), sizing=RISK)
    backtest = om.Backtest(fives, strategy, config, finer=minutes)
    led = backtest.run()
    given = om.simulate(fives, backtest.strategies[0].table(), config, finer=minutes)
    assert led.fingerprint == given.fingerprint
    assert led.record.counts["drilled"] > 0


def test_conversion_rates_reach_a_strategy_as_they_reach_a_batch():
    eurgbp = EURUSD.model_copy(update={"symbol": "EURGBP", "quote": "GBP"})
    config = settings(account=om.Account(currency="USD", balance=100_000.0), instruments=(eurgbp,), sizing=RISK)
    rates = market(1_200, seed=4)
    bars = market(1_000)
    # Rates begin a bar earlier, so that one is known at the first bar.
    earlier = rates.frame.with_columns(pl.col("time") - timedelta(minutes=1))
    strategy = Recording(seed=3)
    backtest = om.Backtest({"EURGBP": bars.frame}, strategy, config, rates={"GBPUSD": earlier})
    led = backtest.run()
    given = om.simulate({"EURGBP": bars.frame}, backtest.strategies[0].table(), config, rates={"GBPUSD": earlier})
    assert led.fingerprint == given.fingerprint
    assert led.events["rate"].drop_nulls().n_unique() > 5
