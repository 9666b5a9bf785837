"""The table behind docs/errors.md: every code, what it means, what brings it about and what to do (E1)."""

from typing import NamedTuple

from omegasim import _core


class ErrorCode(NamedTuple):
    """One row of the table."""

    code: int
    name: str
    meaning: str
    cause: str
    remedy: str


_ADDED = (
    ErrorCode(
        1101,
        "ColumnTwice",
        "Two columns of a table mean the same.",
        "A table with both `close` and `Close`, or with several times.",
        "Drop or rename all but one.",
    ),
    ErrorCode(
        1102,
        "UnreadableTime",
        "A time or timezone is none.",
        "Text in an unusual form, or a zone's name that is not known.",
        "Write times as ISO 8601 or as numbers; use a zone's IANA name.",
    ),
    ErrorCode(
        1103,
        "SpreadTwice",
        "A spread is given where the table has one, or is missing where it is named.",
        "`spread_pips` together with ask columns or a column `spread`.",
        "Give it once.",
    ),
    ErrorCode(
        1104,
        "UnmatchedRows",
        "Bid and ask have different times.",
        "A file of one side lacks bars of the other.",
        'Use `clean=["unmatched"]`, which keeps the times that both have.',
    ),
    ErrorCode(
        1105,
        "UnknownCleaning",
        "A cleaning's name is not known.",
        "A misspelt name or option in `clean`.",
        "Use a name that the message lists.",
    ),
    ErrorCode(
        1106,
        "MissingSpread",
        "Bars of one side have no spread.",
        "One price column and neither `spread_pips` nor a column `spread`.",
        "Give one of them, or an instrument where pips are meant.",
    ),
    ErrorCode(
        1107,
        "MissingData",
        "There are no market data where they are needed.",
        "`simulate` without bars and ticks; `ambiguity()` of a loaded run.",
        "Give bars or ticks.",
    ),
    ErrorCode(
        1108,
        "AmbiguousFormat",
        "A file fits several formats whose times differ.",
        "Vendors write the same columns with different clocks.",
        "Say `format=`.",
    ),
    ErrorCode(
        1109,
        "WrongDivisor",
        "A divisor of integer prices is missing or wrong.",
        "A .bi5 file of a symbol whose divisor is not known.",
        "Say `divisor=`.",
    ),
    ErrorCode(
        3101,
        "MissingFile",
        "A file or folder is not there.",
        "A misspelt path, or one that is relative to another folder.",
        "Check the path; those in a config file start at its folder.",
    ),
    ErrorCode(
        3102,
        "UnreadableFile",
        "A file cannot be read as what it should be.",
        "A damaged file, another format, or missing rights.",
        "Check the file; the message has the reader's words.",
    ),
    ErrorCode(
        3103,
        "ExistingFolder",
        "A folder is there already.",
        "A run is saved where another one is.",
        "Choose a new folder, or replace the run with `force=True` or `--force`.",
    ),
    ErrorCode(
        3104,
        "NotARun",
        "A folder is no complete saved run.",
        "A file of the run is missing or damaged.",
        "Give the folder of a saved run, or run again.",
    ),
    ErrorCode(
        3105,
        "Unwritable",
        "A file or folder cannot be written.",
        "Missing rights, a full disk, or a name that cannot be.",
        "Check the folder and the space left.",
    ),
    ErrorCode(
        3106,
        "ExistingFile",
        "A file is there already.",
        "`omegasim data convert` would replace it.",
        "Choose a new name, or `--force`.",
    ),
    ErrorCode(
        7101,
        "Strategy",
        "A strategy raised an exception.",
        "A method of the strategy, or the module that holds it; the exception is the error's `__cause__`.",
        "Mend the strategy; `time` says when it happened, `result` holds all up to there.",
    ),
)


def all_codes() -> list[ErrorCode]:
    """Every code in ascending order."""
    return sorted([*(ErrorCode(*row) for row in _core.error_codes()), *_ADDED])
