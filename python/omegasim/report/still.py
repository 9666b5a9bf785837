"""A picture of a chart that needs no script: it stands in the chart's place until the chart is drawn."""

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from omegasim.report.escape import text
from omegasim.report.extremes import extremes
from omegasim.report.ticks import Tick, time_ticks, value_ticks

STRETCHES = 500
"""Stretches of time of which a line shows the least and the greatest value."""

SIZE = 1000
"""Width and height of the picture in its own units; it is stretched to its place."""

# In pixels, with the 12 that plotly wants around labels; see `margin` in charts.js and `.still` in page.css.
_ABOVE, _LINE, _LABEL, _DIGIT, _TITLE = 46, 16, 20, 8, 16
_TICKS = {"wide": 10, "narrow": 5}
# Beyond it a label would be cut off.
_LAST = 0.95 * SIZE


@dataclass(frozen=True)
class Curve:
    """A line through `y` at `x`, times in nanoseconds; its name chooses its colours in the style sheet."""

    name: str
    x: pl.Series
    y: pl.Series
    steps: bool = False
    legend: bool = True


@dataclass(frozen=True)
class Panel:
    """Curves over one axis, between two shares of the height from above; a panel `from_zero` hangs from it."""

    curves: list[Curve]
    top: float = 0.0
    bottom: float = 1.0
    title: str = ""
    decimals: int | None = None
    from_zero: bool = False

    @cached_property
    def ends(self) -> tuple[float, float]:
        """Least and greatest value that are shown, with the room that plotly leaves."""
        values = pl.concat([one.y for one in self.curves])
        least, most = float(values.min()), float(values.max())  # type: ignore[arg-type]
        if self.from_zero:
            return (least - (-least or 1.0) / 19, 0.0) if least else (-1.0, 0.0)
        room = (most - least) / 18 or 1.0
        return least - room, most + room

    @property
    def middle(self) -> float:
        """Where its title stands, as a share of the height."""
        return (self.top + self.bottom) / 2

    def place(self, value: float) -> float:
        """Of a value, in the units of the picture from above."""
        least, most = self.ends
        share = (most - value) / (most - least)
        return SIZE * (self.top + share * (self.bottom - self.top))


@dataclass(frozen=True)
class Still:
    """Panels above each other over one span of time, in a chart of that many pixels."""

    panels: list[Panel]
    span: tuple[int, int]
    height: int

    @cached_property
    def left(self) -> int:
        """Pixels left of the curves, where labels and titles stand."""
        longest = max(len(tick.label) for _, ticks in self._levels for tick in ticks)
        return _LABEL + _DIGIT * longest + _TITLE * any(one.title for one in self.panels)

    @cached_property
    def below(self) -> int:
        """Pixels below the curves, where the times stand in one line or two."""
        lines = 1 + any(tick.below for ticks in self._times.values() for tick in ticks)
        return _LABEL + _LINE * lines

    def markup(self) -> str:
        """The picture; labels are text beside it, as it is stretched to the width of the window."""
        curves = [(panel, curve) for panel in self.panels for curve in panel.curves]
        legend = "".join(f'<i class="{one.name}">{one.name}</i>' for _, one in curves if one.legend)
        drawn = "".join(self._drawn(panel, curve) for panel, curve in curves)
        return (
            f'<div class="still" style="--left:{self.left}px;--below:{self.below}px" aria-hidden="true"><p>{legend}</p>'
            f'<svg viewBox="0 0 {SIZE} {SIZE}" preserveAspectRatio="none">{self._grid()}{drawn}</svg>'
            f"{self._labels()}</div>"
        )

    @cached_property
    def _levels(self) -> list[tuple[Panel, list[Tick]]]:
        room = self.height - _ABOVE - self.below
        return [(one, value_ticks(*one.ends, room * (one.bottom - one.top), one.decimals)) for one in self.panels]

    @cached_property
    def _times(self) -> dict[str, list[Tick]]:
        return {name: time_ticks(*self.span, most) for name, most in _TICKS.items()}

    def _across(self, time: float) -> float:
        start, end = self.span
        return SIZE * (time - start) / (end - start)

    def _grid(self) -> str:
        levels = "".join(f"M0 {panel.place(tick.at):.1f}h{SIZE}" for panel, ticks in self._levels for tick in ticks)
        times = "".join(
            f'<path class="{name}" d="{"".join(self._upright(tick) for tick in ticks)}"/>'
            for name, ticks in self._times.items()
        )
        return f'<path d="{levels}"/>{times}'

    def _upright(self, tick: Tick) -> str:
        across = f"{self._across(tick.at):.1f}"
        return "".join(f"M{across} {one.top * SIZE:.0f}V{one.bottom * SIZE:.0f}" for one in self.panels)

    def _drawn(self, panel: Panel, curve: Curve) -> str:
        (first, start), *rest = self._points(panel, curve)
        path = f"M{first} {start}" + "".join(f"H{x}V{y}" if curve.steps else f"L{x} {y}" for x, y in rest)
        line = f'<path class="{curve.name}" d="{path}"/>'
        if not panel.from_zero:
            return line
        return f'<path class="{curve.name} area" d="{path}V{panel.place(0.0):.0f}H{first}z"/>{line}'

    def _points(self, panel: Panel, curve: Curve) -> list[tuple[int, int]]:
        start, end = self.span
        rows = pl.DataFrame({"x": curve.x, "y": curve.y})
        kept = extremes(rows, "y", (pl.col("x") - start) // ((end - start) // STRETCHES + 1))
        return [(round(self._across(x)), round(panel.place(y))) for x, y in kept.iter_rows()]

    def _labels(self) -> str:
        titles = [f'<b style="top:{one.middle:.1%}">{text(one.title)}</b>' for one in self.panels if one.title]
        values = [_label("value", "top", panel.place(tick.at), tick) for panel, ticks in self._levels for tick in ticks]
        times = [
            _label(f"time {name}", "left", self._across(tick.at), tick)
            for name, ticks in self._times.items()
            for tick in ticks
            if self._across(tick.at) < _LAST
        ]
        return "".join((*titles, *values, *times))


def _label(kind: str, edge: str, place: float, tick: Tick) -> str:
    lines = "<br>".join(filter(None, (tick.label, tick.below)))
    return f'<span class="{kind}" style="{edge}:{place / SIZE:.2%}">{lines}</span>'
