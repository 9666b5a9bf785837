"""TrueFX: ticks with the pair in each line, in UTC."""

import re

from omegasim.data.layout import Layout
from omegasim.data.text import Head

_TICKS = re.compile(r"[A-Z]{3}/[A-Z]{3},\d{8} \d\d:\d\d:\d\d(\.\d+)?,[\d.]+,[\d.]+")


def layout(head: Head) -> Layout | None:
    """The layout, where the lines fit."""
    if not head.matches(_TICKS):
        return None
    columns = {"symbol": 0, "time": 1, "bid": 2, "ask": 3}
    return Layout("truefx", "ticks", columns, 4, ",", zone="UTC", times="%Y%m%d %H:%M:%S%.f")
