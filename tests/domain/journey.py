"""A course taken by the hand: shows it entries in order, and settles it as its workflow would."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from domain import entry_rules, time_rules
from domain.calendar import civil_date
from domain.clocks import Clock
from domain.course import Course
from domain.entries import NO_DETAILS, Decision, EntryDetails, EntryFacts, EntryKind, Verdict
from domain.identifiers import EntryNumber, StaffId
from domain.institutions import InstitutionKind
from domain.intake import IntakeFacts
from domain.letters import Letter, PendingLetter
from domain.parties import Audience, Party
from domain.policy.model import CaseRules, Purpose, Step
from domain.policy.selection import case_rules
from domain.stage_letters import call_for_contact
from domain.stages import Outcome, Stage
from domain.waits import Wait
from settings.policy import load_policy

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ANNA, BRAM, CARLA = (StaffId(UUID(int=number)) for number in (1, 2, 3))
SUPERVISOR = StaffId(UUID(int=9))
POLICY = load_policy(None)


def rules_for(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> CaseRules:
    """Return what binds a case about an institution of this kind that begins now."""
    return case_rules(POLICY, kind, civil_date(START))


class Journey:
    """One course, the present moment, and what was posted so far."""

    def __init__(self, kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> None:
        self.course = Course(rules=rules_for(kind))
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
        details: EntryDetails = NO_DETAILS,
    ) -> Verdict:
        """Apply the next entry, without doing anything else."""
        return entry_rules.apply(
            self.course,
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
                details=details,
            ),
            self.now,
        )

    def complaint(self, intake: IntakeFacts | None = None) -> Verdict:
        details = EntryDetails(intake=intake)
        return self.shown(EntryKind.COMPLAINT, Party.COMPLAINANT, details=details)

    def consent(
        self,
        decision: Decision = Decision.GIVE_CONSENT,
        purpose: Purpose = Purpose.CONTACT,
    ) -> Verdict:
        details = EntryDetails(purpose=purpose)
        return self.shown(EntryKind.CONSENT, Party.COMPLAINANT, decision=decision, details=details)

    def response(self, decision: Decision, to: EntryNumber | None = None) -> Verdict:
        """Answer, perhaps to one proposal alone."""
        details = EntryDetails(proposal=to)
        return self.shown(EntryKind.RESPONSE, Party.COMPLAINANT, decision=decision, details=details)

    def withdrawal(self) -> Verdict:
        return self.shown(EntryKind.WITHDRAWAL, Party.COMPLAINANT)

    def reply(self) -> Verdict:
        return self.shown(EntryKind.INSTITUTION_REPLY, Party.INSTITUTION)

    def fails(self, letter: Letter | None) -> Verdict:
        """Let a letter be refused for good."""
        details = EntryDetails(letter=letter)
        return self.shown(EntryKind.LETTER_FAILED, Party.PORTAL, details=details)

    def message(self, actor: StaffId, audience: Audience) -> Verdict:
        return self.shown(EntryKind.MESSAGE, Party.MEDIATOR, actor=actor, audience=audience)

    def decision(
        self,
        decision: Decision,
        actor: StaffId = ANNA,
        outcome: Outcome | None = None,
        details: EntryDetails = NO_DETAILS,
        author: Party = Party.MEDIATOR,
    ) -> Verdict:
        return self.shown(
            EntryKind.DECISION,
            author,
            actor=actor,
            decision=decision,
            outcome=outcome,
            details=details,
        )

    def intervention(
        self,
        decision: Decision,
        outcome: Outcome | None = None,
        details: EntryDetails = NO_DETAILS,
    ) -> Verdict:
        return self.shown(
            EntryKind.DECISION,
            Party.SUPERVISOR,
            actor=SUPERVISOR,
            decision=decision,
            outcome=outcome,
            details=details,
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
        """Enter the stage in which the case belongs, and keep time there."""
        self.course.enter(self.course.needed_stage)
        if self.course.stage is Stage.AWAITING_INSTITUTION:
            call_for_contact(self.course)
        self.course.keep_time(self.now)
        return self.course.stage

    def post(self) -> list[PendingLetter]:
        """Post what may go now; return those letters."""
        letters: list[PendingLetter] = []
        while (letter := self.course.next_letter) is not None:
            self.course.posted(letter, self.now)
            letters.append(letter)
        self.posted += letters
        return letters

    def settle_and_post(self) -> "Journey":
        self.settle()
        self.post()
        self.course.keep_time(self.now)
        return self

    def remind(self, wait: Wait) -> Clock:
        """Let time pass until the next reminder of a wait; return the clock before it."""
        return self._until(wait, Step.REMIND)

    def let_pass(self, wait: Wait) -> Clock:
        """Let the term of a wait pass; return the clock before it."""
        return self._until(wait, Step.PASS)

    def climbs(self, wait: Wait) -> Clock:
        """Let time pass until the next rung of a wait, whatever it is."""
        rung = self.course.clocks[wait].next_rung(self.course.term(wait))
        assert rung is not None
        return self._until(wait, rung.step)

    def _until(self, wait: Wait, step: Step) -> Clock:
        clock, ladder = self.course.clocks[wait], self.course.term(wait).ladder
        rung = next(rung for rung in ladder[clock.rung :] if rung.step is step)
        self.now = max(self.now, clock.moment_of(rung))
        time_rules.act_on_time(self.course, self.now)
        self.course.keep_time(self.now)
        return clock

    def later(self, by: timedelta) -> "Journey":
        self.now += by
        return self

    @property
    def pending(self) -> list[tuple[Letter, Party]]:
        """What is called for and was not posted yet."""
        return [(item.letter, item.recipient) for item in self.course.outbox]


def received(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> Journey:
    journey = Journey(kind)
    journey.complaint()
    return journey


def finding_mediator(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> Journey:
    journey = received(kind)
    journey.course.post(Letter.ACKNOWLEDGEMENT, Party.COMPLAINANT)
    return journey.settle_and_post()


def offered(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> Journey:
    journey = finding_mediator(kind)
    journey.course.offer(ANNA, journey.now)
    return journey.settle_and_post()


def awaiting_consent(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> Journey:
    journey = offered(kind)
    journey.decision(Decision.ACCEPT_CASE)
    return journey.settle_and_post()


def consented(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> Journey:
    """Consent was given; the letter to the institution is called for and not posted."""
    journey = awaiting_consent(kind)
    journey.consent()
    journey.settle()
    return journey


def awaiting_institution(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> Journey:
    return consented(kind).settle_and_post()


def hearing_both_sides(kind: InstitutionKind = InstitutionKind.MUNICIPALITY) -> Journey:
    journey = awaiting_institution(kind)
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
