"""A course taken by the hand: shows it entries in order, and settles it as its workflow would."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain.course import Course
from domain.entries import Decision, EntryFacts, EntryKind, Verdict
from domain.identifiers import EntryNumber, StaffId
from domain.institutions import InstitutionKind
from domain.letters import Letter, PendingLetter
from domain.parties import Audience, Party
from domain.policy.terms import terms_for
from domain.stages import Outcome, Stage
from domain.waits import Deadline, Wait

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA, BRAM, CARLA = (StaffId(UUID(int=number)) for number in (1, 2, 3))
SUPERVISOR = StaffId(UUID(int=9))


class Journey:
    """One course, the present moment, and what was posted so far."""

    def __init__(self) -> None:
        self.course = Course(terms=terms_for(InstitutionKind.MUNICIPALITY))
        self.now = START
        self.posted: list[PendingLetter] = []

    # What arrives -----------------------------------------------------------------------------

    def shown(
        self,
        kind: EntryKind,
        author: Party,
        *,
        audience: Audience = Audience.MEDIATOR_ONLY,
        actor: StaffId | None = None,
        decision: Decision | None = None,
        outcome: Outcome | None = None,
        mediator: StaffId | None = None,
    ) -> Verdict:
        """Apply the next entry, without doing anything else."""
        return self.course.apply(
            EntryFacts(
                number=EntryNumber(self.course.cursor + 1),
                kind=kind,
                author=author,
                received_at=self.now,
                audience=audience,
                actor=actor,
                decision=decision,
                outcome=outcome,
                mediator=mediator,
            )
        )

    def complaint(self) -> Verdict:
        return self.shown(EntryKind.COMPLAINT, Party.COMPLAINANT)

    def consent(self, decision: Decision = Decision.GIVE_CONSENT) -> Verdict:
        return self.shown(EntryKind.CONSENT, Party.COMPLAINANT, decision=decision)

    def response(self, decision: Decision) -> Verdict:
        return self.shown(EntryKind.RESPONSE, Party.COMPLAINANT, decision=decision)

    def withdrawal(self) -> Verdict:
        return self.shown(EntryKind.WITHDRAWAL, Party.COMPLAINANT)

    def reply(self) -> Verdict:
        return self.shown(EntryKind.INSTITUTION_REPLY, Party.INSTITUTION)

    def message(self, actor: StaffId, audience: Audience) -> Verdict:
        return self.shown(EntryKind.MESSAGE, Party.MEDIATOR, actor=actor, audience=audience)

    def decision(
        self, decision: Decision, actor: StaffId = ANNA, outcome: Outcome | None = None
    ) -> Verdict:
        return self.shown(
            EntryKind.DECISION, Party.MEDIATOR, actor=actor, decision=decision, outcome=outcome
        )

    def supervisor_offers_to(self, mediator: StaffId | None) -> Verdict:
        return self.shown(
            EntryKind.DECISION,
            Party.SUPERVISOR,
            actor=SUPERVISOR,
            decision=Decision.OFFER_CASE,
            mediator=mediator,
        )

    # What the workflow does -------------------------------------------------------------------

    def settle(self) -> Stage:
        """Enter the stage in which the case belongs, and begin what is awaited there."""
        self.course.enter(self.course.needed_stage)
        if self.course.stage is Stage.AWAITING_INSTITUTION and not self.course.contacted:
            self.course.call_for(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION)
        wait = self.course.wait
        if wait is not None and self.course.is_open:
            self.course.begin_waiting(wait, self.now)
        return self.course.stage

    def post(self) -> list[PendingLetter]:
        """Post what is called for; return those letters."""
        letters: list[PendingLetter] = []
        while self.course.outbox:
            letter = self.course.outbox[0]
            self.course.posted(letter)
            letters.append(letter)
        self.posted += letters
        return letters

    def settle_and_post(self) -> "Journey":
        self.settle()
        self.post()
        return self

    def let_pass(self, wait: Wait) -> Deadline:
        """Let the deadline of a wait pass; return the deadline that passed."""
        deadline = self.course.deadlines[wait]
        self.now = deadline.due_at
        self.course.escalate(wait, self.now)
        return deadline

    def later(self, by: timedelta) -> "Journey":
        self.now += by
        return self

    @property
    def pending(self) -> list[tuple[Letter, Party]]:
        """What is called for and was not posted yet."""
        return [(item.letter, item.recipient) for item in self.course.outbox]


def received() -> Journey:
    journey = Journey()
    journey.complaint()
    return journey


def finding_mediator() -> Journey:
    return received().settle_and_post()


def offered() -> Journey:
    journey = finding_mediator()
    journey.course.offer(ANNA)
    return journey.settle_and_post()


def awaiting_consent() -> Journey:
    journey = offered()
    journey.decision(Decision.ACCEPT_CASE)
    return journey.settle_and_post()


def consented() -> Journey:
    """Consent was given; the letter to the institution is called for and not posted."""
    journey = awaiting_consent()
    journey.consent()
    journey.settle()
    return journey


def awaiting_institution() -> Journey:
    return consented().settle_and_post()


def hearing_both_sides() -> Journey:
    journey = awaiting_institution()
    journey.reply()
    return journey.settle_and_post()


def outcome_proposed() -> Journey:
    journey = hearing_both_sides()
    journey.decision(Decision.PROPOSE_OUTCOME, outcome=Outcome.PARTLY_SETTLED)
    return journey.settle_and_post()


def closed() -> Journey:
    journey = hearing_both_sides()
    journey.withdrawal()
    return journey.settle_and_post()


IN_EVERY_OPEN_STAGE: dict[Stage, Callable[[], Journey]] = {
    Stage.RECEIVED: received,
    Stage.FINDING_MEDIATOR: offered,
    Stage.AWAITING_CONSENT: awaiting_consent,
    Stage.AWAITING_INSTITUTION: awaiting_institution,
    Stage.HEARING_BOTH_SIDES: hearing_both_sides,
    Stage.OUTCOME_PROPOSED: outcome_proposed,
}
