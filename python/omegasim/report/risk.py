"""Section: results in R, what was risked, and how far trades went for and against."""

from typing import TYPE_CHECKING, Any

import polars as pl

from omegasim.report.bootstrap import Interval
from omegasim.report.number import counted, number, percent, signed, tone
from omegasim.report.section import Section, card, chart, note, table, toned, trade_link

if TYPE_CHECKING:
    from omegasim.result import Result

LISTED = 10
_PARTS = {
    "risk_by_grid": "rounding to the volume step",
    "risk_by_minimum": "raised to the smallest volume",
    "risk_by_maximum": "cut to the largest volume",
    "risk_by_volume": "volume given by the signal",
    "risk_by_gap": "fills off the price of the sizing",
}
"""What each part of the difference between risk asked for and taken is called."""
_STOPS = ("stop_loss", "break_even_stop_loss", "trailing_stop", "modified_stop_loss")


def risk_section(result: "Result", expectancy: Interval | None) -> Section:
    """Histogram, cumulative R, interval, asked against taken, gaps, excursions."""
    html = card("R of the trades", chart("histogram", "Histogram of R") + _expectancy(result, expectancy))
    html += card("Cumulative R", chart("cumulative", "Cumulative R by trade"))
    html += card("Asked for and realised risk", _risk(result) + chart("realised", "Loss of stopped trades in R", 220))
    html += card("Losses beyond the stop in gaps", _gaps(result))
    html += card("Against: MAE and result", chart("mae", "Adverse excursion and result"))
    html += card("In favour: MFE and result", chart("mfe", "Favourable excursion and result"))
    said = "R = result before fees / risk asked for. MAE and MFE: worst and best open profit while the trade was open."
    data = {"histogram": histogram(result.trades["r_multiple"]), "realised": _realised(result)}
    return Section("risk", "R and risk", note(said) + f'<div class="grid">{html}</div>', data)


def histogram(values: pl.Series, most: int = 60) -> dict[str, Any]:
    """Counts in steps of a round width; what lies outside -10 to 10 times the width of the middle joins the ends."""
    if values.is_empty():
        return {"start": 0.0, "width": 1.0, "counts": []}
    low, high = _number(values.quantile(0.002)), _number(values.quantile(0.998))
    width = _round_width(max(high - low, 1e-9) / most)
    first = int(low // width)
    last = max(int(high // width), first)
    place = (values / width).floor().cast(pl.Int64).clip(first, last) - first
    counts = dict(place.value_counts().iter_rows())
    return {"start": first * width, "width": width, "counts": [counts.get(at, 0) for at in range(last - first + 1)]}


def _round_width(least: float) -> float:
    return next((step for step in (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1, 2, 5, 10) if step >= least), least)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _expectancy(result: "Result", interval: Interval | None) -> str:
    if interval is None:
        return note("An interval of the expectancy needs at least two trades.")
    return (
        f'<p class="interval">Expectancy <b class="{tone(interval.mean)}">{signed(interval.mean, 3)} R</b> a trade, '
        f"95 % interval <b>{signed(interval.low, 3)}</b> to <b>{signed(interval.high, 3)} R</b></p>"
        + note(
            f"Percentile bootstrap, {interval.draws:,} draws of {result.trades.height:,} trades, seed {interval.seed}. "
            "It takes trades as independent of each other."
        )
    )


def _stopped(result: "Result") -> pl.DataFrame:
    return result.trades.filter(
        pl.col("reason").is_in(_STOPS) & (pl.col("risk_per_trade") > 0) & (pl.col("result") < 0)
    )


def _realised(result: "Result") -> dict[str, Any]:
    stopped = _stopped(result)
    return histogram(-stopped["result"] / stopped["risk_per_trade"], most=40)


def _risk(result: "Result") -> str:
    asked = result.trades.filter(pl.col("risk_per_trade") > 0)
    if asked.is_empty():
        return note("No trade has a risk: no stop loss was set." if result.trades.height else "No trades.")
    money, ratio = result.config.account.currency, asked["risk"] / asked["risk_per_trade"]
    stopped = _stopped(result)
    lost = -stopped["result"] / stopped["risk_per_trade"]
    rows = [
        ("asked for, all trades", f"{number(_number(asked['risk_per_trade'].sum()))} {money}"),
        ("taken: entry to initial stop", f"{number(_number(asked['risk'].sum()))} {money}"),
        *_parted(result),
        ("taken / asked, least to most", f"{percent(_number(ratio.min()))} to {percent(_number(ratio.max()))}"),
        ("stopped trades lost on average", f"{number(_number(lost.mean()), 3)} R" if len(lost) else "\u2013"),
        ("stopped trades lost at most", f"{number(_number(lost.max()), 3)} R" if len(lost) else "\u2013"),
    ]
    return table(("", ""), rows, "facts")


def _parted(result: "Result") -> list[tuple[str, str]]:
    """Why the risk taken is not the risk asked for."""
    money = result.config.account.currency
    parts = {said: result.metrics.get(name) or 0.0 for name, said in _PARTS.items()}
    return [(f"of the difference: {said}", f"{signed(part)} {money}") for said, part in parts.items() if part]


def _gaps(result: "Result") -> str:
    beyond = (pl.col("exit_price") - pl.col("stop_loss")).abs() / (
        pl.col("entry_price") - pl.col("initial_stop_loss")
    ).abs()
    loss = pl.when(pl.col("risk_per_trade") > 0).then(beyond * pl.col("risk") / pl.col("risk_per_trade"))
    jumped = (
        result.trades.with_row_index("row")
        .filter(pl.col("gap") & pl.col("reason").is_in(_STOPS))
        .with_columns(beyond=loss)
        .filter(pl.col("beyond").is_finite())
        .sort("beyond", descending=True)
    )
    if jumped.is_empty():
        return note("No stop loss was jumped by a gap.")
    rows = (
        (
            trade_link(row, ticket),
            symbol,
            f"{time:%Y-%m-%d %H:%M}",
            toned(number(-lost, 3), "down"),
        )
        for row, ticket, symbol, time, lost in jumped.head(LISTED)
        .select("row", "ticket", "symbol", "exit_time", "beyond")
        .iter_rows()
    )
    total = _number(jumped["beyond"].sum())
    said = f"{counted(jumped.height, 'stop level')} jumped, {number(total, 3)} R beyond in all."
    return note(said) + table(("ticket", "symbol", "exit", "R beyond"), rows, "gaps")
