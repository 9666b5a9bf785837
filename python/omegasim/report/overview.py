"""Section: did it earn, how badly did it hurt."""

from typing import TYPE_CHECKING, Any

from omegasim.report.bootstrap import Interval
from omegasim.report.cautions import cautions_box
from omegasim.report.escape import text
from omegasim.report.number import counted, lasting, metric, moment, number, percent, signed, tone
from omegasim.report.section import Section, row_head, table

if TYPE_CHECKING:
    from omegasim.result import Result

_CARDS = ("max_drawdown", "trades", "win_rate", "profit_factor", "expectancy_r", "sharpe")
_COUNTS = {
    "equity": "rows of the equity table",
    "orders": "pending orders left",
    "open_positions": "positions left open",
    "steps": "times of the run",
    "drilled": "bars drilled into finer data",
    "undrilled": "bars without finer data",
}
_TOTAL_R = "Sum of the trades' r_multiple: result / risk_per_trade."


def definitions() -> dict[str, tuple[str, str]]:
    """Unit and definition of every metric."""
    from omegasim import _core

    return {name: (unit, definition) for name, unit, definition in _core.metric_definitions()}


def overview_section(result: "Result", expectancy: Interval | None) -> Section:
    """Warnings, a sentence, cards, then all metrics, the config and the data."""
    html = cautions_box(result) + f'<p class="verdict">{verdict(result, expectancy)}</p>'
    html += f'<div class="cards">{_cards(result)}</div><div class="grid small">'
    html += f"<details><summary>All metrics</summary>{metrics_table(result)}</details>"
    html += f"<details><summary>Data and run</summary>{_facts(result)}</details>"
    config = text(result.config.model_dump_json(indent=2, by_alias=True))
    html += f"<details><summary>Config</summary><pre>{config}</pre></details></div>"
    return Section("overview", "Overview", html)


def verdict(result: "Result", expectancy: Interval | None) -> str:
    """What came of it in a sentence, as markup."""
    net, currency = result.metrics["net_profit"] or 0.0, text(result.config.account.currency)
    if result.trades.is_empty():
        return "No trade was closed: there is nothing to judge."
    did = "Earned" if net > 0 else "Lost" if net < 0 else "Came out even at"
    share = net / result.record.initial_balance if result.record.initial_balance else None
    said = (
        f'{did} <b class="{tone(net)}">{number(abs(net))} {currency}</b> ({signed(share and share * 100)} %) '
        f"over {counted(result.trades.height, 'trade')}"
    )
    if expectancy is None:
        return f"{said}."
    sure = (
        "above zero" if expectancy.low > 0 else "below zero" if expectancy.high < 0 else "not distinguishable from zero"
    )
    return (
        f"{said}. A trade brings <b>{signed(expectancy.mean, 3)} R</b> on average before fees; 95 % interval "
        f"{signed(expectancy.low, 3)} to {signed(expectancy.high, 3)} R: <b>{sure}</b>."
    )


def _cards(result: "Result") -> str:
    values, known = result.metrics, definitions()
    net, total_r = values["net_profit"], float(result.trades["r_multiple"].sum())
    currency = result.config.account.currency
    cards = [
        _card("net profit", known["net_profit"][1], signed(net), currency, tone(net)),
        _card("total R", _TOTAL_R, signed(total_r), "R", tone(total_r)),
    ]
    for name in _CARDS:
        unit, definition = known[name]
        shown = {"money": currency, "R": "R", "count": "", "ratio": "", "fraction": ""}[unit]
        if name == "max_drawdown":
            shown += (
                f" · {percent((values['max_drawdown_percent'] or 0.0) / 100, 2)}" if values[name] is not None else ""
            )
        colour = "down" if name == "max_drawdown" and values[name] else tone(values[name]) if unit == "R" else ""
        cards.append(
            _card(name.removesuffix("_r").replace("_", " "), definition, metric(values[name], unit), shown, colour)
        )
    return "".join(cards)


def _card(label: str, definition: str, value: str, unit: str, colour: str) -> str:
    return (
        f'<div class="number" tabindex="0" data-tip="{text(definition)}"><span class="label">{text(label)}</span>'
        f'<span class="value {colour}">{text(value)}</span><span class="unit">{text(unit) or "&nbsp;"}</span></div>'
    )


def metrics_table(result: "Result") -> str:
    """Every metric with its unit; the definition appears on hover."""
    currency = result.config.account.currency
    rows = (
        (
            row_head(name.replace("_", " "), definition),
            metric(result.metrics.get(name), unit),
            {"money": currency, "fraction": ""}.get(unit, unit),
        )
        for name, (unit, definition) in definitions().items()
    )
    return table(("metric", "value", "unit"), rows, "metrics")


def _facts(result: "Result") -> str:
    record = result.record
    rows = [
        ("fingerprint", result.fingerprint),
        ("time range", f"{moment(record.first_time)} to {moment(record.last_time)} UTC"),
        ("versions", ", ".join(f"{name} {version}" for name, version in record.versions.items())),
        ("wall time of the run", f"{record.wall_seconds:.3f} s"),
        ("equity rows", record.equity),
        ("signals", f"{record.signals.get('rows', 0):,} rows"),
        *((_COUNTS.get(name, name.replace("_", " ")), f"{count:,}") for name, count in record.counts.items()),
    ]
    rows += [(f"{symbol} {facts['kind']}", _series(facts)) for symbol, facts in record.data.items()]
    rows += [(f"rate {pair}, {facts['kind']}", _series(facts)) for pair, facts in record.rates.items()]
    if oldest := record.stale_rates.oldest:
        rows.append(("oldest rate of a booking", f"{oldest.pair}, {lasting(oldest.age)}, at {moment(oldest.time)}"))
    return table(("", ""), rows, "facts")


def _series(facts: dict[str, Any]) -> str:
    span = f"{moment(facts['first_time'])} to {moment(facts['last_time'])}"
    return f"{facts['rows']:,} rows, {span}, hash {facts['hash'][:16]}"


def title_of(result: "Result") -> str:
    """Symbols and days of a run."""
    symbols = list(result.record.data) or list(result.config.symbols)
    names = ", ".join(symbols[:4]) + (" and more" if len(symbols) > 4 else "")
    record = result.record
    if record.first_time is None:
        return names
    first, last = moment(record.first_time)[:10], moment(record.last_time)[:10]
    return f"{names} · {first}" + (f" to {last}" if last != first else "")
