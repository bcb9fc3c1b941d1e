"""The course of a question taken by the hand, as ``journey`` does for complaints."""

from collections.abc import Callable

from domain.calendar import civil_date
from domain.consultation_rules import take_up
from domain.course import Course
from domain.entries import NO_DETAILS, Decision, EntryDetails, EntryKind, Verdict
from domain.identifiers import StaffId
from domain.intake import IntakeFacts, Safety
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Audience, Party
from domain.policy.selection import question_rules
from domain.stages import Outcome, Stage
from tests.domain.journey import ANNA, POLICY, START, SUPERVISOR, Journey


class Asking(Journey):
    """One question, the present moment, and what was posted so far."""

    def __init__(self) -> None:
        super().__init__()
        rules = question_rules(POLICY, None, civil_date(START))
        self.course = Course(matter=Matter.QUESTION, rules=rules)

    def question(self, safety: Safety = Safety.NOT_SAID) -> Verdict:
        details = EntryDetails(intake=IntakeFacts(safety=safety))
        return self.shown(EntryKind.QUESTION, Party.COMPLAINANT, details=details)

    def asks_on(self) -> Verdict:
        return self.shown(EntryKind.MESSAGE, Party.COMPLAINANT)

    def writes(self, adviser: StaffId, audience: Audience) -> Verdict:
        return self.shown(EntryKind.MESSAGE, Party.ADVISER, actor=adviser, audience=audience)

    def advises(
        self,
        decision: Decision = Decision.ANSWER_QUESTION,
        actor: StaffId = ANNA,
        outcome: Outcome | None = None,
        details: EntryDetails = NO_DETAILS,
    ) -> Verdict:
        return self.decision(decision, actor, outcome, details, Party.ADVISER)

    def becomes_complaint(self, details: EntryDetails, *, closes: bool) -> Verdict:
        return self.shown(
            EntryKind.BECAME_COMPLAINT,
            Party.COMPLAINANT,
            outcome=Outcome.BECAME_COMPLAINT if closes else None,
            details=details,
        )

    def is_reassigned(self, to: StaffId | None = None) -> Verdict:
        return self.shown(
            EntryKind.DECISION,
            Party.SUPERVISOR,
            actor=SUPERVISOR,
            decision=Decision.REASSIGN,
            mediator=to,
        )

    def is_given_to(self, adviser: StaffId = ANNA) -> "Asking":
        take_up(self.course, adviser, self.now)
        self.settle_and_post()
        return self


def asked(safety: Safety = Safety.NOT_SAID) -> Asking:
    """A question that was received and acknowledged; nobody answers it yet."""
    asking = Asking()
    asking.question(safety)
    asking.course.post(Letter.QUESTION_RECEIVED, Party.COMPLAINANT)
    asking.settle_and_post()
    return asking


def awaiting_adviser() -> Asking:
    return asked().is_given_to(ANNA)


def answered() -> Asking:
    asking = awaiting_adviser()
    asking.advises()
    asking.settle_and_post()
    return asking


IN_EVERY_STAGE_OF_A_QUESTION: dict[Stage, Callable[[], Asking]] = {
    Stage.FINDING_ADVISER: asked,
    Stage.AWAITING_ADVISER: awaiting_adviser,
    Stage.ANSWERED: answered,
}
