"""A run as a broker's statement: fills, fees, swaps, conversions and balance, line by line."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import polars as pl

from omegasim.costs import Commission
from omegasim.instrument import Instrument
from omegasim.result import Result

KINDS = ("filled", "closed", "commission", "swap", "stop_out")
COLUMNS = (
    "time", "kind", "ticket", "symbol", "direction", "volume", "price", "reason", "amount", "original",
    "original_currency", "rate", "balance",
)  # fmt: skip
# Heading, width, and whether it stands to the right.
LAYOUT = (
    ("time", 19, False), ("what", 20, False), ("ticket", 6, True), ("symbol", 10, False), ("side", 5, False),
    ("volume", 9, True), ("price", 12, True), ("amount", 14, True), ("converted", 32, True), ("balance", 16, True),
)  # fmt: skip


def statement(result: Result) -> pl.DataFrame:
    """Lines of a statement, one a fill, close, fee, swap or stop-out, in the order of booking.

    `original` is the amount before its conversion at `rate`, in `original_currency`; all three are null where
    nothing was converted. Of an amount that was rounded, `original` is as exact as the rounding.
    """
    lines = result.events.filter(pl.col("kind").is_in(KINDS)).join(
        _directions(result), on="ticket", how="left", maintain_order="left"
    )
    return lines.with_columns(
        original=pl.col("amount") / pl.col("rate"), original_currency=_original_currencies(result, lines)
    ).select(COLUMNS)


def _directions(result: Result) -> pl.DataFrame:
    tables = [frame.select("ticket", "direction") for frame in (result.trades, result.open_positions)]
    return pl.concat(tables, how="vertical_relaxed").unique("ticket", keep="first", maintain_order=True)


def _original_currencies(result: Result, lines: pl.DataFrame) -> pl.Series:
    """The currency of each line before its conversion."""
    account = result.config.account.currency
    instruments = {one.symbol: one for one in result.config.instruments}
    currencies: list[str | None] = []
    for line in lines.iter_rows(named=True):
        instrument = instruments[line["symbol"]]
        fees = _commission(result, instrument, line["time"]).currency if line["kind"] == "commission" else None
        # A fee in account money was converted with its notional.
        currency = instrument.quote if fees in (None, account) else fees
        currencies.append(None if line["rate"] is None else currency)
    return pl.Series(currencies, dtype=pl.String)


def _commission(result: Result, instrument: Instrument, time: datetime) -> Commission:
    """The commission of an instrument that holds at a time."""
    commission = result.config.costs.commission
    for dated in instrument.history:
        if dated.commission is not None and date.fromisoformat(dated.day) <= time.date():
            commission = dated.commission
    return commission


def statement_text(result: Result) -> Iterator[str]:
    """The statement for people: heading, lines, sums."""
    account = result.config.account
    digits, unit = account.digits, account.currency
    yield f"Account in {unit}, opening balance {account.balance:,.{digits}f}"
    yield ""
    yield _line([heading for heading, _, _ in LAYOUT])
    lines = statement(result)
    for row in lines.iter_rows(named=True):
        yield _line(_cells(row, digits))
    yield ""
    sums = {kind: lines.filter(kind=kind)["amount"].sum() for kind in ("closed", "commission", "swap")}
    closing = lines["balance"][-1] if lines.height else account.balance
    for name, value in (
        ("Gross result", sums["closed"]),
        ("Commission", sums["commission"]),
        ("Swap", sums["swap"]),
        ("Closing balance", closing),
    ):
        yield f"{name:<16}{value:>18,.{digits}f} {unit}"


def _cells(row: dict[str, Any], digits: int) -> list[str]:
    return [
        f"{row['time']:%Y-%m-%d %H:%M:%S}",
        row["reason"] if row["kind"] == "closed" else row["kind"],
        str(row["ticket"]),
        row["symbol"],
        row["direction"] or "",
        _number(row["volume"]),
        _number(row["price"]),
        "" if row["amount"] is None else f"{row['amount']:,.{digits}f}",
        _conversion(row, digits),
        f"{row['balance']:,.{digits}f}",
    ]


def _conversion(row: dict[str, Any], digits: int) -> str:
    if row["original"] is None:
        return ""
    return f"{row['original']:,.{digits}f} {row['original_currency']} x {row['rate']:.6g}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"


def _line(cells: list[str]) -> str:
    parts = [
        f"{cell:>{width}}" if right else f"{cell:<{width}}"
        for cell, (_, width, right) in zip(cells, LAYOUT, strict=True)
    ]
    return "  ".join(parts).rstrip()
