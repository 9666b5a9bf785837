"""Small files as data vendors write them."""

import lzma
import struct
import zipfile
from pathlib import Path

HEADERS = {
    "bars": "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>",
    "ticks": "<DATE>\t<TIME>\t<BID>\t<ASK>\t<LAST>\t<VOLUME>\t<FLAGS>",
}


def written(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    """A text file of lines."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path


def bi5_ticks(path: Path, *ticks: tuple[int, int, int]) -> Path:
    """A file of Dukascopy ticks: milliseconds, ask, bid."""
    return packed(path, b"".join(struct.pack(">IIIff", ms, ask, bid, 1.0, 1.5) for ms, ask, bid in ticks))


def bi5_candles(path: Path, *candles: tuple[int, int, int, int, int, float]) -> Path:
    """A file of Dukascopy candles: seconds, open, close, low, high, volume."""
    return packed(path, b"".join(struct.pack(">IIIIIf", *candle) for candle in candles))


def packed(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(lzma.compress(data, format=lzma.FORMAT_ALONE) if data else b"")
    return path


def zipped(path: Path, member: str, *lines: str) -> Path:
    """A zip archive with one text file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, "\n".join(lines) + "\n")
    return path
