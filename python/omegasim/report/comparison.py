"""Runs side by side: numbers, settings, curves, trades that only one of them has."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from omegasim.report.equity import packed_equity
from omegasim.report.escape import text
from omegasim.report.number import counted, metric, number, signed, tone
from omegasim.report.overview import definitions
from omegasim.report.quotes import decimals_of
from omegasim.report.section import Markup, Section, card, chart, note, row_head, table, toned

if TYPE_CHECKING:
    from omegasim.result import Result

LISTED = 50
SAME = ("symbol", "magic", "direction", "signal_time", "entry_time", "exit_time", "entry_price", "exit_price", "volume")
"""What two trades must share to be the same."""

_SHOWN = ("ticket", "symbol", "direction", "entry_time", "exit_time", "entry_price", "exit_price", "reason", "net")
_HEADS = tuple(name.replace("_", " ") for name in _SHOWN)


def comparison_page(runs: Mapping[str, "Result"]) -> str:
    """One page; every run is held against the first."""
    from omegasim.report.page import page

    sections = (_metrics_section(runs), _equity_section(runs), _settings_section(runs), _differences_section(runs))
    prints = {one.fingerprint for one in runs.values()}
    said = "all fingerprints equal" if len(prints) == 1 else f"{len(prints)} different fingerprints"
    return page(" · ".join(runs), f"{len(runs)} runs, {said}", sections, {"range": [None, None]})


def _metrics_section(runs: Mapping[str, "Result"]) -> Section:
    first = next(iter(runs.values()))
    rows = []
    for name, (unit, definition) in definitions().items():
        base = first.metrics.get(name)
        cells = [_beside(one.metrics.get(name), base, unit, held=one is not first) for one in runs.values()]
        rows.append([row_head(name.replace("_", " "), definition), *cells, unit])
    rows.append([row_head("fingerprint"), *(one.fingerprint[:16] for one in runs.values()), ""])
    said = "Small numbers: difference from the first run. Money is in each run's account currency."
    return Section("metrics", "Metrics", note(said) + table(("", *runs, "unit"), rows, "sides"))


def _beside(value: float | None, base: float | None, unit: str, *, held: bool) -> Markup:
    shown = text(metric(value, unit))
    if held and value is not None and base is not None and value != base:
        shown += f" <small>{text(_change(value - base, unit))}</small>"
    return Markup(f"<td>{shown}</td>")


def _change(change: float, unit: str) -> str:
    if unit == "fraction":
        return f"{signed(change * 100, 1)} %"
    return signed(change, 0 if unit == "count" else 3 if abs(change) < 10 else 2)


def _equity_section(runs: Mapping[str, "Result"]) -> Section:
    packed = [
        {"name": name, "equity": packed_equity(one.equity, one.config.account.digits)} for name, one in runs.items()
    ]
    missing = [name for name, one in runs.items() if one.equity.is_empty()]
    html = chart("overlay", "Equity of the runs", 420)
    html += note(f"Without an equity table: {', '.join(missing)}.") if missing else ""
    return Section("equity", "Equity", html, {"runs": packed})


def _settings_section(runs: Mapping[str, "Result"]) -> Section:
    flat = [dict(_leaves(_described(one))) for one in runs.values()]
    names = dict.fromkeys(name for values in flat for name in values)
    rows = [
        [row_head(name), *(str(values.get(name, "\u2013")) for values in flat)]
        for name in names
        if len({str(values.get(name)) for values in flat}) > 1
    ]
    html = table(("", *runs), rows, "settings") if rows else note("Settings, data and signals are the same.")
    return Section("settings", "What was set differently", html)


def _described(result: "Result") -> dict[str, Any]:
    data = {symbol: {"rows": facts["rows"], "hash": facts["hash"][:16]} for symbol, facts in result.record.data.items()}
    rates = {pair: {"rows": facts["rows"], "hash": facts["hash"][:16]} for pair, facts in result.record.rates.items()}
    signals = {"rows": result.record.signals.get("rows"), "hash": str(result.record.signals.get("hash"))[:16]}
    described = {"config": result.config.model_dump(mode="json"), "data": data, "rates": rates, "signals": signals}
    return {**described, "equity rows": result.record.equity}


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple):
        for place, inner in enumerate(value):
            yield from _leaves(inner, f"{name}[{place}]")
    else:
        yield name, value


def _differences_section(runs: Mapping[str, "Result"]) -> Section:
    (first_name, first), *others = runs.items()
    instruments = (instrument for one in runs.values() for instrument in one.config.instruments)
    decimals = {instrument.symbol: decimals_of(instrument.tick_size) for instrument in instruments}
    html = "".join(
        card(f"{first_name} and {name}", _difference(first_name, first.trades, name, other.trades, decimals), wide=True)
        for name, other in others
    )
    said = f"Trades are the same where these are: {', '.join(SAME).replace('_', ' ')}."
    return Section("differences", "Trades that differ", note(said) + f'<div class="grid">{html}</div>')


def _difference(
    first_name: str, first: pl.DataFrame, name: str, other: pl.DataFrame, decimals: Mapping[str, int]
) -> str:
    alone, added = only_in(first, other), only_in(other, first)
    html = f"<p><b>{text(first_difference(first, other))}</b></p>"
    for whose, trades in ((first_name, alone), (name, added)):
        html += f"<h4>{text(counted(trades.height, 'trade'))} in {text(whose)} only</h4>"
        if not trades.is_empty():
            more = note(f"The first {LISTED} are listed.") if trades.height > LISTED else ""
            rows = (_cells(row, decimals) for row in trades.head(LISTED).select(_SHOWN).iter_rows())
            html += more + table(_HEADS, rows, "lone")
    return html


def _cells(values: tuple[Any, ...], decimals: Mapping[str, int]) -> list[str]:
    ticket, symbol, direction, *times_and_prices, reason, net = values
    times = [f"{time:%Y-%m-%d %H:%M:%S}" for time in times_and_prices[:2]]
    prices = [number(price, decimals[symbol]) for price in times_and_prices[2:]]
    said = str(reason).replace("_", " ")
    return [str(ticket), symbol, direction, *times, *prices, said, toned(signed(net), tone(net))]


def _said(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.10g}"
    return str(value).removesuffix("+00:00")


def only_in(one: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Trades of one run that the other has not; a trade that occurs twice must be there twice."""
    numbered = [trades.with_columns(again=pl.int_range(pl.len()).over(SAME)) for trades in (one, other)]
    return numbered[0].join(numbered[1], on=[*SAME, "again"], how="anti", maintain_order="left").drop("again")


def first_difference(one: pl.DataFrame, other: pl.DataFrame) -> str:
    """The first row at which two tables of trades part, and the columns that do."""
    if one.equals(other):
        return "The trades are the same in every column."
    row, columns = _first_row(one, other)
    if columns:
        parts = "; ".join(_differs(name, one[name][row], other[name][row]) for name in columns[:6])
        return f"First difference: trade {row + 1}: {parts}."
    if one.height == other.height:
        return "The trades are the same in every value."
    longer = one if one.height > other.height else other
    return f"First difference: trade {row + 1} at {longer['exit_time'][row]:%Y-%m-%d %H:%M:%S} is in one run only."


def _first_row(one: pl.DataFrame, other: pl.DataFrame) -> tuple[int, list[str]]:
    """The first row in which values differ, and their columns; the row after those of both where none does."""
    both = min(one.height, other.height)
    unlike = pl.DataFrame({name: one[name][:both].ne_missing(other[name][:both]) for name in one.columns})
    rows = unlike.select(pl.any_horizontal(pl.all()).alias("any"))["any"].arg_true()
    if rows.is_empty():
        return both, []
    return rows[0], [name for name in unlike.columns if unlike[name][rows[0]]]


def _differs(name: str, one: Any, other: Any) -> str:
    shown = [_said(one), _said(other)]
    if shown[0] == shown[1]:
        shown = [repr(one), repr(other)]
    return f"{name.replace('_', ' ')} {shown[0]} and {shown[1]}"
