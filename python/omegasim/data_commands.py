"""The commands `omegasim data check` and `omegasim data convert`."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from omegasim.data.reading import Reading
    from omegasim.instrument import Instrument

Input = Annotated[Path, typer.Argument(metavar="FILE", help="A file, a folder, or a pattern in quotes.")]
Ask = Annotated[Path | None, typer.Option(help="The same for the ask side.")]
Format = Annotated[
    str | None,
    typer.Option(help="table, dukascopy, metatrader, copy_rates, histdata, lean or truefx; detected where not given."),
]
Timezone = Annotated[
    str | None, typer.Option(help="Clock of the times: Europe/Helsinki, UTC+2, America/New_York+7; else the format's.")
]
TimeIs = Annotated[str, typer.Option(help="What the times of bars are: open or close.")]
Timeframe = Annotated[str | None, typer.Option(help="What a bar covers: M1, H4; else the most frequent distance.")]
Decimal = Annotated[str, typer.Option(help="Decimal point of text files.")]
Spread = Annotated[
    str | None, typer.Option(help="Spread in price units, or what a column spread counts: price, points, pips.")
]
Symbol = Annotated[str, typer.Option(help="Whose data they are.")]
Instruments = Annotated[
    Path | None,
    typer.Option(help="A broker's symbol list or a config file: tells the symbol's price grid and sessions."),
]
Divisor = Annotated[float | None, typer.Option(help="What the integers of .bi5 files are divided by.")]
Start = Annotated[str | None, typer.Option(help="First time that is read, such as 2024-01-31; UTC.")]
End = Annotated[str | None, typer.Option(help="Time before which reading ends; UTC.")]
Kind = Annotated[Literal["bars", "ticks"] | None, typer.Option(help="bars or ticks, where a folder holds both.")]
Side = Annotated[Literal["bid", "ask", "mid"] | None, typer.Option(help="Side that bars of one side hold.")]
SpreadPips = Annotated[
    float | None,
    typer.Option(
        help="Makes the other side of bars of one side; takes --symbol of a ready instrument or --instruments."
    ),
]
Clean = Annotated[
    list[str] | None,
    typer.Option(
        help="crossed, duplicates, ohlc, outliers, filler, stale, unmatched; several with commas, in the order of work."
    ),
]

app = typer.Typer(add_completion=False, help="Look at files of market data and convert them.", no_args_is_help=True)


@app.command()
def check(
    file: Input,
    ask: Ask = None,
    kind: Kind = None,
    format: Format = None,  # noqa: A002
    timezone: Timezone = None,
    time_is: TimeIs = "open",
    timeframe: Timeframe = None,
    decimal: Decimal = ".",
    spread: Spread = None,
    symbol: Symbol = "",
    instruments: Instruments = None,
    divisor: Divisor = None,
    start: Start = None,
    end: End = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON instead of a page.")] = False,
) -> None:
    """Say what is in a file and what is wrong with it; exit code 1 where a run would refuse it."""
    from omegasim.data.check.inspection import inspect_file
    from omegasim.data.progress import shown

    reading = _reading(format, timezone, time_is, timeframe, decimal, spread, symbol, divisor, start, end, instruments)
    with shown(wanted=not as_json and sys.stderr.isatty()) as stages:
        inspection = inspect_file(file, reading, ask=ask, kind=kind, stages=stages)
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
    ask: Ask = None,
    kind: Kind = None,
    format: Format = None,  # noqa: A002
    timezone: Timezone = None,
    time_is: TimeIs = "open",
    timeframe: Timeframe = None,
    decimal: Decimal = ".",
    spread: Spread = None,
    side: Side = None,
    spread_pips: SpreadPips = None,
    symbol: Symbol = "",
    instruments: Instruments = None,
    divisor: Divisor = None,
    start: Start = None,
    end: End = None,
    clean: Clean = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that exists.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
) -> None:
    """Convert files to one Parquet file: sorted, cleaned, typed, in UTC, with the facts of what it was."""
    from dataclasses import replace

    from omegasim.data.conversion import convert_file
    from omegasim.data.progress import shown

    reading = _reading(format, timezone, time_is, timeframe, decimal, spread, symbol, divisor, start, end, instruments)
    if spread_pips is not None or side == "mid":
        reading = replace(reading, instrument=reading.instrument or _ready(symbol))
    kinds = [kind.strip() for given in clean or [] for kind in given.split(",")]
    with shown(wanted=not quiet and sys.stderr.isatty()) as stages:
        conversion = convert_file(
            file, out, reading, ask=ask, kind=kind, side=side, spread_pips=spread_pips, clean=kinds, force=force,
            stages=stages,
        )  # fmt: skip
    if not quiet:
        facts = conversion.facts
        cleaned = "".join(f", {kind} {count:,}" for kind, count in facts["cleaned"].items())
        typer.echo(
            f"{out}: {conversion.rows:,} rows of {facts['kind']}, {facts['format']}, {out.stat().st_size:,} bytes"
            f"{'; cleaned' + cleaned[1:] if cleaned else ''}"
        )


def _ready(symbol: str) -> "Instrument | None":
    from omegasim import instruments

    return instruments.get(symbol) if symbol in instruments.names() else None


def _reading(
    format: str | None,  # noqa: A002
    timezone: str | None,
    time_is: str,
    timeframe: str | None,
    decimal: str,
    spread: str | None,
    symbol: str,
    divisor: float | None,
    start: str | None,
    end: str | None,
    instruments: Path | None,
) -> "Reading":
    from omegasim._core import parse_timeframe
    from omegasim.data.reading import Reading, moment, spread_of
    from omegasim.instruments import load

    return Reading(
        format=format,
        timezone=timezone,
        time_is=time_is,
        timeframe=None if timeframe is None else parse_timeframe(timeframe),
        decimal=decimal,
        spread=spread_of(spread),
        symbol=symbol,
        divisor=divisor,
        start=moment(start, "start"),
        end=moment(end, "end"),
        instrument=None if instruments is None else _only(load(instruments, symbols=[symbol] if symbol else None)),
    )


def _only(instruments: "tuple[Instrument, ...]") -> "Instrument":
    from omegasim.errors import ARGUMENT, InputError

    if len(instruments) != 1:
        known = ", ".join(one.symbol for one in instruments[:10])
        raise InputError(f"the list of instruments holds {known}; expected --symbol with one of them", ARGUMENT)
    return instruments[0]
