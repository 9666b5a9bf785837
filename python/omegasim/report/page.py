"""The page as one file: style, data, script and plotly's own script inside."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegasim.report.escape import script_json, text
from omegasim.report.section import Section

if TYPE_CHECKING:
    from omegasim.result import Result

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = (
    "columns",
    "theme",
    "charts",
    "equity",
    "candles",
    "prices",
    "detail",
    "table",
    "risk",
    "comparison",
    "start",
)
# The browser itself refuses whatever is not in the file.
_POLICY = "default-src 'none'; script-src 'unsafe-inline' blob:; style-src 'unsafe-inline'; img-src data: blob:"


def report_page(result: "Result") -> str:
    """The whole report of a run."""
    from omegasim.report.bootstrap import mean_interval
    from omegasim.report.breakdowns import breakdowns_section
    from omegasim.report.certainty import certainty_section, readings_of
    from omegasim.report.costs import costs_section
    from omegasim.report.equity import equity_section
    from omegasim.report.overview import overview_section, title_of
    from omegasim.report.quotes import quotes_of
    from omegasim.report.risk import risk_section
    from omegasim.report.strategies import strategies_section
    from omegasim.report.trades import trades_section

    quotes = quotes_of(result)
    expectancy = mean_interval(result.trades["r_multiple"], result.config.seed)
    parts = (
        overview_section(result, expectancy),
        equity_section(result),
        trades_section(result, quotes),
        strategies_section(result),
        risk_section(result, expectancy),
        breakdowns_section(result),
        costs_section(result, quotes),
        certainty_section(result, readings_of(result)),
    )
    data = {
        "currency": result.config.account.currency,
        "initial": result.record.initial_balance,
        "range": [time and time // 10**6 for time in (result.record.first_time, result.record.last_time)],
    }
    sections = [part for part in parts if part]
    return page(title_of(result), f"fingerprint {result.fingerprint[:16]}", sections, data)


def page(title: str, subtitle: str, sections: Iterable[Section], data: dict[str, Any]) -> str:
    """Put sections, style and scripts into one document."""
    from plotly.offline import get_plotlyjs

    sections = list(sections)
    for section in sections:
        data = {**data, **section.data}
    links = "".join(f'<a href="#{one.name}">{text(one.title)}</a>' for one in sections)
    style = (_ASSETS / "page.css").read_text(encoding="utf-8")
    return "".join(
        (
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<link rel="icon" href="data:,"><title>{text(title)} · omegasim</title>',
            f"<style>{style}</style>{_script('scheme')}</head><body>",
            f"<header><div><h1>{text(title)}</h1><p>{text(subtitle)}</p></div>",
            '<button type="button" id="theme" aria-label="Light or dark">\u25d0</button></header>',
            f"<nav>{links}</nav><main>{''.join(one.markup() for one in sections)}</main>",
            "<noscript>The table of trades and charts that can be zoomed need JavaScript.</noscript>",
            # As text: it takes a second to run, and the page is there to read before.
            f'<script type="text/plain" id="plotly">{get_plotlyjs()}</script>',
            _script("library"),
            f'<script type="application/json" id="data">{script_json(data)}</script>',
            f"{_script(*_SCRIPTS)}</body></html>\n",
        )
    )


def _script(*names: str) -> str:
    text = "\n".join((_ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in names)
    return f'<script>"use strict";(() => {{\n{text}\n}})();</script>'
