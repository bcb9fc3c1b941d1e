"""What the picture of a case's clocks shows: one lane for each clock, and the days it spans."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from catalogues.texts import Reader, text, text_to, written_date
from domain.calendar import civil_date
from domain.clocks import Clock, Ending, PastClock
from domain.languages import Language
from domain.overview import OverviewDetails
from domain.waits import Wait
from explanations.why import days_in_words

MOST_LANES = 12
"""Of all clocks together; the running ones are always there, then the latest past ones."""

_FAR = 3
"""A clock that lasts so many times longer than the others is cut off at the edge."""


class Mark(StrEnum):
    """The shape at the end of a lane; it stands beside the state in words, too."""

    CIRCLE = "circle"
    """Running, or standing still."""
    DIAMOND = "diamond"
    """Passed."""
    SQUARE = "square"
    """Answered."""
    CROSS = "cross"
    """No longer needed."""


class Colour(StrEnum):
    """By its meaning; what it looks like in light and dark is for the drawing."""

    RUN = "run"
    LATE = "late"
    PAST = "past"


_MARK_OF = {
    Ending.ANSWERED: Mark.SQUARE,
    Ending.PASSED: Mark.DIAMOND,
    Ending.STOPPED: Mark.CROSS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One clock as it is drawn.

    Attributes:
        states: how it stands, in words; one line each.
        filled_until: the part that is over; the rest of the bar is hollow.
        marked: where its mark stands: at its last day, or at the day on which it ended before.
        moved: the last days that it had before its extensions.
        still: from when to when it stands still now.
    """

    label: str
    start: date
    day: date
    states: tuple[str, ...]
    colour: Colour
    mark: Mark
    filled_until: date
    marked: date
    moved: tuple[date, ...] = ()
    still: tuple[date, date] | None = None


@dataclass(frozen=True, slots=True)
class Lanes:
    """The lanes of a picture, in the order in which they are drawn.

    Attributes:
        left_out: how many earlier clocks have no lane.
    """

    running: tuple[Lane, ...]
    past: tuple[Lane, ...]
    left_out: int


def lanes_of(details: OverviewDetails, today: date, language: Language, *, reader: Reader) -> Lanes:
    """Return a lane for each clock: running ones by their last day, past ones latest first."""
    running = tuple(_running(view.clock, today, language, reader=reader) for view in details.clocks)
    shown = max(MOST_LANES - len(running), 0)
    latest = details.past_clocks[::-1][:shown]
    return Lanes(
        running=running,
        past=tuple(_past(past, language, reader=reader) for past in latest),
        left_out=len(details.past_clocks) - len(latest),
    )


def days_shown(lanes: Sequence[Lane], today: date, opened_on: date) -> tuple[date, date]:
    """Return the first and the last day of the picture.

    One window of a year would squeeze everything else to a dot. So when the longest clocks last
    several times longer than the others, the picture ends where the others end.
    """
    first = min([today, opened_on, *(lane.start for lane in lanes)])
    ends = {today, *(day for lane in lanes for day in (lane.day, lane.marked))}
    latest_first = sorted(ends, reverse=True)
    for longer, shorter in pairwise(latest_first):
        if longer <= today:
            break
        if shorter > first and (longer - first) > _FAR * (shorter - first):
            return first, shorter
    return first, latest_first[0]


def name_of(wait: Wait, language: Language, *, reader: Reader) -> str:
    """Return what is awaited, as the beginning of a line."""
    return _capital(text_to(reader, language, f"wait.{wait}"))


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _running(clock: Clock, today: date, language: Language, *, reader: Reader) -> Lane:
    since = civil_date(clock.paused_at) if clock.paused_at else None
    return Lane(
        label=name_of(clock.wait, language, reader=reader),
        start=clock.start,
        day=clock.day,
        states=tuple(_states(clock, language)),
        colour=Colour.LATE if clock.passed else Colour.RUN,
        mark=Mark.DIAMOND if clock.passed else Mark.CIRCLE,
        filled_until=since or today,
        marked=clock.day,
        moved=tuple(given.was for given in clock.extensions),
        still=(since, max(today, since)) if since else None,
    )


def _states(clock: Clock, language: Language) -> Iterator[str]:
    if clock.paused_at is not None:
        since = written_date(civil_date(clock.paused_at), language)
        yield text(language, "timeline.state.paused", day=since)
    else:
        yield text(language, f"timeline.state.{'passed' if clock.passed else 'running'}")
    if clock.paused_days:
        days = days_in_words(clock.paused_days, language)
        yield text(language, "timeline.state.stood", days=days)
    if clock.extensions:
        was = written_date(clock.extensions[0].was, language)
        yield text(language, "timeline.state.moved", was=was)


def _past(past: PastClock, language: Language, *, reader: Reader) -> Lane:
    ended = civil_date(past.ended)
    state = text(
        language,
        "timeline.state.ended",
        ending=_capital(text(language, f"ending.{past.ending}")),
        ended=written_date(ended, language),
    )
    return Lane(
        label=name_of(past.wait, language, reader=reader),
        start=past.start,
        day=past.day,
        states=(state,),
        colour=Colour.PAST,
        mark=_MARK_OF[past.ending],
        filled_until=ended,
        marked=max(past.start, min(ended, past.day)),
    )
