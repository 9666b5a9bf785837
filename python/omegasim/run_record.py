"""What is written down about a run beside its tables."""

import platform
from collections.abc import Sequence
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

from omegasim import _core
from omegasim.config import Config

if TYPE_CHECKING:
    import polars as pl

TABLES = ("trades", "equity", "events", "orders", "open_positions")


class OldRate(BaseModel):
    """A conversion rate as it was used; times in nanoseconds, `age` without Saturdays and Sundays (N55)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pair: str
    time: int
    known_from: int
    age: int


class StaleRates(BaseModel):
    """Bookings at a rate older than 24 hours, and the oldest rate of all bookings (N55)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    bookings: int = 0
    oldest: OldRate | None = None

    @classmethod
    def of_run(cls, run: _core.RunResult) -> Self:
        """What the core counted."""
        if run.oldest_rate is None:
            return cls()
        pair, time, known_from, age = run.oldest_rate
        return cls(bookings=run.stale_bookings, oldest=OldRate(pair=pair, time=time, known_from=known_from, age=age))


class RunRecord(BaseModel):
    """The file `run.json` of a saved run (O4); times are nanoseconds in UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    versions: dict[str, str]
    config: Config
    equity: str
    data: dict[str, dict[str, Any]]
    rates: dict[str, dict[str, Any]] = {}
    stale_rates: StaleRates = StaleRates()
    signals: dict[str, Any]
    strategies: list[dict[str, Any]] = []
    fingerprint: str
    hashes: dict[str, str]
    counts: dict[str, int]
    initial_balance: float
    balance: float
    first_time: int | None
    last_time: int | None
    wall_seconds: float
    metrics: dict[str, float | None]

    @classmethod
    def of_run(
        cls,
        run: _core.RunResult,
        *,
        config: Config,
        equity: str,
        data: dict[str, dict[str, Any]],
        signals: dict[str, Any],
        wall_seconds: float,
        rates: dict[str, dict[str, Any]] | None = None,
        strategies: Sequence[dict[str, Any]] = (),
    ) -> Self:
        """Collect what a finished run knows."""
        steps = {"steps": run.steps, "drilled": run.drilled, "undrilled": run.undrilled}
        rows = {name: len(getattr(run, name)()) for name in TABLES}
        return cls(
            versions=_versions(),
            config=config,
            equity=equity,
            data=data,
            rates=rates or {},
            stale_rates=StaleRates.of_run(run),
            signals=signals,
            strategies=list(strategies),
            fingerprint=run.fingerprint,
            hashes={"trades": run.trades_hash, "events": run.events_hash, "equity": run.equity_hash},
            counts={**rows, **steps},
            initial_balance=run.initial_balance,
            balance=run.balance,
            first_time=run.first_time,
            last_time=run.last_time,
            wall_seconds=wall_seconds,
            metrics=dict(run.metrics()),
        )


def signal_facts(signals: "pl.DataFrame | _core.Table | bytes | None") -> dict[str, Any]:
    """Rows of the signals and a hash of what they say, whichever library's table or file they came in."""
    if signals is None:
        return {"rows": 0, "hash": None}
    rows, digest = _core.signal_facts(signals)
    return {"rows": rows, "hash": digest}


def _versions() -> dict[str, str]:
    return {"omegasim": _core.__version__, "python": platform.python_version(), "polars": version("polars")}
