"""Parquet, CSV and Arrow files as polars frames."""

import gzip
from pathlib import Path

import polars as pl

from omegasim.errors import MISSING_FILE, UNREADABLE_FILE, FileError, MissingFileError

_PARQUET = (".parquet", ".pq")
_ARROW = (".arrow", ".feather", ".ipc")
_TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
_SEPARATORS = "\t;,|"


def read_table(path: str | Path) -> pl.DataFrame:
    """Read a table; the name's ending says what the file is."""
    path = Path(path)
    if not path.exists():
        raise MissingFileError(f"{path}: no such file", MISSING_FILE)
    if path.is_dir():
        raise FileError(f"{path}: is a folder; expected a file", UNREADABLE_FILE)
    name = path.name.lower()
    try:
        if name.endswith(_PARQUET):
            return pl.read_parquet(path)
        if name.endswith(_ARROW):
            return pl.read_ipc(path)
        if name.endswith(_TEXT):
            return _read_text(path)
    except pl.exceptions.NoDataError:
        raise FileError(f"{path}: the file is empty; expected a table with column names", UNREADABLE_FILE) from None
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError, EOFError) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise FileError(f"{path}: cannot be read as {_kind(name)}: {reason}", UNREADABLE_FILE) from None
    raise FileError(
        f"{path}: unknown kind of file; expected {', '.join((*_PARQUET, *_TEXT, *_ARROW))}", UNREADABLE_FILE
    )


def _kind(name: str) -> str:
    return "Parquet" if name.endswith(_PARQUET) else "Arrow" if name.endswith(_ARROW) else "CSV"


def _read_text(path: Path) -> pl.DataFrame:
    separator = _separator(path)
    try:
        return pl.read_csv(path, separator=separator, infer_schema_length=10_000)
    except pl.exceptions.ComputeError:
        # A type guessed from the first rows that later ones break: look at all of them.
        return pl.read_csv(path, separator=separator, infer_schema_length=None)


def _separator(path: Path) -> str:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        header = file.readline()
    return max(_SEPARATORS, key=header.count)
