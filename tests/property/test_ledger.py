"""Over random portfolios an independent bookkeeper comes to every balance of a run."""

import random
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext

import polars as pl
import pytest
from builders import EURUSD
from money import moving
from reference.ledger import DIGITS, Ledger, exact

import omegasim as om

HOUR = timedelta(hours=1)
START = datetime(2024, 2, 26, tzinfo=UTC)
ROWS = 24 * 28
MARKETS = {
    "EURUSD": 1.08,
    "GBPUSD": 1.27,
    "USDJPY": 151.0,
    "EURGBP": 0.855,
    "USDCHF": 0.9,
    "AUDCAD": 0.89,
    "USDCAD": 1.36,
}
SWAPS = (
    om.Swaps(kind="points", long=-6.53, short=1.19),
    om.Swaps(kind="money", long=-3.373, short=-1.127),
    om.Swaps(kind="percent", long=2.31, short=-4.87, triple_day="friday"),
    None,
)


def instrument(symbol: str, chance: random.Random) -> om.Instrument:
    tick = 1e-3 if symbol.endswith("JPY") else 1e-5
    changes = {"symbol": symbol, "base": symbol[:3], "quote": symbol[3:], "tick_size": tick, "pip_size": tick * 10}
    return EURUSD.model_copy(update={**changes, "swaps": chance.choice(SWAPS)})


def walk(symbol: str, chance: random.Random) -> pl.DataFrame:
    """Four weeks of hours over New York's change of the clock, weekends and one hour in ten missing."""
    digits = 3 if symbol.endswith("JPY") else 5
    price, prices = MARKETS[symbol], []
    for _ in range(ROWS):
        price *= 1 + chance.gauss(0, 0.001)
        prices.append(round(price, digits))
    bars = moving(prices, start=START, step=HOUR, spread=10.0**-digits * chance.randint(1, 20))
    columns = [name for name in bars.columns if name.startswith("ask")]
    bars = bars.with_columns(pl.col(columns).round(digits))
    early = pl.col("time") < START + 3 * HOUR
    quoted = pl.Series([chance.random() < 0.9 for _ in range(ROWS)])
    return bars.filter(early | ((pl.col("time").dt.weekday() < 6) & quoted))


def portfolio(chance: random.Random) -> pl.DataFrame:
    """Two hundred positions, some of them closed in parts."""
    rows = []
    for ticket in range(1, 201):
        opened = START + HOUR * chance.randint(3, ROWS - 150)
        symbol = chance.choice(list(MARKETS))
        direction = chance.choice(("long", "short"))
        volume = chance.randint(1, 400) / 100
        rows.append({"time": opened, "symbol": symbol, "direction": direction, "volume": volume, "magic": ticket})
        for part in chance.choice(((), (1.0,), (0.3, 0.5), (0.5, 1.0))):
            opened += HOUR * chance.randint(60, 70)
            rows.append({"time": opened, "symbol": symbol, "action": "close", "fraction": part, "magic": ticket})
    table = pl.DataFrame([{"action": "open", **row} for row in rows], infer_schema_length=None)
    return table.with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC"))).sort("time", maintain_order=True)


def settings(chance: random.Random) -> om.Config:
    kind = chance.choice(
        (om.Commission.per_lot(3.137), om.Commission.per_million(27.31), om.Commission.percent(0.0031))
    )
    commission = kind.model_copy(
        update={
            "currency": chance.choice((None, "USD", "GBP", "JPY")),
            "side": chance.choice(("both", "entry", "exit")),
            "min_fee": chance.choice((0.0, 1.731)),
        }
    )
    return om.Config(
        account=om.Account(currency=chance.choice(("EUR", "USD", "CHF")), balance=1_234_567.89, leverage=1e6),
        instruments=[instrument(symbol, chance) for symbol in MARKETS],
        sizing=om.Sizing.fixed_lots(1.0),
        costs=om.Costs(commission=commission, swap=om.Rollover(holidays=["2024-03-01"]), cost_multiplier=1.1),
    )


@pytest.fixture(scope="module", params=range(12))
def case(request):
    chance = random.Random(request.param)
    config = settings(chance)
    bars = {symbol: walk(symbol, chance) for symbol in MARKETS}
    typed = {symbol: om.Bars(frame, symbol=symbol, timeframe="H1") for symbol, frame in bars.items()}
    return config, bars, om.simulate(typed, portfolio(chance), config)


def test_every_balance_agrees_with_the_bookkeeper(case):
    config, bars, result = case
    assert result.trades["ticket"].n_unique() == 200
    signs = {trade["ticket"]: 1 if trade["direction"] == "long" else -1 for trade in result.trades.to_dicts()}
    journal = result.events.to_dicts()
    lines = Ledger(config, bars, HOUR, signs).book(journal)
    booked = [event for event in journal if event["amount"] is not None]
    assert [(line.kind, line.ticket) for line in lines] == [(event["kind"], event["ticket"]) for event in booked]
    for line, event in zip(lines, booked, strict=True):
        assert abs(exact(event["balance"]) / line.balance - 1) < Decimal("1e-9"), event


def test_the_balance_is_the_start_and_what_was_booked(case):
    config, _, result = case
    balance = config.account.balance
    for event in result.events.to_dicts():
        if event["amount"] is not None:
            balance += event["amount"]
        assert event["balance"] == balance
    assert result.equity["balance"][-1] == balance


def test_trades_bear_all_that_was_booked(case):
    config, _, result = case
    with localcontext(DIGITS):
        kinds = {
            kind: sum(map(Decimal, result.events.filter(kind=kind)["amount"].to_list()), Decimal(0))
            for kind in ("closed", "commission", "swap")
        }
        parts = {
            name: sum(map(Decimal, result.trades[name].to_list())) for name in ("result", "commission", "swap", "net")
        }
        assert parts["result"] == kinds["closed"]
        assert float(parts["commission"]) == pytest.approx(float(-kinds["commission"]), abs=1e-9)
        assert float(parts["swap"]) == pytest.approx(float(kinds["swap"]), abs=1e-9)
        end = Decimal(config.account.balance) + parts["result"] - parts["commission"] + parts["swap"]
        assert float(end) == pytest.approx(result.equity["balance"][-1], rel=1e-12)
