"""The shapes of the picture of a case's clocks, in units of an SVG.

Every shape carries its colour for light paper as an attribute, so that it is right also where
styles are forbidden; the style only adds the dark colours and the size. All classes begin with
``wt-``, because the style of an SVG within a page holds for the whole page.
"""

from datetime import date
from html import escape

from explanations.lanes import Colour, Lane, Mark

WIDTH = 400
"""Of the picture, in its own units; shown 320 pixels wide its letters are 12 pixels high."""

LEFT, RIGHT = 16, WIDTH - 16
LABEL_SIZE, LETTER_SIZE = 16, 15
_WIDEST_SHOWN = 480
BAR_HEIGHT = _BAR = 12
_MARK = 7
_INSET = 10

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1b1b",
    "run": "#1f5f8b",
    "late": "#8a4b08",
    "past": "#5f6368",
}
DARK = {
    "paper": "#15191e",
    "ink": "#f1f3f4",
    "run": "#8ab4f8",
    "late": "#f2b366",
    "past": "#9aa0a6",
}
"""Colours; each of them stands out from its paper as letters must (WCAG 2.2: 4.5)."""


class Scale:
    """Where a day stands between the left and the right edge; later ones stand at the edge."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last
        self._span = max((last - first).days, 1)

    def x(self, day: date) -> float:
        """Return the place of a day."""
        share = min(max((day - self.first).days / self._span, 0), 1)
        return round(LEFT + _INSET + share * (RIGHT - LEFT - 2 * _INSET), 1)

    def goes_on(self, lane: Lane) -> bool:
        """Tell whether a lane ends beyond the edge."""
        return lane.day > self.last


def style() -> str:
    """Return the style of the picture: its size, and its colours on dark paper."""
    dark = "".join(
        f".wt-f-{name}{{fill:{colour}}}.wt-s-{name}{{stroke:{colour}}}"
        for name, colour in DARK.items()
    )
    return (
        f".wederhoor-timeline{{max-width:{_WIDEST_SHOWN}px;height:auto}}"
        f"@media (prefers-color-scheme:dark){{{dark}}}"
    )


def paper(height: float) -> str:
    """Return the ground of the picture."""
    return f'<rect width="{WIDTH}" height="{height}" {_colours(fill="paper")}/>'


def words(y: float, said: str, *, x: float = LEFT, bold: bool = False, end: bool = False) -> str:
    """Return a line of text."""
    weight = f' font-size="{LABEL_SIZE}" font-weight="600"' if bold else ""
    anchor = ' text-anchor="end"' if end else ""
    return f'<text x="{x}" y="{y}"{weight}{anchor} {_colours(fill="ink")}>{escape(said)}</text>'


def axis(y: float, scale: Scale, today: date) -> str:
    """Return the line of time, with a triangle that points at today."""
    first, last, now = scale.x(scale.first), scale.x(scale.last), scale.x(today)
    ends = f"M{first} {y - 4}v8M{first} {y}H{last}M{last} {y - 4}v8"
    return (
        f'<path d="{ends}" fill="none" stroke-width="1.5" {_colours(stroke="past")}/>'
        f"{today_sign(now, y - 3)}"
    )


def today_sign(x: float, y: float) -> str:
    """Return the triangle that stands for today, its tip at a point."""
    return f'<path d="M{x} {y}l-6 -10h12z" {_colours(fill="ink")}/>'


def rule(y: float) -> str:
    """Return a thin line from edge to edge."""
    path = f"M{LEFT} {y}H{RIGHT}"
    return f'<path d="{path}" fill="none" stroke-width="1" {_colours(stroke="past")}/>'


def bar(lane: Lane, scale: Scale, y: float, today: date | None) -> str:
    """Return the bar of a lane: hollow, filled as far as its time is over.

    Args:
        today: where to draw the line of today; ``None`` for a lane that is past.
    """
    left, right = scale.x(lane.start), scale.x(lane.day)
    width = round(max(right - left, 4), 1)
    over = scale.x(min(lane.filled_until, lane.day)) - left
    box = f'x="{left}" y="{y}" height="{_BAR}" rx="3"'
    hollow = _colours(fill="paper", stroke=lane.colour)
    parts = [f'<rect {box} width="{width}" stroke-width="1.5" {hollow}/>']
    if over > 0:
        parts.append(f'<rect {box} width="{round(over, 1)}" {_colours(fill=lane.colour)}/>')
    if lane.still is not None:
        parts.append(_still(scale.x(lane.still[0]), scale.x(lane.still[1]), y))
    parts += [_notch(scale.x(was), y) for was in lane.moved]
    if today is not None:
        parts.append(
            f'<path d="M{scale.x(today)} {y - 6}v{_BAR + 12}" fill="none" stroke-width="2" '
            f'stroke-dasharray="3 2" {_colours(stroke="ink")}/>'
        )
    if scale.goes_on(lane) and lane.marked == lane.day:
        parts.append(_arrow(y + _BAR / 2, lane.colour))
    else:
        parts.append(mark(lane.mark, lane.colour, scale.x(lane.marked), y + _BAR / 2))
    return "".join(parts)


def mark(shape: Mark, colour: Colour, x: float, y: float) -> str:
    """Return the sign of a state, its middle at a point."""
    m = _MARK
    if shape is Mark.CROSS:
        path = f"M{x - m} {y - m}l{2 * m} {2 * m}M{x + m} {y - m}l{-2 * m} {2 * m}"
        return _outlined(path, colour)
    path = {
        Mark.CIRCLE: f"M{x - m} {y}a{m} {m} 0 1 0 {2 * m} 0a{m} {m} 0 1 0 {-2 * m} 0z",
        Mark.DIAMOND: f"M{x} {y - m - 2}l{m + 2} {m + 2}l{-m - 2} {m + 2}l{-m - 2} {-m - 2}z",
        Mark.SQUARE: f"M{x - m} {y - m}h{2 * m}v{2 * m}h{-2 * m}z",
    }[shape]
    return f'<path d="{path}" stroke-width="2" {_colours(fill=colour, stroke="paper")}/>'


def _outlined(path: str, colour: Colour) -> str:
    """Return lines with a margin of paper around them, to be seen on a bar of their own colour."""
    return (
        f'<path d="{path}" fill="none" stroke-width="7" {_colours(stroke="paper")}/>'
        f'<path d="{path}" fill="none" stroke-width="3.5" {_colours(stroke=colour)}/>'
    )


def _still(left: float, right: float, y: float) -> str:
    """Return a box of upright stripes."""
    width = max(round(right - left, 1), 8)
    left = min(left, RIGHT - width)
    stripes = "".join(f"M{round(left + n, 1)} {y}v{_BAR}" for n in range(2, int(width), 4))
    return (
        f'<rect x="{round(left, 1)}" y="{y}" width="{width}" height="{_BAR}" '
        f'stroke-width="1.5" {_colours(fill="paper", stroke="ink")}/>'
        f'<path d="{stripes}" fill="none" stroke-width="1.5" {_colours(stroke="ink")}/>'
    )


def _notch(x: float, y: float) -> str:
    """Return the sign of a last day that was moved."""
    return (
        f'<path d="M{x - 5} {y - 5}h10l-5 9z" stroke-width="1" '
        f"{_colours(fill='ink', stroke='paper')}/>"
    )


def _arrow(y: float, colour: Colour) -> str:
    """Return the sign of a bar that goes on beyond the edge."""
    x = RIGHT - _INSET
    return (
        f'<path d="M{x - 6} {y - 10}l10 10l-10 10" fill="none" stroke-width="7" '
        f"{_colours(stroke='paper')}/>"
        f'<path d="M{x - 6} {y - 10}l10 10l-10 10" fill="none" stroke-width="3.5" '
        f"{_colours(stroke=colour)}/>"
    )


def _colours(*, fill: str | None = None, stroke: str | None = None) -> str:
    classes = [f"wt-f-{fill}"] if fill else []
    classes += [f"wt-s-{stroke}"] if stroke else []
    attributes = [f'class="{" ".join(classes)}"']
    if fill:
        attributes.append(f'fill="{LIGHT[fill]}"')
    if stroke:
        attributes.append(f'stroke="{LIGHT[stroke]}"')
    return " ".join(attributes)
