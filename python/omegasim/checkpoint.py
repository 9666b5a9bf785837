"""Checkpoints: where a run stands, so that it can go on after it was cut off (R3)."""

import hashlib
import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omegasim.errors import UNREADABLE_FILE, UNWRITABLE, FileError


@dataclass(frozen=True)
class Checkpoints:
    """The checkpoint file of a run that is written to the folder `out`."""

    out: Path
    every: int | None = None
    """Rows of market data between two checkpoints; none are written where not given."""
    resume: bool = False
    """Whether to go on from the checkpoint, where there is one."""

    @property
    def path(self) -> Path:
        """The file: `DIR.checkpoint`, beside the folder."""
        return self.out.with_name(f"{self.out.name}.checkpoint")

    def read(self) -> bytes | None:
        """The bytes to go on from; None where the run begins at its start.

        Raises
        ------
        FileError
            The file cannot be read.
        """
        if not self.resume:
            return None
        _remove_leftovers(self.out)
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise FileError(f"{self.path}: cannot be read: {error}", UNREADABLE_FILE) from None

    def write(self, state: bytes) -> None:
        """Replace the file in one step: whatever happens, the old bytes or the new ones are there.

        Raises
        ------
        FileError
            The file cannot be written.
        """
        temporary = self.out.with_name(f".{self.path.name}.{os.getpid()}.tmp")
        try:
            self.out.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(state)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self.path)
            _sync_folder(self.out.parent)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise FileError(f"{self.path}: cannot be written: {error}", UNWRITABLE) from None

    def drop(self) -> None:
        """Remove the file: the run is complete."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)


def identity_of(facts: dict[str, Any]) -> str:
    """A name for settings, data and signals, so that a checkpoint is used for its own work alone."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def _sync_folder(folder: Path) -> None:
    # Windows has no handles of folders to synchronise.
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove_leftovers(out: Path) -> None:
    """Remove temporary files and folders of processes that were killed while they wrote."""
    pattern = re.compile(rf"\.{re.escape(out.name)}(\.checkpoint)?\.(\d+)\.tmp")
    for path in out.parent.glob(f".{out.name}.*"):
        match = pattern.fullmatch(path.name)
        if match is None or _is_alive(int(match[2])):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)


def _is_alive(process: int) -> bool:
    if process == os.getpid() or os.name == "nt":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
