"""Recorded markets on accounts in another currency, with swaps over twelve years of clock changes."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from integration.recorded import recorded_folder
from reference.ledger import Ledger, exact

import omegasim as om

MINUTE = timedelta(minutes=1)
FILES = {"EURUSD": "eurusd_m1_2014-05", "NZDUSD": "nzdusd_m1_2014-05", "XAUUSD": "xauusd_m1_2014-05"}
STOPS = {"EURUSD": 15.0, "NZDUSD": 12.0, "XAUUSD": 25.0, "DE30EUR": 15.0}
NEW_YORK = ZoneInfo("America/New_York")


def read(name: str, symbol: str) -> om.Bars:
    return om.read_bars(recorded_folder() / f"{name}.parquet", symbol=symbol)


def every(bars: om.Bars, symbol: str, rows: int) -> pl.DataFrame:
    """Longs and shorts in turn."""
    times = bars.frame.gather_every(rows, offset=10).select("time").with_row_index("number")
    return times.select(
        "time",
        symbol=pl.lit(symbol),
        direction=pl.when(pl.col("number") % 2 == 0).then(pl.lit("long")).otherwise(pl.lit("short")),
        stop_loss_pips=pl.lit(STOPS.get(symbol)),
        take_profit_pips=pl.lit(2 * STOPS.get(symbol, 1.0)),
    )


def agree(result: om.Result, config: om.Config, bars: dict[str, om.Bars]) -> None:
    signs = {trade["ticket"]: 1 if trade["direction"] == "long" else -1 for trade in result.trades.to_dicts()}
    journal = result.events.to_dicts()
    ledger = Ledger(config, {symbol: one.frame for symbol, one in bars.items()}, MINUTE, signs)
    booked = [event for event in journal if event["amount"] is not None]
    for line, event in zip(ledger.book(journal), booked, strict=True):
        assert (line.kind, line.ticket) == (event["kind"], event["ticket"])
        assert abs(exact(event["balance"]) / line.balance - 1) < Decimal("1e-9"), event


def test_three_markets_on_an_account_in_euro():
    bars = {symbol: read(name, symbol) for symbol, name in FILES.items()}
    swaps = om.Swaps(kind="points", long=-6.3, short=1.9)
    config = om.Config(
        account=om.Account(currency="EUR", balance=100_000.0, leverage=200.0, stale_limit_hours=72.0),
        instruments=[
            om.instruments.get(symbol, swaps=swaps, **({"tick_size": 0.001} if symbol == "XAUUSD" else {}))
            for symbol in FILES
        ],
        sizing=om.Sizing.risk_percent(0.5),
        costs=om.Costs(commission=om.Commission.per_million(25.0, currency="USD")),
    )
    signals = pl.concat([every(one, symbol, 400) for symbol, one in bars.items()]).sort("time", maintain_order=True)
    result = om.simulate(bars, signals, config)
    assert result.trades["symbol"].n_unique() == 3
    assert result.trades.height > 60
    assert result.events.filter(kind="swap").height > 10
    agree(result, config, bars)
    rates = result.events.filter(kind="closed")["rate"]
    # Between 1.36 and 1.40 dollars to the euro in those weeks.
    assert rates.is_between(1 / 1.40, 1 / 1.36).all()
    risk = result.trades.filter(pl.col("stop_loss").is_not_null())["risk"]
    assert risk.is_between(400.0, 550.0).all()


@pytest.mark.parametrize("currency", ["EUR", "USD"])
def test_an_index_in_its_own_currency_and_in_dollars(currency):
    bars = {"DE30EUR": read("de30eur_m1_2019-02", "DE30EUR")}
    constant = {"EURUSD": 1.14} if currency == "USD" else {}
    index = om.instruments.get("DE40", symbol="DE30EUR")
    config = om.Config(
        account=om.Account(currency=currency, balance=10_000.0, leverage=100.0, rates=constant),
        instruments=[index],
        sizing=om.Sizing.risk_amount(50.0),
    )
    result = om.simulate(bars, every(bars["DE30EUR"], "DE30EUR", 150), config)
    assert result.trades.height > 15
    closed = result.events.filter(kind="closed")
    assert closed["rate"].is_null().all() if currency == "EUR" else (closed["rate"] == 1.14).all()
    prices = result.trades.select((pl.col("exit_price") - pl.col("entry_price")) * pl.col("volume")).to_series()
    signs = pl.Series([1.0 if side == "long" else -1.0 for side in result.trades["direction"]])
    expected = prices * signs * constant.get("EURUSD", 1.0)
    assert (result.trades["result"] - expected).abs().max() < 1e-9


def rolled_days(entry: datetime, exit_: datetime) -> list[int]:
    """Days of the week of New York's business days whose 17:00 lies after the entry and not after the exit."""
    day, days = entry.astimezone(NEW_YORK).date(), []
    while day <= exit_.astimezone(NEW_YORK).date():
        moment = datetime.combine(day, time(17), NEW_YORK).astimezone(UTC)
        if day.weekday() < 5 and entry < moment <= exit_:
            days.append(day.weekday())
        day += timedelta(days=1)
    return days


def test_twelve_years_of_rollovers():
    bars = read("eurusd_h1_2007-2018", "EURUSD")
    config = om.Config(
        account=om.Account(currency="USD", balance=1e7, leverage=500.0),
        instruments=[om.instruments.fx("EURUSD", swaps=om.Swaps(kind="money", long=-1.0, short=-1.0))],
        sizing=om.Sizing.fixed_lots(1.0),
    )
    signals = every(bars, "EURUSD", 97).select(
        "time", "symbol", "direction", max_holding=pl.lit(timedelta(hours=211)).cast(pl.Duration("ns"))
    )
    result = om.simulate(bars, signals, config)
    charged = result.events.filter(kind="swap").group_by("ticket").agg("amount")
    by_ticket = dict(zip(charged["ticket"].to_list(), charged["amount"].to_list(), strict=True))
    assert result.trades.height > 700
    for trade in result.trades.to_dicts():
        days = rolled_days(trade["entry_time"], trade["exit_time"])
        amounts = by_ticket.get(trade["ticket"], [])
        assert len(amounts) == len(days), trade
        assert [amount == -3.0 for amount in amounts] == [day == 2 for day in days]
        assert trade["swap"] == -sum(3.0 if day == 2 else 1.0 for day in days)
