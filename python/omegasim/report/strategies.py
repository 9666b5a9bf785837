"""Section: the strategies of a run with their parameters, and what they wrote to the log."""

from typing import TYPE_CHECKING, Any

import polars as pl

from omegasim.report.number import counted
from omegasim.report.section import Section, card, note, table

if TYPE_CHECKING:
    from omegasim.result import Result

LINES = 1_000
"""Lines of the log that a page holds: the first half and the last half of more."""


def strategies_section(result: "Result") -> Section | None:
    """A card for each strategy, then the log; None for a run that signals led."""
    strategies = result.record.strategies
    if not strategies and result.log.is_empty():
        return None
    cards = "".join(card(_class_name(one), table(("", ""), _facts(one), "facts")) for one in strategies)
    html = f'<div class="grid">{cards}{card("Log", _log(result.log), wide=True)}</div>'
    return Section("strategies", "Strategies", html)


def _class_name(strategy: dict[str, Any]) -> str:
    return str(strategy.get("class", "")).rpartition(":")[2] or "strategy"


def _facts(strategy: dict[str, Any]) -> list[tuple[str, str]]:
    """What the record says of a strategy, a row a parameter."""
    rows = [("class", str(strategy.get("class", "\u2013"))), ("magic", str(strategy.get("magic", "\u2013")))]
    rows += [(name, _shown(value)) for name, value in strategy.get("parameters", {}).items()]
    rows.append(("timeframes", _shown(strategy.get("timeframes")) or "those of the data"))
    rows.append(("warm-up", counted(int(strategy.get("warmup", 0)), "bar")))
    rows.append(("filters", _shown(strategy.get("filters")) or "none"))
    return rows


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _log(log: pl.DataFrame) -> str:
    if log.is_empty():
        return note("Nothing was written to the log.")
    left_out = log.height - LINES
    shown = log if left_out <= 0 else pl.concat([log.head(LINES // 2), log.tail(LINES // 2)])
    rows = [
        (f"{time:%Y-%m-%d %H:%M:%S}", strategy, message)
        for time, strategy, message in shown.select("time", "strategy", "message").iter_rows()
    ]
    if left_out > 0:
        rows.insert(LINES // 2, ("\u2026", "", f"{counted(left_out, 'line')} left out here; result.log has all."))
    body = table(("time (UTC)", "strategy", "message"), rows, "log")
    return f'{note(counted(log.height, "line"))}<div class="log-box" tabindex="0" aria-label="Log">{body}</div>'
