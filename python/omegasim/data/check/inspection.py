"""Everything there is to say about a file of market data, read once and in bounded memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from omegasim import _core
from omegasim.data.check.calendar import Missing, Times, clock_findings, closed_rule
from omegasim.data.check.finding import Finding, Tally, View
from omegasim.data.check.jumps import Jumps
from omegasim.data.check.medians import Medians
from omegasim.data.check.quotes import quote_rules
from omegasim.data.check.symbol import Price
from omegasim.data.cleaners import ONE_SIDED_ROWS, around, prices_of
from omegasim.data.joining import one_side
from omegasim.data.layout import Kind
from omegasim.data.origin import assumed_clock, finished
from omegasim.data.pairing import Pairing
from omegasim.data.progress import Stages, Watch, unseen
from omegasim.data.reading import Reading
from omegasim.data.source import Bi5Part, Source, open_sides
from omegasim.data.windows import windows
from omegasim.errors import UNREADABLE_FILE, InputError, OmegaError

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
    calendar: str
    """Which hours were taken for those in which bars are expected."""
    missing: list[Missing]
    spread_by_hour: dict[int, float]
    """Median spread in price units by hour UTC, to four digits."""
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


def inspect_file(
    path: Path, reading: Reading, *, ask: Path | None = None, kind: Kind | None = None, stages: Stages = unseen
) -> Inspection:
    """Read a file, with no cleaning and no refusal, and look at everything.

    Raises
    ------
    OmegaError
        The file cannot be read at all.
    """
    sources = open_sides(path, ask, reading, kind)
    source = sources[0]
    rows = _Rows(sources, reading, Watch(stages("checking", sum(one.size for one in sources))))
    look: _Look | None = None
    for window in windows(rows, around("outliers")):
        look = look or _Look(window.table, source, reading)
        look.add(View(window))
    if look is None:
        raise InputError(f"{source.where}: no rows; expected at least one", UNREADABLE_FILE)
    step = (reading.timeframe or look.times.usual_distance() or _MINUTE) if source.kind == "bars" else _MINUTE
    calendar = look.times.calendar(reading.instrument)
    missing = look.times.missing(step, calendar)
    return Inspection(
        file=str(path),
        format=source.format,
        kind=source.kind,
        rows=look.rows,
        first=look.first,
        last=look.last,
        timeframe=_named(step) if source.kind == "bars" else None,
        columns=look.columns,
        calendar=calendar.name,
        missing=missing,
        spread_by_hour={hour: round(spread, 10) for hour, spread in look.spreads.result().items()},
        findings=[
            *look.findings(),
            *rows.findings(),
            *clock_findings(look.times.edges(), step),
            *_clock_notes(source, reading),
            *look.price.findings(_told_name(source, reading, path), reading.instrument),
            *_missing_findings(missing),
        ],
    )


class _Rows:
    """The rows of one file, or of two side by side, and what is left out of them on the way."""

    def __init__(self, sources: list[Source], reading: Reading, watch: Watch) -> None:
        self._sources, self._reading, self._watch = sources, reading, watch
        self._one_sided = 0
        self._pairing = Pairing(drop=True, where=", ".join(source.where for source in sources))

    def __iter__(self) -> Iterator[pl.DataFrame]:
        if len(self._sources) == 2:
            bid, ask = self._sources
            bids = (one_side(frame, "bid", bid.where) for frame in finished(bid, self._reading, self._watch))
            asks = (one_side(frame, "ask", ask.where) for frame in finished(ask, self._reading, self._watch))
            yield from self._pairing(bids, asks)
            return
        for frame in finished(self._sources[0], self._reading, self._watch):
            yield self._both_known(frame) if self._sources[0].sparse else frame

    def _both_known(self, frame: pl.DataFrame) -> pl.DataFrame:
        known = frame.filter(~ONE_SIDED_ROWS)
        self._one_sided += len(frame) - len(known)
        return known

    def findings(self) -> list[Finding]:
        """What was left out."""
        found = []
        if self._one_sided:
            message = f"{self._one_sided:,} rows come before both sides are quoted; they are left out"
            found.append(Finding("one_sided", "note", message, self._one_sided))
        if self._pairing.unmatched:
            message = f"{self._pairing.unmatched:,} rows have a time that only one of the sides has"
            found.append(Finding("unmatched", "refused", message, self._pairing.unmatched, cure='clean="unmatched"'))
        return found


class _Look:
    """Everything that is counted on the way through the file."""

    def __init__(self, frame: pl.DataFrame, source: Source, reading: Reading) -> None:
        self._kind, self._where = source.kind, source.where
        self.columns = [name for name in frame.columns if name != "_row"]
        self.rows = 0
        self.first = self.last = ""
        self.times, self.spreads = Times(), Medians()
        self._tally = Tally((*quote_rules(frame, source.kind), closed_rule(reading.instrument, source.kind)))
        price = next(name for name in ("close", "bid_close", "ask_close", "bid") if name in frame.columns)
        self._jumps, self.price = Jumps(price), Price(price)
        self._refused: list[Finding] = []

    def add(self, view: View) -> None:
        """Look at some more rows."""
        rows = view.window.rows
        times = rows.get_column("time")
        self.first = self.first or _shown(times[0])
        self.last = _shown(times[-1])
        self.rows += len(rows)
        self._tally.add(view)
        self._jumps.add(view)
        self.price.add(rows)
        self.times.add(times)
        self._add_spreads(rows)
        if not self._refused and not self._tally.refused:
            self._refused = self._refusal(rows)

    def _add_spreads(self, rows: pl.DataFrame) -> None:
        pair = ("bid", "ask") if self._kind == "ticks" else ("bid_close", "ask_close")
        if set(pair) <= set(rows.columns):
            spread = pl.col(pair[1]) - pl.col(pair[0])
        elif "spread" in rows.columns:
            spread = pl.col("spread")
        else:
            return
        self.spreads.add(rows.filter(pl.col("time").is_not_null()).select(key=pl.col("time").dt.hour(), value=spread))

    def _refusal(self, rows: pl.DataFrame) -> list[Finding]:
        """What a run says to the rows, where no rule has foreseen it."""
        try:
            if self._kind == "ticks":
                _core.Ticks(rows, symbol=self._where)
            else:
                _core.Bars(_as_bid(rows.drop("spread", strict=False)), symbol=self._where, timeframe=_MINUTE)
        except OmegaError as error:
            start = self.rows - len(rows)
            return [Finding("refused", "refused", f"in the rows from {start:,} on: {error}" if start else str(error))]
        return []

    def findings(self) -> list[Finding]:
        """What was found."""
        return [*self._tally.findings(), *self._jumps.findings(), *self._one_sided(), *self._refused]

    def _one_sided(self) -> list[Finding]:
        if self._kind == "ticks" or {"bid_open", "ask_open"} <= set(self.columns):
            return []
        spread = "spread" in self.columns
        has = "a column spread" if spread else "no spread"
        cure = "instrument= makes the other side" if spread else "spread_pips=, or ask= with a second file"
        return [Finding("one_side", "note", f"the bars have one side and {has}", cure=cure)]


def _as_bid(rows: pl.DataFrame) -> pl.DataFrame:
    """Bars of any one side as the core takes them."""
    if "bid_open" in rows.columns:
        return rows
    prefix = "ask_" if "ask_open" in rows.columns else ""
    return rows.rename({name: f"bid_{name.removeprefix(prefix)}" for name in prices_of(rows)})


def _told_name(source: Source, reading: Reading, path: Path) -> str:
    first = source.parts[0]
    return reading.name or (first.file.symbol if isinstance(first, Bi5Part) else path.name)


def _clock_notes(source: Source, reading: Reading) -> list[Finding]:
    assumed = assumed_clock(source, reading)
    if assumed is None:
        return []
    usual = (
        'timezone="America/New_York+7" with most brokers, or their clock' if source.format != "lean" else "timezone="
    )
    return [Finding("clock_assumed", "warning", assumed, cure=usual)]


def _missing_findings(missing: list[Missing]) -> list[Finding]:
    gone, expected = sum(one.missing for one in missing), sum(one.expected for one in missing)
    if not gone:
        return []
    message = f"{gone:,} of {expected:,} bars are missing in the hours that are expected ({gone / expected:.1%})"
    return [Finding("missing", "warning" if gone > _MUCH * expected else "note", message, gone)]


def _shown(time: Any) -> str:
    return "no time" if time is None else str(time.isoformat())


def _named(step: int) -> str:
    units = (("W", 604_800), ("D", 86_400), ("H", 3_600), ("M", 60), ("S", 1))
    seconds = step // 1_000_000_000
    name, size = next(((name, size) for name, size in units if seconds and seconds % size == 0), ("ns", 0))
    return f"{name}{seconds // size}" if size else f"{step} ns"
