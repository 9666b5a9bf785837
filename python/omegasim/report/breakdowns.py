"""Section: which trades did it, by month, weekday, hour, symbol, reason and more."""

from typing import TYPE_CHECKING

import polars as pl

from omegasim.report.number import counted, percent, signed, tone
from omegasim.report.section import Markup, Section, card, note, row_head, table, toned

if TYPE_CHECKING:
    from omegasim.result import Result

MOST = 24
"""Rows of a breakdown; the rest goes together."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_HOLDING = (
    ("under 1 min", 60), ("1 to 5 min", 300), ("5 to 15 min", 900), ("15 to 60 min", 3600), ("1 to 4 h", 14_400),
    ("4 to 24 h", 86_400), ("1 to 7 days", 604_800), ("over 7 days", None),
)  # fmt: skip


def breakdowns_section(result: "Result") -> Section:
    """Coloured months, then one table for each way to group."""
    trades = result.trades
    if trades.is_empty():
        return Section("breakdowns", "By month, hour, symbol", note("No trades to group."))
    html = card("Net by month and year of the exit", month_table(trades), wide=True)
    html += "".join(card(title, group_table(grouped(trades, key))) for title, key in _ways())
    said = "Months count exits; weekdays and hours count entries, in UTC. Net in account money, R before fees."
    return Section("breakdowns", "By month, hour, symbol", note(said) + f'<div class="columns">{html}</div>')


def _ways() -> list[tuple[str, pl.Expr]]:
    entry = pl.col("entry_time").dt
    words = ("symbol", "direction", "reason", "magic", "tag")
    return [
        ("Weekday", _named(entry.weekday() - 1, _DAYS)),
        ("Hour", _named(entry.hour(), tuple(f"{hour:02}:00" for hour in range(24)))),
        ("Holding time", _named(_holding(), tuple(name for name, _ in _HOLDING))),
        *((name.title() if name != "reason" else "Exit reason", pl.col(name).cast(pl.String)) for name in words),
    ]


def _named(place: pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    """Names that sort by their place."""
    return place.replace_strict(range(len(names)), names, return_dtype=pl.Enum(names))


def _holding() -> pl.Expr:
    seconds = (pl.col("exit_time") - pl.col("entry_time")).dt.total_seconds()
    return pl.sum_horizontal((seconds >= limit).cast(pl.Int32) for _, limit in _HOLDING if limit is not None)


def grouped(trades: pl.DataFrame, key: pl.Expr) -> pl.DataFrame:
    """Trades, wins, net and R by key; beyond the most frequent ones together as the last row."""
    groups = (
        trades.group_by(key=key)
        .agg(
            trades=pl.len(),
            wins=(pl.col("net") > 0).sum(),
            net=pl.col("net").sum(),
            r=pl.col("r_multiple").sum(),
        )
        .sort("trades", "key", descending=[True, False])
    )
    if groups.height <= MOST:
        return groups.sort("key")
    rest = groups[MOST - 1 :]
    total = rest.select(
        key=pl.lit(f"{rest.height:,} others", pl.String), **{name: pl.col(name).sum() for name in groups.columns[1:]}
    )
    return pl.concat([groups[: MOST - 1].sort("key"), total.cast(groups.schema)])


def group_table(groups: pl.DataFrame) -> str:
    """A row a group, with a bar as long as its net."""
    widest = max((abs(net) for net in groups["net"]), default=0.0)
    rows = (
        (
            row_head(_label(key)),
            f"{count:,}",
            percent(wins / count, 0),
            _bar(net, widest),
            toned(signed(r / count, 2), tone(r)),
        )
        for key, count, wins, net, r in groups.iter_rows()
    )
    return table(("", "trades", "won", "net", "R a trade"), rows, "groups")


def _label(key: object) -> str:
    return "none" if key in (None, "") else str(key).replace("_", " ")


def _bar(net: float, widest: float) -> Markup:
    share = abs(net) / widest * 100 if widest else 0.0
    return Markup(f'<td class="barred {tone(net)}"><i style="width:{share:.1f}%"></i><span>{signed(net)}</span></td>')


def month_table(trades: pl.DataFrame) -> str:
    """Years down, months across; colour as deep as the net is large."""
    time = pl.col("exit_time").dt
    sums = trades.group_by(year=time.year(), month=time.month()).agg(net=pl.col("net").sum(), trades=pl.len())
    cells = {(year, month): (net, count) for year, month, net, count in sums.iter_rows()}
    deepest = max(abs(net) for net, _ in cells.values())
    rows = []
    for year in sorted({year for year, _ in cells}):
        months = [cells.get((year, month)) for month in range(1, 13)]
        total = sum(found[0] for found in months if found)
        rows.append([row_head(str(year)), *(_heat(found, deepest) for found in months), _total(total)])
    return table(("", *_MONTHS, "year"), rows, "months")


def _heat(found: tuple[float, int] | None, deepest: float) -> Markup:
    if found is None:
        return toned("\u2013", "quiet")
    net, count = found
    depth = 12 + 48 * (abs(net) / deepest if deepest else 0.0)
    return Markup(
        f'<td class="heat {tone(net) or "even"}" style="--depth:{depth:.0f}%" title="{counted(count, "trade")}">'
        f"{signed(net, 0 if deepest >= 100 else 2)}</td>"
    )


def _total(net: float) -> Markup:
    return toned(signed(net, 0 if abs(net) >= 100 else 2), f"total {tone(net)}")
