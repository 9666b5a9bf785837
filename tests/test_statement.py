"""The statement of a saved run."""

import io
from datetime import timedelta

import polars as pl
import pytest
from builders import EURUSD, settings
from money import moving, orders, utc

import omegasim as om
from omegasim.commands import run_command_line

COLUMNS = [
    "time", "kind", "ticket", "symbol", "direction", "volume", "price", "reason", "amount", "original",
    "original_currency", "rate", "balance",
]  # fmt: skip


@pytest.fixture
def saved(tmp_path):
    """A lot of EURUSD over a Wednesday's rollover, on an account in EUR that pays fees in GBP."""
    start = utc(2024, 1, 10, 20)
    config = settings(
        account=om.Account(currency="EUR", balance=10_000.0, rates={"EURUSD": 1.25, "GBPUSD": 1.5}),
        instruments=(EURUSD.model_copy(update={"swaps": om.Swaps(kind="points", long=-5.0, short=0.0)}),),
        costs=om.Costs(commission=om.Commission.per_lot(2.0, currency="GBP", side="entry")),
    )
    bars = moving([1.1, 1.1, 1.1, 1.2], start=start, step=timedelta(hours=1))
    om.simulate(bars, orders({"time": start}), config).save(tmp_path / "run")
    return tmp_path / "run"


def test_the_text_can_be_read_line_by_line(saved, capsys):
    assert run_command_line(["statement", str(saved)]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "Account in EUR, opening balance 10,000.00",
        "",
        "time what ticket symbol side volume price amount converted balance",
        "2024-01-10 21:00:00 filled 1 EURUSD long 1 1.1 10,000.00",
        "2024-01-10 21:00:00 commission 1 EURUSD long 1 1.1 -2.40 -2.00 GBP x 1.2 9,997.60",
        "2024-01-10 22:00:00 swap 1 EURUSD long 1 1.1 -12.00 -15.00 USD x 0.8 9,985.60",
        "2024-01-10 23:00:00 end_of_data 1 EURUSD long 1 1.2 8,000.00 10,000.00 USD x 0.8 17,985.60",
        "",
        "Gross result 8,000.00 EUR",
        "Commission -2.40 EUR",
        "Swap -12.00 EUR",
        "Closing balance 17,985.60 EUR",
    ]


def test_the_csv_can_be_added_up(saved, capsys):
    assert run_command_line(["statement", str(saved), "--csv"]) == 0
    table = pl.read_csv(io.StringIO(capsys.readouterr().out))
    assert table.columns == COLUMNS
    assert 10_000.0 + table["amount"].sum() == pytest.approx(table["balance"][-1])
    assert (table["original"] * table["rate"] - table["amount"]).abs().max() < 1e-9


def test_swaps_in_account_money_are_not_converted(tmp_path, capsys):
    start = utc(2024, 1, 8, 20)
    config = settings(
        account=om.Account(currency="EUR", balance=10_000.0, rates={"EURUSD": 1.25}),
        instruments=(EURUSD.model_copy(update={"swaps": om.Swaps(kind="money", long=-5.0, short=0.0)}),),
        rules=om.Rules(end_of_data="keep"),
    )
    bars = moving([1.1] * 4, start=start, step=timedelta(hours=1))
    om.simulate(bars, orders({"time": start}), config).save(tmp_path / "run")
    run_command_line(["statement", str(tmp_path / "run"), "--csv"])
    swap = pl.read_csv(io.StringIO(capsys.readouterr().out)).filter(kind="swap")
    assert swap.select("direction", "amount", "original", "rate").row(0) == ("long", -5.0, None, None)


def test_a_run_without_a_trade(tmp_path, capsys):
    om.simulate(moving([1.1] * 4, start=utc(2024, 1, 8)), None, settings()).save(tmp_path / "run")
    assert run_command_line(["statement", str(tmp_path / "run")]) == 0
    assert "Closing balance         100,000.00 USD" in capsys.readouterr().out


def test_no_such_run(tmp_path, capsys):
    assert run_command_line(["statement", str(tmp_path / "none")]) == 1
    assert "no such folder; expected a saved run" in capsys.readouterr().err


def statement_rows(tmp_path, capsys, config: om.Config, rows: int = 4) -> pl.DataFrame:
    """The CSV of a lot of EURUSD held over some hours at 1.1."""
    start = utc(2024, 1, 8, 20)
    om.simulate(moving([1.1] * rows, start=start, step=timedelta(hours=1)), orders({"time": start}), config).save(
        tmp_path / "run"
    )
    run_command_line(["statement", str(tmp_path / "run"), "--csv"])
    return pl.read_csv(io.StringIO(capsys.readouterr().out))


def test_a_fee_of_the_notional_was_in_quote_money(tmp_path, capsys):
    config = settings(
        account=om.Account(currency="EUR", balance=10_000.0, rates={"EURUSD": 1.25}),
        costs=om.Costs(commission=om.Commission.per_million(25.0)),
    )
    fees = statement_rows(tmp_path, capsys, config).filter(kind="commission")
    # 110,000 USD of notional cost 2.75 USD, 2.20 EUR.
    facts = fees.select("amount", "original", "original_currency", "rate").rows()
    assert facts == [(-2.2, pytest.approx(-2.75), "USD", 0.8)] * 2


def test_a_fee_in_account_money_is_not_converted(tmp_path, capsys):
    config = settings(
        account=om.Account(currency="EUR", balance=10_000.0, rates={"EURUSD": 1.25}),
        costs=om.Costs(commission=om.Commission.per_lot(3.0)),
    )
    fees = statement_rows(tmp_path, capsys, config).filter(kind="commission")
    assert fees.select("amount", "original", "original_currency", "rate").rows() == [(-3.0, None, None, None)] * 2


def test_a_dated_commission_is_shown_in_its_own_currency(tmp_path, capsys):
    dated = om.Dated(day="2024-01-09", commission=om.Commission.per_lot(2.0, currency="GBP"))
    config = settings(
        account=om.Account(currency="EUR", balance=10_000.0, rates={"EURUSD": 1.25, "GBPUSD": 1.5}),
        instruments=(EURUSD.model_copy(update={"history": (dated,)}),),
        costs=om.Costs(commission=om.Commission.per_lot(5.0, currency="USD")),
    )
    fees = statement_rows(tmp_path, capsys, config, rows=6).filter(kind="commission")
    assert fees["amount"].to_list() == [-4.0, -2.4]
    assert fees["original_currency"].to_list() == ["USD", "GBP"]
    assert fees["original"].to_list() == pytest.approx([-5.0, -2.0])
