"""Corrected rules: what changes in a running case when the mediator lets them bind it."""

from dataclasses import replace
from datetime import datetime

from domain.clocks import Clock, Ending
from domain.course import Course
from domain.policy.model import CaseRules
from domain.waits import Wait


def bind_anew(course: Course, rules: CaseRules, now: datetime) -> None:
    """Let corrected rules bind a case: running clocks are counted again from their start.

    Extensions that were given stay given. A rung that was taken is not taken twice.
    """
    course.rules = rules
    course.correction_wanted = False
    for wait, clock in list(course.clocks.items()):
        if wait not in rules.terms or wait is Wait.NEXT_BODY_WINDOW:
            course.end_clock(wait, Ending.STOPPED, now)  # the window begins anew by itself
        else:
            course.clocks[wait] = _counted_again(course, clock)


def _counted_again(course: Course, clock: Clock) -> Clock:
    term = course.term(clock.wait)
    counted = Clock.begin(clock.wait, term, clock.since, course.calendar, clock.round)
    return replace(
        clock,
        span=counted.span,
        raw=counted.raw,
        rolls=counted.rolls,
        day=max([counted.day, *(given.day for given in clock.extensions)]),
        statutory=counted.statutory,
        source=counted.source,
        verified=counted.verified,
    )
