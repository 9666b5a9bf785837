"""Section: equity and drawdown, by time and by trade."""

from typing import TYPE_CHECKING

import polars as pl

from omegasim.report.columns import packed, packed_times
from omegasim.report.extremes import extremes
from omegasim.report.section import Section, chart, note
from omegasim.report.still import Curve, Panel, Still

if TYPE_CHECKING:
    from omegasim.result import Result

HEIGHT = 460

ROWS = 500_000
"""Rows of the equity table that a page holds; of more, the extremes are kept."""

_BUTTONS = """<div class="bar"><span class="choice" role="group" aria-label="Equity by">
<button type="button" data-by="time" aria-pressed="true">by time</button>
<button type="button" data-by="trade" aria-pressed="false">by trade</button></span></div>"""


def equity_section(result: "Result") -> Section:
    """Two curves; zooming in shows every row."""
    equity, account = _kept(result.equity), result.config.account
    still = _still(equity, result.record.initial_balance, account.currency)
    html = _BUTTONS + chart("equity", "Equity and drawdown", HEIGHT, still)
    if equity.is_empty():
        html += note("This run kept no equity table (equity = off): only the balance by trade can be shown.")
    return Section("equity", "Equity and drawdown", html, {"equity": _packed(equity, account.digits)})


def packed_equity(equity: pl.DataFrame, digits: int) -> dict[str, object]:
    """Times, equity and balance without the rows inside a flat stretch."""
    return _packed(_kept(equity), digits)


def _packed(kept: pl.DataFrame, digits: int) -> dict[str, object]:
    return {
        "time": packed_times(kept["time"]),
        "equity": packed(kept["equity"], decimals=digits, delta=True),
        "balance": packed(kept["balance"], decimals=digits, delta=True),
    }


def _still(kept: pl.DataFrame, initial: float, currency: str) -> Still | None:
    time, equity = kept["time"].dt.epoch("ns"), kept["equity"]
    if kept.height < 2:
        return None
    peak = equity.cum_max().clip(lower_bound=initial)
    curves = [Curve("equity", time, equity), Curve("balance", time, kept["balance"], steps=True)]
    fallen = Panel([Curve("drawdown", time, equity - peak, legend=False)], top=0.72, title="drawdown", from_zero=True)
    return Still([Panel(curves, bottom=0.66, title=currency), fallen], (time[0], time[-1]), HEIGHT)


def _kept(equity: pl.DataFrame) -> pl.DataFrame:
    bends = _bends(equity.select("time", "equity", "balance"))
    count = -(-bends.height // (ROWS // 2))
    return bends if count < 3 else extremes(bends, "equity", pl.col("row") // count)


def _bends(equity: pl.DataFrame) -> pl.DataFrame:
    """A row that equals both its neighbours adds nothing to a line."""
    flat = [
        pl.col(name).eq(pl.col(name).shift(by)).fill_null(value=False) for name in equity.columns[1:] for by in (1, -1)
    ]
    return equity.filter(~pl.all_horizontal(flat))
