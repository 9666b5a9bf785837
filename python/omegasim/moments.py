"""Moments and spans of time as whole nanoseconds (T1)."""

from datetime import UTC, datetime, timedelta
from typing import Any

from omegasim.errors import ARGUMENT, InputError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def nanoseconds(value: Any) -> int:
    """A `datetime` (naive: UTC), or text in ISO 8601, as nanoseconds since 1970 UTC."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError as error:
        raise InputError(f"time: {value!r} is no time: {error}", ARGUMENT) from None
    if not isinstance(moment, datetime):
        raise InputError(f"time: expected whole nanoseconds or a datetime, found {type(value).__name__}", ARGUMENT)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // _MICROSECOND * 1000


def duration(value: Any) -> int:
    """A `timedelta` as nanoseconds."""
    if not isinstance(value, timedelta):
        raise InputError(
            f"max_holding: expected whole nanoseconds or a timedelta, found {type(value).__name__}", ARGUMENT
        )
    return value // _MICROSECOND * 1000
