"""Small markets and settings that tests start from."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

import omegasim as om

START = datetime(2024, 1, 2, 10, 0, tzinfo=UTC)

EURUSD = om.Instrument(
    symbol="EURUSD",
    base="EUR",
    quote="USD",
    tick_size=1e-5,
    pip_size=1e-4,
    contract_size=100_000.0,
    volume_min=0.01,
    volume_step=0.01,
    volume_max=200.0,
)


def at(minute: int) -> datetime:
    """The time of a bar."""
    return START + timedelta(minutes=minute)


def settings(**changes: Any) -> om.Config:
    """A hundred thousand dollars, one lot a trade, no costs."""
    start: dict[str, Any] = {
        "account": om.Account(currency="USD", balance=100_000.0),
        "instruments": (EURUSD,),
        "sizing": om.Sizing.fixed_lots(1.0),
    }
    return om.Config(**{**start, **changes})


def flat(rows: int = 5, price: float = 1.1, spread: float = 0.0001) -> pl.DataFrame:
    """Bars that never move, two sides."""
    times = pl.Series("time", [at(row) for row in range(rows)], dtype=pl.Datetime("ns", "UTC"))
    prices = {f"{side}_{name}": [price + add] * rows for side, add in (("bid", 0.0), ("ask", spread)) for name in OHLC}
    return pl.DataFrame([times]).with_columns(**{name: pl.Series(values) for name, values in prices.items()})


OHLC = ("open", "high", "low", "close")


def one_sided(rows: int = 5, price: float = 1.1) -> pl.DataFrame:
    """Bars that never move, one side."""
    return flat(rows, price).select("time", **{name: pl.col(f"bid_{name}") for name in OHLC})


def with_value(frame: pl.DataFrame, column: str, row: int, value: Any) -> pl.DataFrame:
    """The same table with one value changed."""
    values = frame[column].to_list()
    values[row] = value
    return frame.with_columns(pl.Series(column, values, dtype=frame[column].dtype))


def signals(*rows: dict[str, Any]) -> pl.DataFrame:
    """Signals; `minute` stands for the time."""
    table = [{"time": at(row["minute"]), **{k: v for k, v in row.items() if k != "minute"}} for row in rows]
    return pl.DataFrame(table).with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC")))


def long(minute: int = 0, **columns: Any) -> dict[str, Any]:
    """A market order to buy."""
    return {"minute": minute, "direction": "long", **columns}
