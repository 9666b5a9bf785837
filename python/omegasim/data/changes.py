"""What cleaning did, row by row."""

import polars as pl

_TEXTS = ("cleaning", "action", "column")
_TYPES: dict[str, pl.DataType] = {
    "row": pl.UInt32(),
    "time": pl.Datetime("ns", "UTC"),
    **{name: pl.String() for name in _TEXTS},
    "before": pl.Float64(),
    "after": pl.Float64(),
}
SCHEMA = pl.Schema(_TYPES)
_NONE = pl.DataFrame(schema=SCHEMA)
ROW = "_row"


def no_changes() -> pl.DataFrame:
    """A list of changes without any."""
    return _NONE.clone()


def dropped(frame: pl.DataFrame, kept: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Rows that are there no more."""
    gone = frame.select(ROW, "time").join(kept.select(ROW), on=ROW, how="anti", maintain_order="left")
    return _listed(gone.with_columns(action=pl.lit("dropped")), kind)


def changed(before: pl.DataFrame, after: pl.DataFrame, kind: str) -> pl.DataFrame:
    """Values that are others now."""
    lists = []
    for name in before.columns:
        if before.schema[name] != pl.Float64:
            continue
        table = before.select(
            ROW, "time", action=pl.lit("changed"), column=pl.lit(name), before=name, after=after.get_column(name)
        )
        lists.append(table.filter(pl.col("before") != pl.col("after")))
    return _listed(pl.concat(lists).sort(ROW, maintain_order=True), kind) if lists else no_changes()


def _listed(table: pl.DataFrame, kind: str) -> pl.DataFrame:
    absent = [name for name in SCHEMA if name not in (*table.columns, "row", "cleaning")]
    table = table.with_columns(*(pl.lit(None).alias(name) for name in absent), cleaning=pl.lit(kind))
    return table.rename({ROW: "row"}).select(SCHEMA.keys()).cast(SCHEMA)
