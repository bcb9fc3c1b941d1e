"""A picture of a case's clocks as an SVG, and the same in words.

The picture stands alone: no script, no font or image from elsewhere, light and dark. Nothing in it
is told by colour only. Its text equivalent is part of it, and is also given by itself.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from catalogues.texts import text, written_date
from domain.calendar import civil_date
from domain.clocks import Clock, Ending, PastClock
from domain.languages import Language
from domain.overview import OverviewDetails
from domain.waits import Wait

WIDTH = 480
"""Of the picture, in its own units; shown 320 pixels wide its letters are 12 pixels high."""

_LEFT, _RIGHT = 16, WIDTH - 16
_LINE = 24
_BAR = 12
_ABOVE, _BELOW = 12, 26
_GAP = 16
_LETTERS_IN_A_LINE = 40
_MOST_LANES = 12

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
"""Colours; each of them stands out from its paper (WCAG 2.2: letters 4.5, shapes 3)."""


@dataclass(frozen=True, slots=True)
class _Lane:
    """One clock as it is drawn."""

    label: str
    start: date
    day: date
    state: str
    style: str
    mark: str
    moved: tuple[date, ...] = ()
    paused_since: date | None = None


def timeline_svg(details: OverviewDetails, today: date, language: Language, opened_on: date) -> str:
    """Draw the clocks of a case.

    Args:
        today: the present day in the time of the case.
        opened_on: the day on which the case was opened; the picture begins no later.

    Returns:
        An SVG element; it can stand in a page or be a file of its own.
    """
    lanes = _lanes(details, language)
    scale = _Scale(lanes, today, opened_on)
    title = escape(text(language, "timeline.title"))
    words = escape(" ".join(timeline_text(details, today, language, opened_on)))
    parts = list(_drawn(lanes[:_MOST_LANES], scale, today, language, len(lanes)))
    height = _height_of(lanes[:_MOST_LANES], len(lanes))
    return "".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" ',
            'class="wederhoor-timeline" aria-labelledby="timeline-title timeline-words" ',
            f'lang="{language}"><title id="timeline-title">{title}</title>',
            f'<desc id="timeline-words">{words}</desc><style>{_style()}</style>',
            '<defs><pattern id="still" width="6" height="6" patternUnits="userSpaceOnUse">',
            '<path class="hatch" d="M0 6L6 0"/></pattern></defs>',
            f'<rect class="paper" width="{WIDTH}" height="{height}"/>',
            *parts,
            "</svg>",
        )
    )


def timeline_text(
    details: OverviewDetails, today: date, language: Language, opened_on: date
) -> list[str]:
    """Return the picture in words: today, then a sentence or two for each clock by its last day."""
    told = [
        text(language, "timeline.opened", day=written_date(opened_on, language)),
        text(language, "timeline.today", day=written_date(today, language)),
    ]
    clocks: list[tuple[date, str]] = [
        *((past.day, _past_in_words(past, language)) for past in details.past_clocks),
        *((view.clock.day, _clock_in_words(view.clock, language)) for view in details.clocks),
    ]
    if not details.clocks:
        told.append(text(language, "timeline.none"))
    return told + [words for _, words in sorted(clocks, key=lambda item: item[0])]


def _clock_in_words(clock: Clock, language: Language) -> str:
    state = "paused" if clock.paused_at else "passed" if clock.passed else "running"
    told = [
        text(
            language,
            f"timeline.{state}",
            what=_name(clock.wait, language),
            start=written_date(clock.start, language),
            day=written_date(clock.day, language),
        )
    ]
    if clock.paused_at is not None:
        since = written_date(civil_date(clock.paused_at), language)
        told.append(text(language, "timeline.still", day=since))
    told += [
        text(
            language,
            "timeline.moved",
            was=written_date(given.was, language),
            day=written_date(given.day, language),
        )
        for given in clock.extensions
    ]
    return " ".join(told)


def _past_in_words(past: PastClock, language: Language) -> str:
    return text(
        language,
        "timeline.ended",
        what=_name(past.wait, language),
        start=written_date(past.start, language),
        day=written_date(past.day, language),
        ended=written_date(civil_date(past.ended), language),
        ending=text(language, f"ending.{past.ending}"),
    )


def _name(wait: Wait, language: Language) -> str:
    words = text(language, f"wait.{wait}")
    return words[0].upper() + words[1:]


def _lanes(details: OverviewDetails, language: Language) -> list[_Lane]:
    """Return the running clocks, the one that ends first in front, then the latest past ones."""
    running = [_running(view.clock, language) for view in details.clocks]
    past = [_past(past, language) for past in reversed(details.past_clocks)]
    return running + past


def _running(clock: Clock, language: Language) -> _Lane:
    state = "paused" if clock.paused_at else "passed" if clock.passed else "running"
    return _Lane(
        label=_name(clock.wait, language),
        start=clock.start,
        day=clock.day,
        state=text(language, f"timeline.state.{state}"),
        style="late" if clock.passed else "run",
        mark="diamond" if clock.passed else "circle",
        moved=tuple(given.was for given in clock.extensions),
        paused_since=civil_date(clock.paused_at) if clock.paused_at else None,
    )


def _past(past: PastClock, language: Language) -> _Lane:
    marks = {Ending.ANSWERED: "square", Ending.PASSED: "diamond", Ending.STOPPED: "cross"}
    return _Lane(
        label=_name(past.wait, language),
        start=past.start,
        day=past.day,
        state=text(language, f"ending.{past.ending}"),
        style="past",
        mark=marks[past.ending],
    )


class _Scale:
    """Where a day stands between the left and the right edge."""

    def __init__(self, lanes: Sequence[_Lane], today: date, opened_on: date) -> None:
        days = [today, opened_on, *(lane.start for lane in lanes), *(lane.day for lane in lanes)]
        self._first = min(days)
        self._span = max((max(days) - self._first).days, 1)

    def x(self, day: date) -> float:
        share = (day - self._first).days / self._span
        return round(_LEFT + 8 + share * (_RIGHT - _LEFT - 16), 1)


def _height_of(lanes: Sequence[_Lane], all_lanes: int) -> int:
    height = _LINE + _GAP + sum(_lane_height(lane) for lane in lanes)
    if all_lanes > len(lanes) or not lanes:
        height += _LINE
    return height + _GAP


def _lane_height(lane: _Lane) -> int:
    return len(_label_lines(lane)) * _LINE + _ABOVE + _BAR + _BELOW + _GAP


def _label_lines(lane: _Lane) -> list[str]:
    return textwrap.wrap(lane.label, _LETTERS_IN_A_LINE)


def _drawn(
    lanes: Sequence[_Lane], scale: _Scale, today: date, language: Language, all_lanes: int
) -> Iterator[str]:
    y = _LINE
    yield _words(y, text(language, "timeline.today", day=written_date(today, language)), "now")
    y += _GAP // 2
    for lane in lanes:
        y += _GAP
        for line in _label_lines(lane):
            y += _LINE
            yield _words(y, line, "label")
        y += _ABOVE
        yield from _bar(lane, scale, y, today)
        y += _BAR + _BELOW
        dates = text(
            language,
            "timeline.dates",
            start=written_date(lane.start, language),
            day=written_date(lane.day, language),
        )
        yield _words(y, dates, "dates")
        yield _words(y, lane.state, "dates", end=True)
    if not lanes or all_lanes > len(lanes):
        key = "timeline.more" if lanes else "timeline.none"
        y += _LINE
        yield _words(y, text(language, key, n=all_lanes - len(lanes)), "dates")


def _words(y: float, words: str, style: str, *, end: bool = False) -> str:
    x, anchor = (_RIGHT, ' text-anchor="end"') if end else (_LEFT, "")
    return f'<text class="{style}" x="{x}" y="{y}"{anchor}>{escape(words)}</text>'


def _bar(lane: _Lane, scale: _Scale, y: float, today: date) -> Iterator[str]:
    left, right = scale.x(lane.start), scale.x(lane.day)
    width = max(round(right - left, 1), 4)
    yield f'<rect class="{lane.style}" x="{left}" y="{y}" width="{width}" height="{_BAR}" rx="3"/>'
    if lane.paused_since is not None:
        since = scale.x(lane.paused_since)
        still = max(round(scale.x(max(today, lane.paused_since)) - since, 1), 6)
        yield f'<rect fill="url(#still)" x="{since}" y="{y}" width="{still}" height="{_BAR}"/>'
    for was in lane.moved:
        x = scale.x(was)
        yield f'<path class="notch" d="M{x - 5} {y - 4}h10l-5 8z"/>'
    yield _mark(lane, right, y + _BAR / 2)
    if lane.style != "past":
        now = scale.x(today)
        yield f'<path class="today" d="M{now} {y - 5}V{y + _BAR + 5}"/>'


def _mark(lane: _Lane, x: float, y: float) -> str:
    shapes = {
        "circle": f"M{x - 8} {y}a8 8 0 1 0 16 0a8 8 0 1 0 -16 0z",
        "diamond": f"M{x} {y - 9}l9 9l-9 9l-9 -9z",
        "square": f"M{x - 7} {y - 7}h14v14h-14z",
        "cross": f"M{x - 7} {y - 7}l14 14M{x + 7} {y - 7}l-14 14",
    }
    return f'<path class="{lane.style} {lane.mark}" d="{shapes[lane.mark]}"/>'


def _style() -> str:
    dark = _colours(DARK)
    return (
        "text{font-family:system-ui,sans-serif;font-size:18px}.label{font-weight:600}"
        ".dates,.now{font-size:16px}.cross{stroke-width:4;fill:none}"
        ".today{fill:none;stroke-width:3;stroke-dasharray:3 2}.hatch{stroke-width:2}"
        f"{_colours(LIGHT)}@media (prefers-color-scheme:dark){{{dark}}}"
    )


def _colours(colours: dict[str, str]) -> str:
    paper, ink = colours["paper"], colours["ink"]
    shapes = "".join(
        f".{name}{{fill:{colours[name]};stroke:{colours[name]}}}"
        for name in ("run", "late", "past")
    )
    return (
        f".paper{{fill:{paper}}}text{{fill:{ink}}}{shapes}.cross{{fill:none}}"
        f".today{{stroke:{ink}}}.hatch{{stroke:{paper}}}.notch{{fill:{ink};stroke:{paper}}}"
    )
