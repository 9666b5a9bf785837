"""A page on disk: complete or not there."""

import os
from pathlib import Path

from omegasim.errors import UNWRITABLE, FileError


def write_page(path: Path, page: str) -> Path:
    """Write under a temporary name beside its place, then move it there."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        temporary.write_text(page, encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise FileError(f"{path}: cannot be written: {error}", UNWRITABLE) from None
    return path
