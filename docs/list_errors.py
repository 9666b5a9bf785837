"""Write docs/errors.md: every error code with its meaning, cause and remedy: `make errors`."""

from pathlib import Path

from omegasim.error_codes import all_codes

TARGET = Path(__file__).parent / "errors.md"
GROUPS = {
    1: "Input: settings, columns, times, signals",
    2: "Numbers that are no prices and spreads",
    3: "Files and snapshots",
    4: "Internal",
    5: "Between Python and Rust",
    6: "Resources",
    7: "Strategies",
}
HEAD = """# Errors

Every error is an `om.OmegaError` or a subclass of it, with a stable number `code` and a message that says what went
wrong, where (column, row, symbol, time) and what was expected. `make errors` writes
this page from the code, and a test compares the two.

| codes | class | also a |
|---|---|---|
| 1xxx | `InputError` | `ValueError` |
| 2xxx | `NumberError` | `ValueError` |
| 3xxx | `FileError`; `MissingFileError`, `ExistingFileError` | `OSError`; `FileNotFoundError`, `FileExistsError` |
| 4xxx | `InternalError` | `RuntimeError` |
| 5xxx | `BoundaryError`; 5003 is `KeyboardInterrupt` | `RuntimeError` |
| 6xxx | `ResourceError` | `MemoryError` |
| 7xxx | `StrategyError` | `RuntimeError` |
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    for thousand, title in GROUPS.items():
        parts.append(f"\n## {title}\n\n| code | name | meaning | cause | remedy |\n|---|---|---|---|---|\n")
        rows = (row for row in all_codes() if row.code // 1000 == thousand)
        parts += [f"| {row.code} | {row.name} | {row.meaning} | {row.cause} | {row.remedy} |\n" for row in rows]
    return "".join(parts)


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
