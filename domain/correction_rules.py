"""Corrected rules: what changes in a running case when the mediator lets them bind it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from domain.clocks import Clock, Ending
from domain.course import Course
from domain.policy.model import CaseRules
from domain.waits import Wait


def bind_anew(course: Course, rules: CaseRules, now: datetime) -> None:
    """Let corrected rules bind a case: running clocks are counted again from their start.

    Extensions that were given stay given, and so do the days for which a clock stood still. A
    rung that was taken is not taken twice.
    """
    course.rules = rules
    course.correction_wanted = False
    for wait, clock in list(course.clocks.items()):
        if wait not in rules.terms:
            course.end_clock(wait, Ending.STOPPED, now)
        elif wait is Wait.NEXT_BODY_WINDOW:
            open_window_anew(course, clock, now)
        else:
            course.clocks[wait] = _counted_again(course, clock)


def open_window_anew(course: Course, clock: Clock, now: datetime) -> None:
    """Count the window to the next body again; what its ladder did stays done."""
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
