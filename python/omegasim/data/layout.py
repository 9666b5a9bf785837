"""Where a text file keeps what: the layout of its lines, and lines as typed columns."""

import io
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

import polars as pl

from omegasim.data.headers import PRICES
from omegasim.data.reading import Reading
from omegasim.data.times import day_times, parse_as, utc
from omegasim.errors import COLUMN_TYPE, UNREADABLE_FILE, FileError, InputError

Kind = Literal["bars", "ticks"]
Unit = Literal["price", "points"]
_TEXTS = ("time", "date", "clock", "symbol")


@dataclass(frozen=True)
class Layout:
    """The layout of the lines of one file."""

    format: str
    kind: Kind
    columns: dict[str, int]
    """Position of `time` (or `date` and `clock`), of prices, `volume`, `spread`, `symbol`."""
    width: int
    """Fields of a line."""
    separator: str
    skip: int = 0
    """Lines above the first row."""
    zone: str | None = None
    """Clock of the times, where the format has its own."""
    times: str = ""
    """Written form of the times, where one has to be named; or `day`, milliseconds since midnight."""
    day: date | None = None
    """Day that such times count from."""
    unit: Unit = "price"
    """What a spread is counted in."""
    side: Literal["bid", "ask"] | None = None
    """Side, where the file's name tells it."""
    divisor: float = 1.0
    """What prices are divided by."""
    sparse: bool = False
    """Whether a quote that did not change is left empty."""
    headers: dict[str, str] = field(default_factory=dict)
    """Names that messages call the columns by."""

    def named(self, column: str) -> str:
        """A column as the file calls it."""
        return self.headers.get(column, column)


def rows(chunk: bytes, layout: Layout, reading: Reading, offset: int, where: str) -> pl.DataFrame:
    """Lines as columns: `time` in UTC, then what the layout holds.

    Raises
    ------
    InputError, FileError
        Names the first row that cannot be read.
    """
    table = _fields(chunk, layout, reading, offset, where)
    times = _times(table, layout, reading, offset, where)
    if layout.divisor != 1.0:
        table = table.with_columns(pl.col(name) / layout.divisor for name in table.columns if is_price(name))
    return table.drop("time", "date", "clock", strict=False).insert_column(0, times)


def is_price(name: str) -> bool:
    """Whether a column of a layout holds prices."""
    return name.rpartition("_")[2] in (*PRICES, "bid", "ask")


def _fields(chunk: bytes, layout: Layout, reading: Reading, offset: int, where: str) -> pl.DataFrame:
    if reading.decimal == "," and layout.separator == ",":
        raise InputError(f"{where}: decimal ',' in a file whose columns a comma separates; expected '.'", COLUMN_TYPE)
    try:
        return _parsed(chunk, layout, reading, numbers=True)
    except pl.exceptions.PolarsError as error:
        try:
            texts = _parsed(chunk, layout, reading, numbers=False)
        except pl.exceptions.PolarsError:
            raise FileError(f"{where}: {_ragged(chunk, layout, offset)}", UNREADABLE_FILE) from None
        raise _no_number(texts, layout, reading, offset, where, error) from None


def _parsed(chunk: bytes, layout: Layout, reading: Reading, *, numbers: bool) -> pl.DataFrame:
    positions = {position: name for name, position in layout.columns.items()}
    names = [positions.get(index, f"_{index}") for index in range(layout.width)]
    kinds = {
        name: pl.Float64 if numbers and name not in _TEXTS and not name.startswith("_") else pl.String for name in names
    }
    scan = pl.scan_csv(
        io.BytesIO(_first_whole(chunk, layout)),
        has_header=False,
        schema=kinds,
        separator=layout.separator,
        decimal_comma=numbers and reading.decimal == ",",
        null_values=["", "NaN", "nan", "null", "NULL"] if numbers else None,
    )
    return scan.select(layout.columns.keys()).collect()


def _first_whole(chunk: bytes, layout: Layout) -> bytes:
    """Lines of which the first has all fields: polars takes later ones that lack some, but not the first."""
    line, end, rest = chunk.partition(b"\n")
    mark = layout.separator.encode()
    lack = layout.width - 1 - line.count(mark)
    return chunk if lack <= 0 else line.rstrip(b"\r") + mark * lack + end + rest


def _ragged(chunk: bytes, layout: Layout, offset: int) -> str:
    lines = (line for line in chunk.splitlines() if line.strip())
    mark = layout.separator.encode()
    row, found = next(
        ((row, line.count(mark) + 1) for row, line in enumerate(lines) if line.count(mark) >= layout.width), (0, 0)
    )
    if not found:
        return f"no table of {layout.width} fields from row {offset} on"
    return f"row {offset + row} has {found} fields; expected {layout.width}"


def _no_number(
    texts: pl.DataFrame, layout: Layout, reading: Reading, offset: int, where: str, error: Exception
) -> InputError:
    for name in texts.columns:
        if name in _TEXTS:
            continue
        column = texts.get_column(name).str.strip_chars()
        plain = column.str.replace(",", ".", literal=True) if reading.decimal == "," else column
        wrong = (plain.cast(pl.Float64, strict=False).is_null() & column.is_not_null() & (column != "")).arg_max()
        if wrong is not None and plain.cast(pl.Float64, strict=False)[wrong] is None and column[wrong]:
            comma = "; decimal=',' reads decimal commas" if "," in column[wrong] and reading.decimal == "." else ""
            return InputError(
                f"{where}: column {layout.named(name)!r}, row {offset + wrong}: {column[wrong]!r} is no number{comma}",
                COLUMN_TYPE,
            )
    return InputError(f"{where}: {str(error).partition(chr(10))[0]}", COLUMN_TYPE)


def _times(table: pl.DataFrame, layout: Layout, reading: Reading, offset: int, where: str) -> pl.Series:
    zone = reading.zone(layout.zone)
    if layout.times == "day":
        assert layout.day is not None
        return zone.to_utc(day_times(table.get_column("time"), layout.day, where, offset), where, offset)
    if "time" in table.columns:
        text = table.get_column("time").str.strip_chars().alias(layout.named("time"))
    elif "clock" in table.columns:
        text = (table.get_column("date") + " " + table.get_column("clock")).alias(layout.named("date"))
    else:
        text = table.get_column("date").alias(layout.named("date"))
    if layout.times:
        return zone.to_utc(parse_as(text, layout.times, where, offset), where, offset)
    return utc(text, where, zone=zone, zoned=reading.timezone is not None, offset=offset)
