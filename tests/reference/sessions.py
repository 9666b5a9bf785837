"""When orders may arrive (S2, N64)."""

from datetime import datetime
from zoneinfo import ZoneInfo

SECOND = 1_000_000_000
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def nanosecond_of_day(clock: str) -> int:
    """A time of day such as 09:30; 24:00 is the end of the day."""
    hour, minute = clock.split(":")[:2]
    return (int(hour) * 60 + int(minute)) * 60 * SECOND


def is_closed(sessions, moment: int) -> bool:
    """N64: whether a moment is outside all spans or on a holiday; a span's opening is inside."""
    if sessions is None:
        return False
    local = datetime.fromtimestamp(moment // SECOND, ZoneInfo(sessions["zone"]))
    if local.date().isoformat() in sessions.get("holidays", ()):
        return True
    now = ((local.hour * 60 + local.minute) * 60 + local.second) * SECOND + moment % SECOND
    today = WEEKDAYS[local.weekday()]
    return not any(
        today in span["days"] and nanosecond_of_day(span["open"]) <= now < nanosecond_of_day(span["close"])
        for span in sessions["hours"]
    )
