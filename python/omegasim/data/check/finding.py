"""Something that a check found, and the rules that find it in a stream."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

import polars as pl

from omegasim.data.changes import ROW
from omegasim.data.cleaners import powers_off
from omegasim.data.windows import Window

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


@dataclass(frozen=True)
class View:
    """Some rows of the file with their neighbours."""

    window: Window

    @property
    def table(self) -> pl.DataFrame:
        """The rows and their neighbours."""
        return self.window.table

    @cached_property
    def powers(self) -> pl.DataFrame:
        """By how many powers of ten each price is off."""
        return powers_off(self.table)


@dataclass(frozen=True)
class Rule:
    """A fault that rows may have; `message` gets their number as `{rows}`."""

    name: str
    level: Level
    faulty: Callable[[View], pl.Expr | pl.Series]
    message: str
    cure: str = ""


class Tally:
    """Rows that rules found so far."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = {rule.name: rule for rule in rules}
        self._counts = dict.fromkeys(self._rules, 0)
        self._first: dict[str, list[dict[str, Any]]] = {name: [] for name in self._rules}

    def add(self, view: View) -> None:
        """Look at some more rows."""
        faulty = (rule.faulty(view).alias(f"_{name}") for name, rule in self._rules.items())
        own = view.window.own(view.table.with_columns(faulty))
        counts = own.select(pl.col(f"_{name}").sum() for name in self._rules).row(0)
        for name, count in zip(self._rules, counts, strict=True):
            self._counts[name] += count
            room = _FIRST - len(self._first[name])
            if count and room:
                self._first[name] += numbered(own.filter(pl.col(f"_{name}")).select(view.table.columns), room)

    @property
    def refused(self) -> bool:
        """Whether a run would refuse what was found."""
        return any(count and self._rules[name].level == "refused" for name, count in self._counts.items())

    def findings(self) -> list[Finding]:
        """What was found."""
        return [
            Finding(
                name, rule.level, rule.message.format(rows=f"{count:,}"), count, self._first[name], rule.cure
            )
            for name, rule in self._rules.items()
            if (count := self._counts[name])
        ]  # fmt: skip


def numbered(rows: pl.DataFrame, count: int = _FIRST) -> list[dict[str, Any]]:
    """The first rows as they are shown."""
    return rows.head(count).rename({ROW: "row"}).to_dicts()


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
