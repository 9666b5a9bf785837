"""Text files, plain or packed, in whole lines and bounded memory."""

import gzip
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from omegasim.data.progress import Watch
from omegasim.errors import UNREADABLE_FILE, FileError

CHUNK = 16 << 20
_STEP = 1 << 20
_HEAD = 64 << 10
_ROWS = 50
_EMPTY_LINES = re.compile(rb"\n[\r\n]*\n")
_SEPARATORS = "\t;,|"
_BROKEN = (OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Head:
    """First lines of a text file: what detection looks at."""

    path: Path
    member: str
    lines: tuple[str, ...]
    separator: str

    @property
    def where(self) -> str:
        """What messages call the file."""
        return self.path.name

    def fields(self, line: int) -> list[str]:
        """Fields of a line, without quotes."""
        return [field.strip().strip('"') for field in self.lines[line].split(self.separator)]

    def matches(self, pattern: re.Pattern[str]) -> bool:
        """Whether every line has the form."""
        return all(pattern.fullmatch(line.strip()) for line in self.lines)

    @property
    def width(self) -> int:
        """Fields of the widest line."""
        return max(line.count(self.separator) for line in self.lines) + 1


@dataclass(frozen=True)
class TextFile:
    """A text file: plain, gzip, or the member of a zip archive; UTF-8, or UTF-16 with its mark."""

    path: Path
    member: str = ""

    def head(self) -> Head:
        """Read the first lines.

        Raises
        ------
        FileError
            The file is empty or holds no text.
        """
        with self._opened(Watch()) as file:
            start = file.read(_HEAD)
        if not start.strip():
            raise FileError(f"{self.path}: the file is empty; expected a table with column names", UNREADABLE_FILE)
        whole = len(start) < _HEAD
        start = _from_first_line(_tidy(start))
        if b"\0" in start or not (whole or b"\n" in start):
            raise self._no_text()
        lines = start.splitlines() if whole else start.splitlines()[:-1]
        try:
            texts = [line.decode("utf-8") for line in lines[:_ROWS]]
        except UnicodeDecodeError:
            raise FileError(
                f"{self.path}: is no text in UTF-8; expected it saved in that encoding", UNREADABLE_FILE
            ) from None
        kept = tuple(text for text in texts if text.strip())
        return Head(self.path, self.member, kept, _separator(kept))

    def chunks(self, watch: Watch) -> Iterator[bytes]:
        """Whole lines, some megabytes at a time."""
        rest = b""
        first = True
        with self._opened(watch) as file:
            while block := _tidy(_block(file)):
                block, first = _from_first_line(block) if first else block, False
                cut = block.rfind(b"\n") + 1
                if not cut and len(rest) + len(block) > 2 * CHUNK:
                    raise FileError(
                        f"{self.path}: a line of more than {len(rest):,} bytes; expected a table", UNREADABLE_FILE
                    )
                if cut:
                    yield rest + block[:cut]
                    rest = block[cut:]
                else:
                    rest += block
        if rest.strip():
            yield rest

    @contextmanager
    def _opened(self, watch: Watch) -> Iterator[IO[bytes]]:
        try:
            with self.path.open("rb") as raw, _unpacked(watch.opened(raw), self.path, self.member) as plain:
                yield _utf8(plain)
        except UnicodeDecodeError:
            raise self._no_text() from None
        except FileError:
            raise
        except _BROKEN as error:
            kind = "zip archive" if self.member else "gzip file" if self.path.suffix == ".gz" else "text"
            raise FileError(
                f"{self.path}: cannot be read as {kind}, it is truncated or damaged: {error}", UNREADABLE_FILE
            ) from None

    def _no_text(self) -> FileError:
        return FileError(f"{self.path}: holds no lines of text; expected a table of market data", UNREADABLE_FILE)


def _block(file: IO[bytes]) -> bytes:
    """The next megabytes; in small steps, since archives read as much packed as they are asked for unpacked."""
    pieces, size = [], 0
    while size < CHUNK and (piece := file.read(min(_STEP, CHUNK))):
        pieces.append(piece)
        size += len(piece)
    return b"".join(pieces)


def _tidy(block: bytes) -> bytes:
    """Lines as others write them: without empty ones, and not ended by a carriage return alone."""
    if b"\n" not in block and b"\r" in block:
        block = block.replace(b"\r", b"\n")
    return _EMPTY_LINES.sub(b"\n", block) if b"\n\n" in block or b"\n\r\n" in block else block


def _from_first_line(start: bytes) -> bytes:
    """A file from its first line on that is neither empty nor a comment."""
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    while start.startswith(b"#") and b"\n" in start:
        start = start[start.find(b"\n") + 1 :].lstrip(b"\r\n")
    return start


def members(path: Path) -> list[str]:
    """Tables in a zip archive, in the order of their names.

    Raises
    ------
    FileError
        The archive is damaged or holds no table.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(name for name in archive.namelist() if name.lower().endswith((".csv", ".txt", ".tsv")))
    except _BROKEN as error:
        raise FileError(
            f"{path}: cannot be read as zip archive, it is truncated or damaged: {error}", UNREADABLE_FILE
        ) from None
    tables = [name for name in names if name.lower().endswith((".csv", ".tsv"))] or names
    if not tables:
        raise FileError(f"{path}: the archive holds no .csv or .txt file", UNREADABLE_FILE)
    return tables


@contextmanager
def _unpacked(raw: IO[bytes], path: Path, member: str) -> Iterator[IO[bytes]]:
    if member:
        with zipfile.ZipFile(raw) as archive, archive.open(member) as file:
            yield file
    elif path.suffix.lower() == ".gz":
        with gzip.open(raw) as file:
            yield cast("IO[bytes]", file)
    else:
        yield raw


class _Recoded(io.RawIOBase):
    """UTF-16, as MetaTrader writes it, read as UTF-8."""

    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(cast("io.BufferedReader", file), encoding="utf-16", newline="")

    def read(self, size: int = -1) -> bytes:
        return self._text.read(size // 3 if size > 0 else -1).encode()


def _utf8(file: IO[bytes]) -> IO[bytes]:
    buffered = file if hasattr(file, "peek") else io.BufferedReader(cast("io.RawIOBase", file))
    if cast("io.BufferedReader", buffered).peek(2)[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return cast("IO[bytes]", _Recoded(buffered))
    return buffered


def _separator(lines: tuple[str, ...]) -> str:
    # Rows agree on their separator; a comma may also be a decimal point.
    sample = lines[1:6] or lines
    return max(_SEPARATORS, key=lambda mark: min(line.count(mark) for line in sample))
