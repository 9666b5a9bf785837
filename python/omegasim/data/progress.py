"""How far a long piece of work has come."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any, TypeAlias

Report: TypeAlias = Callable[[int], None]
"""Told how much of a stage is done."""
Stages: TypeAlias = Callable[[str, int | None], Report]
"""Told that a stage begins: its name, and how much there is to do, where that is known."""


def unseen(stage: str, total: int | None) -> Report:
    """Work without telling anybody."""
    del stage, total
    return lambda _: None


_BLOCK = 1 << 20


class Watch:
    """Counts the bytes of files that are read one after the other; no file counts for more than its size."""

    def __init__(self, report: Report = lambda _: None) -> None:
        self._report = report
        self._done = self._end = 0

    def begin(self, size: int) -> None:
        """The next file begins; the one ahead of it is over, read whole or not."""
        self._done = self._end
        self._end += size
        self._report(self._done)

    def advance(self, count: int) -> None:
        """So many bytes more are read."""
        self._done = min(self._end, self._done + count)
        self._report(self._done)

    def opened(self, file: IO[bytes]) -> IO[bytes]:
        """A file that counts what is read of it."""
        return io.BufferedReader(_Watched(file, self), buffer_size=_BLOCK)


class _Watched(io.RawIOBase):
    def __init__(self, file: IO[bytes], watch: Watch) -> None:
        self._file, self._watch = file, watch

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
        self._watch.advance(len(data))
        return len(data)


@contextmanager
def shown(*, wanted: bool) -> Iterator[Stages]:
    """Show each stage as a bar on stderr, where wanted."""
    if not wanted:
        yield unseen
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description:<8}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

        def stage(name: str, total: int | None) -> Report:
            # A new task: an old one keeps its total, and with it a percentage, where none is known.
            for task in bar.task_ids:
                bar.remove_task(task)
            new = bar.add_task(name, total=total)
            return lambda done: bar.update(new, completed=done)

        yield stage
