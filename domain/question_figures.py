"""What is counted of a question that closes, for the yearly figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.clocks import PastClock
from domain.figures import Measure, QuestionAnswer, QuestionOutcome, duration_of, is_late
from domain.stages import Outcome
from domain.waits import Wait

SOON_DAYS = 2
"""Within how many days an answer is soon: a part of the promise of five business days."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionClosure:
    """What is known of a question when it closes, since it was asked or last reopened.

    Attributes:
        asked_on: the civil day on which it arrived.
        answered_on: the civil day of its first answer.
        past_clocks: those of the answer tell whether it came as promised.
    """

    outcome: Outcome
    asked_on: date
    answered_on: date | None
    closed_on: date
    past_clocks: Sequence[PastClock]


def counted(closure: QuestionClosure) -> Mapping[Measure, str]:
    """Return how each measure of questions sorts a closure.

    Raises:
        ValueError: when no question can end like this.
    """
    return {
        Measure.QUESTION_OUTCOME: QuestionOutcome(closure.outcome),
        Measure.QUESTION_ANSWER: _answer(closure),
        Measure.QUESTION_DURATION: duration_of((closure.closed_on - closure.asked_on).days),
    }


def _answer(closure: QuestionClosure) -> QuestionAnswer:
    clocks = [clock for clock in closure.past_clocks if clock.wait is Wait.ADVISER_ANSWERS]
    late = any(map(is_late, clocks))
    if closure.answered_on is None:
        return QuestionAnswer.SILENT if late else QuestionAnswer.NOT_DUE
    if late:
        return QuestionAnswer.LATE
    soon = (closure.answered_on - closure.asked_on).days <= SOON_DAYS
    return QuestionAnswer.SOON if soon else QuestionAnswer.IN_TIME
