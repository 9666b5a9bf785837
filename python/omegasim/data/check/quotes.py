"""Rows that break what a quote has to be: order, prices, sides."""

import polars as pl

from omegasim.data.check.finding import Finding, found
from omegasim.data.cleaners import crossed_rows, filler_rows, powers_off, prices_of, stale_rows
from omegasim.data.headers import PRICES

_SIDES = ("", "bid_", "ask_")


def order_findings(frame: pl.DataFrame, kind: str) -> list[Finding]:
    """T4: times that fall, and bars that repeat one."""
    steps = pl.col("time").diff().dt.total_nanoseconds()
    findings = found(
        "unsorted", "refused", frame, steps < 0, "{rows} rows come before the row ahead of them",
        "omegasim data convert sorts",
    )  # fmt: skip
    if kind == "bars":
        findings += found(
            "duplicates", "refused", frame, steps == 0, "{rows} bars repeat the time ahead of them",
            'clean="duplicates"',
        )  # fmt: skip
    else:
        same = pl.all_horizontal(pl.col(name).diff() == 0 for name in ("bid", "ask")) & (steps == 0)
        findings += found("duplicates", "note", frame, same, "{rows} ticks repeat the one ahead", 'clean="duplicates"')
    return findings


def price_findings(frame: pl.DataFrame) -> list[Finding]:
    """Q3: prices that are none, and bars that contradict themselves."""
    names = prices_of(frame)
    bad = pl.any_horizontal(~pl.col(name).is_finite().fill_null(False) | (pl.col(name) <= 0) for name in names)
    findings = found(
        "prices", "refused", frame, bad, "{rows} rows have a price that is missing, not finite or not above 0"
    )
    sides = [side for side in _SIDES if f"{side}open" in frame.columns]
    if sides:
        outside = pl.any_horizontal(
            (pl.col(f"{side}high") < pl.max_horizontal(f"{side}open", f"{side}close"))
            | (pl.col(f"{side}low") > pl.min_horizontal(f"{side}open", f"{side}close"))
            for side in sides
        )
        findings += found(
            "ohlc", "refused", frame, outside, "{rows} bars open or close outside their low and high", 'clean="ohlc"'
        )
    return findings


def side_findings(frame: pl.DataFrame) -> list[Finding]:
    """Crossed and locked quotes."""
    pairs = [("bid", "ask"), *((f"bid_{price}", f"ask_{price}") for price in PRICES)]
    pairs = [pair for pair in pairs if set(pair) <= set(frame.columns)]
    if not pairs:
        return []
    locked = pl.any_horizontal(pl.col(bid) == pl.col(ask) for bid, ask in pairs) & ~crossed_rows(frame)
    return [
        *found(
            "crossed", "refused", frame, crossed_rows(frame), "{rows} rows have ask below bid",
            'clean="crossed", or "crossed:swap", "crossed:lift"',
        ),
        *found("locked", "note", frame, locked, "{rows} rows have ask equal to bid"),
    ]  # fmt: skip


def quiet_findings(frame: pl.DataFrame) -> list[Finding]:
    """Rows in which nothing happened."""
    return [
        *found(
            "filler", "warning", frame, filler_rows(frame), "{rows} bars without volume or movement", 'clean="filler"'
        ),
        *found(
            "stale", "warning", frame, stale_rows(frame),
            "{rows} rows repeat the prices of the row ahead, in runs of ten and more", 'clean="stale"',
        ),
    ]  # fmt: skip


def outlier_findings(frame: pl.DataFrame) -> list[Finding]:
    """Lost decimal points."""
    off = powers_off(frame).select(pl.any_horizontal(pl.all() != 0)).to_series()
    return found(
        "outliers", "warning", frame, off, "{rows} rows have a price that lost its decimal point", 'clean="outliers"'
    )


def jump_findings(frame: pl.DataFrame) -> list[Finding]:
    """Moves far beyond the usual from one row to the next, weekends and other pauses apart."""
    name = next(name for name in ("close", "bid_close", "ask_close", "bid") if name in frame.columns)
    sound = pl.Series((powers_off(frame).get_column(name) == 0).fill_null(True))
    move = frame.get_column(name).log().diff().abs().fill_nan(None)
    usual = move.filter(move > 0).median()
    if not isinstance(usual, float):
        return []
    pause = frame.get_column("time").diff().dt.total_hours() >= 4
    limit = max(100 * usual, 0.003)
    jumped = (move > limit) & ~pause & sound & sound.shift().fill_null(True)
    return found(
        "jumps", "warning", frame, jumped.fill_null(False),
        f"{{rows}} rows jump by more than {limit:.1%} from the row ahead",
    )  # fmt: skip
