"""Everything there is to say about a file of market data."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from omegasim import _core
from omegasim.data.check.calendar import Missing, clock_findings, missing_bars, weekend_findings
from omegasim.data.check.finding import Finding
from omegasim.data.check.quotes import (
    jump_findings,
    order_findings,
    outlier_findings,
    price_findings,
    quiet_findings,
    side_findings,
)
from omegasim.data.cleaners import prices_of
from omegasim.data.finish import Finish, usual_distance
from omegasim.data.layout import Kind
from omegasim.data.origin import unit_of
from omegasim.data.reading import Reading
from omegasim.data.source import open_source, within
from omegasim.data.symbols import usual_prices
from omegasim.errors import OmegaError

_MINUTE = 60_000_000_000
_MUCH = 0.02


@dataclass(frozen=True)
class Inspection:
    """A checked file."""

    file: str
    format: str
    kind: Kind
    rows: int
    first: str
    last: str
    timeframe: str | None
    columns: list[str]
    missing: list[Missing]
    spread_by_hour: dict[int, float]
    """Median spread in price units by hour UTC."""
    findings: list[Finding]

    @property
    def refused(self) -> bool:
        """Whether a run would refuse the file as it is."""
        return any(finding.level == "refused" for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """All of it as plain values."""
        return {
            **vars(self),
            "refused": self.refused,
            "missing": [{**vars(one), "share": one.share} for one in self.missing],
            "findings": [finding.as_json() for finding in self.findings],
        }


def inspect_file(path: Path, reading: Reading, *, ask: Path | None = None, kind: Kind | None = None) -> Inspection:
    """Read a file, with no cleaning and no refusal, and look at everything.

    Raises
    ------
    OmegaError
        The file cannot be read at all.
    """
    source = open_source(path, reading, kind)
    frame = within(Finish(reading, unit_of(source), source.where)(source.read(reading)), reading)
    if ask is not None:
        frame = _with_ask(frame, ask, reading)
    kind = source.kind
    step = (reading.timeframe or usual_distance(frame) or _MINUTE) if kind == "bars" else _MINUTE
    missing = missing_bars(frame, step)
    times = frame.get_column("time")
    findings = [
        *order_findings(frame, kind),
        *price_findings(frame),
        *side_findings(frame),
        *outlier_findings(frame),
        *jump_findings(frame),
        *quiet_findings(frame),
        *weekend_findings(frame),
        *clock_findings(frame, step),
        *_symbol_findings(frame, reading.name or str(path)),
        *_missing_findings(missing),
    ]
    findings += _one_sided(frame, kind) or _refusal(frame, kind, source.where, findings)
    return Inspection(
        file=str(path),
        format=source.format,
        kind=kind,
        rows=len(frame),
        first=times[0].isoformat(),
        last=times[-1].isoformat(),
        timeframe=_named(step) if kind == "bars" else None,
        columns=frame.columns,
        missing=missing,
        spread_by_hour=_spread_by_hour(frame),
        findings=findings,
    )


def _with_ask(frame: pl.DataFrame, ask: Path, reading: Reading) -> pl.DataFrame:
    from omegasim.data.joining import joined, one_side

    other = open_source(ask, reading, "bars")
    sides = [one_side(frame, "bid", "bid"), one_side(other.read(reading), "ask", other.where)]
    return joined(sides, ("unmatched",), other.where)[0]


def _symbol_findings(frame: pl.DataFrame, name: str) -> list[Finding]:
    bounds = usual_prices(name)
    price = frame.get_column(prices_of(frame)[-1]).median()
    if bounds is None or not isinstance(price, float) or bounds[0] <= price <= bounds[1]:
        return []
    message = f"the usual price is {price:g}, and the name says a symbol between {bounds[0]:g} and {bounds[1]:g}"
    return [Finding("symbol", "warning", message, cure="symbol=, or divisor= where the decimal point is wrong")]


def _missing_findings(missing: list[Missing]) -> list[Finding]:
    gone, expected = sum(one.missing for one in missing), sum(one.expected for one in missing)
    if not gone:
        return []
    level = "warning" if gone > _MUCH * expected else "note"
    message = f"{gone:,} of {expected:,} bars are missing in hours that usually trade ({gone / expected:.1%})"
    return [Finding("missing", "warning" if level == "warning" else "note", message, gone)]


def _one_sided(frame: pl.DataFrame, kind: Kind) -> list[Finding]:
    if kind == "ticks" or {"bid_open", "ask_open"} <= set(frame.columns):
        return []
    has = "a column spread" if "spread" in frame.columns else "no spread"
    cure = (
        "instrument= makes the other side" if "spread" in frame.columns else "spread_pips=, or ask= with a second file"
    )
    return [Finding("one_side", "note", f"the bars have one side and {has}", cure=cure)]


def _refusal(frame: pl.DataFrame, kind: Kind, where: str, findings: list[Finding]) -> list[Finding]:
    """What a run says to the table, where no finding has foreseen it."""
    if any(finding.level == "refused" for finding in findings):
        return []
    try:
        if kind == "bars":
            _core.Bars(frame.drop("spread", strict=False), symbol=where)
        else:
            _core.Ticks(frame, symbol=where)
    except OmegaError as error:
        return [Finding("refused", "refused", str(error))]
    return []


def _spread_by_hour(frame: pl.DataFrame) -> dict[int, float]:
    pair = ("bid", "ask") if "bid" in frame.columns else ("bid_close", "ask_close")
    if set(pair) <= set(frame.columns):
        spread = pl.col(pair[1]) - pl.col(pair[0])
    elif "spread" in frame.columns:
        spread = pl.col("spread")
    else:
        return {}
    hours = frame.group_by(hour=pl.col("time").dt.hour()).agg(spread=spread.median()).sort("hour").drop_nulls()
    return {int(hour): round(float(value), 10) for hour, value in hours.rows()}


def _named(step: int) -> str:
    units = (("W", 604_800), ("D", 86_400), ("H", 3_600), ("M", 60), ("S", 1))
    seconds = step // 1_000_000_000
    name, size = next(((name, size) for name, size in units if seconds and seconds % size == 0), ("ns", 0))
    return f"{name}{seconds // size}" if size else f"{step} ns"
