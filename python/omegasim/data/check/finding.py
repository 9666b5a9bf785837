"""Something that a check found."""

from dataclasses import dataclass, field
from typing import Any, Literal

import polars as pl

Level = Literal["refused", "warning", "note"]
_FIRST = 3


@dataclass(frozen=True)
class Finding:
    """What was found, where first, and the option that cures it."""

    name: str
    level: Level
    """`refused` would stop a run, `warning` is probably wrong, `note` is worth knowing."""
    message: str
    count: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)
    """The first rows, numbered from 0."""
    cure: str = ""

    def as_json(self) -> dict[str, Any]:
        """The finding with times as text."""
        rows = [{key: _plain(value) for key, value in row.items()} for row in self.rows]
        return {**vars(self), "rows": rows}


def found(
    name: str, level: Level, frame: pl.DataFrame, faulty: pl.Expr | pl.Series, message: str, cure: str = ""
) -> list[Finding]:
    """A finding on the rows that have a fault; none where no row has it."""
    rows = frame.with_row_index("row").filter(faulty)
    if rows.is_empty():
        return []
    return [Finding(name, level, message.format(rows=f"{len(rows):,}"), len(rows), rows.head(_FIRST).to_dicts(), cure)]


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
