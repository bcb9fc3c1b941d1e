"""A clock that is counted again: from its true day, or by rules that were corrected."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.clocks import Clock, Ending
from domain.course import Course
from domain.policy.model import CaseRules, Step
from domain.waits import ATTENTION_ENDED_BY, Wait


def bind_anew(course: Course, rules: CaseRules, now: datetime) -> None:
    """Let corrected rules bind a case: running clocks are counted again from their start.

    Extensions that were given stay given, and so do the days for which a clock stood still. A
    rung that was taken is not taken twice; a passing that turns out to be none is taken back.
    """
    course.rules = rules
    course.correction_wanted = False
    for wait, clock in list(course.clocks.items()):
        if wait not in rules.terms:
            course.end_clock(wait, Ending.STOPPED, now)
        elif wait is not Wait.NEXT_BODY_WINDOW:
            take_over(course, _counted_again(course, clock), now)
    if Wait.NEXT_BODY_WINDOW in course.clocks:
        _open_window_anew(course, now)


def take_over(course: Course, counted: Clock, now: datetime) -> None:
    """Let a clock that was counted again replace the running one, with what follows from its end.

    A passing that had not happened is taken back, and the window to the next body counts from
    the day on which the institution's term did end.
    """
    wait = counted.wait
    before = course.clocks[wait]
    course.clocks[wait] = counted
    if not before.passed:
        return
    ladder = course.term(wait).ladder
    passing = [n for n, rung in enumerate(ladder) if rung.step is Step.PASS]
    if passing and counted.moment_of(ladder[passing[0]]) > now:
        course.clocks[wait] = replace(
            counted, passed=False, rung=passing[0], held_at=None, held_days=0
        )
        _did_not_pass(course, wait)
    if wait is Wait.INSTITUTION_REPLIES and course.handling_ended == before.day:
        still = course.clocks[wait].passed
        handling_ended_on(course, counted.day if still else None, now)


def _did_not_pass(course: Course, wait: Wait) -> None:
    """Take back what followed from a passing that had not happened; reminders are not repeated."""
    for reason, waits in ATTENTION_ENDED_BY.items():
        if wait in waits:
            course.seen_to(reason)
    if wait is Wait.INSTITUTION_REPLIES:
        course.silence_established = False
        course.referral_offered = course.choosing_route = False
        course.steps_to_decide.clear()


def handling_ended_on(course: Course, day: date | None, now: datetime) -> None:
    """Note another day on which the institution answered or its term passed; ``None``: not yet."""
    course.handling_ended = day
    if Wait.NEXT_BODY_WINDOW in course.clocks:
        _open_window_anew(course, now)


def _open_window_anew(course: Course, now: datetime) -> None:
    """Count the window to the next body again; what its ladder did stays done."""
    clock = course.clocks[Wait.NEXT_BODY_WINDOW]
    if course.window_to_next_body is None:
        course.end_clock(clock.wait, Ending.STOPPED, now)
        return
    course.begin_clock(clock.wait, clock.since)
    course.clocks[clock.wait] = replace(
        course.clocks[clock.wait], rung=clock.rung, passed=clock.passed
    )


def _counted_again(course: Course, clock: Clock) -> Clock:
    term = course.term(clock.wait)
    counted = Clock.begin(clock.wait, term, clock.since, course.calendar, clock.round)
    return replace(
        clock,
        span=counted.span,
        raw=counted.raw,
        rolls=counted.rolls,
        day=max(
            counted.day + timedelta(days=clock.paused_days),
            clock.day if clock.extensions else date.min,
        ),
        statutory=counted.statutory,
        source=counted.source,
        verified=counted.verified,
    )
