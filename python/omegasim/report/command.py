"""Pages of saved runs, for the command line."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

from omegasim.batch import EquityRows
from omegasim.errors import ARGUMENT, EXISTING_FOLDER, ExistingFileError, InputError
from omegasim.report.file import write_page
from omegasim.result import Result
from omegasim.saved_run import REPORT, load_result


def report_saved_run(folder: Path, *, data: Path | None, out: Path | None, force: bool) -> Path:
    """Write the page of a saved run, with its bars where the config file that names them is given.

    Raises
    ------
    ExistingFileError
        `out` exists and `force` is false; a page inside the folder is kept and is no error.
    InputError
        The config file's data are not those of the run.
    """
    result, page = load_result(folder), out or folder / REPORT
    if page.exists() and not force:
        if out is None and data is None:
            return page
        raise ExistingFileError(f"{page}: exists already; expected a new file, or --force", EXISTING_FOLDER)
    return (result if data is None else with_data(result, data)).report(page)


def with_data(result: Result, config: Path) -> Result:
    """The result together with the market data that its config file names."""
    from omegasim.run_file import read_run_file

    read = read_run_file(config, equity=cast("EquityRows", result.record.equity))
    for market in read.market:
        saved = result.record.data.get(market.symbol, {}).get("hash")
        if saved != market.checked.hash:
            raise InputError(f"{config}: the data of {market.symbol} are not those of the saved run", ARGUMENT)
    work = replace(read, config=result.config)
    return Result(result.config, result.arrow, lambda: result.record, work)


def compare_saved_runs(folders: Sequence[Path], *, out: Path, force: bool) -> Path:
    """Write one page about several saved runs.

    Raises
    ------
    ExistingFileError
        `out` exists and `force` is false.
    """
    from omegasim.report.comparison import comparison_page

    if out.exists() and not force:
        raise ExistingFileError(f"{out}: exists already; expected a new file, or --force", EXISTING_FOLDER)
    names = [folder.name if len({one.name for one in folders}) == len(folders) else str(folder) for folder in folders]
    return write_page(out, comparison_page(dict(zip(_numbered(names), map(load_result, folders), strict=True))))


def _numbered(names: Sequence[str]) -> list[str]:
    """Names that differ, where one folder is given twice."""
    return [name if names.index(name) == at else f"{name} ({at + 1})" for at, name in enumerate(names)]
