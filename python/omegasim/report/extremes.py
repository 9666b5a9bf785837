"""Rows that a line must keep to look like the line through all rows."""

import polars as pl


def extremes(frame: pl.DataFrame, name: str, group: pl.Expr) -> pl.DataFrame:
    """The rows with the least and the greatest value of every group, in their order.

    Parameters
    ----------
    frame : DataFrame
        Rows in the order of the line.
    name : str
        The column with the values.
    group : Expr
        The stretch that a row belongs to; `row` is its number.
    """
    ends = (
        frame.with_row_index("row")
        .group_by(group)
        .agg(low=pl.col("row").get(pl.col(name).arg_min()), high=pl.col("row").get(pl.col(name).arg_max()))
    )
    return frame[pl.concat([ends["low"], ends["high"]]).unique().sort()]
