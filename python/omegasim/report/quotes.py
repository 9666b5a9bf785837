"""The bars behind a run, thinned to what a page can hold."""

from typing import TYPE_CHECKING, Any

import polars as pl

from omegasim.report.columns import packed, packed_times

if TYPE_CHECKING:
    from omegasim.result import Result

ROWS = 600_000
"""Bars of all symbols together that a page holds; more are joined."""


def quotes_of(result: "Result") -> dict[str, pl.DataFrame]:
    """Bid as `open` to `close` and `ask` at the close and `spread` at the open, by symbol; empty for a loaded run."""
    work = result._work
    if work is None:
        return {}
    return {market.symbol: _quotes(pl.DataFrame(market.checked)) for market in work.market}


def _quotes(frame: pl.DataFrame) -> pl.DataFrame:
    if "bid" in frame.columns:
        bid, ask = pl.col("bid"), pl.col("ask")
        return frame.select("time", open=bid, high=bid, low=bid, close=bid, ask=ask, spread=ask - bid)
    prices = {name: pl.col(f"bid_{name}") for name in ("open", "high", "low", "close")}
    if "ask_close" not in frame.columns:
        return frame.select("time", **prices, ask=pl.lit(None, pl.Float64), spread=pl.lit(None, pl.Float64))
    return frame.select("time", **prices, ask="ask_close", spread=pl.col("ask_open") - pl.col("bid_open"))


def packed_quotes(quotes: pl.DataFrame, decimals: int, rows: int) -> dict[str, Any]:
    """Pack bars for the price chart: opens, and the rest as distances from them."""
    joined = -(-quotes.height // rows)
    bars = quotes if joined < 2 else _joined(quotes, joined)
    offset = {name: bars[name] - bars["open"] for name in ("high", "low", "close", "ask")}
    has_ask = not bars["ask"].is_null().all()
    return {
        "joined": max(joined, 1),
        "rows": quotes.height,
        "decimals": decimals,
        "time": packed_times(bars["time"]),
        "open": packed(bars["open"], decimals=decimals, delta=True),
        **{name: packed(offset[name], decimals=decimals) for name in ("high", "low", "close")},
        **({"ask": packed(offset["ask"], decimals=decimals)} if has_ask else {}),
    }


def _joined(quotes: pl.DataFrame, count: int) -> pl.DataFrame:
    whole = {"time": pl.col("time").first(), "open": pl.col("open").first(), "high": pl.col("high").max()}
    rest = {"low": pl.col("low").min(), "close": pl.col("close").last(), "ask": pl.col("ask").last()}
    return (
        quotes.with_row_index("row")
        .group_by(pl.col("row") // count, maintain_order=True)
        .agg(**whole, **rest)
        .drop("row")
    )


def decimals_of(tick_size: float) -> int:
    """Decimals that show a price grid.

    Examples
    --------
    >>> decimals_of(1e-5), decimals_of(0.25), decimals_of(1.0)
    (5, 2, 0)
    """
    return max(0, -int(f"{tick_size:.10e}".split("e")[1]), len(f"{tick_size:.10f}".rstrip("0").split(".")[1]))
