"""Files of market data of any format as one Parquet file, in bounded memory."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from omegasim.data import spool
from omegasim.data.bars import Side
from omegasim.data.clean import ONE_SIDED, StreamCleaning, cleaning_kinds
from omegasim.data.completion import Completion
from omegasim.data.joining import one_side
from omegasim.data.layout import Kind
from omegasim.data.origin import finished, unit_of, warn_of_clock
from omegasim.data.pairing import Pairing
from omegasim.data.progress import Stages, Watch, unseen
from omegasim.data.reading import Reading
from omegasim.data.source import Source, open_sides
from omegasim.data.spool import Piece
from omegasim.errors import EXISTING_FILE, UNREADABLE_TIME, UNWRITABLE, ExistingFileError, FileError, InputError

KEY = "omegasim"
_ROW_GROUP = 250_000


@dataclass(frozen=True)
class Conversion:
    """What a conversion wrote."""

    rows: int
    facts: dict[str, Any]


def convert_file(
    path: Path,
    out: Path,
    reading: Reading,
    *,
    ask: Path | None = None,
    kind: Kind | None = None,
    side: Side | None = None,
    spread_pips: float | None = None,
    clean: str | Iterable[str] = (),
    force: bool = False,
    stages: Stages = unseen,
) -> Conversion:
    """Convert files to one Parquet file: sorted, cleaned, typed, with the facts of what it was in its metadata.

    Cleanings are those of `om.read_bars`, done on the sorted rows. With `spread_pips`, or `side="mid"` and a spread,
    the instrument's grid makes both sides. The file appears under its name when it is complete.

    Raises
    ------
    OmegaError
        The input cannot be read, or the output cannot be written.
    """
    if out.suffix.lower() not in (".parquet", ".pq"):
        raise FileError(f"{out}: expected a name that ends with .parquet", UNWRITABLE)
    if out.exists() and not force:
        raise ExistingFileError(f"{out}: exists already; expected a new name or --force", EXISTING_FILE)
    kinds = cleaning_kinds(clean, path.name)
    sources = open_sides(path, ask, reading, kind)
    completion = Completion(sources, reading, side, spread_pips)
    for source in sources:
        warn_of_clock(source, reading)
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name}.", dir=out.parent))
    except OSError as error:
        raise FileError(f"{out}: cannot be written: {error.strerror}", UNWRITABLE) from None
    try:
        work = _Work(sources, reading, kinds, completion, folder, stages)
        pieces = work.pieces()
        facts = work.facts(pieces)
        stages("writing", None)
        whole = folder / "whole.parquet"
        pl.scan_parquet([piece.path for piece in pieces]).sink_parquet(
            whole, row_group_size=_ROW_GROUP, metadata={KEY: json.dumps(facts)}
        )
        whole.replace(out)
    except OSError as error:
        if isinstance(error, FileError):
            raise
        raise FileError(f"{out}: cannot be written: {error.strerror or error}", UNWRITABLE) from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return Conversion(facts["rows"], facts)


def facts_of(path: Path) -> dict[str, Any] | None:
    """What a converted file was, by its metadata; None for other files."""
    text = pl.read_parquet_metadata(path).get(KEY)
    return None if text is None else json.loads(text)


class _Work:
    """The way from files to sorted, cleaned pieces."""

    def __init__(
        self,
        sources: list[Source],
        reading: Reading,
        kinds: tuple[str, ...],
        completion: Completion,
        folder: Path,
        stages: Stages,
    ) -> None:
        self._sources, self._reading, self._folder, self._stages = sources, reading, folder, stages
        self._where = ", ".join(dict.fromkeys(source.where for source in sources))
        self._completion = completion
        self._was_sorted = True
        self._cleaned: dict[str, int] = {}
        unknown = (ONE_SIDED,) if sources[0].sparse else ()
        self._kinds = (*unknown, *kinds)

    def pieces(self) -> list[Piece]:
        """Sorted, cleaned, with both sides where they are made, on disk."""
        if len(self._sources) == 1:
            pieces = self._sorted(self._sources[0], None)
            kinds = self._kinds
        else:
            sides = [self._sorted(source, name) for source, name in zip(self._sources, ("bid", "ask"), strict=True)]
            pieces = self._spooled(self._paired(*sides), "pairing", "pairs")
            kinds = tuple(kind for kind in self._kinds if kind not in self._cleaned)
        if kinds or self._completion.makes_both:
            cleaning = StreamCleaning(kinds, self._sources[0].kind, self._where)
            report = self._stages("cleaning", sum(piece.rows for piece in pieces))
            frames = map(self._completion, cleaning(spool.read(pieces, report)))
            pieces = self._spooled(frames, "cleaning", "clean")
            self._cleaned.update(cleaning.counts)
        return pieces

    def _sorted(self, source: Source, name: str | None) -> list[Piece]:
        folder = self._folder / (name or "rows")
        folder.mkdir()
        report = self._stages(f"reading {name}" if name else "reading", source.size)
        frames = finished(source, self._reading, Watch(report))
        frames = (one_side(frame, name, source.where) for frame in frames) if name else frames
        pieces = spool.spooled(map(self._timed, frames), folder)
        if not pieces:
            raise InputError(f"{source.where}: no rows; expected at least one", UNREADABLE_TIME)
        ordered = spool.ordered(pieces, folder, self._stages("sorting", sum(piece.rows for piece in pieces)))
        self._was_sorted &= ordered == pieces and all(piece.sorted for piece in pieces)
        return ordered

    def _timed(self, frame: pl.DataFrame) -> pl.DataFrame:
        if frame.get_column("time").null_count():
            raise InputError(f"{self._where}: a row has no time; expected one in each", UNREADABLE_TIME)
        return self._completion.named(frame)

    def _paired(self, bids: list[Piece], asks: list[Piece]) -> Iterator[pl.DataFrame]:
        pairing = Pairing(drop="unmatched" in self._kinds, where=self._where)
        repeated = [kind for kind in self._kinds if kind == "duplicates"]
        cleanings = [StreamCleaning(repeated, "bars", self._where) for _ in range(2)]
        report = self._stages("pairing", sum(piece.rows for piece in bids))
        yield from pairing(cleanings[0](spool.read(bids, report)), cleanings[1](spool.read(asks)))
        for kind in repeated:
            self._cleaned[kind] = sum(cleaning.counts[kind] for cleaning in cleanings)
        if "unmatched" in self._kinds:
            self._cleaned["unmatched"] = pairing.unmatched

    def _spooled(self, frames: Iterable[pl.DataFrame], stage: str, name: str) -> list[Piece]:
        folder = self._folder / name
        folder.mkdir()
        pieces = spool.spooled(frames, folder)
        if not pieces:
            raise InputError(f"{self._where}: no row is left after {stage}; expected at least one", UNREADABLE_TIME)
        return pieces

    def facts(self, pieces: list[Piece]) -> dict[str, Any]:
        """What the files were and what was done to them."""
        from omegasim._core import __version__

        first, reading = self._sources[0], self._reading
        paths = list(dict.fromkeys(path for source in self._sources for path in source.paths))
        return {
            "version": __version__,
            "files": [path.name for path in paths],
            "bytes": sum(path.stat().st_size for path in paths),
            "format": first.format,
            "kind": first.kind,
            "symbol": reading.name,
            "timezone": reading.timezone or (first.layout.zone if first.layout else None) or "UTC",
            "time_is": reading.time_is,
            "spread": reading.spread or unit_of(first),
            **self._completion.facts(),
            "cleaned": {kind: count for kind, count in self._cleaned.items() if count or kind != ONE_SIDED},
            "was_sorted": self._was_sorted,
            "rows": sum(piece.rows for piece in pieces),
            "first_time": pieces[0].first,
            "last_time": pieces[-1].last,
        }
