"""What came of a run."""

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from omegasim.config import Config
from omegasim.errors import ARGUMENT, MISSING_DATA, InputError
from omegasim.run_record import TABLES, RunRecord

if TYPE_CHECKING:
    import polars as pl

    from omegasim.ambiguity import Ambiguity
    from omegasim.batch import Work


def log_schema() -> "pl.Schema":
    """Columns of the log."""
    import polars as pl

    types: dict[str, pl.DataType] = {
        "time": pl.Datetime("ns", "UTC"),
        "strategy": pl.String(),
        "message": pl.String(),
    }
    return pl.Schema(types)


class Result:
    """Tables, metrics and fingerprint of a run.

    Made by `simulate` and `load_result`; tables are read when they are first asked for.

    Attributes
    ----------
    config : Config
        The settings of the run.
    """

    def __init__(
        self,
        config: Config,
        table: Callable[[str], Any],
        record: Callable[[], RunRecord],
        work: "Work | None" = None,
    ) -> None:
        self.config = config
        self._table = table
        self._make_record = record
        self._work = work
        self._frames: dict[str, pl.DataFrame] = {}
        self._log: pl.DataFrame | None = None

    @property
    def trades(self) -> "pl.DataFrame":
        """O1: one row a closed trade, by exit time."""
        return self._frame("trades")

    @property
    def equity(self) -> "pl.DataFrame":
        """A4: `time`, `balance`, `equity`, `margin`, `drawdown`, in account money."""
        return self._frame("equity")

    @property
    def events(self) -> "pl.DataFrame":
        """E2: the journal, one row an event."""
        return self._frame("events")

    @property
    def orders(self) -> "pl.DataFrame":
        """Pending orders that were left."""
        return self._frame("orders")

    @property
    def open_positions(self) -> "pl.DataFrame":
        """Positions that were left open."""
        return self._frame("open_positions")

    @property
    def log(self) -> "pl.DataFrame":
        """What strategies wrote to the log: `time`, `strategy`, `message`."""
        import polars as pl

        return pl.DataFrame(schema=log_schema()) if self._log is None else self._log

    @property
    def metrics(self) -> dict[str, float | None]:
        """O3: every metric by name; `omegasim metrics` prints units and definitions."""
        return self.record.metrics

    @property
    def fingerprint(self) -> str:
        """R2: hash over trades, events and equity."""
        return self.record.fingerprint

    @cached_property
    def record(self) -> RunRecord:
        """What `run.json` holds: config, versions, data hashes, counts, wall time."""
        return self._make_record()

    def arrow(self, name: str) -> Any:
        """Table as an object with `__arrow_c_stream__`, for pyarrow, pandas, duckdb.

        Parameters
        ----------
        name : {"trades", "equity", "events", "orders", "open_positions"}
            The table.
        """
        if name not in TABLES:
            raise InputError(f"unknown table {name!r}; expected {', '.join(TABLES)}", ARGUMENT)
        return self._table(name)

    def ambiguity(self) -> "Ambiguity":
        """I6: run the same work under `worst` and `best` and compare.

        Raises
        ------
        InputError
            The result was loaded from a folder, which does not hold the market data.
        """
        from omegasim.ambiguity import ambiguity_of

        if self._work is None:
            raise InputError(
                "ambiguity() runs the work again, and a loaded run has no market data; "
                "call it on the result of simulate()",
                MISSING_DATA,
            )
        return ambiguity_of(self, self._work)

    def save(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the run to a folder: `run.json`, `metrics.json` and the tables as Parquet.

        The folder appears complete or not at all.

        Parameters
        ----------
        path : str or Path
            The folder.
        force : bool
            Replace a folder that exists.

        Raises
        ------
        ExistingFileError
            The folder exists and `force` is false.
        FileError
            It cannot be written.
        """
        from omegasim.saved_run import save_result

        return save_result(self, Path(path), force=force)

    def report(self, path: str | Path = "report.html") -> Path:
        """Write a page that shows what happened; one file, opens offline.

        Worst and best readings of the bars are run for it where the result has its market data.

        Parameters
        ----------
        path : str or Path
            The file; replaced where it exists.

        Raises
        ------
        FileError
            It cannot be written.
        """
        from omegasim.report.file import write_page
        from omegasim.report.page import report_page

        return write_page(Path(path), report_page(self))

    def _frame(self, name: str) -> "pl.DataFrame":
        if name not in self._frames:
            import polars as pl

            self._frames[name] = pl.DataFrame(self._table(name))
        return self._frames[name]

    def _repr_html_(self) -> str:
        from omegasim.report.notebook import notebook_html

        return notebook_html(self)

    def __repr__(self) -> str:
        net = self.metrics.get("net_profit")
        profit = "" if net is None else f"net {net:,.2f} {self.config.account.currency}, "
        return f"Result({self.trades.height:,} trades, {profit}fingerprint {self.fingerprint[:16]})"
