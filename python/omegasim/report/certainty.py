"""Section: how much of the result hangs on what happened inside the bars."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from omegasim.report.number import counted, metric, number, signed, tone
from omegasim.report.overview import definitions
from omegasim.report.section import Section, note, row_head, table, toned, trade_link

if TYPE_CHECKING:
    from omegasim.ambiguity import Ambiguity
    from omegasim.result import Result

LONGEST = 20.0
"""Seconds of a run beyond which it is not run twice more for the page."""
LISTED = 200

_ROWS = ("net_profit", "expectancy_r", "trades", "win_rate", "profit_factor", "max_drawdown", "ambiguous_trades")


@dataclass(frozen=True)
class Readings:
    """The run under the worst and the best reading of its bars."""

    worst: "Result"
    best: "Result"
    ambiguity: "Ambiguity"


def readings_of(result: "Result") -> Readings | None:
    """Run the work under both; None where it is not at hand as it was, or the run was long."""
    from omegasim.ambiguity import ambiguity_between

    work = result._work
    if work is None or _lacks_rates(result) or result.record.wall_seconds > LONGEST:
        return None
    worst, best = work.with_intrabar("worst").run(), work.with_intrabar("best").run()
    return Readings(worst, best, ambiguity_between(result, worst, best, work))


def _lacks_rates(result: "Result") -> bool:
    return result._work is not None and len(result._work.rates) < len(result.record.rates)


def certainty_section(result: "Result", readings: Readings | None) -> Section:
    """Worst, chosen and best side by side, and the trades in doubt."""
    html = _side_by_side(result, readings) if readings else note(_why_not(result))
    return Section("certainty", "Certainty", html + _doubtful(result))


def _why_not(result: "Result") -> str:
    if result._work is None:
        return (
            "Worst and best need the run to be made again, and a saved run holds no market data: "
            "the page that omegasim run writes has them."
        )
    if _lacks_rates(result):
        pairs = ", ".join(result.record.rates)
        return (
            f"Worst and best need the run to be made again, with the rates of {pairs} from outside, which no config "
            "file names: the page that Result.report writes has them."
        )
    return f"The run took {result.record.wall_seconds:.0f} s; result.ambiguity() runs it under worst and best."


def _side_by_side(result: "Result", readings: Readings) -> str:
    known, money = definitions(), result.config.account.currency
    results = (readings.worst, result, readings.best)
    rows = []
    for name in _ROWS:
        unit, definition = known[name]
        values = [one.metrics[name] for one in results]
        head = row_head(name.replace("_", " "), definition)
        rows.append([head, *(metric(value, unit) for value in values), money if unit == "money" else unit])
    totals = [float(one.trades["r_multiple"].sum()) for one in results]
    rows.insert(1, [row_head("total R"), *(signed(total) for total in totals), "R"])
    chosen = f"chosen ({result.config.rules.intrabar})"
    ambiguity = readings.ambiguity
    gap = ambiguity.best - ambiguity.worst
    said = f"{number(abs(gap))} {money} lie between worst and best. Worst and best are {ambiguity.why}."
    if ambiguity.settled is not None:
        said += f" Drilling settled {counted(ambiguity.settled, 'trade')}."
    return table(("", "worst", chosen, "best", "unit"), rows, "sides") + note(said)


def _doubtful(result: "Result") -> str:
    doubtful = result.trades.with_row_index("row").filter("ambiguous")
    if doubtful.is_empty():
        return note("No trade is ambiguous: no bar left open which of its levels came first.")
    shown = doubtful.head(LISTED)
    columns = ("row", "ticket", "symbol", "direction", "entry_time", "exit_time", "reason", "net", "r_multiple")
    rows = (_doubtful_row(values) for values in shown.select(pl.col(columns)).iter_rows())
    more = f" The first {LISTED} are listed." if doubtful.height > LISTED else ""
    said = f"{counted(doubtful.height, 'ambiguous trade')}.{more} A click goes to the trade."
    heads = ("ticket", "symbol", "side", "entry", "exit", "reason", "net", "R")
    return note(said) + table(heads, rows, "doubtful")


def _doubtful_row(values: tuple[object, ...]) -> list[str]:
    row, ticket, symbol, direction, entry, exit_time, reason, net, r = values
    amount, multiple = float(str(net)), float(str(r))
    times = (f"{entry:%Y-%m-%d %H:%M}", f"{exit_time:%Y-%m-%d %H:%M}")
    said = str(reason).replace("_", " ")
    link, money = trade_link(int(str(row)), ticket), toned(signed(amount), tone(amount))
    return [link, str(symbol), str(direction), *times, said, money, signed(multiple)]
