"""Letters that a stage calls for by itself, without anybody's decision."""

from domain.course import Course
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Party
from domain.stages import Stage

_LAST_LETTER = {Matter.COMPLAINT: Letter.CLOSING, Matter.QUESTION: Letter.QUESTION_CLOSED}


def call_for_contact(course: Course) -> None:
    """Call for the letter by which the institution is contacted.

    Not while that is too dangerous, nor after it failed until somebody mended that.
    """
    if not (course.contacted or course.danger or course.contact_failed):
        course.post(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION)


def call_for_farewell(course: Course) -> None:
    """Call for the letters that tell how a case ended; in danger the institution gets none."""
    course.post(_LAST_LETTER[course.matter], Party.COMPLAINANT)
    if course.contacted and not course.danger:
        course.post(Letter.CLOSING_TO_INSTITUTION, Party.INSTITUTION)


def call_for_what_follows(course: Course) -> None:
    """Call for what the stage in which a case belongs will call for."""
    match course.needed_stage:
        case Stage.AWAITING_INSTITUTION:
            call_for_contact(course)
        case Stage.CLOSED:
            call_for_farewell(course)
        case _:
            pass
