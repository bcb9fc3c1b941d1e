"""The course of a case: what has happened, what an entry changes, and what is needed next.

This is the whole of the rules of a complaint without any waiting in it. The workflow keeps one
``Course``, shows it every entry in order, and does what ``needed_stage`` and ``outbox`` call for.
"""

from dataclasses import dataclass, field
from datetime import datetime

from domain.entries import (
    CLOSABLE,
    PROPOSABLE,
    Decision,
    EntryFacts,
    EntryKind,
    Refusal,
    Verdict,
)
from domain.identifiers import EntryNumber, StaffId
from domain.letters import STILL_OF_USE_AT_CLOSURE, Letter, PendingLetter
from domain.parties import Party
from domain.stages import Outcome, Stage, step
from domain.waits import ATTENTION_ENDED_BY, Attention, Deadline, Term, Wait

WAIT_OF: dict[Stage, Wait] = {
    Stage.AWAITING_CONSENT: Wait.COMPLAINANT_CONSENTS,
    Stage.AWAITING_INSTITUTION: Wait.INSTITUTION_REPLIES,
    Stage.HEARING_BOTH_SIDES: Wait.MEDIATOR_PROPOSES,
    Stage.OUTCOME_PROPOSED: Wait.COMPLAINANT_RESPONDS,
}
"""What is awaited in each stage; while a mediator is sought it depends on whether one was found."""

_NOTHING_READ = EntryNumber(0)


@dataclass(slots=True, kw_only=True)
class Course:
    """Everything that decides what happens next in one episode of a case.

    It holds ids, enumerations and dates only, travels whole through continue-as-new, and changes
    only through its methods.

    Attributes:
        terms_version: the version of the policy data that ``terms`` were taken from.
        cursor: the last entry that was applied or refused.
        declined: mediators who declined or stayed silent; not asked again this round.
        recused: mediators who withdrew from the case; never asked again.
        offered: the mediator who was asked and has not answered yet.
        outbox: letters called for and not yet posted, oldest first.
        silence_established: the institution's term passed without a reply.
        deadlines: the waits that run, each with its dates.
    """

    terms: dict[Wait, Term]
    terms_version: str = ""
    stage: Stage = Stage.RECEIVED
    cursor: EntryNumber = _NOTHING_READ
    offered: StaffId | None = None
    mediator: StaffId | None = None
    declined: list[StaffId] = field(default_factory=list[StaffId])
    recused: list[StaffId] = field(default_factory=list[StaffId])
    consent: bool = False
    contacted: bool = False
    replied: bool = False
    silence_established: bool = False
    proposal: Outcome | None = None
    proposed_in: EntryNumber | None = None
    outcome: Outcome | None = None
    attention: Attention | None = None
    offers_made: int = 0
    outbox: list[PendingLetter] = field(default_factory=list[PendingLetter])
    deadlines: dict[Wait, Deadline] = field(default_factory=dict[Wait, Deadline])

    # What is needed ---------------------------------------------------------------------------

    @property
    def needed_stage(self) -> Stage:
        """The stage in which this case belongs, given all that has happened."""
        if self.outcome is not None:
            return Stage.CLOSED
        if self.cursor == 0:
            return Stage.RECEIVED
        if self.mediator is None:
            return Stage.FINDING_MEDIATOR
        if self.proposal is not None:
            return Stage.OUTCOME_PROPOSED
        if not self.consent:
            return Stage.AWAITING_CONSENT
        if not self.contacted or not (self.replied or self.silence_established):
            return Stage.AWAITING_INSTITUTION
        return Stage.HEARING_BOTH_SIDES

    @property
    def is_open(self) -> bool:
        """Tell whether no outcome has been reached yet."""
        return self.outcome is None

    @property
    def final_outcome(self) -> Outcome:
        """How the case ended.

        Raises:
            ValueError: while it is still open.
        """
        if self.outcome is None:
            raise ValueError("the case is still open")
        return self.outcome

    @property
    def wait(self) -> Wait | None:
        """What the case waits for in its present stage, if for anything."""
        if self.stage is Stage.FINDING_MEDIATOR:
            return Wait.MEDIATOR_ACCEPTS if self.offered else Wait.MEDIATOR_AVAILABLE
        return WAIT_OF.get(self.stage)

    @property
    def deadline(self) -> Deadline | None:
        """The running deadline of what the case waits for now, if any."""
        wait = self.wait
        return None if wait is None else self.deadlines.get(wait)

    def enter(self, stage: Stage) -> None:
        """Move to a stage that the table of transitions allows."""
        if stage is not self.stage:
            self.stage = step(self.stage, stage)

    # Waiting ----------------------------------------------------------------------------------

    def begin_waiting(self, wait: Wait, now: datetime) -> Deadline:
        """Return the running deadline of ``wait``, begun at ``now`` if none ran yet."""
        if wait not in self.deadlines:
            self.deadlines[wait] = Deadline.begin(wait, self.terms[wait], now)
        return self.deadlines[wait]

    def remind(self, wait: Wait) -> None:
        """Call for the reminder of a wait and note that it went out."""
        deadline = self.deadlines[wait]
        match wait.party:
            case Party.INSTITUTION:
                self._post(Letter.INSTITUTION_REMINDER, Party.INSTITUTION, running=deadline)
            case Party.COMPLAINANT | Party.MEDIATOR:
                self._post(Letter.YOUR_TURN, wait.party, running=deadline)
            case Party.PORTAL | Party.SUPERVISOR:
                self.attention = Attention.NO_MEDIATOR
        self.deadlines[wait] = deadline.after_reminder()

    def escalate(self, wait: Wait, now: datetime) -> None:
        """Do what the passing of a wait's deadline calls for; then wait anew where that helps."""
        deadline = self.deadlines.pop(wait)
        match wait:
            case Wait.MEDIATOR_AVAILABLE:
                self.declined.clear()
            case Wait.MEDIATOR_ACCEPTS:
                self._offer_lapsed()
            case Wait.INSTITUTION_REPLIES:
                self.silence_established = True
                self.attention = Attention.INSTITUTION_SILENT
                self._post(Letter.TERM_PASSED, Party.INSTITUTION, running=deadline)
                self._post(Letter.INSTITUTION_SILENT, Party.COMPLAINANT, running=deadline)
                self._post(Letter.WAIT_PASSED, Party.MEDIATOR, running=deadline)
            case Wait.COMPLAINANT_CONSENTS | Wait.COMPLAINANT_RESPONDS | Wait.MEDIATOR_PROPOSES:
                self.attention = (
                    Attention.MEDIATOR_SILENT
                    if wait is Wait.MEDIATOR_PROPOSES
                    else Attention.COMPLAINANT_SILENT
                )
                self._post(Letter.WAIT_PASSED, Party.MEDIATOR, running=deadline)
                self.deadlines[wait] = Deadline.begin(
                    wait, self.terms[wait], now, deadline.round + 1
                )

    # What happens to the case -----------------------------------------------------------------

    def offer(self, mediator: StaffId) -> None:
        """Note that a mediator is asked to take the case."""
        self._answered(Wait.MEDIATOR_AVAILABLE)
        self._offer_lapsed()
        self.offered = mediator
        self.offers_made += 1
        self._post(Letter.CASE_OFFER, Party.MEDIATOR, occasion=str(self.offers_made))

    def posted(self, letter: PendingLetter) -> None:
        """Note that a letter was posted."""
        if letter in self.outbox:
            self.outbox.remove(letter)
        if letter.letter is Letter.COMPLAINT_TO_INSTITUTION:
            self.contacted = True
            self._post(Letter.INSTITUTION_CONTACTED, Party.COMPLAINANT)

    def call_for(self, letter: Letter, recipient: Party) -> None:
        """Call for a letter; calling twice for the same one changes nothing."""
        self._post(letter, recipient)

    def apply(self, entry: EntryFacts) -> Verdict:
        """Show the case its next entry; return what became of it.

        Entries come strictly in order of number; the caller sees to that.
        """
        self.cursor = entry.number
        if not self.is_open and entry.kind not in {EntryKind.CONTACT, EntryKind.LANGUAGE}:
            return Verdict(entry.number, Refusal.CLOSED)
        return Verdict(entry.number, self._effect_of(entry))

    def _effect_of(self, entry: EntryFacts) -> Refusal | None:
        match entry.kind:
            case EntryKind.COMPLAINT:
                return None if entry.number == 1 else Refusal.NOT_ALLOWED
            case EntryKind.CONTACT:
                self._letter_failure_seen()
                return None
            case EntryKind.IDENTITY | EntryKind.LANGUAGE:
                return None
            case EntryKind.MESSAGE:
                return self._message(entry)
            case EntryKind.CONSENT:
                return self._consent(entry)
            case EntryKind.RESPONSE:
                return self._response(entry)
            case EntryKind.WITHDRAWAL:
                return self._close_with(Outcome.WITHDRAWN)
            case EntryKind.INSTITUTION_REPLY:
                return self._institution_reply(entry)
            case EntryKind.LETTER_FAILED:
                self.attention = self.attention or Attention.LETTER_FAILED
                return None
            case EntryKind.DECISION:
                return self._decision(entry)

    def _message(self, entry: EntryFacts) -> Refusal | None:
        if entry.author is Party.COMPLAINANT:
            self._tell_mediator(entry)
            return None
        if entry.author is not Party.MEDIATOR or entry.actor != self.mediator:
            return Refusal.NOT_ASSIGNED
        if entry.audience.includes(Party.INSTITUTION):
            if not self.consent:
                return Refusal.NO_CONSENT
            if not self.contacted:
                return Refusal.NOT_CONTACTED
            self._post(Letter.MESSAGE_TO_INSTITUTION, Party.INSTITUTION, about=entry.number)
        if entry.audience.includes(Party.COMPLAINANT):
            self._post(Letter.NEWS, Party.COMPLAINANT, about=entry.number)
        return None

    def _consent(self, entry: EntryFacts) -> Refusal | None:
        if entry.decision is Decision.GIVE_CONSENT:
            if self.contacted and not self.consent:
                # The letter may have been cancelled before it left; otherwise this does nothing.
                self._post(Letter.COMPLAINT_TO_INSTITUTION, Party.INSTITUTION)
            self.consent = True
            self._answered(Wait.COMPLAINANT_CONSENTS)
            return None
        if entry.decision is Decision.REVOKE_CONSENT:
            self._revoke_consent()
            return None
        return Refusal.NOT_ALLOWED

    def _revoke_consent(self) -> None:
        was_told = self.contacted and self.consent
        self.consent = False
        self.outbox = [item for item in self.outbox if item.recipient is not Party.INSTITUTION]
        self.deadlines.pop(Wait.INSTITUTION_REPLIES, None)
        if was_told:
            self._post(Letter.CONSENT_REVOKED, Party.COMPLAINANT, occasion=str(self.cursor))

    def _response(self, entry: EntryFacts) -> Refusal | None:
        if self.proposal is None:
            return Refusal.NOT_NOW
        if entry.decision is Decision.ACCEPT_OUTCOME:
            return self._close_with(self.proposal)
        if entry.decision is Decision.REJECT_OUTCOME:
            self._answered(Wait.COMPLAINANT_RESPONDS)
            self.proposal, self.proposed_in = None, None
            self._tell_mediator(entry)
            return None
        return Refusal.NOT_ALLOWED

    def _institution_reply(self, entry: EntryFacts) -> Refusal | None:
        if not self.contacted:
            return Refusal.NOT_CONTACTED
        self.replied = True
        self._answered(Wait.INSTITUTION_REPLIES)
        self._post(Letter.NEWS, Party.COMPLAINANT, about=entry.number)
        self._tell_mediator(entry)
        return None

    def _decision(self, entry: EntryFacts) -> Refusal | None:
        match entry.decision:
            case Decision.OFFER_CASE if entry.author is Party.SUPERVISOR:
                return self._offered_by_supervisor(entry)
            case Decision.ACCEPT_CASE | Decision.DECLINE_CASE:
                return self._answer_to_offer(entry)
            case Decision.RECUSE | Decision.PROPOSE_OUTCOME | Decision.CLOSE_CASE:
                if entry.actor is None or entry.actor != self.mediator:
                    return Refusal.NOT_ASSIGNED
                self._letter_failure_seen()
                return self._mediator_decision(entry, entry.actor)
            case _:
                return Refusal.NOT_ALLOWED

    def _offered_by_supervisor(self, entry: EntryFacts) -> Refusal | None:
        if self.mediator is not None:
            return Refusal.NOT_NOW
        if entry.mediator is None:
            return Refusal.NOT_ALLOWED
        self.offer(entry.mediator)
        return None

    def _answer_to_offer(self, entry: EntryFacts) -> Refusal | None:
        if entry.actor is None or entry.actor != self.offered:
            return Refusal.NOT_OFFERED
        if entry.decision is Decision.DECLINE_CASE:
            self._offer_lapsed()
            return None
        self.mediator, self.offered = entry.actor, None
        self.declined.clear()
        self._answered(Wait.MEDIATOR_ACCEPTS)
        if not self.consent:
            self._post(Letter.CONSENT_REQUEST, Party.COMPLAINANT, occasion=str(self.offers_made))
        return None

    def _mediator_decision(self, entry: EntryFacts, actor: StaffId) -> Refusal | None:
        if entry.decision is Decision.RECUSE:
            self._recuse(actor)
            return None
        if entry.decision is Decision.CLOSE_CASE:
            if entry.outcome is None or entry.outcome not in CLOSABLE:
                return Refusal.OUTCOME_NOT_ALLOWED
            return self._close_with(entry.outcome)
        if entry.outcome not in PROPOSABLE:
            return Refusal.OUTCOME_NOT_ALLOWED
        if self.proposal is not None:
            return Refusal.NOT_NOW
        self.proposal, self.proposed_in = entry.outcome, entry.number
        for wait in (Wait.MEDIATOR_PROPOSES, Wait.COMPLAINANT_CONSENTS):
            self._answered(wait)
        if self.attention is Attention.INSTITUTION_SILENT:
            self.attention = None
        self._post(Letter.OUTCOME_PROPOSAL, Party.COMPLAINANT, about=entry.number)
        return None

    def _close_with(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self.offered = None
        self.deadlines.clear()
        self.attention = None
        self.outbox = [item for item in self.outbox if item.letter in STILL_OF_USE_AT_CLOSURE]

    def _recuse(self, mediator: StaffId) -> None:
        self.recused.append(mediator)
        self.mediator = None
        self.proposal, self.proposed_in = None, None
        for wait in (Wait.MEDIATOR_PROPOSES, Wait.COMPLAINANT_RESPONDS):
            self._answered(wait)
        self._drop_letters_to_mediator()

    def _letter_failure_seen(self) -> None:
        """The mediator acts, or the complainant gave another address: somebody has seen to it."""
        if self.attention is Attention.LETTER_FAILED:
            self.attention = None

    # Small steps ------------------------------------------------------------------------------

    def _offer_lapsed(self) -> None:
        if self.offered is not None:
            self.declined.append(self.offered)
            self.offered = None
        self.deadlines.pop(Wait.MEDIATOR_ACCEPTS, None)
        self._drop_letters_to_mediator()

    def _drop_letters_to_mediator(self) -> None:
        self.outbox = [item for item in self.outbox if item.recipient is not Party.MEDIATOR]

    def _answered(self, wait: Wait) -> None:
        self.deadlines.pop(wait, None)
        # A letter that still asks, reminds or complains of silence would be beside the truth.
        self.outbox = [item for item in self.outbox if not item.speaks_of(wait)]
        if self.attention and wait in ATTENTION_ENDED_BY.get(self.attention, frozenset()):
            self.attention = None

    def _tell_mediator(self, entry: EntryFacts) -> None:
        if self.mediator is not None:
            self._post(Letter.NEWS, Party.MEDIATOR, about=entry.number)

    def _post(
        self,
        letter: Letter,
        recipient: Party,
        *,
        about: EntryNumber | None = None,
        occasion: str = "",
        running: Deadline | None = None,
    ) -> None:
        mediator = (self.mediator or self.offered) if recipient is Party.MEDIATOR else None
        if running is not None:
            occasion = f"{running.wait}.{running.since:%Y%m%dT%H%M%S}.{running.round}"
        wait, due_at = (running.wait, running.due_at) if running else (None, None)
        pending = PendingLetter(letter, recipient, about, occasion, mediator, wait, due_at)
        if pending not in self.outbox:
            self.outbox.append(pending)
