"""The commands `omegasim data check` and `omegasim data convert`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from omegasim.data.reading import Reading

Input = Annotated[Path, typer.Argument(metavar="FILE", help="A file, a folder, or a pattern in quotes.")]
Format = Annotated[
    str | None,
    typer.Option(help="table, dukascopy, metatrader, copy_rates, histdata, lean or truefx; detected where not given."),
]
Timezone = Annotated[
    str | None, typer.Option(help="Clock of the times: Europe/Helsinki, UTC+2, America/New_York+7; else the format's.")
]
TimeIs = Annotated[str, typer.Option(help="What the times of bars are: open or close.")]
Decimal = Annotated[str, typer.Option(help="Decimal point of text files.")]
Spread = Annotated[
    str | None, typer.Option(help="Spread in price units, or what a column spread counts: price, points, pips.")
]
Symbol = Annotated[str, typer.Option(help="Whose data they are.")]
Divisor = Annotated[float | None, typer.Option(help="What the integers of .bi5 files are divided by.")]

Kind = Annotated[Literal["bars", "ticks"] | None, typer.Option(help="bars or ticks, where a folder holds both.")]

app = typer.Typer(add_completion=False, help="Look at files of market data and convert them.", no_args_is_help=True)


@app.command()
def check(
    file: Input,
    ask: Annotated[Path | None, typer.Option(help="File of the ask side.")] = None,
    kind: Kind = None,
    format: Format = None,  # noqa: A002
    timezone: Timezone = None,
    time_is: TimeIs = "open",
    decimal: Decimal = ".",
    spread: Spread = None,
    symbol: Symbol = "",
    divisor: Divisor = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a page.")] = False,
) -> None:
    """Say what is in a file and what is wrong with it; exit code 1 where a run would refuse it."""
    from omegasim.data.check.inspection import inspect_file

    reading = _reading(format, timezone, time_is, decimal, spread, symbol, divisor)
    inspection = inspect_file(file, reading, ask=ask, kind=kind)
    if as_json:
        typer.echo(json.dumps(inspection.as_json(), indent=2))
    else:
        from rich.console import Console

        from omegasim.data.check.page import print_page

        print_page(inspection, Console())
    if inspection.refused:
        raise typer.Exit(1)


@app.command()
def convert(
    file: Input,
    out: Annotated[Path, typer.Argument(metavar="OUT.parquet", help="The file to write.")],
    kind: Kind = None,
    format: Format = None,  # noqa: A002
    timezone: Timezone = None,
    time_is: TimeIs = "open",
    decimal: Decimal = ".",
    spread: Spread = None,
    symbol: Symbol = "",
    divisor: Divisor = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Convert files to one Parquet file: sorted, typed, in UTC, with the facts of what it was."""
    from omegasim.data.conversion import convert_file
    from omegasim.data.progress import shown

    reading = _reading(format, timezone, time_is, decimal, spread, symbol, divisor)
    with shown(file, wanted=not quiet and sys.stderr.isatty()) as report:
        conversion = convert_file(file, out, reading, kind=kind, force=force, report=report)
    if not quiet:
        facts = conversion.facts
        typer.echo(
            f"{out}: {conversion.rows:,} rows of {facts['kind']}, {facts['format']}, {out.stat().st_size:,} bytes"
        )


def _reading(
    format: str | None,  # noqa: A002
    timezone: str | None,
    time_is: str,
    decimal: str,
    spread: str | None,
    symbol: str,
    divisor: float | None,
) -> "Reading":
    from omegasim.data.reading import Reading, spread_of

    return Reading(
        format=format,
        timezone=timezone,
        time_is=time_is,
        decimal=decimal,
        spread=spread_of(spread),
        symbol=symbol,
        divisor=divisor,
    )
