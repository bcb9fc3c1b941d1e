"""Whether an institution has answered a complaint: only what is certain, for a next body to read.

Silence is claimed when a letter had left, its term passed, and nothing came; never on a guess.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain.clocks import Clock, Ending, PastClock
from domain.overview import OverviewDetails
from domain.waits import Wait


class Standing(StrEnum):
    """What can be said of an institution's answer."""

    NOT_ASKED = "not_asked"
    """No letter is known to have left to it while the term ran."""
    AWAITED = "awaited"
    ANSWERED = "answered"
    ANSWERED_LATE = "answered_late"
    OBJECTED = "objected"
    """It does not want to take part, or not in this way."""
    SILENT = "silent"
    NO_LONGER_AWAITED = "no_longer_awaited"
    """The case ended, or went another way, before the term was over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What was sent to the institution, and what came from it, by civil day.

    Attributes:
        asked_on: the day on which the first letter about the complaint left.
        replied_on: of everything that was, or may be, an answer.
        objected_on: of its objections to taking part.
        unread: whether something that it sent was not read by the case yet.
    """

    asked_on: date | None = None
    replied_on: Sequence[date] = ()
    objected_on: Sequence[date] = ()
    unread: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What can be said of an institution's answer.

    Attributes:
        term: the clock of the answer, running or ended, if there was one.
        last_day: the last day of that term, where it is certain.
        day: of the answer or objection, where it is known.
    """

    standing: Standing
    term: Clock | None = None
    last_day: date | None = None
    day: date | None = None


def what_is_known(
    details: OverviewDetails, heard: Heard, today: date, *, replied: bool = False
) -> Known:
    """Return what is certain about the institution's answer.

    Args:
        today: the present day in the time of the case.
        replied: whether the course of the case counts the institution as heard.
    """
    past = [clock for clock in details.past_clocks if clock.wait is Wait.INSTITUTION_REPLIES]
    running = [it.clock for it in details.clocks if it.clock.wait is Wait.INSTITUTION_REPLIES]
    ended = past[-1] if past and not running else None
    clock = running[0] if running else ended.counted if ended else None
    last_day = clock.day if clock and clock.paused_at is None else None
    known = Known(standing=Standing.AWAITED, term=clock, last_day=last_day)
    if heard.replied_on:
        day = min(heard.replied_on)
        late = last_day is not None and day > last_day
        standing = Standing.ANSWERED_LATE if late else Standing.ANSWERED
        return replace(known, standing=standing, day=day)
    if heard.objected_on:
        return replace(known, standing=Standing.OBJECTED, day=min(heard.objected_on))
    if replied or (ended and ended.ending is Ending.ANSWERED):
        return replace(known, standing=Standing.ANSWERED)
    if heard.unread:
        return known
    return replace(known, standing=_unanswered(known, heard, today, ended))


def _unanswered(known: Known, heard: Heard, today: date, ended: PastClock | None) -> Standing:
    clock, last_day = known.term, known.last_day
    if heard.asked_on is None or (last_day is not None and heard.asked_on > last_day):
        return Standing.NOT_ASKED
    if clock is not None and clock.passed and last_day is not None and last_day < today:
        return Standing.SILENT
    return Standing.NO_LONGER_AWAITED if ended else Standing.AWAITED
