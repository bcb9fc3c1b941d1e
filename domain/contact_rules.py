"""The first letter to an institution: what follows when it never came, and when it leaves again.

An institution that received nothing is called silent by nobody, and no term of it runs.
"""

from datetime import datetime

from domain.clocks import Ending
from domain.course import Course
from domain.hearing_rules import leave_institution_alone
from domain.letters import Letter
from domain.parties import Party
from domain.waits import Attention, Wait


def letter_failed(course: Course, letter: Letter | None, now: datetime) -> None:
    """Note that a letter was refused for good, or tried for too long."""
    course.ask_attention(Attention.LETTER_FAILED)
    first = letter is Letter.COMPLAINT_TO_INSTITUTION
    if first and course.is_open and not course.replied:
        _was_not_reached(course, now)


def _was_not_reached(course: Course, now: datetime) -> None:
    course.contact_failed = True
    course.contacts_failed += 1
    course.contacted_at = None
    leave_institution_alone(course, now)
    course.end_clock(Wait.COMPLAINANT_CHOOSES_ROUTE, Ending.STOPPED, now)
    for wait in (Wait.INSTITUTION_REPLIES, Wait.COMPLAINANT_CHOOSES_ROUTE):
        course.answered(wait, now)
    course.outbox = [it for it in course.outbox if it.letter is not Letter.INSTITUTION_CONTACTED]
    course.silence_established = False
    course.handling_ended = None
    course.referral_offered = course.choosing_route = False


def letters_seen_to(course: Course) -> None:
    """Note that somebody saw to a letter that failed: not while the institution knows nothing."""
    if not course.contact_failed:
        course.seen_to(Attention.LETTER_FAILED)


def write_again(course: Course, now: datetime) -> None:
    """Let what failed leave again; the institution's term begins when its letter does."""
    if course.contact_failed:
        _is_mended(course, now)
        if course.is_open and course.may_contact:
            course.post(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION)
    letters_seen_to(course)


def reached_after_all(course: Course, since: datetime, now: datetime) -> None:
    """Note that the institution answers a letter of which its mail server said that it failed."""
    if course.contact_failed:
        _is_mended(course, now)
        course.contacted_at = since
        letters_seen_to(course)


def _is_mended(course: Course, now: datetime) -> None:
    course.contact_failed = False
    course.answered(Wait.INSTITUTION_REACHED, now)
