"""What a run came to, for the terminal."""

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from omegasim import _core
from omegasim.result import Result
from omegasim.saved_run import REPORT

_SHOWN = (
    "trades", "win_rate", "net_profit", "fees", "profit_factor", "expectancy", "expectancy_r", "max_drawdown",
    "max_drawdown_percent", "sharpe", "sortino", "exposure", "ambiguous_trades", "final_balance",
)  # fmt: skip


def print_summary(result: Result, title: str, folder: Path) -> None:
    """Print the main metrics and where the run was saved."""
    units = {name: unit for name, unit, _ in _core.metric_definitions()}
    table = Table(title=title, title_justify="left", show_header=False)
    for name in _SHOWN:
        if name in result.metrics:
            unit = units[name].replace("money", result.config.account.currency)
            table.add_row(name.replace("_", " "), Text(_number(result.metrics[name], unit), justify="right"), unit)
    console = Console(emoji=False)
    console.print(table)
    console.print(f"fingerprint {result.fingerprint}", highlight=False, soft_wrap=True)
    console.print(f"saved to {folder}", highlight=False, soft_wrap=True, markup=False)
    if (folder / REPORT).is_file():
        console.print(f"report: {folder / REPORT}", highlight=False, soft_wrap=True, markup=False)


def print_definitions() -> None:
    """Print every metric with its unit and definition."""
    table = Table("metric", "unit", "definition")
    for name, unit, definition in _core.metric_definitions():
        table.add_row(name, unit, Text(definition))
    Console().print(table)


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if unit == "count" else f"{value:,.2f}" if abs(value) >= 10 else f"{value:,.3f}"
