"""Price together with volume."""

from omegasim.indicators.columns import C, nanoseconds, single


def obv(close: C, volume: C) -> C:
    """On-balance volume (Granville): added on rises, subtracted on falls, from the first bar's volume on."""
    return single("obv", (), close, volume)


def mfi(high: C, low: C, close: C, volume: C, period: int = 14) -> C:
    """Money flow index, 0 to 100: rising typical price times volume as a share of all, over `period` changes.

    NaN where nothing flowed; TA-Lib says 0 where less than 1 unit of money did.
    """
    return single("mfi", (period,), high, low, close, volume)


def vwap(time: C, high: C, low: C, close: C, volume: C, start: float = 0.0) -> C:
    """Volume-weighted average of the typical price since the session's start; NaN while no volume was seen.

    Parameters
    ----------
    time : column
        Open times of the bars, UTC where they name no zone.
    high, low, close, volume : column
        Prices and volume.
    start : float
        Hours after midnight UTC at which sessions begin.
    """
    return single("vwap", (start,), nanoseconds(time), high, low, close, volume)
