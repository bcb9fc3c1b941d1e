"""Where a question stands, and what it waits for: an adviser, the answer, and whether that helps.

The other half of what the course of a case has for complaints; clocks, letters and the read model
are the same.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from domain.matter import Matter
from domain.parties import Party
from domain.stages import Outcome, Stage
from domain.waits import Wait

if TYPE_CHECKING:
    from domain.course import Course

_GO_ON_IN_DANGER = frozenset(
    {
        Wait.PORTAL_ACKNOWLEDGES,
        Wait.MEDIATOR_AVAILABLE,
        Wait.MEDIATOR_FOUND,
        Wait.MEDIATOR_ACCEPTS,
    }
)
"""Whoever is in danger is the last who should be without somebody."""


def runs(course: "Course", wait: Wait) -> bool:
    """Tell whether a clock runs, does not stand still, and its term has not passed."""
    clock = course.clocks.get(wait)
    return clock is not None and not clock.passed and clock.paused_at is None


def outcome_of_closing(waits: Iterable[Wait]) -> Outcome:
    """Return how a question ends that its adviser closes.

    Args:
        waits: whatever it waited for in this episode. After an answer it waited for more to be
            asked.
    """
    return Outcome.ADVISED if Wait.COMPLAINANT_FOLLOWS_UP in waits else Outcome.NOT_ADVISED


def stands_still(course: "Course", wait: Wait) -> bool:
    """Tell whether a clock stands still in danger; an answer or a mediator never waits for that."""
    if course.matter is Matter.QUESTION:
        return wait.party is Party.COMPLAINANT
    return wait not in _GO_ON_IN_DANGER


def stage_of_question(course: "Course") -> Stage:
    """Return the stage in which an open question belongs; once answered it needs no adviser."""
    if course.advice_given:
        return Stage.ANSWERED
    return Stage.FINDING_ADVISER if course.mediator is None else Stage.AWAITING_ADVISER


def question_waits_for(course: "Course") -> Wait | None:
    """Return what a question waits for in its present stage, if for anything."""
    match course.stage:
        case Stage.FINDING_ADVISER:
            return Wait.ADVISER_AVAILABLE
        case Stage.AWAITING_ADVISER:
            asks = runs(course, Wait.COMPLAINANT_ANSWERS)
            return Wait.COMPLAINANT_ANSWERS if asks else Wait.ADVISER_ANSWERS
        case Stage.ANSWERED:
            return Wait.COMPLAINANT_FOLLOWS_UP
        case _:
            return None


def waits_of_question(course: "Course") -> Iterator[Wait]:
    """Yield everything that an open question waits for now, each of which has a clock.

    The answer is awaited from the first day on, whether there is an adviser yet or not. While the
    complainant has a question to answer, it is not.
    """
    if not course.acknowledged and course.received_at is not None:
        yield Wait.PORTAL_ACKNOWLEDGES
    if course.needed_stage is Stage.FINDING_ADVISER:
        yield Wait.ADVISER_AVAILABLE
    yield from course.asked
    if course.advice_given:
        yield Wait.COMPLAINANT_FOLLOWS_UP
    elif course.received_at is not None and not runs(course, Wait.COMPLAINANT_ANSWERS):
        yield Wait.ADVISER_ANSWERS
