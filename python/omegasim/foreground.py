"""A run at the terminal: work in a thread, so that Ctrl-C and the progress bar never wait for it."""

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from types import TracebackType
from typing import TYPE_CHECKING, Self

from omegasim.errors import StrategyError
from omegasim.saved_run import abandon, save_result

if TYPE_CHECKING:
    from rich.progress import Progress

    from omegasim.batch import Work
    from omegasim.checkpoint import Checkpoints
    from omegasim.result import Result

_LOOK = 0.02
_SHOW_AFTER = 1.0


class _Job(Thread):
    """Reads, runs and saves; leaves its outcome for the thread that waits."""

    def __init__(
        self, prepare: "Callable[[], Work]", out: Path, *, force: bool, report: bool, checkpoints: "Checkpoints | None"
    ) -> None:
        super().__init__(daemon=True)
        self.phase, self.done, self.total = "reading", 0, 0
        self.result: Result | None = None
        self.error: BaseException | None = None
        self._prepare, self._out, self._force, self._report = prepare, out, force, report
        self._checkpoints = checkpoints

    def run(self) -> None:
        try:
            work = self._prepare()
            self.phase = "running"
            result = work.run(self._stepped, self._checkpoints)
            self.phase, self.total = "saving", 0
            save_result(result, self._out, force=self._force, report=self._report)
            if self._checkpoints is not None:
                self._checkpoints.drop()
            self.result = result
        except BaseException as error:
            self.error = error

    def _stepped(self, done: int, total: int) -> None:
        self.done, self.total = done, total


class ProgressBar:
    """A progress bar that appears where stderr is a terminal and the work takes more than a second."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._wanted = not quiet and sys.stderr.isatty()
        self._start = time.monotonic()
        self._shown: Progress | None = None

    def __enter__(self) -> Self:
        return self

    def stepped(self, done: int, total: int, phase: str = "running") -> None:
        """Show that so many of so many steps are done; a total of 0 is not known."""
        if not self._wanted or time.monotonic() - self._start < _SHOW_AFTER:
            return
        if self._shown is None:
            self._shown = _progress()
        self._shown.update(self._shown.task_ids[0], description=phase, completed=done, total=total or None)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown is not None:
            self._shown.stop()


def _progress() -> "Progress":
    from rich.console import Console
    from rich.progress import Progress

    progress = Progress(console=Console(stderr=True), transient=True)
    progress.add_task("reading", total=None)
    progress.start()
    return progress


def run_in_foreground(
    prepare: "Callable[[], Work]",
    out: Path,
    *,
    force: bool,
    quiet: bool,
    title: str,
    report: bool = True,
    keep_partial: bool = False,
    checkpoints: "Checkpoints | None" = None,
) -> None:
    """Read, run, save, with the page where asked for, and print the summary.

    With `keep_partial` what a run leaves that a strategy broke off is saved too.

    Raises
    ------
    KeyboardInterrupt
        The user stopped the run; nothing half-written is left.
    """
    # What is imported by now lives to the end, where looking through it for garbage would cost more than the run.
    gc.freeze()
    job = _Job(prepare, out, force=force, report=report, checkpoints=checkpoints)
    try:
        with ProgressBar(quiet=quiet) as bar:
            job.start()
            while job.is_alive():
                job.join(_LOOK)
                bar.stepped(job.done, job.total, job.phase)
    except KeyboardInterrupt:
        abandon(out)
        raise
    if job.error is not None:
        if keep_partial and isinstance(job.error, StrategyError) and job.error.result is not None:
            save_result(job.error.result, out, force=force)
        raise job.error
    if job.result is not None and not quiet:
        from omegasim.summary import print_summary

        print_summary(job.result, title, out)
