"""Ticks and bars as bars of a longer timeframe."""

from omegasim import _core
from omegasim.data.bars import Bars
from omegasim.data.columns import looks_like_ticks
from omegasim.data.table import Table, frame_of
from omegasim.data.ticks import Ticks
from omegasim.errors import ARGUMENT, InputError

NEW_YORK_CLOSE = "17:00 America/New_York"


def resample(data: Bars | Ticks | Table, timeframe: str, *, symbol: str = "", day_start: str = NEW_YORK_CLOSE) -> Bars:
    """Make bars of a longer timeframe of ticks or bars.

    Up to an hour bars follow the clock. Longer ones count from the start of the trading day and end with it, so that
    none reaches over the daily close, a weekend or a change of the clocks. A period without a quote has no bar. The
    volume of bars made of ticks counts them.

    Parameters
    ----------
    data : Bars, Ticks or Arrow table
        What to make them of.
    timeframe : str
        Such as "M5", "H4", "D1", "W1".
    symbol : str, optional
        Whose bars they are, where the data do not say.
    day_start : str
        When trading days begin; New York's close of the foreign exchange day where not given.

    Raises
    ------
    InputError
        The timeframe is shorter than that of the bars, a bar belongs to two periods, or the bars are of one side
        and wait for an instrument.

    Examples
    --------
    >>> import omegasim as om
    >>> hours = om.resample(om.synthetic_bars(bars=600, start="2024-01-02"), "H4")
    >>> [f"{time:%d %H:%M}" for time in hours.frame["time"]]
    ['01 22:00', '02 02:00', '02 06:00']
    """
    if not isinstance(data, Bars | Ticks):
        frame = frame_of(data, symbol or "table")
        data = Ticks(frame, symbol=symbol) if looks_like_ticks(frame) else Bars(frame, symbol=symbol)
    if data._checked is None:
        raise InputError(
            f"{data._where}: bars of one side have no bid and ask yet; expected bars read with instrument=", ARGUMENT
        )
    length = _core.parse_timeframe(timeframe)
    return Bars._of_core(_core.resample(data._checked, length, day_start=day_start), symbol or data.symbol)
