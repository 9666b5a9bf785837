"""Market data in files: one, several by a pattern, or a folder."""

import glob
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC
from pathlib import Path

import polars as pl

from omegasim.data.bi5 import Bi5File, check_argument
from omegasim.data.files import ARROW, TEXT, check_file
from omegasim.data.format import PARQUET
from omegasim.data.formats import layout_of
from omegasim.data.headers import bar_names
from omegasim.data.layout import Kind, Layout, rows
from omegasim.data.lazy import LazyTable, of_symbol
from omegasim.data.progress import Watch
from omegasim.data.reading import Reading
from omegasim.data.text import TextFile, members
from omegasim.errors import MISSING_FILE, UNREADABLE_FILE, FileError, InputError, MissingFileError

_BI5 = (".bi5",)
_ZIP = (".zip",)
_KNOWN = (*PARQUET, *TEXT, *ARROW, *_BI5, *_ZIP)
_HOUR = 3_600_000_000_000


@dataclass(frozen=True)
class TextPart:
    """A text file with its layout."""

    file: TextFile
    layout: Layout
    size: int
    """Bytes on disk; those of a zip archive in equal parts."""

    @property
    def kind(self) -> Kind:
        """Bars or ticks."""
        return self.layout.kind

    def first_time(self, reading: Reading) -> int | None:
        """Time of the first row in nanoseconds; None where there is no row."""
        lines = self.file.head().lines[self.layout.skip :]
        if not lines:
            return None
        head = rows(("\n".join(lines) + "\n").encode(), self.layout, reading, 0, self.file.path.name)
        return first_time(head)

    def batches(self, reading: Reading, watch: Watch) -> Iterator[pl.DataFrame]:
        """Typed rows, chunk by chunk."""
        offset, skip, last = 0, self.layout.skip, None
        for chunk in self.file.chunks(watch):
            for _ in range(skip):
                chunk = chunk[chunk.find(b"\n") + 1 :] if b"\n" in chunk else b""
            skip = 0
            if not chunk.strip():
                continue
            frame = rows(chunk, self.layout, reading, offset, self.file.path.name)
            offset += len(frame)
            if self.layout.sparse:
                frame = frame if last is None else pl.concat([last, frame])
                frame = frame.with_columns(pl.col("bid", "ask").forward_fill())
                last, frame = frame.tail(1), frame.slice(0 if last is None else 1)
            yield self._of_symbol(frame, reading)

    def _of_symbol(self, frame: pl.DataFrame, reading: Reading) -> pl.DataFrame:
        if "symbol" not in frame.columns:
            return frame
        wanted = reading.name.replace("/", "").upper()
        found = frame.get_column("symbol").str.replace("/", "", literal=True).str.to_uppercase()
        if not wanted and found.n_unique() > 1:
            raise InputError(
                f"{self.file.path.name}: holds {', '.join(found.unique(maintain_order=True)[:5])}; expected symbol=",
                UNREADABLE_FILE,
            )
        return (frame.filter(found == wanted) if wanted else frame).drop("symbol")


@dataclass(frozen=True)
class Bi5Part:
    """A file of Dukascopy's own kind."""

    file: Bi5File

    @property
    def kind(self) -> Kind:
        """Bars or ticks."""
        return self.file.kind

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.file.path.stat().st_size

    def first_time(self, reading: Reading) -> int:
        """Time from which the file counts, in nanoseconds."""
        del reading
        return int(self.file.start.replace(tzinfo=UTC).timestamp()) * 1_000_000_000

    def batches(self, reading: Reading, watch: Watch) -> Iterator[pl.DataFrame]:
        """All rows at once; none of a file outside the span."""
        check_argument(reading)
        first = self.first_time(reading)
        hours = 1 if self.kind == "ticks" else 24 * 366
        if (reading.end is None or first < reading.end) and (
            reading.start is None or first + hours * _HOUR > reading.start
        ):
            yield self.file.read(reading, watch)


Part = TextPart | Bi5Part | LazyTable


@dataclass(frozen=True)
class Source:
    """Files that are read as one."""

    parts: tuple[Part, ...]
    where: str

    @property
    def format(self) -> str:
        """Name of the format."""
        first = self.parts[0]
        return (
            first.layout.format
            if isinstance(first, TextPart)
            else "dukascopy"
            if isinstance(first, Bi5Part)
            else "table"
        )

    @property
    def layout(self) -> Layout | None:
        """Layout of text files."""
        first = self.parts[0]
        return first.layout if isinstance(first, TextPart) else None

    @property
    def kind(self) -> Kind:
        """Bars or ticks."""
        return self.parts[0].kind

    @property
    def sparse(self) -> bool:
        """Whether a quote that did not change is left empty."""
        return self.layout is not None and self.layout.sparse

    @property
    def both_sides(self) -> bool:
        """Whether bid and ask are there."""
        first = self.parts[0]
        if isinstance(first, Bi5Part):
            return (
                self.kind == "ticks" or len({part.file.side for part in self.parts if isinstance(part, Bi5Part)}) == 2
            )
        names = first.layout.columns if isinstance(first, TextPart) else bar_names(list(first.columns), self.where)
        return self.kind == "ticks" or {"bid_open", "ask_open"} <= set(names)

    @property
    def paths(self) -> list[Path]:
        """The files."""
        return [part.path if isinstance(part, LazyTable) else part.file.path for part in self.parts]

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return sum(part.size for part in self.parts)

    def batches(self, reading: Reading, watch: Watch | None = None) -> Iterator[pl.DataFrame]:
        """Typed rows within the span; files come in the order of their first times."""
        watch = watch or Watch()
        parts = self.parts
        if len(parts) > 1:
            parts = tuple(sorted(parts, key=lambda part: part.first_time(reading) or 0))
        columns: list[str] = []
        for part in parts:
            watch.begin(part.size)
            for frame in part.batches(reading, watch):
                columns = columns or frame.columns
                if frame.columns != columns:
                    raise self._odd(columns, frame.columns)
                yield within(frame, reading, _margin(reading))
        watch.begin(0)

    def read(self, reading: Reading) -> pl.DataFrame:
        """All rows within the span; files whose times lie one after the other come in that order."""
        frames = [frame for part in self.parts if len(frame := self._of_part(part, reading))]
        frames.sort(key=lambda frame: frame.get_column("time").to_physical()[0] or 0)
        if not frames:
            between = "" if reading.start is None and reading.end is None else " in the span from start to end"
            raise InputError(f"{self.where}: no rows{between}; expected at least one", UNREADABLE_FILE)
        columns = frames[0].columns
        odd = next((frame for frame in frames if frame.columns != columns), None)
        if odd is not None:
            raise self._odd(columns, odd.columns)
        return pl.concat(frames).rechunk()

    def _odd(self, columns: list[str], others: list[str]) -> InputError:
        return InputError(
            f"{self.where}: files with the columns {', '.join(columns)} and {', '.join(others)}; "
            "expected the same in all",
            UNREADABLE_FILE,
        )

    def _of_part(self, part: Part, reading: Reading) -> pl.DataFrame:
        frames = [within(frame, reading, _margin(reading)) for frame in part.batches(reading, Watch())]
        kept = [frame for frame in frames if len(frame)] or frames[:1]
        return pl.concat(kept) if kept else pl.DataFrame()


def open_source(path: str | Path, reading: Reading, kind: Kind | None) -> Source:
    """Find files and their formats; nothing but first lines is read.

    Raises
    ------
    MissingFileError, FileError
        There is no such file, or it is of an unknown kind or damaged.
    InputError
        A file fits two formats or is no table of market data.
    """
    files = _files(Path(path))
    parts = [part for file in files for part in _parts(file, Path(path), reading, kind)]
    parts = of_symbol(parts, reading, str(path))
    if kind is not None and any(part.kind == kind for part in parts):
        parts = [part for part in parts if part.kind == kind]
    kinds = {part.kind for part in parts}
    if kind is not None and kind not in kinds:
        other = (
            "om.read_ticks reads them, om.resample makes bars of them" if kind == "bars" else "om.read_bars reads them"
        )
        raise InputError(f"{Path(path).name}: holds {parts[0].kind}, not {kind}; {other}", UNREADABLE_FILE)
    if len(kinds) > 1:
        raise InputError(f"{path}: holds bars and ticks; expected files of one kind", UNREADABLE_FILE)
    return Source(tuple(parts), Path(path).name)


def open_sides(path: str | Path, ask: str | Path | None, reading: Reading, kind: Kind | None) -> list[Source]:
    """One source, or those of bid and ask: in two files, or in a folder of Dukascopy's candles.

    Raises
    ------
    As `open_source`.
    """
    source = open_source(path, reading, "bars" if ask is not None else kind)
    if ask is not None:
        return [source, open_source(ask, replace(reading, spread=None), "bars")]
    parts = {
        side: tuple(p for p in source.parts if isinstance(p, Bi5Part) and p.file.side == side)
        for side in ("bid", "ask")
    }
    if all(parts.values()):
        return [replace(source, parts=parts[side]) for side in ("bid", "ask")]
    return [source]


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.name.lower().endswith(_KNOWN) and file.is_file())
        if not found:
            raise FileError(f"{path}: is a folder without market data; expected {', '.join(_KNOWN)}", MISSING_FILE)
        kinds = {file.suffix.lower() for file in found}
        if len(kinds) > 1 and ".bi5" not in kinds:
            raise FileError(
                f"{path}: is a folder with files of kinds {', '.join(sorted(kinds))}; expected one kind",
                UNREADABLE_FILE,
            )
        return found
    if any(mark in str(path) for mark in "*?[") and not path.exists():
        found = sorted(Path(name) for name in glob.glob(str(path), recursive=True))  # noqa: PTH207
        if not found:
            raise MissingFileError(f"{path}: no file fits the pattern", MISSING_FILE)
        return found
    if not path.exists():
        raise MissingFileError(f"{path}: no such file", MISSING_FILE)
    return [path]


def _parts(file: Path, root: Path, reading: Reading, kind: Kind | None) -> list[Part]:
    name = file.name.lower()
    if name.endswith(_BI5):
        return [Bi5Part(Bi5File.of_path(file))]
    if name.endswith((*PARQUET, *ARROW)):
        check_file(file)
        return [LazyTable.of(file, root, kind)]
    if name.endswith(_ZIP):
        texts = [TextFile(file, member) for member in members(file)]
    elif name.endswith(TEXT):
        texts = [TextFile(file)]
    else:
        raise FileError(f"{file}: unknown kind of file; expected {', '.join(_KNOWN)}", UNREADABLE_FILE)
    size = file.stat().st_size // len(texts)
    return [TextPart(text, layout_of(text.head(), reading, kind), size) for text in texts]


def first_time(frame: pl.DataFrame) -> int | None:
    """Time of the first row in nanoseconds; None where there is none."""
    return None if frame.is_empty() else frame.get_column("time").to_physical().item(0)


def within(frame: pl.DataFrame, reading: Reading, margin: int = 0) -> pl.DataFrame:
    """Rows of the span from start up to, not including, end."""
    time = pl.col("time").dt.timestamp("ns")
    if reading.start is not None:
        frame = frame.filter(time >= reading.start - margin)
    return frame if reading.end is None else frame.filter(time < reading.end + margin)


def _margin(reading: Reading) -> int:
    # Bars stamped with their close are cut again when they have their open times.
    return 31 * 24 * _HOUR if reading.time_is == "close" else 0
