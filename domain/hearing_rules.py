"""Hearing both sides: when the institution was heard, and when it is left alone."""

from datetime import date, datetime

from domain.clocks import Ending
from domain.course import Course
from domain.parties import Party
from domain.waits import Wait


def institution_was_heard(course: Course, day: date, now: datetime) -> None:
    """Note a reply: also a late one ends the wait and whatever became pointless by it.

    Args:
        day: the civil day on which the institution replied.
    """
    course.replied = True
    if course.handling_ended is None or day < course.handling_ended:
        course.handling_ended = day
    course.steps_to_decide.clear()
    course.answered(Wait.INSTITUTION_REPLIES, now)
    course.choosing_route = False
    course.answered(Wait.COMPLAINANT_CHOOSES_ROUTE, now)


def leave_institution_alone(course: Course, now: datetime) -> None:
    """Note that nothing may be sent to the institution any more, or expected of it."""
    course.drop_letters_to(Party.INSTITUTION)
    course.end_clock(Wait.INSTITUTION_REPLIES, Ending.STOPPED, now)
    course.steps_to_decide.clear()
