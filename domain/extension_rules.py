"""More time: by the institution's notice, by a decision of the staff, and by nobody else."""

from datetime import date, datetime

from domain.calendar import Rolling, civil_date, last_day
from domain.clocks import Clock, Ending, Extension
from domain.course import Course
from domain.entries import EntryFacts, Refusal
from domain.letters import Letter
from domain.parties import Party
from domain.policy.model import SERVICE_LEVEL, Purpose
from domain.spans import InvalidSpan, Span, Unit
from domain.waits import Wait


def extend_by_notice(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Give the institution the time that the law lets it take by a notice, before its term ends.

    The first time it needs nobody's consent; a further time it needs the complainant's (Awb 9:11).
    """
    clock = course.clocks.get(Wait.INSTITUTION_REPLIES)
    if clock is None:
        return Refusal.NOT_NOW
    rule = course.term(Wait.INSTITUTION_REPLIES).extension
    if rule is None:
        return Refusal.NO_EXTENSION
    if civil_date(entry.received_at) > clock.day or clock.passed:
        return Refusal.TERM_PASSED
    end = last_day(clock.day, rule.span, course.calendar, clock.rolling)
    until = entry.details.until
    if until is not None:
        if not clock.day < until <= end.day:
            return Refusal.NOT_ALLOWED
        end = last_day(clock.day, _days(clock, until), course.calendar, Rolling.NONE)
    further = bool(clock.extensions)
    if further and Purpose.FURTHER_EXTENSION not in course.consents:
        course.post(Letter.EXTENSION_ASKED, Party.COMPLAINANT, about=entry.number)
        course.tell_mediator(entry)
        return Refusal.NEEDS_CONSENT
    if further:
        # A consent is for one extension; the next one is asked anew.
        course.consents.remove(Purpose.FURTHER_EXTENSION)
    extension = Extension(
        entry=entry.number,
        was=clock.day,
        day=end.day,
        span=end.span,
        rolls=end.rolls,
        source=rule.source,
        with_consent=further,
    )
    _extend(course, clock, extension, now)
    course.post(
        Letter.EXTENSION_NOTED,
        Party.COMPLAINANT,
        about=entry.number,
        running=course.clocks[Wait.INSTITUTION_REPLIES],
    )
    course.tell_mediator(entry)
    return None


def extend_by_decision(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Let the staff give a clock more time, where no law sets its term."""
    clock = _movable(course, entry)
    if isinstance(clock, Refusal):
        return clock
    until = entry.details.until
    if until is None or until <= clock.day:
        return Refusal.NOT_ALLOWED
    try:
        span = _days(clock, until)
    except InvalidSpan:
        return Refusal.NOT_ALLOWED  # so far away that somebody mistyped the year
    extension = Extension(
        entry=entry.number,
        was=clock.day,
        day=until,
        span=span,
        rolls=(),
        source=SERVICE_LEVEL,
        by=entry.author,
    )
    _extend(course, clock, extension, now)
    return None


def restart(course: Course, entry: EntryFacts, now: datetime) -> Refusal | None:
    """Let a clock begin again, where no law sets its term."""
    clock = _movable(course, entry)
    if isinstance(clock, Refusal):
        return clock
    course.end_clock(clock.wait, Ending.STOPPED, now)
    course.begin_clock(clock.wait, now, clock.round + 1)
    return None


def _movable(course: Course, entry: EntryFacts) -> Clock | Refusal:
    clock = course.clocks.get(entry.details.wait) if entry.details.wait else None
    if clock is None:
        return Refusal.NOT_NOW
    return Refusal.STATUTORY_TERM if clock.statutory else clock


def _days(clock: Clock, until: date) -> Span:
    return Span((until - clock.day).days, Unit.DAYS)


def _extend(course: Course, clock: Clock, extension: Extension, now: datetime) -> None:
    # What was called for about the old date would be beside the truth.
    course.outbox = [item for item in course.outbox if item.wait is not clock.wait]
    course.clocks[clock.wait] = clock.extended(extension, course.term(clock.wait), now)
