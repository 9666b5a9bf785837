"""Formats of files: their names, and the endings of Parquet files."""

from typing import Literal

Format = Literal["table", "dukascopy", "metatrader", "copy_rates", "histdata", "lean", "truefx"]
FORMATS: tuple[Format, ...] = ("table", "dukascopy", "metatrader", "copy_rates", "histdata", "lean", "truefx")
PARQUET = (".parquet", ".pq")
