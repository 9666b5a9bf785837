"""What can go wrong.

* OmegaError
  + InputError            (ValueError)         1xxx  settings, columns, times, signals
  + NumberError           (ValueError)         2xxx  prices and spreads that are no prices and spreads
  + FileError             (OSError)            3xxx  files and folders
    - MissingFileError    (FileNotFoundError)
    - ExistingFileError   (FileExistsError)
  + InternalError         (RuntimeError)       4xxx  the simulator contradicts itself
  + BoundaryError         (RuntimeError)       5xxx  between Python and Rust
  + ResourceError         (MemoryError)        6xxx  more than can be held
  + StrategyError         (RuntimeError)       7xxx  a strategy raised an exception

Each has a stable `code`. Those below 1100, 2100 and 3100 come from the Rust core and are listed in
`omegasim._core.error_codes()`; the constants here are what the Python part adds.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from omegasim.result import Result

CONFIG = 1001
UNKNOWN_SYMBOL = 1009
MISSING_COLUMN = 1019
COLUMN_TYPE = 1021
ARGUMENT = 1023
COLUMN_TWICE = 1101
UNREADABLE_TIME = 1102
SPREAD_TWICE = 1103
UNMATCHED_ROWS = 1104
UNKNOWN_CLEANING = 1105
MISSING_SPREAD = 1106
MISSING_DATA = 1107
AMBIGUOUS_FORMAT = 1108
WRONG_DIVISOR = 1109
BAD_SPREAD = 2002
MISSING_FILE = 3101
UNREADABLE_FILE = 3102
EXISTING_FOLDER = 3103
NOT_A_RUN = 3104
UNWRITABLE = 3105
EXISTING_FILE = 3106
STRATEGY = 7101


class OmegaError(Exception):
    """Base of every error of this package.

    Parameters
    ----------
    message : str
        What went wrong, where, and what was expected.
    code : int
        The stable number of the error.

    Examples
    --------
    >>> import omegasim as om
    >>> try:
    ...     om.Account(currency="USD", balance=-1.0)
    ... except om.OmegaError as error:
    ...     print(error.code, error)
    1001 config: balance: expected a number of at least 0, found -1.0
    """

    code: int

    def __init__(self, message: str, code: int) -> None:
        super().__init__(message)
        self.code = code

    def __str__(self) -> str:
        return str(self.args[0])

    def __reduce__(self) -> tuple[type["OmegaError"], tuple[str, int]]:
        return type(self), (str(self), self.code)


class InputError(OmegaError, ValueError):
    """1xxx: a setting, a table or an argument is not what it has to be."""


class NumberError(OmegaError, ValueError):
    """2xxx: a number is not finite or outside its range."""


class FileError(OmegaError, OSError):
    """3xxx: a file or folder cannot be read or written."""


class MissingFileError(FileError, FileNotFoundError):
    """3xxx: a file or folder is not there."""


class ExistingFileError(FileError, FileExistsError):
    """3xxx: a folder is there already and may not be overwritten."""


class InternalError(OmegaError, RuntimeError):
    """4xxx: the simulator contradicts itself, which is a defect."""


class BoundaryError(OmegaError, RuntimeError):
    """5xxx: data cannot cross between Python and Rust, or Rust panicked (5005)."""


class ResourceError(OmegaError, MemoryError):
    """6xxx: more rows or memory than can be had."""


class StrategyError(OmegaError, RuntimeError):
    """7xxx: a strategy raised an exception, which is the error's `__cause__`.

    Attributes
    ----------
    time : datetime or None
        The moment of the run; None before its first bar.
    result : Result or None
        Everything up to there.
    """

    time: "datetime | None" = None
    result: "Result | None" = None
