"""Parquet, CSV and Arrow files as polars frames."""

import gzip
from pathlib import Path

import polars as pl

from omegasim.data.format import PARQUET
from omegasim.errors import MISSING_FILE, UNREADABLE_FILE, FileError, MissingFileError

ARROW = (".arrow", ".feather", ".ipc")
TEXT = (".csv", ".tsv", ".txt", ".csv.gz", ".tsv.gz", ".txt.gz")
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
        if name.endswith(PARQUET):
            return pl.read_parquet(path)
        if name.endswith(ARROW):
            return pl.read_ipc(path)
        if name.endswith(TEXT):
            return _read_text(path)
    except pl.exceptions.NoDataError:
        raise FileError(f"{path}: the file is empty; expected a table with column names", UNREADABLE_FILE) from None
    except (pl.exceptions.PolarsError, OSError, UnicodeDecodeError, EOFError) as error:
        reason = str(error).strip().partition("\n")[0] or type(error).__name__
        raise FileError(f"{path}: cannot be read as {_kind(name)}: {reason}", UNREADABLE_FILE) from None
    raise FileError(f"{path}: unknown kind of file; expected {', '.join((*PARQUET, *TEXT, *ARROW))}", UNREADABLE_FILE)


def check_file(path: Path) -> None:
    """Refuse a Parquet or Arrow file that was not written to its end.

    Raises
    ------
    FileError
        Begin or end is not that of such a file.
    """
    parquet = path.name.lower().endswith(PARQUET)
    magic = b"PAR1" if parquet else b"ARROW1"
    with path.open("rb") as file:
        start = file.read(len(magic))
        file.seek(0, 2)
        size = file.tell()
        file.seek(max(0, size - len(magic)))
        end = file.read()
    kind = "Parquet" if parquet else "Arrow"
    if not start:
        raise FileError(f"{path}: the file is empty; expected a table with column names", UNREADABLE_FILE)
    if start != magic:
        raise FileError(f"{path}: cannot be read as {kind}: it does not begin as such a file does", UNREADABLE_FILE)
    if end != magic or size < 3 * len(magic):
        raise FileError(
            f"{path}: cannot be read as {kind}: its end is missing; it was not written or copied whole", UNREADABLE_FILE
        )


def _kind(name: str) -> str:
    return "Parquet" if name.endswith(PARQUET) else "Arrow" if name.endswith(ARROW) else "CSV"


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
