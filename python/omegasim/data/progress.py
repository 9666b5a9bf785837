"""How far the reading of files has come."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeAlias

Seen: TypeAlias = Callable[[IO[bytes]], IO[bytes]]
Report: TypeAlias = Callable[[int], None]


def unseen(file: IO[bytes]) -> IO[bytes]:
    """Read without telling anybody."""
    return file


def watched(report: Report) -> Seen:
    """Tell a callback about every byte that is read from disk."""
    return lambda file: io.BufferedReader(_Watched(file, report), buffer_size=1 << 20)


class _Watched(io.RawIOBase):
    def __init__(self, file: IO[bytes], report: Report) -> None:
        self._file, self._report = file, report

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def readinto(self, buffer: Any) -> int:
        data = self._file.read(len(buffer))
        buffer[: len(data)] = data
        self._report(len(data))
        return len(data)


@contextmanager
def shown(path: Path, *, wanted: bool) -> Iterator[Report]:
    """Show a bar of the bytes read of a file or folder on stderr, where wanted."""
    if not wanted:
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

    files = [file for file in path.rglob("*") if file.is_file()] if path.is_dir() else [path]
    total = sum(file.stat().st_size for file in files if file.exists())
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("converting", total=total or None)
        yield lambda count: bar.advance(task, count)
