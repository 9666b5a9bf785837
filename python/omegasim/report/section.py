"""A part of the page: what it shows, and the data its charts draw."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from omegasim.report.escape import text
from omegasim.report.still import Still


@dataclass(frozen=True)
class Section:
    """A part with its heading; `html` is markup that is safe already."""

    name: str
    title: str
    html: str
    data: dict[str, Any] = field(default_factory=dict)

    def markup(self) -> str:
        """The part as an element."""
        return f'<section id="{self.name}"><h2>{text(self.title)}</h2>{self.html}</section>'


def chart(name: str, label: str, height: int = 340, still: Still | None = None) -> str:
    """The place of a chart that the page's script draws, with the picture that is seen before."""
    margins = f' data-left="{still.left}" data-below="{still.below}"' if still else ""
    picture = still.markup() if still else ""
    look = f'role="img" aria-label="{text(label)}" style="height:{height}px"'
    return f'<div class="chart" id="chart-{name}" {look}{margins}>{picture}</div>'


def note(sentence: str) -> str:
    """A remark in small letters."""
    return f'<p class="note">{text(sentence)}</p>'


def card(title: str, body: str, wide: bool = False) -> str:
    """A framed part of a section."""
    return f'<div class="card{" wide" if wide else ""}"><h3>{text(title)}</h3>{body}</div>'


class Markup(str):
    """A cell that is markup already; every other text is escaped."""

    __slots__ = ()


def table(heads: Iterable[str], rows: Iterable[Iterable[str]], name: str = "") -> str:
    """A table of cells."""
    head = "".join(f"<th scope='col'>{text(one)}</th>" for one in heads)
    body = "".join(f"<tr>{''.join(_cell(one) for one in row)}</tr>" for row in rows)
    return (
        f'<div class="scroll"><table class="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def toned(shown: str, tone: str) -> Markup:
    """A cell coloured by the sign of its number."""
    return Markup(f'<td class="{tone}">{text(shown)}</td>')


def row_head(label: str, definition: str = "") -> Markup:
    """The first cell of a row; a definition appears on hover."""
    shown = text(label)
    if definition:
        shown = f'<span class="tip" tabindex="0" data-tip="{text(definition)}">{shown}</span>'
    return Markup(f'<th scope="row">{shown}</th>')


def trade_link(row: int, ticket: object) -> Markup:
    """A cell that goes to a trade, by its place in the table of trades."""
    return Markup(f'<td><button type="button" class="link" data-trade="{row}">{text(ticket)}</button></td>')


def _cell(value: str) -> str:
    return value if isinstance(value, Markup) else f"<td>{text(value)}</td>"
