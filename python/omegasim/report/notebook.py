"""A result in a notebook: the main numbers and the equity as a line, without a script."""

from typing import TYPE_CHECKING

import polars as pl

from omegasim.report.escape import text
from omegasim.report.number import metric
from omegasim.report.overview import definitions, title_of

if TYPE_CHECKING:
    from omegasim.result import Result

_SHOWN = ("net_profit", "max_drawdown", "trades", "win_rate", "profit_factor", "expectancy_r", "sharpe")
_POINTS, _WIDTH, _HEIGHT = 300, 560, 90


def notebook_html(result: "Result") -> str:
    """Markup of a result; colours follow those of the notebook."""
    known, money = definitions(), result.config.account.currency
    cells = []
    for name in _SHOWN:
        unit, definition = known[name]
        shown = metric(result.metrics[name], unit) + {"money": f" {money}", "R": " R"}.get(unit, "")
        cells.append(
            f'<div title="{text(definition)}" style="min-width:84px"><div style="opacity:.65;font-size:12px">'
            f'{text(name.replace("_", " "))}</div><div style="font-size:16px;font-weight:600">{text(shown)}</div></div>'
        )
    return (
        f'<div style="max-width:{_WIDTH + 200}px"><b>{text(title_of(result))}</b> '
        f'<span style="opacity:.65">fingerprint {text(result.fingerprint[:16])}</span>'
        f'<div style="display:flex;flex-wrap:wrap;gap:6px 22px;margin:8px 0">{"".join(cells)}</div>'
        f"{_line(result)}</div>"
    )


def _line(result: "Result") -> str:
    equity = result.equity["equity"]
    if equity.is_empty():
        equity = pl.concat([pl.Series([result.record.initial_balance]), result.trades["net"]]).cum_sum()
    if len(equity) < 2:
        return ""
    values = equity.gather_every(max(1, len(equity) // _POINTS)).to_list()
    low, high = min(values), max(values)
    spread = (high - low) or 1.0
    step = _WIDTH / max(len(values) - 1, 1)
    points = " ".join(
        f"{at * step:.1f},{_HEIGHT - 4 - (value - low) / spread * (_HEIGHT - 8):.1f}" for at, value in enumerate(values)
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" style="width:100%;max-width:{_WIDTH}px" role="img" aria-label="equity">'
        f'<polyline points="{points}" fill="none" stroke="#3b82f6" stroke-width="1.5"/></svg>'
    )
