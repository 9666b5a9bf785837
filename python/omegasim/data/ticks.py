"""Ticks of one symbol, checked once and reused by every run."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from omegasim import _core

if TYPE_CHECKING:
    import polars as pl

    from omegasim.data.table import Table


class Ticks:
    """Ticks of one symbol, checked once and reused by every run (Q3, T4).

    Parameters
    ----------
    table : Arrow table
        polars, pandas, pyarrow, duckdb, with `time`, `bid` and `ask` in any usual spelling.
    symbol : str, optional
        Whose ticks they are; a run over one instrument needs none.
    clean : str or list of str, optional
        Any of "crossed", "duplicates", "outliers", "stale"; see `omegasim.data.clean`.
    timezone : str, optional
        Clock of naive times, such as "Europe/Helsinki"; UTC where not given.

    Attributes
    ----------
    cleaned : dict of str to int
        Rows that each cleaning dropped or changed; `one_sided` are those of an export that leaves out the side that
        did not change, from before both sides were quoted.
    changes : polars.DataFrame
        Every one of these rows: `row, time, cleaning, action, column, before, after`.

    Raises
    ------
    InputError
        A column is missing or of a wrong type, a time falls, ask is below bid.
    NumberError
        A price is not finite or not above 0.

    Examples
    --------
    >>> import omegasim as om, polars as pl
    >>> ticks = om.Ticks(pl.DataFrame({"time": ["2024-01-02 10:00:00.5"], "bid": [1.1], "ask": [1.1001]}))
    >>> ticks.frame["ask"].to_list()
    [1.1001]
    """

    def __init__(
        self, table: "Table", *, symbol: str = "", clean: str | Iterable[str] = (), timezone: str | None = None
    ) -> None:
        from omegasim.data.clean import cleaning_kinds
        from omegasim.data.columns import tick_columns
        from omegasim.data.reading import Reading
        from omegasim.data.table import frame_of

        where = symbol or "ticks"
        reading = Reading(timezone=timezone)
        self._build(tick_columns(frame_of(table, where), where, reading), symbol, where, cleaning_kinds(clean, where))

    @classmethod
    def _of_columns(
        cls, frame: "pl.DataFrame", *, where: str, symbol: str, clean: str | Iterable[str], sparse: bool
    ) -> Self:
        """Ticks of columns that are named and typed; of a sparse file, rows before both sides are known go first."""
        from omegasim.data.clean import ONE_SIDED, cleaning_kinds

        ticks = cls.__new__(cls)
        unknown = sparse and frame.get_column("bid").null_count() + frame.get_column("ask").null_count() > 0
        ticks._build(frame, symbol, where, (*((ONE_SIDED,) if unknown else ()), *cleaning_kinds(clean, where)))
        return ticks

    def _build(self, frame: "pl.DataFrame", symbol: str, where: str, kinds: tuple[str, ...]) -> None:
        from omegasim.data.clean import clean_ticks

        self.symbol = symbol
        """Whose ticks they are; empty where nobody said."""
        self._where = where
        self._frame, self.cleaned, self.changes = clean_ticks(frame, kinds, where)
        self._checked = _core.Ticks(self._frame, symbol=where)

    def _of_symbol(self, symbol: str) -> _core.Ticks:
        return self._checked.with_symbol(symbol)

    @property
    def frame(self) -> "pl.DataFrame":
        """Ticks as a polars frame: `time`, `bid`, `ask`."""
        return self._frame

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> Any:
        return self.frame.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return len(self._checked)

    def __repr__(self) -> str:
        times = self.frame.get_column("time")
        return f"Ticks({self._where!r}, {len(self):,} rows, {times[0]:%Y-%m-%d %H:%M} to {times[-1]:%Y-%m-%d %H:%M})"
