"""Markets whose money can be counted by hand."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from builders import EURUSD, OHLC

import omegasim as om

USDJPY = EURUSD.model_copy(update={"symbol": "USDJPY", "base": "USD", "quote": "JPY", "tick_size": 1e-3})
GER40 = EURUSD.model_copy(
    update={"symbol": "GER40", "base": "GER40", "quote": "EUR", "tick_size": 0.1, "pip_size": 1.0, "contract_size": 1.0}
)


def moving(
    prices: Sequence[float], *, start: datetime, step: timedelta = timedelta(minutes=1), spread: float = 0.0
) -> pl.DataFrame:
    """Bars of one price each."""
    times = pl.Series("time", [start + row * step for row in range(len(prices))], dtype=pl.Datetime("ns", "UTC"))
    sides = {
        f"{side}_{name}": [p + add for p in prices] for side, add in (("bid", 0.0), ("ask", spread)) for name in OHLC
    }
    return pl.DataFrame({"time": times, **sides})


def hours(start: datetime, rows: int, price: float = 1.1) -> pl.DataFrame:
    """Hour bars without a spread that never move."""
    return moving([price] * rows, start=start, step=timedelta(hours=1))


def utc(*parts: int) -> datetime:
    """A moment."""
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def orders(*rows: dict[str, Any]) -> pl.DataFrame:
    """Signals by time."""
    table = pl.DataFrame([{"action": "open", "direction": "long", **row} for row in rows])
    return table.with_columns(pl.col("time").cast(pl.Datetime("ns", "UTC"))).sort("time", maintain_order=True)


def events(result: om.Result, kind: str) -> list[dict[str, Any]]:
    """Events of a kind."""
    return result.events.filter(kind=kind).to_dicts()


def amounts(result: om.Result, kind: str) -> list[float]:
    """What events of a kind booked."""
    return [event["amount"] for event in events(result, kind)]
