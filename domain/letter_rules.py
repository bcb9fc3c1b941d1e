"""What follows for a case from a letter that was posted."""

from datetime import datetime

from domain.course import Course
from domain.letters import Letter, PendingLetter
from domain.parties import Party
from domain.waits import Wait


def posted(
    course: Course, letter: PendingLetter, now: datetime, *, left_before: bool = False
) -> None:
    """Note that a letter was posted.

    Args:
        left_before: it had left already when it was called for again.
    """
    if letter in course.outbox:
        course.outbox.remove(letter)
    match letter.letter:
        case Letter.ACKNOWLEDGEMENT | Letter.REOPENED | Letter.QUESTION_RECEIVED:
            course.acknowledged = True
            course.answered(Wait.PORTAL_ACKNOWLEDGES, now)
        case Letter.COMPLAINT_TO_INSTITUTION:
            _institution_written_to(course, now, left_before=left_before)
        case _:
            pass


def _institution_written_to(course: Course, now: datetime, *, left_before: bool) -> None:
    """Note the contact; a letter that was cancelled before it left begins the term only now."""
    if course.contacted_at is None:
        course.contacted_at = now
        again = str(course.contacts_failed or "")
        course.post(Letter.INSTITUTION_CONTACTED, Party.COMPLAINANT, occasion=again)
    elif not left_before:
        course.contacted_at = now
        if Wait.INSTITUTION_REPLIES in course.clocks:
            course.begin_clock(Wait.INSTITUTION_REPLIES, now)
        again = f"again.{course.cursor}"
        course.post(Letter.INSTITUTION_CONTACTED, Party.COMPLAINANT, occasion=again)
