"""Dukascopy's own files: LZMA over big-endian integers, the moment in the path."""

import lzma
import re
import sys
from array import array
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import polars as pl

from omegasim.data.layout import Kind
from omegasim.data.progress import Watch
from omegasim.data.reading import Reading
from omegasim.data.symbols import usual_divisor, usual_prices
from omegasim.errors import ARGUMENT, UNREADABLE_FILE, WRONG_DIVISOR, FileError, InputError

_TICKS = re.compile(r"(\d\d)h_ticks\.bi5")
_CANDLES = re.compile(r"(BID|ASK)_candles_(min|hour|day)_\d+\.bi5")
# An hour of the busiest market fills a hundredth of this.
_LARGEST = 512 << 20
_CANDLE = ("open", "close", "low", "high")


@dataclass(frozen=True)
class Bi5File:
    """Ticks of an hour, or candles of a day, a month or a year."""

    path: Path
    symbol: str
    start: datetime
    kind: Kind
    side: Literal["bid", "ask"] | None

    @classmethod
    def of_path(cls, path: Path) -> "Bi5File":
        """Read symbol and moment from the path, `EURUSD/2019/01/04/08h_ticks.bi5`; months count from 0.

        Raises
        ------
        FileError
            The path is another.
        """
        ticks, candles = _TICKS.fullmatch(path.name), _CANDLES.fullmatch(path.name)
        depth = 3 if ticks else {"min": 3, "hour": 2, "day": 1}[candles[2]] if candles else 0
        parts = path.resolve().parts[-depth - 2 : -1] if depth else ()
        try:
            if not parts:
                raise ValueError
            symbol, *moment = parts
            year, month, day = (*map(int, moment), *(0, 1)[len(moment) - 1 :]) if len(moment) < 3 else map(int, moment)
            start = datetime(year, month + 1, day, int(ticks[1]) if ticks else 0)
        except ValueError:
            raise FileError(
                f"{path}: a .bi5 file has its moment in its path; expected SYMBOL/2019/01/04/08h_ticks.bi5 or "
                "BID_candles_min_1.bi5 there, where the month counts from 00",
                UNREADABLE_FILE,
            ) from None
        side = None if candles is None else "bid" if candles[1] == "BID" else "ask"
        return cls(path, symbol, start, "ticks" if ticks else "bars", side)  # type: ignore[arg-type]

    def read(self, reading: Reading, watch: Watch) -> pl.DataFrame:
        """Rows of the file; none in an hour without ticks, which is an empty file.

        Raises
        ------
        FileError
            The file is truncated or damaged.
        InputError
            Nobody said what to divide the integers by, or it cannot be that.
        """
        size = 20 if self.kind == "ticks" else 24
        data = _unpacked(self.path, watch)
        if len(data) % size:
            raise FileError(
                f"{self.path}: {len(data)} bytes, no multiple of {size}; the file is truncated or holds something else",
                UNREADABLE_FILE,
            )
        divisor = self._divisor(reading)
        names = ("ask", "bid", "ask_volume", "bid_volume") if self.kind == "ticks" else (*_CANDLE, "volume")
        integers, floats = _big_endian("I", data), _big_endian("f", data)
        step, unit = size // 4, 1_000_000 if self.kind == "ticks" else 1_000_000_000
        columns = {
            name: pl.Series(floats[index::step] if "volume" in name else integers[index::step], dtype=pl.Float64)
            for index, name in enumerate(names, 1)
        }
        time = pl.Series(integers[0::step], dtype=pl.Int64) * unit
        frame = pl.DataFrame({"time": time, **columns}).with_columns(
            (pl.lit(self.start).cast(pl.Datetime("ns")) + pl.col("time").cast(pl.Duration("ns")))
            .dt.replace_time_zone("UTC")
            .alias("time"),
            *(pl.col(name) / divisor for name in names if "volume" not in name),
        )
        self._check_divisor(frame, divisor, reading)
        kept = ("time", "bid", "ask") if self.kind == "ticks" else ("time", "open", "high", "low", "close", "volume")
        return frame.select(kept)

    def _divisor(self, reading: Reading) -> float:
        usual = usual_divisor(reading.name or self.symbol)
        if reading.divisor is not None:
            return reading.divisor
        if reading.instrument is not None and usual is None:
            return float(round(1 / reading.instrument.tick_size))
        if usual is None:
            raise InputError(
                f"{self.path.name}: nobody knows what the prices of {self.symbol} are divided by; "
                "expected divisor=1000.0 or another number",
                WRONG_DIVISOR,
            )
        return usual

    def _check_divisor(self, frame: pl.DataFrame, divisor: float, reading: Reading) -> None:
        name = reading.name or self.symbol
        bounds, price = usual_prices(name), frame.get_column("bid" if self.kind == "ticks" else "close").median()
        if bounds and isinstance(price, float) and not bounds[0] <= price <= bounds[1]:
            raise InputError(
                f"{self.path.name}: divided by {divisor:g} the price of {name} is {price:g}, which it never was; "
                f"expected divisor={usual_divisor(name):g}, or the symbol is another",
                WRONG_DIVISOR,
            )


def _unpacked(path: Path, watch: Watch) -> bytes:
    try:
        with path.open("rb") as file:
            packed = watch.opened(file).read()
        if not packed:
            return b""
        decompressor = lzma.LZMADecompressor()
        data = decompressor.decompress(packed, max_length=_LARGEST)
    except (OSError, lzma.LZMAError) as error:
        raise FileError(
            f"{path}: cannot be read as .bi5, it is no LZMA file or damaged: {error}", UNREADABLE_FILE
        ) from None
    if not decompressor.eof:
        reason = "holds more than an hour can" if len(data) >= _LARGEST else "ends before its end; it is truncated"
        raise FileError(f"{path}: the LZMA data {reason}", UNREADABLE_FILE)
    return data


def _big_endian(kind: Literal["I", "f"], data: bytes) -> "array[int] | array[float]":
    values: array[int] | array[float] = array(kind, data)
    if sys.byteorder == "little":
        values.byteswap()
    return values


def check_argument(reading: Reading) -> None:
    """Dukascopy's own files are in UTC."""
    if reading.timezone not in (None, "UTC"):
        raise InputError("timezone: .bi5 files are in UTC; drop timezone", ARGUMENT)
