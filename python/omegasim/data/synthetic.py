"""Made-up markets for tests, examples and demonstrations."""

from datetime import UTC, datetime

from omegasim import _core
from omegasim.data.bars import Bars
from omegasim.errors import ARGUMENT, InputError
from omegasim.instrument import Instrument

_EURUSD = Instrument(
    symbol="EURUSD",
    base="EUR",
    quote="USD",
    tick_size=1e-5,
    pip_size=1e-4,
    contract_size=100_000.0,
    volume_min=0.01,
    volume_step=0.01,
    volume_max=200.0,
)


def synthetic_bars(
    instrument: Instrument | None = None,
    *,
    bars: int = 374_400,
    start: str | datetime = "2024-01-01",
    timeframe: str = "M1",
    price: float = 1.1,
    spread_pips: float = 0.8,
    volatility: float = 0.08,
    seed: int = 1,
) -> Bars:
    """Make seeded bid and ask bars that behave like an FX market, the same on every platform.

    No weekends, gaps on Sundays, a busy and a quiet time of day, jumps, changing spreads.

    Parameters
    ----------
    instrument : Instrument, optional
        Gives symbol and price grid; a five-digit EURUSD where not given.
    bars : int
        How many; 374,400 bars of one minute are 52 weeks.
    start : str or datetime
        No bar opens before it; UTC.
    timeframe : str
        What a bar covers.
    price : float
        Mid price at the start.
    spread_pips : float
        Usual spread.
    volatility : float
        Standard deviation of a year's return.
    seed : int
        The same seed makes the same market.

    Raises
    ------
    InputError
        An argument is out of range.

    Examples
    --------
    >>> import omegasim as om
    >>> bars = om.synthetic_bars(bars=1_000, start="2024-01-02", seed=7)
    >>> bars.frame["time"][0].isoformat()
    '2024-01-02T00:00:00+00:00'
    """
    instrument = instrument or _EURUSD
    if bars < 1:
        raise InputError(f"bars: expected at least 1, found {bars}", ARGUMENT)
    core = _core.synthetic_bars(
        symbol=instrument.symbol,
        start=_nanoseconds(start),
        bars=bars,
        timeframe=_core.parse_timeframe(timeframe),
        price=price,
        tick_size=instrument.tick_size,
        pip_size=instrument.pip_size,
        spread_pips=spread_pips,
        volatility=volatility,
        seed=seed,
    )
    return Bars._of_core(core, instrument.symbol)


def _nanoseconds(start: str | datetime) -> int:
    try:
        moment = datetime.fromisoformat(start) if isinstance(start, str) else start
    except ValueError:
        raise InputError(
            f"start: expected a time such as 2024-01-31 or a datetime, found {start!r}", ARGUMENT
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return round(moment.timestamp()) * 1_000_000_000
