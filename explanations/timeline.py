"""A picture of a case's clocks as an SVG, and the same in words.

The picture stands alone: no script, no font or image from elsewhere, light and dark. Nothing in it
is told by colour only. Its text equivalent is part of it, and is also given by itself.
"""

import textwrap
from collections.abc import Iterator
from datetime import date
from html import escape

from catalogues.texts import Reader, text, written_date
from domain.calendar import civil_date
from domain.clocks import Clock, PastClock
from domain.languages import Language
from domain.overview import OverviewDetails
from explanations import drawing
from explanations.drawing import Scale
from explanations.lanes import Lane, Lanes, days_shown, lanes_of, name_of
from explanations.why import days_in_words

_LINE = 21
_GAP = 14
_LETTERS_IN_A_LINE = 38
"""Of a bold line, or of one behind a mark."""
_LETTERS_ACROSS = 42
"""Of a plain line from edge to edge."""
_MARK_X = drawing.LEFT + 8
_STATE_X = drawing.LEFT + 22


def timeline_svg(
    details: OverviewDetails,
    today: date,
    language: Language,
    opened_on: date,
    *,
    reader: Reader = Reader.STAFF,
) -> str:
    """Draw the clocks of a case.

    Args:
        today: the present day in the time of the case.
        opened_on: the day on which the case was opened; the picture begins no later.
        reader: whose wordings are used.

    Returns:
        An SVG element; it can stand in a page or be a file of its own.
    """
    lanes = lanes_of(details, today, language, reader=reader)
    scale = Scale(*days_shown([*lanes.running, *lanes.past], today, opened_on))
    title = escape(text(language, "timeline.title"))
    told = escape(" ".join(timeline_text(details, today, language, opened_on, reader=reader)))
    pen = _Pen(scale, today, language)
    parts = list(pen.drawn(lanes))
    height = pen.y + _GAP
    return "".join(
        (
            '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="100%" ',
            f'viewBox="0 0 {drawing.WIDTH} {height}" class="wederhoor-timeline" ',
            f'font-family="system-ui, sans-serif" font-size="{drawing.LETTER_SIZE}" ',
            f'aria-labelledby="timeline-title timeline-words" lang="{language}">',
            f'<title id="timeline-title">{title}</title><desc id="timeline-words">{told}</desc>',
            f"<style>{drawing.style()}</style>{drawing.paper(height)}",
            *parts,
            "</svg>",
        )
    )


def timeline_text(
    details: OverviewDetails,
    today: date,
    language: Language,
    opened_on: date,
    *,
    reader: Reader = Reader.STAFF,
) -> list[str]:
    """Return the picture in words: the two days it is about, then each clock by its last day."""
    told = [
        text(language, "timeline.opened", day=written_date(opened_on, language)),
        text(language, "timeline.today", day=written_date(today, language)),
    ]
    clocks: list[tuple[date, str]] = [
        *(
            (past.day, _past_in_words(past, language, reader=reader))
            for past in details.past_clocks
        ),
        *(
            (it.clock.day, _clock_in_words(it.clock, language, reader=reader))
            for it in details.clocks
        ),
    ]
    if not details.clocks:
        told.append(text(language, "timeline.none"))
    return told + [words for _, words in sorted(clocks, key=lambda item: item[0])]


def _clock_in_words(clock: Clock, language: Language, *, reader: Reader) -> str:
    return " ".join(_sentences(clock, language, reader=reader))


def _sentences(clock: Clock, language: Language, *, reader: Reader) -> Iterator[str]:
    state = "paused" if clock.paused_at else "passed" if clock.passed else "running"
    yield text(
        language,
        f"timeline.{state}",
        what=name_of(clock.wait, language, reader=reader),
        start=written_date(clock.start, language),
        day=written_date(clock.day, language),
    )
    if clock.paused_at is not None:
        since = written_date(civil_date(clock.paused_at), language)
        yield text(language, "timeline.still", day=since)
    if clock.paused_days:
        yield text(language, "timeline.stood", days=days_in_words(clock.paused_days, language))
    for given in clock.extensions:
        was, day = written_date(given.was, language), written_date(given.day, language)
        yield text(language, "timeline.moved", was=was, day=day)


def _past_in_words(past: PastClock, language: Language, *, reader: Reader) -> str:
    return text(
        language,
        "timeline.ended",
        what=name_of(past.wait, language, reader=reader),
        start=written_date(past.start, language),
        day=written_date(past.day, language),
        ended=written_date(civil_date(past.ended), language),
        ending=text(language, f"ending.{past.ending}"),
    )


class _Pen:
    """Draws from the top down, and knows how far it has come."""

    def __init__(self, scale: Scale, today: date, language: Language) -> None:
        self._scale = scale
        self._today = today
        self._language = language
        self.y = _GAP + _LINE // 2

    def drawn(self, lanes: Lanes) -> Iterator[str]:
        yield from self._head()
        if lanes.running:
            yield from self._heading("now")
        else:
            yield from self._remark(text(self._language, "timeline.none"))
        for lane in lanes.running:
            yield from self._lane(lane, self._today)
        if lanes.past:
            yield from self._heading("before")
        for lane in lanes.past:
            yield from self._lane(lane, None)
        if lanes.left_out:
            yield from self._remark(text(self._language, "timeline.more", n=lanes.left_out))

    def _head(self) -> Iterator[str]:
        yield drawing.today_sign(_MARK_X, self.y)
        today = written_date(self._today, self._language)
        yield drawing.words(self.y, text(self._language, "timeline.today", day=today), x=_STATE_X)
        self.y += _LINE + _GAP
        yield drawing.axis(self.y, self._scale, self._today)
        self.y += _LINE
        ends = (self._scale.first, self._scale.last)
        first, last = (written_date(day, self._language) for day in ends)
        yield drawing.words(self.y, first)
        if last != first:
            self.y += _LINE if len(first) + len(last) >= _LETTERS_ACROSS else 0
            yield drawing.words(self.y, last, x=drawing.RIGHT, end=True)

    def _heading(self, name: str) -> Iterator[str]:
        self.y += _LINE + _GAP
        yield drawing.words(self.y, text(self._language, f"timeline.{name}"))
        yield drawing.rule(self.y + 6)
        self.y += 6

    def _remark(self, said: str) -> Iterator[str]:
        self.y += _GAP
        yield from self._said(said)

    def _said(self, said: str) -> Iterator[str]:
        for line in textwrap.wrap(said, _LETTERS_ACROSS):
            self.y += _LINE
            yield drawing.words(self.y, line)

    def _lane(self, lane: Lane, today: date | None) -> Iterator[str]:
        self.y += _GAP
        for line in textwrap.wrap(lane.label, _LETTERS_IN_A_LINE):
            self.y += _LINE
            yield drawing.words(self.y, line, bold=True)
        self.y += _GAP
        yield drawing.bar(lane, self._scale, self.y, today)
        self.y += drawing.BAR_HEIGHT + 4
        start, day = (written_date(one, self._language) for one in (lane.start, lane.day))
        yield from self._said(text(self._language, "timeline.dates", start=start, day=day))
        for n, state in enumerate(lane.states):
            for m, line in enumerate(textwrap.wrap(state, _LETTERS_IN_A_LINE)):
                self.y += _LINE
                if n == m == 0:
                    yield drawing.mark(lane.mark, lane.colour, _MARK_X, self.y - 5)
                yield drawing.words(self.y, line, x=_STATE_X)
