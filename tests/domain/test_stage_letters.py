"""Letters that a stage calls for by itself."""

import pytest

from domain.course import Course
from domain.letters import Letter
from domain.stage_letters import call_for_contact, call_for_farewell
from tests.domain.journey import START


def called_for(course: Course) -> list[Letter]:
    return [pending.letter for pending in course.outbox]


class TestTheLetterThatContacts:
    def test_is_called_for_once(self) -> None:
        course = Course()
        call_for_contact(course)
        call_for_contact(course)
        assert called_for(course) == [Letter.COMPLAINT_TO_INSTITUTION]

    @pytest.mark.parametrize("course", [Course(danger=True), Course(contacted_at=START)])
    def test_is_not_called_for_in_danger_or_again(self, course: Course) -> None:
        call_for_contact(course)
        assert called_for(course) == []


class TestTheFarewell:
    def test_goes_to_both_sides(self) -> None:
        course = Course(contacted_at=START)
        call_for_farewell(course)
        assert called_for(course) == [Letter.CLOSING, Letter.CLOSING_TO_INSTITUTION]

    @pytest.mark.parametrize("course", [Course(), Course(contacted_at=START, danger=True)])
    def test_leaves_out_an_institution_that_knows_nothing_or_must_not(self, course: Course) -> None:
        call_for_farewell(course)
        assert called_for(course) == [Letter.CLOSING]
