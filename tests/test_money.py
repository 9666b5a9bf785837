"""Currency, sizing and commission, counted by hand (F, Z, C1)."""

from datetime import timedelta

import polars as pl
import pytest
from builders import EURUSD, START, at, flat, long, settings, signals
from money import GER40, USDJPY, amounts, events, moving

import omegasim as om

CLOSE = {"action": "close", "direction": "long"}
PRICES = [1.1, 1.2, 1.25, 1.6, 2.0, 2.5]


def account(currency: str, **more) -> om.Account:
    return om.Account(currency=currency, balance=1e6, **more)


def round_trip(result: om.Result) -> dict:
    (closed,) = events(result, "closed")
    return closed


def test_f1_identity_converts_nothing():
    result = om.simulate(moving(PRICES, start=START), signals(long(0), long(2, **CLOSE)), settings())
    assert result.trades["result"].to_list() == [(1.6 - 1.2) * 100_000.0]
    assert result.events["rate"].is_null().all()


def test_f1_the_runs_own_bars_are_known_only_after_their_end():
    config = settings(account=account("EUR"))
    result = om.simulate(moving(PRICES, start=START), signals(long(0), long(3, **CLOSE)), config)
    closed = round_trip(result)
    # At the open of bar 4 the newest complete bar is 3: a mid of 1.6.
    assert (closed["price"], closed["rate"]) == (2.0, 1.0 / 1.6)
    assert closed["amount"] == (2.0 - 1.2) * 100_000.0 * (1.0 / 1.6)


def test_f1_the_close_of_a_bar_knows_its_own_rate():
    config = settings(account=account("EUR"))
    closed = round_trip(om.simulate(moving(PRICES, start=START), signals(long(0)), config))
    assert (closed["reason"], closed["rate"]) == ("end_of_data", 1.0 / 2.5)


def test_f1_the_rate_is_the_middle_of_the_quote():
    bars = moving([1.0, 1.0, 1.0], start=START, spread=0.5)
    result = om.simulate(bars, signals(long(0)), settings(account=account("EUR", leverage=1e9)))
    assert round_trip(result)["rate"] == 1.0 / 1.25


def test_f1_a_given_pair_directly():
    config = settings(instruments=(GER40,))
    table = signals(long(0), long(2, **CLOSE))
    rates = {"EURUSD": moving(PRICES, start=START - timedelta(minutes=1))}
    result = om.simulate(moving([100.0, 110.0, 120.0, 130.0], start=START), table, config, rates=rates)
    # The rate bar of minute 2 is over at minute 3, and it is the fourth of the series.
    assert round_trip(result)["rate"] == 1.6
    assert result.trades["result"].to_list() == [20.0 * 1.6]


def test_f1_a_longer_rate_bar_is_known_at_its_end():
    rates = {"EURUSD": moving([1.25, 2.0], start=START - timedelta(hours=1), step=timedelta(hours=1))}
    config = settings(instruments=(GER40,))
    bars = moving([100.0] * 61 + [110.0, 110.0], start=START)
    result = om.simulate(bars, signals(long(0), long(0), long(10, **CLOSE, ticket=1)), config, rates=rates)
    assert [event["rate"] for event in events(result, "closed")] == [1.25, 2.0]


def test_f1_through_the_hub():
    config = settings(account=account("GBP", rates={"GBPUSD": 1.25}), instruments=(USDJPY,))
    result = om.simulate(moving([100.0, 100.0, 101.0, 102.0], start=START), signals(long(0), long(2, **CLOSE)), config)
    assert round_trip(result)["rate"] == 1.0 / 101.0 * (1.0 / 1.25)
    assert result.trades["result"].to_list() == pytest.approx([200_000 / 101 / 1.25])


def test_f1_another_hub():
    config = settings(account=account("GBP", hub="EUR", rates={"EURUSD": 1.25, "EURGBP": 0.8}))
    result = om.simulate(flat(), signals(long(0)), config)
    assert round_trip(result)["rate"] == 1.0 / 1.25 * 0.8


def test_f1_a_constant_stands_before_the_runs_own_bars():
    config = settings(account=account("EUR", rates={"EURUSD": 1.25}))
    assert round_trip(om.simulate(moving(PRICES, start=START), signals(long(0)), config))["rate"] == 0.8


def test_f1_equity_and_margin_are_converted():
    config = settings(account=account("EUR", leverage=20.0, rates={"EURUSD": 1.25}))
    rows = om.simulate(moving([1.1, 1.1, 1.2, 1.2], start=START), signals(long(0)), config).equity
    assert rows["equity"].to_list() == pytest.approx([1e6, 1e6, 1e6 + 8_000, 1e6 + 8_000])
    assert rows["margin"].to_list() == pytest.approx([0.0, 4_400, 4_400, 0.0])


def test_a1_a_tick_value_is_account_money():
    instrument = EURUSD.model_copy(update={"tick_value": 0.9})
    config = settings(account=account("EUR"), instruments=(instrument,))
    result = om.simulate(moving([1.1, 1.1, 1.2], start=START), signals(long(0)), config)
    assert result.trades["result"].to_list() == pytest.approx([9_000.0])
    assert result.events["rate"].is_null().all()


def test_f2_no_path():
    with pytest.raises(om.InputError, match="EURUSD: no rate turns USD into CHF"):
        om.simulate(flat(), signals(long(0)), settings(account=account("CHF")))


def test_f2_a_rate_that_is_not_known_yet():
    rates = {"EURUSD": moving([1.25] * 5, start=at(3))}
    with pytest.raises(om.InputError, match=r"rate EURUSD: .*2024-01-02T10:01:00Z"):
        om.simulate(moving([100.0] * 5, start=START), signals(long(0)), settings(instruments=(GER40,)), rates=rates)


def test_f2_a_stale_rate():
    config = settings(account=om.Account(currency="USD", balance=1e6, stale_limit_hours=0.5), instruments=(GER40,))
    rates = {"EURUSD": moving([1.25], start=START)}
    rates = {"EURUSD": om.Bars(rates["EURUSD"], symbol="EURUSD", timeframe="M1")}
    # Known from 10:01; 10:31 is the last good moment, and the close of the bar of 10:31 is beyond it.
    assert om.simulate(moving([100.0] * 31, start=START), signals(long(0)), config, rates=rates).trades.height == 1
    with pytest.raises(om.InputError, match=r"rate EURUSD: .*10:32:00Z is from 2024-01-02T10:01:00Z, older"):
        om.simulate(moving([100.0] * 32, start=START), signals(long(0)), config, rates=rates)


def test_f2_nobody_asks_for_a_rate_without_a_position():
    rates = {"EURUSD": moving([1.25] * 5, start=at(3))}
    om.simulate(moving([100.0] * 5, start=START), None, settings(instruments=(GER40,)), rates=rates)


@pytest.mark.parametrize(
    ("sizing", "price", "volume"),
    [
        # 20 pips are 200 USD, 160 EUR a lot.
        (om.Sizing.risk_amount(1_000.0), 1.1, 6.25),
        (om.Sizing.risk_percent(0.5), 1.1, 31.25),
        (om.Sizing.risk_percent(0.5, of="equity"), 1.1, 31.25),
        # A lot is 110,000 USD, 88,000 EUR.
        (om.Sizing.notional(100_000.0), 1.1, 1.13),
        (om.Sizing.equity_fraction(0.5), 1.1, 5.68),
        (om.Sizing.fixed_lots(0.3), 1.1, 0.3),
    ],
)
def test_z1_every_sizing_is_in_account_money(sizing, price, volume):
    config = settings(account=account("EUR", rates={"EURUSD": 1.25}), sizing=sizing)
    bars = flat(5, price, spread=0.0)
    assert om.simulate(bars, signals(long(0, stop_loss=price - 0.002)), config).trades["volume"].to_list() == [volume]


def test_z5_risk_asked_for_and_taken():
    config = settings(account=account("EUR", rates={"EURUSD": 1.25}), sizing=om.Sizing.risk_amount(1_001.0))
    result = om.simulate(flat(5, spread=0.0), signals(long(0, stop_loss=1.098)), config)
    # 1,001 / 160 = 6.256 lots, down to 6.25.
    assert result.trades["risk"].to_list() == pytest.approx([1_000.0])
    assert result.trades["risk_per_trade"].to_list() == [1_001.0]
    assert (result.metrics["risk_asked"], result.metrics["risk_taken"]) == pytest.approx((1_001.0, 1_000.0))


def test_z5_the_largest_volume_takes_less_than_asked():
    instrument = EURUSD.model_copy(update={"volume_max": 2.0})
    config = settings(account=account("EUR", rates={"EURUSD": 1.25}), instruments=(instrument,))
    result = om.simulate(flat(5, spread=0.0), signals(long(0, stop_loss=1.098, risk=1_000.0)), config)
    assert result.trades["risk"].to_list() == pytest.approx([320.0])
    assert result.trades["risk_per_trade"].to_list() == [1_000.0]


def test_z4_the_least_volume_takes_more_than_asked():
    sizing = om.Sizing.risk_amount(1.0, below_min="min")
    config = settings(account=account("EUR", rates={"EURUSD": 1.25}), sizing=sizing)
    result = om.simulate(flat(5, spread=0.0), signals(long(0, stop_loss=1.098)), config)
    assert result.trades["volume"].to_list() == [0.01]
    assert result.trades["risk"].to_list() == pytest.approx([1.6])


def fees(commission: om.Commission, **more) -> list[float]:
    config = settings(
        account=account("EUR", rates={"EURUSD": 1.25, "GBPUSD": 1.5}, **more), costs=om.Costs(commission=commission)
    )
    return amounts(om.simulate(flat(5, 1.2, spread=0.0), signals(long(0, volume=0.5)), config), "commission")


def test_c1_commission_of_another_currency():
    # One GBP is 1.5 USD, 1.2 EUR.
    assert fees(om.Commission.per_lot(7.0, currency="GBP")) == [-4.2, -4.2]
    assert fees(om.Commission.per_lot(7.0, currency="GBP", side="exit")) == [-4.2]
    assert fees(om.Commission.per_lot(7.0, min_fee=5.0, currency="GBP")) == [-6.0, -6.0]
    # 60,000 USD of notional are 40,000 GBP, 48,000 EUR.
    assert fees(om.Commission.per_million(50.0, currency="GBP")) == [-2.4, -2.4]
    assert fees(om.Commission.per_million(50.0)) == [-2.4, -2.4]
    assert fees(om.Commission.percent(0.01, currency="USD", side="entry"), digits=0) == [-5.0]


def test_c1_the_events_carry_the_rate_of_the_commission():
    costs = om.Costs(commission=om.Commission.per_lot(7.0, currency="GBP"))
    config = settings(account=account("EUR", rates={"EURUSD": 1.25, "GBPUSD": 1.5}), costs=costs)
    result = om.simulate(flat(), signals(long(0)), config)
    assert [event["rate"] for event in events(result, "commission")] == pytest.approx([1.2, 1.2])
    assert round_trip(result)["rate"] == 0.8


def test_c1_a_commission_of_an_unknown_currency():
    costs = om.Costs(commission=om.Commission.per_lot(1.0, currency="XYZ"))
    with pytest.raises(om.InputError, match="no rate turns XYZ into USD"):
        om.simulate(flat(), None, settings(costs=costs))


def test_legacy_converts_nothing():
    config = settings(account=account("EUR"), rules=om.Rules.preset("legacy"), sizing=om.Sizing.risk_amount(100.0))
    assert om.simulate(flat(), None, config).events["rate"].is_null().all()


@pytest.mark.parametrize("pair", ["EUR", 3])
def test_rates_are_named_by_pairs(pair):
    with pytest.raises(om.InputError, match="expected a pair of two currencies"):
        om.simulate(flat(), None, settings(), rates={pair: flat()})


CAUSES = ("grid", "minimum", "maximum", "volume", "gap")


def risk_by(result: om.Result) -> dict[str, float]:
    """The metrics' causes that are not nothing; all of them add up to the difference."""
    causes = {cause: result.metrics[f"risk_by_{cause}"] for cause in CAUSES}
    difference = result.metrics["risk_taken"] - result.metrics["risk_asked"]
    assert sum(causes.values()) == pytest.approx(difference, abs=1e-9)
    return {cause: round(money, 6) for cause, money in causes.items() if abs(money) > 1e-9}


def sized(sizing: om.Sizing, *rows: dict, instrument: om.Instrument = EURUSD, bars=None, **changes) -> dict[str, float]:
    config = settings(
        account=account("EUR", rates={"EURUSD": 1.25}, leverage=500.0),
        sizing=sizing,
        instruments=(instrument,),
        **changes,
    )
    return risk_by(om.simulate(flat(5, spread=0.0) if bars is None else bars, signals(*rows), config))


def test_z5_the_grid_keeps_some_of_the_risk():
    # 20 pips are 160 EUR a lot: 1,001 buy 6.25625 lots, of which 6.25 are traded.
    assert sized(om.Sizing.risk_amount(1_001.0), long(0, stop_loss=1.098)) == {"grid": -1.0}


def test_z5_the_least_volume_adds_risk():
    assert sized(om.Sizing.risk_amount(1.0, below_min="min"), long(0, stop_loss=1.098)) == {"minimum": 0.6}


def test_z5_the_largest_volume_cuts_risk():
    instrument = EURUSD.model_copy(update={"volume_max": 2.0})
    assert sized(om.Sizing.risk_amount(1_000.0), long(0, stop_loss=1.098), instrument=instrument) == {"maximum": -680.0}


def test_z5_a_given_volume_decides_whatever_the_risk():
    row = long(0, stop_loss=1.098, volume=1.0, risk=100.0)
    assert sized(om.Sizing.fixed_lots(1.0), row) == {"volume": 60.0}
    without = long(0, volume=1.0, risk=100.0)
    assert sized(om.Sizing.fixed_lots(1.0), without) == {"volume": -100.0}


def test_z5_nothing_asked_for_differs_from_nothing():
    assert sized(om.Sizing.fixed_lots(0.37), long(0, stop_loss=1.098)) == {}


def test_z5_slippage_adds_risk():
    # 1,000 buy 6.25 lots at 20 pips; two pips of slippage cost 16 EUR a lot.
    costs = om.Costs(slippage=om.Slippage.fixed(2.0))
    assert sized(om.Sizing.risk_amount(1_000.0), long(0, stop_loss=1.098), costs=costs) == {"gap": 100.0}


def test_z5_a_gap_over_the_order_adds_risk():
    bars = moving([1.1, 1.1, 1.105, 1.105], start=START)
    row = long(0, order_type="stop", price=1.102, stop_loss=1.098)
    # Sized at 40 pips, 320 EUR a lot: 3.125 lots, down to 3.12; filled 30 pips later, 240 EUR a lot.
    expected = {"grid": round(3.12 * 320 - 1_000, 6), "gap": round(3.12 * 240, 6)}
    assert sized(om.Sizing.risk_amount(1_000.0), row, bars=bars) == expected


def test_z5_partial_closes_share_the_causes():
    table = signals(long(0, stop_loss=1.098), long(1, action="close", fraction=0.3))
    config = settings(account=account("EUR", rates={"EURUSD": 1.25}), sizing=om.Sizing.risk_amount(1_001.0))
    result = om.simulate(flat(5, spread=0.0), table, config)
    assert result.trades.height == 2
    assert risk_by(result) == {"grid": -1.0}
    kept = om.simulate(flat(5, spread=0.0), table, config.model_copy(update={"rules": om.Rules(end_of_data="keep")}))
    # 1.87 of 6.25 lots.
    assert risk_by(kept) == {"grid": pytest.approx(-1.87 / 6.25, abs=1e-6)}


def test_z5_in_netting_orders_add_their_causes_and_reversals_keep_their_share():
    hedging = account("EUR", rates={"EURUSD": 1.25}, leverage=500.0)
    config = settings(account=hedging.model_copy(update={"mode": "netting"}))
    first, second = long(0, stop_loss=1.098, risk=1_001.0), long(1, stop_loss=1.098, risk=500.5)
    # 500.5 buy 3.12 lots (499.2).
    assert risk_by(om.simulate(flat(5, spread=0.0), signals(first, second), config)) == {"grid": -2.3}
    short = {"minute": 1, "direction": "short", "stop_loss": 1.102, "risk": 2_002.0}
    # 12.51 lots (2,001.6) close 6.25 and open 6.26.
    reversed_ = risk_by(om.simulate(flat(5, spread=0.0), signals(first, short), config))
    assert reversed_ == {"grid": pytest.approx(-1.0 - 0.4 * 6.26 / 12.51, abs=1e-6)}


def test_c1_a_fee_by_lots_in_account_money_has_no_rate():
    config = settings(
        account=account("EUR", rates={"EURUSD": 1.25}), costs=om.Costs(commission=om.Commission.per_lot(7.0))
    )
    result = om.simulate(flat(), signals(long(0)), config)
    assert [event["rate"] for event in events(result, "commission")] == [None, None]
    by_notional = settings(
        account=account("EUR", rates={"EURUSD": 1.25}), costs=om.Costs(commission=om.Commission.percent(0.01))
    )
    result = om.simulate(flat(), signals(long(0)), by_notional)
    assert [event["rate"] for event in events(result, "commission")] == [0.8, 0.8]


@pytest.mark.parametrize("multiplier", [2_200.0, 1e9])
def test_c2_a_spread_wider_than_the_price_is_refused(multiplier):
    config = settings(costs=om.Costs(spread_multiplier=multiplier))
    bars = flat(5, 0.1, spread=0.0001).with_columns(
        pl.Series(f"ask_{name}", [0.1, 0.1, 0.1, 0.1001, 0.1001]) for name in ("open", "high", "low", "close")
    )
    sentence = (
        r"^EURUSD: row 3 at 2024-01-02T10:03:00Z: costs.spread_multiplier .* moves the bid down to -.*; "
        r"expected a price above 0$"
    )
    with pytest.raises(om.NumberError, match=sentence) as error:
        om.simulate(bars, None, config)
    assert error.value.code == 2004


def test_c2_a_spread_wider_than_the_price_of_a_tick_is_refused():
    ticks = pl.DataFrame({"time": [START], "bid": [0.1], "ask": [0.2]})
    config = settings(costs=om.Costs(spread_multiplier=3.0), rules=om.Rules(signal_timeframe="tick"))
    with pytest.raises(om.NumberError, match=r"row 0 at 2024-01-02T10:00:00Z: costs.spread_multiplier 3 moves the bid"):
        om.simulate(None, None, config, ticks=ticks)
