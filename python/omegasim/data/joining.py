"""Bid and ask bars of two files side by side."""

import polars as pl

from omegasim.data.changes import no_changes
from omegasim.data.clean import clean_bars, report
from omegasim.data.headers import PRICES
from omegasim.errors import ARGUMENT, UNMATCHED_ROWS, InputError


def one_side(frame: pl.DataFrame, side: str, where: str) -> pl.DataFrame:
    """The columns of one side, under that side's names; volume goes with the bid.

    Raises
    ------
    InputError
        The table does not hold that side.
    """
    if f"{side}_open" in frame.columns:
        names = {f"{side}_{price}": f"{side}_{price}" for price in PRICES}
    elif "open" in frame.columns:
        names = {price: f"{side}_{price}" for price in PRICES}
    else:
        raise InputError(f"{where}: expected the {side} side, found {', '.join(frame.columns)}", ARGUMENT)
    kept = {"time": "time", **names, **({"volume": "volume"} if side == "bid" and "volume" in frame.columns else {})}
    return frame.select(pl.col(old).alias(new) for old, new in kept.items())


def joined(
    sides: list[pl.DataFrame], kinds: tuple[str, ...], where: str
) -> tuple[pl.DataFrame, dict[str, int], pl.DataFrame]:
    """Put the sides of two files side by side; files that repeat times are cleaned first, each by itself.

    Raises
    ------
    InputError
        The times differ, and nobody asked for `unmatched`.
    """
    counts: dict[str, int] = {}
    changes = [no_changes()]
    if "duplicates" in kinds:
        for index, side in enumerate(sides):
            sides[index], found, listed = clean_bars(side, ("duplicates",), where)
            counts["duplicates"] = counts.get("duplicates", 0) + found["duplicates"]
            changes.append(listed)
    bid, ask = sides
    if "unmatched" in kinds:
        both = bid.join(ask, on="time", how="inner", maintain_order="left")
        counts["unmatched"] = len(bid) + len(ask) - 2 * len(both)
        report("unmatched", counts["unmatched"], len(bid) + len(ask), where)
        changes += [_alone(bid, ask), _alone(ask, bid)]
        return both, counts, pl.concat(changes)
    if not bid.get_column("time").equals(ask.get_column("time")):
        raise InputError(f"{where}: {_difference(bid, ask)}; expected the same times in both", UNMATCHED_ROWS)
    return pl.concat([bid, ask.drop("time")], how="horizontal"), counts, pl.concat(changes)


def _alone(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    rows = ours.with_row_index("row").select("row", "time").join(theirs.select("time"), on="time", how="anti")
    given = rows.with_columns(cleaning=pl.lit("unmatched"), action=pl.lit("dropped"))
    return pl.concat([no_changes(), given], how="diagonal")


def _difference(bid: pl.DataFrame, ask: pl.DataFrame) -> str:
    bids, asks = bid.select("time"), ask.select("time")
    for ours, theirs, side in ((bids, asks, "bid"), (asks, bids, "ask")):
        alone = ours.join(theirs, on="time", how="anti", maintain_order="left")
        if len(alone):
            first = alone.get_column("time")[0]
            return f"{len(alone)} rows of the {side} file have no partner, the first at {first.isoformat()}"
    return "the files have the same times in another order or repeat some"
