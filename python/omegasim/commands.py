"""What the command `omegasim` can do."""

import json
import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from typer.exceptions import TyperException

from omegasim import cli, data_commands
from omegasim.errors import ExistingFileError, OmegaError, StrategyError

if TYPE_CHECKING:
    from omegasim.checkpoint import Checkpoints

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
NoReport = Annotated[bool, typer.Option("--no-report", help="Write no report.html.")]
Force = Annotated[bool, typer.Option("--force", help="Replace a saved run that exists.")]

_PLUGINS = "PYDANTIC_DISABLE_PLUGINS"
# What the command-line library turns Ctrl-C into.
INTERRUPTED = 130

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    help="An execution simulator for FX and CFDs. Exit codes: 0 done, 1 the run failed, 2 wrong use.",
)

app.add_typer(data_commands.app, name="data")


def run_command_line(arguments: list[str]) -> int:
    """Run a command and return its exit code."""
    try:
        code = app(args=arguments, prog_name="omegasim", standalone_mode=False)
    except TyperException as error:
        if error.format_message():
            cli.fail(error.format_message())
        return error.exit_code
    except typer.Exit as error:
        return error.exit_code
    except StrategyError as error:
        return cli.fail_in_strategy(error)
    except OmegaError as error:
        return cli.fail(str(error))
    except typer.Abort:
        code = INTERRUPTED
    if code == INTERRUPTED:
        raise KeyboardInterrupt
    return code if isinstance(code, int) else 0


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and stop.")] = False,
) -> None:
    """Start of every command."""
    if version:
        from omegasim import __version__

        print(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)


@app.command()
def demo(
    out: Annotated[
        Path | None, typer.Option(help="Folder of the run; a fresh name under runs/ where not given.")
    ] = None,
    no_report: NoReport = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Simulate a year of made-up EURUSD minutes with a simple strategy."""
    with _no_plugins():
        from omegasim.demo import demo_folder, demo_work
        from omegasim.foreground import run_in_foreground

    out = out or demo_folder(Path("runs"))
    _check_out(out, force=force)
    title = "demo: EURUSD, one year of minutes"
    run_in_foreground(demo_work, out, force=force, quiet=quiet, title=title, report=not no_report)


@app.command()
def run(
    config: Annotated[
        Path, typer.Argument(metavar="CONFIG.toml", help="The config file.", exists=True, dir_okay=False)
    ],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write the run to.")],
    equity: Annotated[
        Literal["bars", "closes", "off"], typer.Option(help="Rows of the equity table: each bar, each close, none.")
    ] = "bars",
    keep_partial: Annotated[
        bool, typer.Option("--keep-partial", help="Save what a run has left that a strategy broke off.")
    ] = False,
    checkpoint_every: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Write where the run stands to DIR.checkpoint every N bars or ticks."),
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from DIR.checkpoint; from the start where there is none.")
    ] = False,
    no_report: NoReport = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Run what a config file says and save the result, with its page."""
    with _no_plugins():
        from omegasim.foreground import run_in_foreground
        from omegasim.run_file import is_saved, read_run_file

    checkpoints = _checkpoints(out, checkpoint_every, resume=resume)
    if resume and not force and is_saved(config, out):
        typer.echo(f"{out}: complete already")
        return
    _check_out(out, force=force)
    _log_to_stderr(quiet=quiet)
    run_in_foreground(
        lambda: read_run_file(config, equity=equity),
        out,
        force=force,
        quiet=quiet,
        title=config.name,
        report=not no_report,
        keep_partial=keep_partial,
        checkpoints=checkpoints,
    )


@app.command()
def report(
    run: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a saved run.")],
    data: Annotated[
        Path | None,
        typer.Option(metavar="CONFIG.toml", help="The run's config file, for its bars.", exists=True, dir_okay=False),
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="FILE", help="The page; DIR/report.html where not given.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Make the page of DIR anew where there is one.")] = False,
) -> None:
    """Write the page of a saved run; one that is there already is kept without --force."""
    from omegasim.report.command import report_saved_run

    typer.echo(report_saved_run(run, data=data, out=out, force=force))


@app.command()
def compare(
    runs: Annotated[list[Path], typer.Argument(metavar="DIR DIR...", help="Folders of saved runs, two or more.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The page.")] = Path("comparison.html"),
    force: Annotated[bool, typer.Option("--force", help="Replace a page that exists.")] = False,
) -> None:
    """Write a page that lays saved runs side by side; the first is what the others are held against."""
    from omegasim.report.command import compare_saved_runs

    if len(runs) < 2:
        raise typer.BadParameter("expected two folders or more", param_hint="DIR DIR...")
    typer.echo(compare_saved_runs(runs, out=out, force=force))


@app.command()
def statement(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A saved run.")],
    csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values, unrounded.")] = False,
) -> None:
    """Print fills, fees, swaps, conversions and balance of a saved run, line by line."""
    from omegasim.saved_run import load_result
    from omegasim.statement import statement as lines_of
    from omegasim.statement import statement_text

    result = load_result(folder)
    if csv:
        print(lines_of(result).write_csv(), end="")
        return
    for line in statement_text(result):
        print(line)


@app.command()
def schema() -> None:
    """Print the JSON schema of the config file."""
    from omegasim.run_file import RunFile

    print(json.dumps(RunFile.json_schema(), indent=2))


@app.command()
def metrics() -> None:
    """Print every metric with its unit and definition."""
    from omegasim.summary import print_definitions

    print_definitions()


def _checkpoints(out: Path, every: int | None, *, resume: bool) -> "Checkpoints | None":
    if not every and not resume:
        return None
    from omegasim.checkpoint import Checkpoints

    return Checkpoints(out, every, resume)


@contextmanager
def _no_plugins() -> Iterator[None]:
    """Spare our own models the search for pydantic's plugins, which opens every installed distribution."""
    before = os.environ.get(_PLUGINS)
    os.environ[_PLUGINS] = "__all__"
    try:
        yield
    finally:
        # The models of a strategy find theirs.
        if before is None:
            del os.environ[_PLUGINS]
        else:
            os.environ[_PLUGINS] = before


def _check_out(out: Path, *, force: bool) -> None:
    from omegasim.saved_run import check_target

    try:
        check_target(out, force=force)
    except ExistingFileError as error:
        raise typer.BadParameter(str(error).replace("or force", "or --force"), param_hint="--out") from None


def _log_to_stderr(*, quiet: bool) -> None:
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(logging.Formatter("omegasim: %(message)s"))
    logger = logging.getLogger("omegasim")
    logger.handlers = [logging.NullHandler() if quiet else handler]
    logger.propagate = False
