"""Columns packed for the page: whole numbers, differences, deflated, base64."""

import sys
import zlib
from array import array
from base64 import b64encode
from typing import Any

import polars as pl

_WIDTHS = (("b", 1), ("h", 2), ("i", 4))


def packed(values: pl.Series, *, decimals: int = 0, delta: bool = False) -> dict[str, Any]:
    """Pack numbers, rounded to some decimals; `columns.js` reads them.

    Parameters
    ----------
    values : Series
        Numbers; null and not finite ones come back as NaN.
    decimals : int
        Decimals that are kept.
    delta : bool
        Whether differences are smaller than the numbers themselves.
    """
    floats = values.cast(pl.Float64)
    missing = floats.is_null() | ~floats.is_finite().fill_null(value=False)
    whole = (floats.set(missing, None) * 10.0**decimals).round().fill_null(strategy="forward").fill_null(0.0)
    start = float(whole[0]) if delta and len(whole) else 0.0
    steps = whole.diff().fill_null(0.0) if delta else whole
    raw, width = _bytes(steps)
    column = {"rows": len(values), "width": width, "start": start, "delta": delta, "scale": 10**decimals}
    column["bytes"] = _deflated(raw, width)
    if missing.any():
        column["missing"] = _deflated(array("b", missing.cast(pl.Int8).to_list()).tobytes(), 1)
    return column


def packed_times(values: pl.Series) -> dict[str, Any]:
    """Pack times as milliseconds since 1970."""
    return packed(values.dt.epoch("ms"), delta=True)


def packed_words(values: pl.Series) -> dict[str, Any]:
    """Pack texts as numbers of the words that occur."""
    filled = values.cast(pl.String).fill_null("")
    words = filled.unique(maintain_order=True)
    places = pl.DataFrame({"word": words, "place": pl.int_range(len(words), eager=True)})
    index = pl.DataFrame({"word": filled}).join(places, on="word", how="left", maintain_order="left")["place"]
    return {"words": words.to_list(), "index": packed(index)}


def _bytes(steps: pl.Series) -> tuple[bytes, int]:
    """The narrowest form that holds them, least significant byte first."""
    least, most = (float(steps.min() or 0), float(steps.max() or 0)) if len(steps) else (0.0, 0.0)  # type: ignore[arg-type]
    for code, width in _WIDTHS:
        if -(2.0 ** (8 * width - 1)) <= least and most < 2.0 ** (8 * width - 1):
            numbers = array(code, steps.cast(pl.Int64).to_list())
            break
    else:
        numbers, width = array("d", steps.to_list()), 8
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers.tobytes(), width


def _deflated(raw: bytes, width: int) -> str:
    """Bytes of one place together, as they resemble each other."""
    planes = b"".join(raw[place::width] for place in range(width))
    # Of differences only runs of one byte repeat: a search for longer matches takes four times as long for 2 %.
    deflate = zlib.compressobj(strategy=zlib.Z_RLE)
    return b64encode(deflate.compress(planes) + deflate.flush()).decode()
