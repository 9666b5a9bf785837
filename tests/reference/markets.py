"""Small random markets: gaps, flat bars, odd spreads, missing bars, prices on and off the grid."""

from random import Random

MINUTE = 60_000_000_000
SECOND = 1_000_000_000
START = 1_704_153_600_000_000_000
WEEKEND = 2 * 24 * 60 * MINUTE

# symbol, tick size, pip size, contract size, a usual price, tick value or None
KINDS = (
    ("EURUSD", 1e-5, 1e-4, 100000.0, 1.1, None),
    ("USDJPY", 1e-3, 1e-2, 100000.0, 147.0, 0.68),
    ("XAUUSD", 0.01, 0.1, 100.0, 2000.0, None),
    ("US500", 0.1, 1.0, 10.0, 4500.0, None),
    ("COPPER", 0.25, 0.25, 5.0, 300.0, None),
    ("DE40", 0.5, 1.0, 1.0, 18000.0, 0.5),
)
VOLUMES = ((0.01, 0.01, 200.0), (0.1, 0.1, 50.0), (1.0, 1.0, 100.0), (0.02, 0.01, 5.0), (0.5, 0.25, 3.0))


def instrument(rng: Random, kind: tuple) -> dict:
    """The constants of a symbol."""
    symbol, tick_size, pip_size, contract_size, _, tick_value = kind
    low, step, high = rng.choice(VOLUMES)
    return {
        "symbol": symbol,
        "base": "XXX",
        "quote": "USD" if tick_value is None else "EUR",
        "tick_size": tick_size,
        "pip_size": pip_size,
        "contract_size": contract_size,
        "volume_min": low,
        "volume_step": step,
        "volume_max": high,
        "tick_value": tick_value,
        "stops_level": rng.choice((0.0, 0.0, 0.0, 0.0, 0.0, 2.0, 10.0)),
    }


class Walk:
    """A random walk of a quote, in tenths of a tick."""

    def __init__(self, rng: Random, kind: tuple) -> None:
        self.rng = rng
        self.inverse = round(1.0 / kind[1])
        self.at = round(kind[4] * self.inverse) * 10
        self.size = rng.choice((2, 5, 10, 30))
        self.spreads = rng.choice(((0,), (1,), (0, 1, 2), (2, 3, 4), (1, 1, 1, 12), (0, 5, 20)))
        self.off_grid = rng.random() < 0.25

    def price(self, tenths: int) -> float:
        """A number of tenths of a tick as a price."""
        return tenths // 10 / self.inverse if tenths % 10 == 0 else tenths / (10 * self.inverse)

    def move(self, size: int) -> int:
        """A step of the walk, in tenths of a tick."""
        step = self.rng.randint(-size, size) * 10
        return step + (self.rng.randint(-9, 9) if self.off_grid and self.rng.random() < 0.5 else 0)

    def spread(self) -> int:
        return self.rng.choice(self.spreads) * 10

    def gap(self) -> int:
        """Mostly none; sometimes far beyond the last price."""
        chance = self.rng.random()
        if chance < 0.7:
            return 0
        return self.move(self.size if chance < 0.85 else 4 * self.size)

    def bar(self) -> tuple:
        """One bar, bid and ask, in tenths of a tick."""
        start = self.at + self.gap()
        if self.rng.random() < 0.08:
            bid = (start,) * 4
        else:
            end = start + self.move(self.size)
            high = max(start, end) + abs(self.move(self.size // 2)) * self.rng.choice((0, 1, 1))
            low = min(start, end) - abs(self.move(self.size // 2)) * self.rng.choice((0, 1, 1))
            bid = start, high, low, end
        self.at = bid[3]
        opening, closing = bid[0] + self.spread(), bid[3] + self.spread()
        high = max(bid[1] + self.spread(), opening, closing)
        low = min(bid[2] + self.spread(), opening, closing)
        return bid, (opening, high, low, closing)


def times_of_bars(rng: Random, count: int, span: int) -> list[int]:
    """Bar times with missing bars and, now and then, a weekend."""
    times, now = [], START
    weekend = rng.randint(1, count) if rng.random() < 0.4 else None
    for number in range(count):
        now += WEEKEND if number == weekend else 0
        if rng.random() > 0.06 or not times:
            times.append(now)
        now += span
    return times


def bars(rng: Random, kind: tuple, count: int, span: int) -> dict:
    """A series of bars."""
    walk = Walk(rng, kind)
    times = times_of_bars(rng, count, span)
    made = [walk.bar() for _ in times]
    bid = [tuple(walk.price(p) for p in b) for b, _ in made]
    ask = [tuple(walk.price(p) for p in a) for _, a in made]
    return {"kind": "bars", "time": times, "bid": bid, "ask": ask, "timeframe": span}


def ticks(rng: Random, kind: tuple, times: list[int]) -> dict:
    """A series of ticks at given times."""
    walk = Walk(rng, kind)
    bid, ask = [], []
    for _ in times:
        walk.at += walk.move(max(1, walk.size // 2)) if rng.random() < 0.8 else walk.gap()
        bid.append(walk.price(walk.at))
        ask.append(walk.price(walk.at + walk.spread()))
    return {"kind": "ticks", "time": times, "bid": bid, "ask": ask}


def times_of_ticks(rng: Random, count: int) -> list[int]:
    """Tick times; several share one time."""
    times, now = [], START
    for _ in range(count):
        times.append(now)
        now += rng.choice((0, SECOND // 2, SECOND, SECOND, 2 * SECOND, 20 * SECOND))
    return times


def _side(rows: list) -> tuple:
    """The four prices of several rows of one side, bars or ticks."""
    four = [row if isinstance(row, tuple) else (row,) * 4 for row in rows]
    return four[0][0], max(r[1] for r in four), min(r[2] for r in four), four[-1][3]


def resampled(series: dict, span: int) -> dict:
    """The coarser bars of a series."""
    groups = {}
    for row, time in enumerate(series["time"]):
        groups.setdefault(time - (time - START) % span, []).append(row)
    sides = {side: [_side([series[side][row] for row in rows]) for rows in groups.values()] for side in ("bid", "ask")}
    return {"kind": "bars", "time": list(groups), "timeframe": span, **sides}


def with_holes(rng: Random, series: dict) -> dict:
    """A series of which a stretch and some rows are missing."""
    count = len(series["time"])
    first = rng.randint(0, count)
    gone = set(range(first, min(count, first + count // 5)))
    keep = [row for row in range(count) if row not in gone and rng.random() > 0.05] or [0]
    return {name: [value[row] for row in keep] if isinstance(value, list) else value for name, value in series.items()}


def finer_levels(rng: Random, kind: tuple, coarse_span: int, count: int) -> tuple[dict, list[dict]]:
    """A coarse series with finer ones, coarse to fine; some do not agree with it or have holes."""
    spans = rng.choice(((5,), (3,), (5, 1), (15, 5)))
    spans = [span * MINUTE for span in spans if span * MINUTE < coarse_span]
    finest = bars(rng, kind, count * coarse_span // spans[-1], spans[-1])
    levels = [resampled(finest, span) for span in spans[:-1]] + [finest]
    coarse = resampled(finest, coarse_span)
    if rng.random() < 0.3:
        levels[-1] = ticks_inside(finest)
    if rng.random() < 0.3:
        coarse = bars(rng, kind, count, coarse_span)
    return coarse, [with_holes(rng, level) if rng.random() < 0.3 else level for level in levels]


def ticks_inside(series: dict) -> dict:
    """Four ticks for each bar, its four prices one after the other."""
    step = series["timeframe"] // 4
    times, bid, ask = [], [], []
    for row, time in enumerate(series["time"]):
        for number in range(4):
            times.append(time + (number if row % 3 else number // 2) * step)
            bid.append(series["bid"][row][number])
            ask.append(series["ask"][row][number])
    return {"kind": "ticks", "time": times, "bid": bid, "ask": ask}
