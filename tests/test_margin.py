"""Margin terms, stop-outs and hours, counted by hand (A3, S2)."""

from datetime import timedelta

import polars as pl
import pytest
from builders import EURUSD, START, flat, long, settings, signals
from money import events, hours, moving, orders, utc

import omegasim as om

SHORT = {"direction": "short"}


def margin_of(terms: om.Margin | None, *rows: dict, **changes) -> float:
    """Margin in use after the first bar of the positions."""
    instrument = EURUSD.model_copy(update={"margin": terms})
    config = settings(instruments=(instrument,), **changes)
    return om.simulate(flat(4, 1.0, spread=0.0), signals(*rows), config).equity["margin"][1]


def test_a3_the_instruments_leverage_stands_before_the_accounts():
    assert margin_of(None, long()) == pytest.approx(100_000 / 30)
    assert margin_of(om.Margin(leverage=20.0), long()) == 5_000.0


def test_a3_tiers_charge_the_first_lots_first():
    terms = om.Margin(
        tiers=[om.Tier(up_to=2.0, leverage=100.0), om.Tier(up_to=5.0, leverage=50.0), om.Tier(leverage=20.0)]
    )
    # 2 lots at 1,000, 3 at 2,000, 1 at 5,000; a second position goes on where the first has stopped.
    assert margin_of(terms, long(volume=6.0)) == 2_000 + 6_000 + 5_000
    assert margin_of(terms, long(volume=1.0), long(volume=5.0)) == 13_000.0
    # Each side has its own first lots.
    assert margin_of(terms, long(volume=3.0), long(volume=1.0, **SHORT)) == 4_000 + 1_000


def test_a3_hedged_volume_binds_less():
    terms = om.Margin(leverage=10.0, hedged=0.5)
    assert margin_of(terms, long(volume=3.0), long(volume=1.0, **SHORT)) == 30_000 + 5_000
    assert margin_of(terms, long(volume=3.0), long(volume=4.0, **SHORT)) == 40_000 + 15_000


def test_a3_a_hedge_needs_only_what_it_adds():
    terms = om.Margin(leverage=1.0, hedged=0.0)
    instrument = EURUSD.model_copy(update={"margin": terms})
    account = om.Account(currency="USD", balance=100_000.0)
    table = signals(long(), long(**SHORT), long(volume=0.01))
    result = om.simulate(flat(4, 1.0, spread=0.0), table, settings(instruments=(instrument,), account=account))
    assert [event["reason"] for event in events(result, "rejected")] == ["insufficient_margin"]
    assert len(events(result, "filled")) == 2


def test_a3_free_margin_covers_margin_and_commission_in_account_money():
    # A lot is 80,000 EUR of notional, 8,000 EUR of margin.
    costs = om.Costs(commission=om.Commission.per_lot(1.0))

    def rejected(balance: float) -> list[dict]:
        account = om.Account(currency="EUR", balance=balance, leverage=10.0, rates={"EURUSD": 1.25})
        return events(
            om.simulate(flat(4, 1.0, spread=0.0), signals(long()), settings(account=account, costs=costs)), "rejected"
        )

    assert rejected(8_001.0) == []
    assert [event["reason"] for event in rejected(8_000.99)] == ["insufficient_margin"]


def dip() -> pl.DataFrame:
    """Within the bar of 10:02 the price falls by 180 pips and comes back."""
    bars = flat(5, 1.1, spread=0.0)
    return bars.with_columns(low=bars["bid_low"].scatter(2, 1.082)).select(
        pl.exclude("low", "bid_low", "ask_low"), bid_low="low", ask_low="low"
    )


def dipping(**rules) -> om.Result:
    """A long of one lot on 2,000 in the dip."""
    account = om.Account(currency="USD", balance=2_000.0, leverage=100.0, stop_out_level=0.5)
    return om.simulate(dip(), signals(long()), settings(account=account, rules=om.Rules(**rules)))


def test_a3_at_the_close_the_dip_is_not_seen():
    assert dipping().trades["reason"].to_list() == ["end_of_data"]


def test_a3_worst_price_stops_out_inside_the_bar():
    result = dipping(margin_check="worst_price")
    # Equity at the low is 2,000 - 1,800 = 200, margin 1,100.
    assert result.trades["reason"].to_list() == ["stop_out"]
    assert result.trades["exit_price"].to_list() == [1.082]
    assert result.trades["result"].to_list() == pytest.approx([-1_800.0])
    (stop_out,) = events(result, "stop_out")
    assert (stop_out["price"], stop_out["volume"]) == (1.082, 1.0)


def test_a3_worst_price_takes_the_largest_loss_first():
    account = om.Account(currency="USD", balance=2_000.0, leverage=100.0, stop_out_level=0.5)
    config = settings(account=account, rules=om.Rules(margin_check="worst_price"))
    result = om.simulate(dip(), signals(long(volume=0.2), long(volume=0.8)), config)
    # Without the 0.8 lots equity is 200 over a margin of 220.
    assert [event["ticket"] for event in events(result, "stop_out")] == [2]


def test_a3_worst_price_marks_the_equity_at_the_close_again():
    rows = dipping(margin_check="worst_price", end_of_data="keep").equity
    assert rows["equity"].to_list() == pytest.approx([2_000.0, 2_000.0, 200.0, 200.0, 200.0])
    calm = om.Account(currency="USD", balance=50_000.0, leverage=100.0)
    config = settings(account=calm, rules=om.Rules(margin_check="worst_price"))
    assert om.simulate(flat(4, spread=0.0), signals(long()), config).equity["equity"].to_list() == [50_000.0] * 4


@pytest.mark.parametrize(
    ("tiers", "sentence"),
    [
        ([om.Tier(leverage=30.0), om.Tier(leverage=20.0)], r"tiers\[0\]: expected an up_to"),
        ([om.Tier(up_to=5.0, leverage=30.0)], r"tiers\[0\]: expected the last tier to be open"),
        (
            [om.Tier(up_to=5.0, leverage=30.0), om.Tier(up_to=5.0, leverage=20.0), om.Tier(leverage=10.0)],
            r"tiers\[1\].up_to: expected a finite number above 5",
        ),
    ],
)
def test_a3_a_table_of_tiers_has_no_holes(tiers, sentence):
    with pytest.raises(om.InputError, match=sentence):
        margin_of(om.Margin(tiers=tiers), long())


def test_a3_no_leverage_is_zero():
    for build in (om.Tier, om.Margin):
        with pytest.raises(om.InputError, match="leverage: expected a number above 0"):
            build(leverage=0.0)
    with pytest.raises(om.InputError, match="leverage: expected a number above 0"):
        om.Account(currency="USD", balance=1.0, leverage=0.0)


BERLIN = om.Sessions(
    zone="Europe/Berlin",
    hours=[om.Hours(days=["monday", "tuesday", "wednesday", "thursday", "friday"], open="09:00", close="17:30")],
    holidays=["2024-01-10"],
)


def reasons(sessions: om.Sessions, *moments: tuple[int, int]) -> list[str | None]:
    """What becomes of orders that arrive on days and hours (UTC) of January 2024."""
    instrument = EURUSD.model_copy(update={"sessions": sessions})
    table = orders(*({"time": utc(2024, 1, day, hour) - timedelta(hours=1)} for day, hour in moments))
    result = om.simulate(hours(utc(2024, 1, 7), 24 * 7), table, settings(instruments=(instrument,)))
    return [event["reason"] for event in result.events.to_dicts() if event["kind"] in ("accepted", "rejected")]


def test_s2_orders_outside_the_hours_are_rejected():
    closed = "market_closed"
    assert reasons(BERLIN, (8, 7), (8, 8), (8, 16), (8, 17)) == [closed, None, None, closed]
    assert reasons(BERLIN, (7, 12), (10, 12), (11, 12)) == [closed, closed, None]


def test_s2_a_session_until_midnight():
    sessions = om.Sessions(zone="UTC", hours=[om.Hours(days=["monday"], open="22:00", close="24:00")])
    assert reasons(sessions, (8, 21), (8, 22), (8, 23), (9, 0)) == ["market_closed", None, None, "market_closed"]


def test_s2_positions_are_closed_whatever_the_hour():
    instrument = EURUSD.model_copy(update={"sessions": BERLIN})
    table = orders({"time": utc(2024, 1, 8, 9)}, {"time": utc(2024, 1, 8, 20), "action": "close"})
    result = om.simulate(hours(utc(2024, 1, 8), 40), table, settings(instruments=(instrument,)))
    assert result.trades["reason"].to_list() == ["signal"]


def test_hours_close_after_they_open():
    with pytest.raises(om.InputError, match=r"expected the close after the open, found 22:00 to 02:00$"):
        om.Hours(days=["monday"], open="22:00", close="02:00")


@pytest.mark.parametrize("clock", ["9", "9:00", "24:30", "noon"])
def test_hours_are_times_of_day(clock):
    with pytest.raises(om.InputError, match=r"open: expected a time of day such as \"17:00\", found"):
        om.Hours(days=["monday"], open=clock, close="24:00")


def test_hours_are_of_a_zone_that_exists():
    hours = om.Hours(days=["monday"], open="09:00", close="17:00")
    with pytest.raises(om.InputError, match=r'zone: expected an IANA zone such as "America/New_York", found .Mars.'):
        om.Sessions(zone="Mars", hours=[hours])


def test_a3_margin_is_converted_at_the_rate_of_the_moment():
    account = om.Account(currency="EUR", balance=1e6, leverage=10.0)
    bars = moving([1.0, 1.0, 1.25, 2.0, 2.0], start=START)
    rows = om.simulate(bars, signals(long()), settings(account=account)).equity
    assert rows["margin"].to_list() == [0.0, 10_000.0, 8_000.0, 5_000.0, 0.0]


def test_n63_worst_price_looks_at_every_finer_bar_of_a_drilled_one():
    coarse = flat(3, 1.1, spread=0.0).with_columns(
        time=pl.Series([START + timedelta(minutes=5 * n) for n in range(3)], dtype=pl.Datetime("ns", "UTC"))
    )
    coarse = coarse.with_columns(pl.Series(f"{side}_low", [1.1, 1.082, 1.1]) for side in ("bid", "ask"))
    fine = flat(15, 1.1, spread=0.0)
    fine = fine.with_columns(
        pl.Series(f"{side}_low", [1.082 if n == 7 else 1.1 for n in range(15)]) for side in ("bid", "ask")
    )
    account = om.Account(currency="USD", balance=2_000.0, leverage=100.0, stop_out_level=0.5)

    def stop_outs(check: str, *rows: dict) -> list[tuple]:
        config = settings(account=account, rules=om.Rules(intrabar="drill", margin_check=check))
        result = om.simulate(coarse, signals(*rows), config, finer={"EURUSD": [om.Bars(fine, symbol="EURUSD")]})
        return [(event["time"].minute, event["price"]) for event in events(result, "stop_out")]

    # In at the open of 10:05, drilled because the signal is due there.
    assert stop_outs("close", long(0)) == []
    assert stop_outs("worst_price", long(0)) == [(7, 1.082)]
    # A stop of 1.09 has left before the finer bar is worst; nothing is left to close.
    assert stop_outs("worst_price", long(0, stop_loss=1.09)) == []


def test_l3_a_stop_out_at_the_worst_price_slips_by_the_spread_of_that_moment():
    bars = flat(5, 1.1, spread=0.0001)
    bars = bars.with_columns(
        bid_low=bars["bid_low"].scatter(2, 1.082), ask_low=bars["ask_low"].scatter(2, 1.0824),
        ask_high=bars["ask_high"].scatter(2, 1.1003),
    )  # fmt: skip
    config = settings(
        account=om.Account(currency="USD", balance=2_000.0, leverage=100.0, stop_out_level=0.5),
        rules=om.Rules(margin_check="worst_price"),
        costs=om.Costs(slippage=om.Slippage.spread(0.5), slippage_multiplier=1.0),
    )
    (trade,) = om.simulate(bars, signals(long()), config).trades.to_dicts()
    # Four pips of spread at the low; half of it is paid.
    assert (trade["reason"], trade["exit_price"]) == ("stop_out", 1.0818)


def test_a5_what_a_reversal_leaves_needs_margin_of_its_own():
    terms = om.Margin(leverage=10.0, hedged=0.0)
    instrument = EURUSD.model_copy(update={"margin": terms})

    def reasons(balance: float) -> list[str]:
        account = om.Account(currency="USD", balance=balance, mode="netting")
        config = settings(instruments=(instrument,), account=account)
        table = signals(long(), long(1, volume=2.5, **SHORT))
        result = om.simulate(flat(5, 1.0, spread=0.0), table, config)
        return [event["reason"] for event in events(result, "rejected")]

    # 1.5 lots short bind 15,000; as a hedge of the long they would bind 5,000 more.
    assert reasons(15_000.0) == []
    assert reasons(14_999.0) == ["insufficient_margin"]
