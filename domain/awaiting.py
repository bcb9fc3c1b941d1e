"""What a case waits for: in its stage, and beside that."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain.consultation import question_waits_for, runs, stage_of_question, waits_of_question
from domain.matter import Matter
from domain.stages import Stage
from domain.waits import Wait

if TYPE_CHECKING:
    from domain.course import Course

_WAIT_OF: dict[Stage, Wait] = {
    Stage.AWAITING_CONSENT: Wait.COMPLAINANT_CONSENTS,
    Stage.AWAITING_INSTITUTION: Wait.INSTITUTION_REPLIES,
    Stage.HEARING_BOTH_SIDES: Wait.MEDIATOR_PROPOSES,
    Stage.OUTCOME_PROPOSED: Wait.COMPLAINANT_RESPONDS,
}
"""What is awaited in each stage; while a mediator is sought it depends on whether one was found."""


def stage_of(course: "Course") -> Stage:
    """Return the stage in which a case belongs, given all that has happened."""
    if course.outcome is not None:
        return Stage.CLOSED
    if course.cursor == 0:
        return Stage.RECEIVED
    if course.matter is Matter.QUESTION:
        return stage_of_question(course)
    if course.mediator is None:
        return Stage.FINDING_MEDIATOR
    if course.proposal is not None:
        return Stage.OUTCOME_PROPOSED
    if not course.bound_by.mediation:
        return Stage.HEARING_BOTH_SIDES
    if not course.may_contact:
        return Stage.AWAITING_CONSENT
    if not course.contacted or not (course.replied or course.silence_established):
        return Stage.AWAITING_INSTITUTION
    return Stage.HEARING_BOTH_SIDES


def waited_for(course: "Course") -> Wait | None:
    """Return what a case waits for in its present stage, if for anything.

    A question of the mediator that is open comes before the mediator's own turn.
    """
    if course.matter is Matter.QUESTION:
        return question_waits_for(course)
    wait = _in_stage(course, course.stage)
    if wait is Wait.MEDIATOR_PROPOSES:
        return next((asked for asked in course.asked if runs(course, asked)), wait)
    return wait


def waits_of(course: "Course") -> Iterator[Wait]:
    """Yield everything that a case waits for now, each of which has a clock."""
    if not course.is_open:
        return
    if course.matter is Matter.QUESTION:
        yield from waits_of_question(course)
        return
    stage = course.needed_stage
    if not course.acknowledged and course.received_at is not None:
        yield Wait.PORTAL_ACKNOWLEDGES
    if stage is Stage.FINDING_MEDIATOR:
        yield Wait.MEDIATOR_FOUND
    wait = _in_stage(course, stage)
    if wait is not None and wait is not Wait.INSTITUTION_REPLIES:
        yield wait
    about_to = wait is Wait.INSTITUTION_REPLIES and not course.danger
    if course.may_contact and not course.replied and (course.contacted or about_to):
        yield Wait.INSTITUTION_REPLIES
    yield from course.asked
    if course.choosing_route:
        yield Wait.COMPLAINANT_CHOOSES_ROUTE
    has_term = Wait.NEXT_BODY_WINDOW in course.bound_by.terms
    if has_term and course.window_to_next_body is not None:
        yield Wait.NEXT_BODY_WINDOW


def _in_stage(course: "Course", stage: Stage) -> Wait | None:
    if stage is Stage.FINDING_MEDIATOR:
        return Wait.MEDIATOR_ACCEPTS if course.offered else Wait.MEDIATOR_AVAILABLE
    if stage is Stage.AWAITING_INSTITUTION and course.contact_failed:
        # A case that began before there was such a term is the mediator's to bring on.
        reached = Wait.INSTITUTION_REACHED
        return reached if reached in course.bound_by.terms else Wait.MEDIATOR_PROPOSES
    return _WAIT_OF.get(stage)
