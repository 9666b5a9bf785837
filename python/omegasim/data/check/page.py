"""An inspection as a page on the terminal."""

from rich.console import Console
from rich.table import Table

from omegasim.data.check.finding import Finding
from omegasim.data.check.inspection import Inspection

_STYLES = {"refused": "bold red", "warning": "yellow", "note": "dim"}
_CURES = 'cures are arguments of om.read_bars and settings of [data.SYMBOL]; omegasim data has clean="x" as --clean x'
_ORDER = ("refused", "warning", "note")


def print_page(inspection: Inspection, console: Console) -> None:
    """Print facts, sessions, spreads and findings, the worst first."""
    console.print(_facts(inspection))
    if inspection.missing:
        console.print(_sessions(inspection))
    if inspection.spread_by_hour:
        console.print(_spreads(inspection))
    for finding in sorted(inspection.findings, key=lambda one: _ORDER.index(one.level)):
        _print_finding(finding, console)
    if any(finding.cure for finding in inspection.findings):
        _print_line(_CURES, console, "dim")
    console.print("a run would refuse this file" if inspection.refused else "a run would take this file", style="bold")


def _facts(inspection: Inspection) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in (
        ("file", inspection.file),
        ("format", f"{inspection.format}, {inspection.kind}"),
        ("rows", f"{inspection.rows:,}"),
        ("span", f"{inspection.first} to {inspection.last}"),
        ("timeframe", inspection.timeframe or "ticks"),
        ("columns", ", ".join(inspection.columns)),
        ("calendar", inspection.calendar),
    ):
        table.add_row(name, value)
    return table


def _sessions(inspection: Inspection) -> Table:
    what = "bars" if inspection.kind == "bars" else "minutes"
    table = Table("session", "expected", "missing", "", title=f"{what} by session", title_justify="left")
    for one in inspection.missing:
        table.add_row(one.session, f"{one.expected:,}", f"{one.missing:,}", f"{one.share:.1%}")
    return table


def _spreads(inspection: Inspection) -> Table:
    table = Table("hour UTC", "median spread", title="spread by hour", title_justify="left")
    widest = max(inspection.spread_by_hour.values()) or 1.0
    for hour, spread in inspection.spread_by_hour.items():
        table.add_row(f"{hour:02}", f"{spread:<10.6g} {'▇' * max(1, round(20 * max(spread, 0.0) / widest))}")
    return table


def _print_finding(finding: Finding, console: Console) -> None:
    cure = f"; cure: {finding.cure}" if finding.cure else ""
    _print_line(f"{finding.level} {finding.name}: {finding.message}{cure}", console, _STYLES[finding.level])
    for row in finding.rows:
        values = ", ".join(f"{name} {value}" for name, value in row.items() if name not in ("row", "time"))
        _print_line(f"  row {row['row']} at {row['time']}: {values}", console, "dim")


def _print_line(text: str, console: Console, style: str) -> None:
    # Whole lines: the terminal wraps them, and a file keeps them for grep.
    console.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
