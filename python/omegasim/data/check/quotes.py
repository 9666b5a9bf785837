"""Rows that break what a quote has to be: order, prices, sides."""

import polars as pl

from omegasim.data.check.finding import Rule, View
from omegasim.data.cleaners import crossed_rows, filler_rows, prices_of, stale_rows
from omegasim.data.headers import PRICES
from omegasim.data.layout import Kind

_SIDES = ("", "bid_", "ask_")


def quote_rules(frame: pl.DataFrame, kind: Kind) -> list[Rule]:
    """Rules that apply to a file with such columns."""
    rules = [*_order(kind), *_prices(frame), *_sides(frame), *_quiet(), _OUTLIERS]
    return [rule for rule in rules if rule is not None]


def _order(kind: Kind) -> list[Rule]:
    """T4: times that fall, and bars that repeat one."""
    steps = pl.col("time").diff().dt.total_nanoseconds()
    same = pl.all_horizontal(pl.col(name).diff() == 0 for name in ("bid", "ask")) & (steps == 0)
    return [
        Rule(
            "times", "refused", lambda _: pl.col("time").is_null(), "{rows} rows have no time", "take them out"
        ),
        Rule(
            "unsorted", "refused", lambda _: steps < 0, "{rows} rows come before the row ahead of them",
            "omegasim data convert sorts",
        ),
        Rule(
            "duplicates", "refused", lambda _: steps == 0, "{rows} bars repeat the time ahead of them",
            'clean="duplicates"',
        )
        if kind == "bars"
        else Rule("duplicates", "note", lambda _: same, "{rows} ticks repeat the one ahead", 'clean="duplicates"'),
    ]  # fmt: skip


def _prices(frame: pl.DataFrame) -> list[Rule]:
    """Q3: prices that are none, and bars that contradict themselves."""
    names = prices_of(frame)
    bad = pl.any_horizontal(~pl.col(name).is_finite().fill_null(False) | (pl.col(name) <= 0) for name in names)
    rules = [
        Rule(
            "prices", "refused", lambda _: bad, "{rows} rows have a price that is missing, not finite or not above 0",
            "take them out",
        )
    ]  # fmt: skip
    sides = [side for side in _SIDES if f"{side}open" in frame.columns]
    if sides:
        outside = pl.any_horizontal(
            (pl.col(f"{side}high") < pl.max_horizontal(f"{side}open", f"{side}close"))
            | (pl.col(f"{side}low") > pl.min_horizontal(f"{side}open", f"{side}close"))
            for side in sides
        )
        message = "{rows} bars open or close outside their low and high"
        rules.append(Rule("ohlc", "refused", lambda _: outside, message, 'clean="ohlc"'))
    return rules


def _sides(frame: pl.DataFrame) -> list[Rule]:
    """Crossed and locked quotes."""
    pairs = [("bid", "ask"), *((f"bid_{price}", f"ask_{price}") for price in PRICES)]
    pairs = [pair for pair in pairs if set(pair) <= set(frame.columns)]
    if not pairs:
        return []
    crossed = crossed_rows(frame)
    locked = pl.any_horizontal(pl.col(bid) == pl.col(ask) for bid, ask in pairs) & ~crossed
    cure = 'clean="crossed", or "crossed:swap", "crossed:lift"'
    return [
        Rule("crossed", "refused", lambda _: crossed, "{rows} rows have ask below bid", cure),
        Rule("locked", "note", lambda _: locked, "{rows} rows have ask equal to bid"),
    ]


def _quiet() -> list[Rule]:
    """Rows in which nothing happened."""
    return [
        Rule(
            "filler", "warning", lambda view: filler_rows(view.table), "{rows} bars without volume or movement",
            'clean="filler"',
        ),
        Rule(
            "stale", "warning", lambda view: stale_rows(view.table),
            "{rows} rows repeat the prices of the row ahead, in runs of ten and more", 'clean="stale"',
        ),
    ]  # fmt: skip


def _lost(view: View) -> pl.Series:
    return view.powers.select(pl.any_horizontal(pl.all() != 0)).to_series()


_OUTLIERS = Rule(
    "outliers", "warning", _lost, "{rows} rows have a price that lost its decimal point", 'clean="outliers"'
)
