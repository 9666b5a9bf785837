"""The cleanings themselves: each takes a table and gives it back with a list of what it changed."""

from typing import TypeAlias

import polars as pl

from omegasim.data.changes import changed, dropped, no_changes
from omegasim.data.headers import PRICES
from omegasim.data.layout import is_price

Cleaned: TypeAlias = tuple[pl.DataFrame, pl.DataFrame]

_STALE = 10
# Rows around a price that say what it should be: enough for a long stretch of lost decimal points.
_AROUND = 1_001
# How near to a whole power of ten, in decimal places.
_NEAR = 0.25


def prices_of(frame: pl.DataFrame) -> list[str]:
    """Columns that hold prices."""
    return [name for name in frame.columns if is_price(name)]


def crossed_rows(frame: pl.DataFrame) -> pl.Expr:
    """Rows whose ask lies below the bid."""
    return pl.any_horizontal(_below(ask, bid) for bid, ask in _pairs(frame)).fill_null(False)


ONE_SIDED_ROWS = pl.col("bid").is_null() | pl.col("ask").is_null()


def one_sided(frame: pl.DataFrame, option: str, kind: str) -> Cleaned:
    """Ticks from before both sides have been quoted."""
    del option
    return _without(frame, ONE_SIDED_ROWS, kind)


def around(kind: str) -> int:
    """Rows ahead and behind that decide about a row."""
    name, _, option = kind.partition(":")
    if name == "outliers":
        return _AROUND // 2
    return int(option or _STALE) + 1 if name == "stale" else 1


def crossed(frame: pl.DataFrame, option: str, kind: str) -> Cleaned:
    """Ask below bid: drop, swap or lift."""
    if not _pairs(frame):
        return frame, no_changes()
    if option in ("", "drop"):
        return _without(frame, crossed_rows(frame), kind)
    asks = [pl.when(_below(ask, bid)).then(bid).otherwise(ask).alias(ask) for bid, ask in _pairs(frame)]
    bids = [pl.when(_below(ask, bid)).then(ask).otherwise(bid).alias(bid) for bid, ask in _pairs(frame)]
    mended = frame.with_columns(*asks, *(bids if option == "swap" else ()))
    return mended, changed(frame, mended, kind)


def repeated_bars(frame: pl.DataFrame, option: str, kind: str) -> Cleaned:
    """Of rows with one time the last stays."""
    del option
    kept = frame.unique(subset="time", keep="last", maintain_order=True)
    return kept, dropped(frame, kept, kind)


def repeated_ticks(frame: pl.DataFrame, option: str, kind: str) -> Cleaned:
    """Ticks that repeat the one ahead of them."""
    del option
    return _without(frame, _same(("time", "bid", "ask")), kind)


def ohlc(frame: pl.DataFrame, option: str, kind: str) -> Cleaned:
    """High and low that do not contain open and close are widened."""
    del option
    sides = [side for side in ("", "bid_", "ask_") if f"{side}open" in frame.columns]
    highs = [pl.max_horizontal(f"{s}open", f"{s}high", f"{s}low", f"{s}close").alias(f"{s}high") for s in sides]
    lows = [pl.min_horizontal(f"{s}open", f"{s}high", f"{s}low", f"{s}close").alias(f"{s}low") for s in sides]
    # A row with a null or NaN stays as it is, for the check to name.
    sound = pl.all_horizontal(pl.col(f"{s}{price}").is_finite().fill_null(False) for s in sides for price in PRICES)
    widened = frame.with_columns(
        pl.when(sound).then(new).otherwise(pl.col(new.meta.output_name())).alias(new.meta.output_name())
        for new in (*highs, *lows)
    )
    return widened, changed(frame, widened, kind)


def powers_off(frame: pl.DataFrame) -> pl.DataFrame:
    """By how many powers of ten each price is off those around it; 0 where it is not."""
    names = prices_of(frame)
    if _lie_close(frame, names):
        return pl.DataFrame({name: pl.repeat(0.0, len(frame), eager=True) for name in names})
    # A median does not mind that up to half of the prices are wrong.
    usual = frame.get_column(next(name for name in names if name.endswith(("close", "bid")))).log10()
    around = usual.rolling_median(_AROUND, center=True, min_samples=1)
    powers = []
    for name in names:
        distance = (frame.get_column(name).log10() - around).fill_nan(None).fill_null(0.0)
        power = distance.round()
        near = (distance - power).abs() < _NEAR
        powers.append(pl.select(pl.when(near & power.is_finite()).then(power).otherwise(0.0)).to_series().alias(name))
    return pl.DataFrame(powers)


def _lie_close(frame: pl.DataFrame, names: list[str]) -> bool:
    """Whether no price can be near another power of ten, which spares the medians."""
    prices = frame.select(least=pl.min_horizontal(pl.min(*names)), most=pl.max_horizontal(pl.max(*names)))
    least, most = prices.row(0)
    return least is not None and least > 0 and most < least * 10 ** (1 - _NEAR)


def outliers(frame: pl.DataFrame, option: str, kind: str) -> Cleaned:
    """Lost decimal points are put back, or their rows dropped."""
    powers = powers_off(frame)
    if option == "drop":
        off = powers.select(pl.any_horizontal(pl.all() != 0)).to_series()
        kept = frame.filter(~off)
        return kept, dropped(frame, kept, kind)
    repaired = frame.with_columns(
        _repaired(frame.get_column(name), powers.get_column(name))
        for name in powers.columns
        if (powers[name] != 0).any()
    )
    return repaired, changed(frame, repaired, kind)


def _repaired(prices: pl.Series, powers: pl.Series) -> pl.Series:
    # Dividing by a whole power of ten rounds once, as the lost decimal point would have.
    up, down = 10.0 ** powers.clip(0, None), 10.0 ** (-powers).clip(0, None)
    mended = pl.when(powers > 0).then(prices / up).when(powers < 0).then(prices * down).otherwise(prices)
    return pl.select(mended.alias(prices.name)).to_series()


def filler_rows(frame: pl.DataFrame) -> pl.Expr:
    """Bars without volume and movement."""
    if "volume" not in frame.columns or "time" not in frame.columns:
        return pl.lit(False)
    sides = [side for side in ("", "bid_", "ask_") if f"{side}open" in frame.columns]
    flat = [pl.col(f"{s}open") == pl.col(f"{s}{price}") for s in sides for price in PRICES[1:]]
    return (pl.col("volume") == 0) & pl.all_horizontal(flat)


def filler(frame: pl.DataFrame, option: str, kind: str) -> Cleaned:
    """Bars that a vendor wrote where nothing traded."""
    del option
    return _without(frame, filler_rows(frame), kind)


def stale_rows(frame: pl.DataFrame, length: int = _STALE) -> pl.Expr:
    """Rows that repeat the one ahead, in runs of at least so many."""
    names = prices_of(frame)
    same = _same(names)
    if "open" in names or "bid_open" in names:
        sides = [side for side in ("", "bid_", "ask_") if f"{side}open" in names]
        same &= pl.all_horizontal(pl.col(f"{s}high") == pl.col(f"{s}low") for s in sides)
    run = (~same).cum_sum()
    return same & (pl.len().over(run) > length)


def stale(frame: pl.DataFrame, option: str, kind: str) -> Cleaned:
    """Prices that stood still for long."""
    return _without(frame, stale_rows(frame, int(option or _STALE)), kind)


def _pairs(frame: pl.DataFrame) -> list[tuple[str, str]]:
    pairs = [("bid", "ask"), *((f"bid_{price}", f"ask_{price}") for price in PRICES)]
    return [(bid, ask) for bid, ask in pairs if bid in frame.columns and ask in frame.columns]


def _below(ask: str, bid: str) -> pl.Expr:
    # polars sorts NaN above every number.
    return (pl.col(ask) < pl.col(bid)) & pl.col(bid).is_finite()


def _same(names: tuple[str, ...] | list[str]) -> pl.Expr:
    return pl.all_horizontal(pl.col(name) == pl.col(name).shift() for name in names).fill_null(False)


def _without(frame: pl.DataFrame, faulty: pl.Expr, kind: str) -> Cleaned:
    # A comparison with a null is no reason to drop: the check names those.
    kept = frame.filter(~faulty.fill_null(False))
    return kept, dropped(frame, kept, kind)
