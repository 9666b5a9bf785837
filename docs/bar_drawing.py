"""Bars, levels and fills as small SVG pictures."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

BID, ASK = "#2b6cb0", "#c8701a"
ENTRY, EXIT, QUIET = "#2f7d32", "#b3261e", "#6b7280"
INK, LEVEL, GRID, PAPER, FRAME = "#1f2937", "#7c3aed", "#e9e7e0", "#fdfcf9", "#d9d6cc"

PLOT, TOP, BOTTOM, AXIS, MARGIN = 200, 44, 54, 38, 10
CANDLE, PAIR = 12, 24
LINE = 13

Prices = tuple[float, float, float, float]


@dataclass(frozen=True)
class Bar:
    """Open, high, low and close of the bid, and of the ask where it is drawn."""

    name: str
    bid: Prices
    ask: Prices | None = None
    path: tuple[str, ...] = ()
    met: float | None = None
    """Price at which the path is marked, on the first leg that crosses it."""

    @property
    def width(self) -> float:
        """Room for the candles and the path."""
        return CANDLE + (PAIR if self.ask else 0) + (20 * len(self.path) if self.path else 0)


@dataclass(frozen=True)
class Level:
    """A dashed line, over the whole panel or from one bar to another."""

    label: str
    price: float
    first: int = 0
    last: int | None = None
    colour: str = LEVEL


@dataclass(frozen=True)
class Mark:
    """An arrow at a price: bid marks stand left of the candles, ask marks right."""

    bar: int
    side: str
    price: float
    label: str
    colour: str = ENTRY


@dataclass(frozen=True)
class Measure:
    """A distance between two prices, beside the candles."""

    bar: int
    start: float
    end: float
    label: str


@dataclass(frozen=True)
class Band:
    """A coloured range of prices."""

    low: float
    high: float
    label: str
    colour: str


@dataclass(frozen=True)
class Panel:
    """Bars with what happens to them."""

    title: str
    bars: Sequence[Bar]
    levels: Sequence[Level] = ()
    marks: Sequence[Mark] = ()
    measures: Sequence[Measure] = ()
    bands: Sequence[Band] = ()
    outcome: str = ""

    def prices(self) -> Iterable[float]:
        """Every price that has to be on the picture."""
        for bar in self.bars:
            yield from bar.bid
            yield from bar.ask or ()
        yield from (level.price for level in self.levels)
        yield from (mark.price for mark in self.marks)
        for band in self.bands:
            yield from (band.low, band.high)


@dataclass(frozen=True)
class Picture:
    """Panels side by side, on one price scale."""

    name: str
    panels: Sequence[Panel]
    step: float = 5.0
    digits: int = 0
    hidden_prices: bool = False

    def svg(self) -> str:
        """The whole file."""
        return _Canvas(self).draw()


def two_sides(name: str, bid: Prices, spread: float = 2) -> Bar:
    """A bar whose ask is a spread above its bid."""
    opening, high, low, close = bid
    return Bar(name, bid, (opening + spread, high + spread, low + spread, close + spread))


class _Canvas:
    """Elements of one picture."""

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.elements: list[str] = []
        prices = [price for panel in picture.panels for price in panel.prices()]
        pad = (max(prices) - min(prices)) * 0.05
        self.low, self.high = min(prices) - pad, max(prices) + pad

    def draw(self) -> str:
        x = float(MARGIN)
        for panel in self.picture.panels:
            x = self._panel(panel, x) + MARGIN
        height = TOP + PLOT + BOTTOM
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{x:.0f}" height="{height}" '
            f'viewBox="0 0 {x:.0f} {height}" font-family="Helvetica, Arial, sans-serif" font-size="11">'
        )
        paper = (
            f'<rect x="0.5" y="0.5" width="{x - 1:.0f}" height="{height - 1}" rx="4" fill="{PAPER}" stroke="{FRAME}"/>'
        )
        return "\n".join([head, paper, *self.elements, "</svg>", ""])

    def _y(self, price: float) -> float:
        return TOP + PLOT * (self.high - price) / (self.high - self.low)

    def _number(self, price: float) -> str:
        return f"{price:.{self.picture.digits}f}"

    def _panel(self, panel: Panel, left: float) -> float:
        slots, end = self._slots(panel, left + AXIS)
        right = end + max((_width(level.label) + 6 for level in panel.levels if level.last is None), default=0)
        right = max(right, left + 1.06 * _width(panel.title) + 4, left + _width(panel.outcome) + 4)
        self._axis(left + AXIS, end)
        for band in panel.bands:
            self._band(band, left + AXIS, end)
        for bar, (_, candle, _) in zip(panel.bars, slots, strict=True):
            self._bar(bar, candle)
        self._levels(panel.levels, slots, end)
        for index, (bar, slot) in enumerate(zip(panel.bars, slots, strict=True)):
            self._marks([mark for mark in panel.marks if mark.bar == index], bar, slot[1])
            for measure in panel.measures:
                if measure.bar == index:
                    self._measure(measure, slot[1] + bar.width + 8)
        self._text(left, 18, panel.title, weight="bold", size=12)
        self._text(left, 34, panel.outcome, colour=QUIET)
        return right

    def _slots(self, panel: Panel, x: float) -> tuple[list[tuple[float, float, float]], float]:
        """Start, first candle and end of each bar's room."""
        slots = []
        for index, bar in enumerate(panel.bars):
            before = [_width(m.label) + 22 for m in panel.marks if m.bar == index and m.side == "bid"]
            before += [_width(m.label) + 4 for m in panel.levels if m.first == index and m.last is not None]
            after = [_width(m.label) + 22 for m in panel.marks if m.bar == index and m.side == "ask"]
            after += [_width(m.label) + 20 for m in panel.measures if m.bar == index]
            side = (self._legend_width(bar) - bar.width) / 2 + 6
            lead, trail = max([8, side, *before]), max([8, side, *after])
            slots.append((x, x + lead, x + lead + bar.width + trail))
            x = slots[-1][2]
        return slots, x

    def _legend_width(self, bar: Bar) -> float:
        texts = [bar.name] + ([] if self.picture.hidden_prices else ["bid " + self._row(bar.bid)])
        return 0.87 * max(_width(text) for text in texts)

    def _row(self, prices: Prices) -> str:
        return " ".join(self._number(price) for price in prices)

    def _axis(self, left: float, right: float) -> None:
        step = self.picture.step
        tick = -(-self.low // step) * step
        while tick <= self.high:
            y = self._y(tick)
            self._line(left, y, right, y, GRID)
            self._text(left - 4, y + 4, self._number(tick), colour=QUIET, size=10, anchor="end")
            tick += step

    def _bar(self, bar: Bar, x: float) -> None:
        self._candle(bar.bid, x + CANDLE / 2, BID)
        if bar.ask:
            self._candle(bar.ask, x + PAIR + CANDLE / 2, ASK)
        if bar.path:
            self._path(bar, x + CANDLE + 14)
        middle, y = x + bar.width / 2, TOP + PLOT + 14
        self._text(middle, y, bar.name, anchor="middle")
        if self.picture.hidden_prices:
            return
        self._text(middle, y + LINE, "bid " + self._row(bar.bid), colour=BID, anchor="middle", size=10)
        if bar.ask:
            self._text(middle, y + 2 * LINE, "ask " + self._row(bar.ask), colour=ASK, anchor="middle", size=10)

    def _candle(self, prices: Prices, x: float, colour: str) -> None:
        opening, high, low, close = prices
        top, bottom = self._y(max(opening, close)), self._y(min(opening, close))
        fill = PAPER if close >= opening else colour
        self._line(x, self._y(high), x, self._y(low), colour, width=1.5)
        self.elements.append(
            f'<rect x="{x - CANDLE / 2:.1f}" y="{top:.1f}" width="{CANDLE}" height="{max(bottom - top, 1.5):.1f}" '
            f'fill="{fill}" stroke="{colour}" stroke-width="1.5"/>'
        )

    def _path(self, bar: Bar, x: float) -> None:
        price = dict(zip(("open", "high", "low", "close"), bar.bid, strict=True))
        points = [(x + 20 * number, self._y(price[name])) for number, name in enumerate(bar.path)]
        corners = " ".join(f"{px:.1f},{py:.1f}" for px, py in points)
        self.elements.append(f'<polyline points="{corners}" fill="none" stroke="{BID}" stroke-width="1.5"/>')
        self.elements.extend(f'<circle cx="{px:.1f}" cy="{py:.1f}" r="2.5" fill="{BID}"/>' for px, py in points)
        if bar.met is not None:
            self._ring(points, self._y(bar.met))

    def _ring(self, points: Sequence[tuple[float, float]], y: float) -> None:
        """Mark where a path first crosses a height."""
        for (x1, y1), (x2, y2) in pairwise(points):
            if min(y1, y2) <= y <= max(y1, y2):
                x = x1 + (x2 - x1) * (y - y1) / (y2 - y1)
                self.elements.append(
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="5" fill="none" stroke="{EXIT}" stroke-width="2"/>'
                )
                return

    def _levels(self, levels: Sequence[Level], slots: list[tuple[float, float, float]], end: float) -> None:
        whole = sorted((level for level in levels if level.last is None), key=lambda level: -level.price)
        heights = _spread_out([self._y(level.price) for level in whole])
        for level, y in zip(whole, heights, strict=True):
            price_y = self._y(level.price)
            self._line(slots[level.first][0], price_y, end, price_y, level.colour, dash="5 3")
            self._text(end + 4, y + 4, level.label, colour=level.colour)
        for level in levels:
            if level.last is not None:
                y, left = self._y(level.price), slots[level.first][0] + 2
                self._line(left, y, slots[level.last][2] - 2, y, level.colour, dash="5 3")
                self._text(left, y - 4, level.label, colour=level.colour)

    def _marks(self, marks: Sequence[Mark], bar: Bar, x: float) -> None:
        for side in ("bid", "ask"):
            found = sorted((mark for mark in marks if mark.side == side), key=lambda mark: -mark.price)
            heights = _spread_out([self._y(mark.price) for mark in found])
            for mark, y in zip(found, heights, strict=True):
                tip, way = (x - 3, -1) if side == "bid" else (x + bar.width + 3, 1)
                self._arrow(tip, self._y(mark.price), way, mark.colour)
                anchor = "end" if side == "bid" else "start"
                self._text(tip + 15 * way, y + 4, mark.label, colour=mark.colour, anchor=anchor, halo=True)

    def _arrow(self, tip: float, y: float, way: int, colour: str) -> None:
        self._line(tip + 5 * way, y, tip + 12 * way, y, colour, width=2)
        self.elements.append(
            f'<path d="M{tip:.1f} {y:.1f}L{tip + 7 * way:.1f} {y - 4:.1f}L{tip + 7 * way:.1f} {y + 4:.1f}Z" '
            f'fill="{colour}"/>'
        )

    def _measure(self, measure: Measure, x: float) -> None:
        start, end = self._y(measure.start), self._y(measure.end)
        self._line(x, start, x, end, INK)
        for y in (start, end):
            self._line(x - 3, y, x + 3, y, INK)
        self._text(x + 6, (start + end) / 2 + 4, measure.label, halo=True)

    def _band(self, band: Band, left: float, right: float) -> None:
        top, bottom = self._y(band.high), self._y(band.low)
        self.elements.append(
            f'<rect x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" height="{bottom - top:.1f}" '
            f'fill="{band.colour}" fill-opacity="0.10"/>'
        )
        self._text(left + 4, (top + bottom) / 2 + 4, band.label, colour=band.colour)

    def _line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, *, width: float = 1, dash: str = ""
    ) -> None:
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.elements.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
            f'stroke-width="{width}"{dashes}/>'
        )

    def _text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        colour: str = INK,
        anchor: str = "start",
        weight: str = "normal",
        size: int = 11,
        halo: bool = False,
    ) -> None:
        if not text:
            return
        if halo:
            # A line that passes behind a label would make it hard to read.
            left = x - (_width(text) if anchor == "end" else 0)
            self.elements.append(
                f'<rect x="{left - 1:.1f}" y="{y - 10:.1f}" width="{_width(text) + 2:.1f}" height="13" '
                f'fill="{PAPER}" fill-opacity="0.85"/>'
            )
        self.elements.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" '
            f'font-weight="{weight}" font-size="{size}">{escape(text)}</text>'
        )


def _width(text: str) -> float:
    """Room that a text takes, on the safe side."""
    return 6.1 * len(text)


def _spread_out(heights: list[float]) -> list[float]:
    """Heights of labels from the top down, none on top of another."""
    placed: list[float] = []
    for y in heights:
        placed.append(max(y, placed[-1] + LINE) if placed else y)
    return placed
