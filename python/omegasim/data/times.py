"""Times of any kind as nanoseconds in UTC (T1)."""

from datetime import date

import polars as pl

from omegasim.data.headers import time_columns
from omegasim.data.zones import UTC, Zone
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
# Digits of an epoch number; eight are a date, fourteen a date with its time of day.
_EPOCH = r"^\d{9,13}(?:\.\d+)?$|^\d{15,19}$"


def time_series(frame: pl.DataFrame, where: str, zone: Zone = UTC, *, zoned: bool = False) -> pl.Series:
    """Find the time of a table and return it as nanoseconds in UTC."""
    names = time_columns(frame.columns)
    if len(names) == 2:
        return utc(_joined(frame, names, where), where, zone=zone, zoned=zoned)
    if not names:
        raise InputError(f"{where}: missing column time; found {', '.join(frame.columns) or 'none'}", MISSING_COLUMN)
    if len(names) > 2:
        raise InputError(f"{where}: columns {', '.join(names)} all mean the time; expected one of them", COLUMN_TWICE)
    return utc(frame.get_column(names[0]), where, zone=zone, zoned=zoned)


def utc(times: pl.Series, where: str, *, zone: Zone = UTC, zoned: bool = False, offset: int = 0) -> pl.Series:
    """Convert times of any unit, zone or spelling; a naive time is on the clock `zone`.

    `zoned` says that the caller named the clock, which times that bring their own do not go with; `offset` is the
    number of the first row.
    """
    times = _decoded(times)
    kind = times.dtype
    if isinstance(kind, pl.Datetime):
        if kind.time_zone is None:
            return zone.to_utc(times.cast(pl.Datetime("ns")), where, offset).alias("time")
        _check_own_zone(times.name, kind.time_zone, where, zoned=zoned)
        aware = times if kind.time_zone == "UTC" else times.dt.convert_time_zone("UTC")
    elif kind == pl.Date:
        aware = zone.to_utc(times.cast(pl.Datetime("ns")), where, offset)
    elif kind.is_integer() or (kind.is_float() and _is_whole(times)):
        aware = zone.to_utc(_from_epoch(times.cast(pl.Int64)), where, offset)
    elif kind == pl.String:
        aware = _parsed(times, where, zone, zoned=zoned, offset=offset)
    else:
        raise InputError(f"{where}: column {times.name!r} has type {kind}; expected a time", COLUMN_TYPE)
    return aware.cast(UTC_NS).alias("time")


def parse_as(times: pl.Series, form: str, where: str, offset: int = 0) -> pl.Series:
    """Naive times of one written form."""
    parsed = times.str.to_datetime(form, time_unit="ns", strict=False)
    _check_parsed(times, parsed, where, offset)
    return parsed.alias("time")


def day_times(times: pl.Series, day: date, where: str, offset: int = 0) -> pl.Series:
    """Naive times from milliseconds since a day's midnight."""
    milliseconds = times.str.strip_chars().cast(pl.Float64, strict=False)
    parsed = pl.select(
        pl.lit(day).cast(pl.Datetime("ns")) + (milliseconds * 1e6).round().cast(pl.Int64).cast(pl.Duration("ns"))
    ).to_series()
    _check_parsed(times, parsed, where, offset)
    return parsed.alias("time")


def _decoded(times: pl.Series) -> pl.Series:
    if times.dtype in (pl.Categorical, pl.Enum):
        times = times.cast(pl.String)
    elif times.dtype.is_decimal():
        times = times.cast(pl.Float64)
    if times.dtype == pl.String:
        texts = times.drop_nulls()
        if len(texts) and texts.head(_SAMPLE).str.contains(_EPOCH).all() and texts.str.contains(_EPOCH).all():
            whole = texts.str.contains(".", literal=True).any() is False
            return times.cast(pl.Int64) if whole else times.cast(pl.Float64)
    return times


def _check_own_zone(name: str, own: str, where: str, *, zoned: bool) -> None:
    if zoned and own != "UTC":
        raise InputError(
            f"{where}: timezone is given, and the times of column {name!r} bring their own zone ({own}); "
            "drop one of them",
            COLUMN_TWICE,
        )


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
    return (numbers * factor).cast(pl.Datetime("ns"))


def _parsed(times: pl.Series, where: str, zone: Zone, *, zoned: bool, offset: int) -> pl.Series:
    sample = times.drop_nulls().head(_SAMPLE)
    for form in _FORMATS:
        if _parse(sample, form).null_count() == 0:
            naive = _parse(times, form)
            _check_parsed(times, naive, where, offset)
            return zone.to_utc(naive, where, offset)
    for form in _ZONED:
        if _parse(sample, form).null_count() == 0:
            if zoned:
                _check_own_zone(times.name, f"as in {sample[0]!r}", where, zoned=True)
            aware = _parse(times, form)
            _check_parsed(times, aware, where, offset)
            return aware.dt.convert_time_zone("UTC")
    nothing = times.clear(len(times)).cast(UTC_NS)
    # The form that most rows have shows which row is the odd one.
    best = max((_parse(sample, form) for form in (*_FORMATS, *_ZONED)), key=lambda parsed: parsed.count())
    _check_parsed(sample if best.count() else times, best if best.count() else nothing, where, offset)
    return nothing


def _check_parsed(times: pl.Series, parsed: pl.Series, where: str, offset: int) -> None:
    if parsed.null_count() == times.null_count():
        return
    failed = (parsed.is_null() & times.is_not_null()).arg_max()
    assert failed is not None
    text = times[failed]
    other = _FORMATS if isinstance(parsed.dtype, pl.Datetime) and parsed.dtype.time_zone else _ZONED
    if parsed.count() and any(_parse(times[failed : failed + 1], form).count() for form in other):
        raise InputError(
            f"{where}: column {times.name!r} mixes zones: row {offset + failed} is {text!r}, other rows are written "
            "the other way; expected times that all have a zone or all have none",
            UNREADABLE_TIME,
        )
    raise InputError(
        f"{where}: column {times.name!r}, row {offset + failed}: {text!r} is no time that can be read; "
        "expected for example 2024-01-31 14:05:00, 2024.01.31 14:05 or 31.01.2024 14:05:00, in UTC",
        UNREADABLE_TIME,
    )


def _parse(times: pl.Series, form: str) -> pl.Series:
    return times.str.to_datetime(form, time_unit="ns", strict=False)
