"""Times of any kind as nanoseconds in UTC (T1)."""

import polars as pl

from omegasim.data.headers import time_columns
from omegasim.errors import COLUMN_TWICE, COLUMN_TYPE, MISSING_COLUMN, UNREADABLE_TIME, InputError

UTC_NS = pl.Datetime("ns", "UTC")

# Written dates whose order of day and month is plain; 03/04/2024 is not among them.
_FORMATS = (
    "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M", "%Y-%m-%d",
    "%Y.%m.%d %H:%M:%S%.f", "%Y.%m.%d %H:%M", "%Y.%m.%d", "%Y/%m/%d %H:%M:%S%.f", "%Y/%m/%d %H:%M", "%Y/%m/%d",
    "%d.%m.%Y %H:%M:%S%.f", "%d.%m.%Y %H:%M", "%d.%m.%Y", "%Y%m%d %H:%M:%S%.f", "%Y%m%d %H:%M", "%Y%m%d %H%M%S",
    "%Y%m%d",
)  # fmt: skip
_ZONED = (
    "%Y-%m-%d %H:%M:%S%.f%#z", "%Y-%m-%dT%H:%M:%S%.f%#z", "%Y-%m-%d %H:%M:%S%.f %#z", "%Y-%m-%dT%H:%M%#z",
    "%d.%m.%Y %H:%M:%S%.f GMT%z",
)  # fmt: skip
_SAMPLE = 1_000
# Epoch numbers below these are seconds, milliseconds, microseconds; all reach past the year 5000.
_EPOCHS = ((10**11, 10**9), (10**14, 10**6), (10**17, 10**3))


def time_series(frame: pl.DataFrame, where: str) -> pl.Series:
    """Find the time of a table and return it as nanoseconds in UTC."""
    names = time_columns(frame.columns)
    if len(names) == 2:
        return utc(_joined(frame, names, where), where)
    if not names:
        raise InputError(f"{where}: missing column time; found {', '.join(frame.columns) or 'none'}", MISSING_COLUMN)
    if len(names) > 2:
        raise InputError(f"{where}: columns {', '.join(names)} all mean the time; expected one of them", COLUMN_TWICE)
    return utc(frame.get_column(names[0]), where)


def utc(times: pl.Series, where: str) -> pl.Series:
    """Convert times of any unit, zone or spelling; a naive time is UTC."""
    kind = times.dtype
    if isinstance(kind, pl.Datetime):
        aware = times.dt.convert_time_zone("UTC") if kind.time_zone else times.dt.replace_time_zone("UTC")
    elif kind == pl.Date:
        aware = times.cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    elif kind.is_integer() or (kind.is_float() and _is_whole(times)):
        aware = _from_epoch(times.cast(pl.Int64))
    elif kind == pl.String:
        aware = _parsed(times, where)
    else:
        raise InputError(f"{where}: column {times.name!r} has type {kind}; expected a time", COLUMN_TYPE)
    return aware.cast(UTC_NS).alias("time")


def _joined(frame: pl.DataFrame, names: list[str], where: str) -> pl.Series:
    """Join a date and a time of day, as MetaTrader exports them."""
    first, second = (frame.get_column(name) for name in names)
    day, clock = (first, second) if "date" in first.name.lower() else (second, first)
    if "date" not in day.name.lower() or clock.dtype not in (pl.String, pl.Time) or day.dtype.is_nested():
        raise InputError(f"{where}: columns {', '.join(names)} both mean the time; expected one of them", COLUMN_TWICE)
    return (day.cast(pl.String) + " " + clock.cast(pl.String)).alias("time")


def _is_whole(numbers: pl.Series) -> bool:
    return bool((numbers.drop_nulls() % 1 == 0).all())


def _from_epoch(numbers: pl.Series) -> pl.Series:
    largest = numbers.abs().max()
    factor = next((f for bound, f in _EPOCHS if isinstance(largest, int) and largest < bound), 1)
    return (numbers * factor).cast(UTC_NS)


def _parsed(times: pl.Series, where: str) -> pl.Series:
    sample = times.drop_nulls().head(_SAMPLE)
    for form in (*_FORMATS, *_ZONED):
        zone = "UTC" if form in _FORMATS else None
        if _parse(sample, form, zone).null_count() == 0:
            parsed = _parse(times, form, zone)
            break
    else:
        parsed = times.clear(len(times)).cast(UTC_NS)
    failed = (parsed.is_null() & times.is_not_null()).arg_max()
    if parsed.null_count() > times.null_count() and failed is not None:
        raise InputError(
            f"{where}: column {times.name!r}, row {failed}: {times[failed]!r} is no time that can be read; "
            "expected for example 2024-01-31 14:05:00, 2024.01.31 14:05 or 31.01.2024 14:05:00, in UTC",
            UNREADABLE_TIME,
        )
    return parsed


def _parse(times: pl.Series, form: str, zone: str | None) -> pl.Series:
    parsed = times.str.to_datetime(form, time_unit="ns", strict=False)
    return parsed.dt.replace_time_zone(zone) if zone else parsed.dt.convert_time_zone("UTC")
