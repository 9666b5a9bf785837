"""Section: equity and drawdown, by time and by trade."""

from typing import TYPE_CHECKING

import polars as pl

from omegasim.report.columns import packed, packed_times
from omegasim.report.section import Section, chart, note

if TYPE_CHECKING:
    from omegasim.result import Result

ROWS = 500_000
"""Rows of the equity table that a page holds; of more, the extremes are kept."""

_BUTTONS = """<div class="bar"><span class="choice" role="group" aria-label="Equity by">
<button type="button" data-by="time" aria-pressed="true">by time</button>
<button type="button" data-by="trade" aria-pressed="false">by trade</button></span></div>"""


def equity_section(result: "Result") -> Section:
    """Two curves; zooming in shows every row."""
    equity, digits = result.equity, result.config.account.digits
    html = _BUTTONS + chart("equity", "Equity and drawdown", 460)
    if equity.is_empty():
        html += note("This run kept no equity table (equity = off): only the balance by trade can be shown.")
    return Section("equity", "Equity and drawdown", html, {"equity": packed_equity(equity, digits)})


def packed_equity(equity: pl.DataFrame, digits: int) -> dict[str, object]:
    """Times, equity and balance without the rows inside a flat stretch."""
    kept = _extremes(_bends(equity.select("time", "equity", "balance")))
    return {
        "time": packed_times(kept["time"]),
        "equity": packed(kept["equity"], decimals=digits, delta=True),
        "balance": packed(kept["balance"], decimals=digits, delta=True),
    }


def _bends(equity: pl.DataFrame) -> pl.DataFrame:
    """A row that equals both its neighbours adds nothing to a line."""
    flat = [
        pl.col(name).eq(pl.col(name).shift(by)).fill_null(value=False) for name in equity.columns[1:] for by in (1, -1)
    ]
    return equity.filter(~pl.all_horizontal(flat))


def _extremes(equity: pl.DataFrame) -> pl.DataFrame:
    count = -(-equity.height // (ROWS // 2))
    if count < 3:
        return equity
    rows = equity.with_row_index("row")
    ends = rows.group_by(pl.col("row") // count).agg(
        low=pl.col("row").get(pl.col("equity").arg_min()), high=pl.col("row").get(pl.col("equity").arg_max())
    )
    kept = pl.concat([ends["low"], ends["high"]]).unique().sort()
    return equity[kept]
