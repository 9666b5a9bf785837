"""Saved runs: a folder that is complete or absent (O4)."""

import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from omegasim import _core
from omegasim.errors import (
    EXISTING_FOLDER,
    MISSING_FILE,
    NOT_A_RUN,
    UNREADABLE_FILE,
    UNWRITABLE,
    ExistingFileError,
    FileError,
    MissingFileError,
    OmegaError,
)
from omegasim.result import Result
from omegasim.run_record import TABLES, RunRecord

if TYPE_CHECKING:
    import polars as pl

REPORT = "report.html"
_LOG = "log.parquet"


def save_result(result: Result, path: Path, *, force: bool, report: bool = False) -> Path:
    """Write a run to a folder that must not exist, or is replaced with `force`; its page too where asked for."""
    with new_folder(path, force=force) as folder, ThreadPoolExecutor() as pool:
        # Packing the tables takes long; hashes, metrics and page are made meanwhile.
        written = [pool.submit(_core.write_parquet, table, folder / name) for name, table in _tables(result)]
        _write_record(result.record, folder)
        if report:
            result.report(folder / REPORT)
        for one in written:
            one.result()
    return path


def _tables(result: Result) -> Iterator[tuple[str, Any]]:
    """Tables of a run with the names of their files."""
    for name in TABLES:
        yield f"{name}.parquet", result.arrow(name)
    if result._log is not None and not result._log.is_empty():
        yield _LOG, result._log


def _write_record(record: RunRecord, folder: Path) -> None:
    text = record.model_dump_json(indent=2, by_alias=True, exclude={"metrics"})
    (folder / "run.json").write_text(text + "\n", encoding="utf-8")
    (folder / "metrics.json").write_text(json.dumps(record.metrics, indent=2) + "\n", encoding="utf-8")


def load_result(path: str | Path) -> Result:
    """Open a saved run.

    Parameters
    ----------
    path : str or Path
        Folder that `Result.save` or `omegasim run` wrote.

    Raises
    ------
    MissingFileError
        There is no such folder.
    FileError
        The folder is not a complete saved run.

    Examples
    --------
    >>> import omegasim as om
    >>> om.load_result("runs/nowhere")
    Traceback (most recent call last):
        ...
    omegasim.errors.MissingFileError: runs/nowhere: no such folder; expected a saved run
    """
    folder = Path(path)
    if not folder.is_dir():
        raise MissingFileError(f"{path}: no such folder; expected a saved run", MISSING_FILE)
    for name in ("run.json", "metrics.json", *(f"{table}.parquet" for table in TABLES)):
        if not (folder / name).is_file():
            raise FileError(f"{path}: not a saved run: {name} is missing", NOT_A_RUN)
    record = _read_record(folder)
    result = Result(record.config, lambda name: _read_frame(folder / f"{name}.parquet"), lambda: record)
    if (folder / _LOG).is_file():
        result._log = _read_frame(folder / _LOG)
    return result


def check_target(path: Path, *, force: bool) -> None:
    """Refuse a folder that exists; with `force` one that is no saved run, so that nothing else is deleted."""
    if not path.exists() and not path.is_symlink():
        return
    if not force:
        raise ExistingFileError(
            f"{path}: exists already; expected a new folder, or force to replace it", EXISTING_FOLDER
        )
    if not path.is_dir() or (any(path.iterdir()) and not (path / "run.json").is_file()):
        raise ExistingFileError(f"{path}: is no saved run; force replaces saved runs only", EXISTING_FOLDER)


@contextmanager
def new_folder(path: Path, *, force: bool) -> Iterator[Path]:
    """A folder under a temporary name beside its place, moved there when everything is written."""
    check_target(path, force=force)
    temporary = temporary_name(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir()
        yield temporary
        _move(temporary, path, force=force)
    except OmegaError:
        raise
    except OSError as error:
        raise FileError(f"{path}: cannot be written: {error}", UNWRITABLE) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def temporary_name(path: Path) -> Path:
    """Where this process writes a folder before it is complete."""
    return path.parent / f".{path.name}.{os.getpid()}.tmp"


def _replaced_name(path: Path) -> Path:
    return path.parent / f".{path.name}.{os.getpid()}.old"


def _move(temporary: Path, path: Path, *, force: bool) -> None:
    check_target(path, force=force)
    if not path.exists():
        temporary.rename(path)
        return
    replaced = _replaced_name(path)
    path.rename(replaced)
    temporary.rename(path)
    shutil.rmtree(replaced, ignore_errors=True)


def _read_record(folder: Path) -> RunRecord:
    try:
        values = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
        return RunRecord.model_validate({**values, "metrics": metrics})
    except (ValueError, TypeError, ValidationError) as error:
        raise FileError(f"{folder}: run.json or metrics.json is damaged: {_first_line(error)}", NOT_A_RUN) from None


def _read_frame(path: Path) -> "pl.DataFrame":
    import polars as pl

    try:
        return pl.read_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise FileError(f"{path}: cannot be read as Parquet: {_first_line(error)}", UNREADABLE_FILE) from None


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]


def abandon(path: Path) -> None:
    """Remove what a save that is still under way has left beside `path`, and put back what it was replacing."""
    replaced = _replaced_name(path)
    if replaced.exists() and not path.exists():
        replaced.rename(path)
    for _ in range(3):
        shutil.rmtree(temporary_name(path), ignore_errors=True)
    shutil.rmtree(replaced, ignore_errors=True)
