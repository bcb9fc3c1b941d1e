"""Entries: everything that arrives in a case, in the order in which it arrived."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from domain.grounds import Ground
from domain.identifiers import CaseId, EntryNumber, InstitutionId, StaffId
from domain.intake import IntakeFacts
from domain.languages import Language
from domain.letters import Letter
from domain.matter import Matter
from domain.parties import Audience, Party
from domain.policy.model import Purpose
from domain.reading import ReadingScope
from domain.stages import Outcome, Stage
from domain.waits import Wait


class EntryKind(StrEnum):
    """What arrived."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    BECAME_COMPLAINT = "became_complaint"
    """The complainant opened a complaint of their own with a question."""
    MESSAGE = "message"
    ATTACHMENT = "attachment"
    """A file; it is kept outside the entry, which tells its id and digest."""
    CONSENT = "consent"
    RESPONSE = "response"
    WITHDRAWAL = "withdrawal"
    SAFETY = "safety"
    """The complainant is in danger, or safe again."""
    FEEDBACK = "feedback"
    """How the complainant looks back, after the closure."""
    CONTACT = "contact"
    IDENTITY = "identity"
    LANGUAGE = "language"
    DECISION = "decision"
    INSTITUTION_REPLY = "institution_reply"
    INSTITUTION_EXTENSION = "institution_extension"
    """The institution takes more time, and says why."""
    INSTITUTION_OBJECTION = "institution_objection"
    """The institution objects to taking part, or to how it is done."""
    INSTITUTION_CORRECTION = "institution_correction"
    """The institution corrects a fact, without answering the complaint yet."""
    BREAK_GLASS_ASKED = "break_glass_asked"
    """A supervisor asks to read the texts of this case, and says why."""
    BREAK_GLASS_APPROVED = "break_glass_approved"
    """A second supervisor lets them read for a short time."""
    BREAK_GLASS_REFUSED = "break_glass_refused"
    BREAK_GLASS_READ = "break_glass_read"
    """They opened the texts; noted once for each approval."""
    REOPENING_REQUEST = "reopening_request"
    """The complainant asks that a closed case is opened again, and says why."""
    ERASURE_REQUEST = "erasure_request"
    """The complainant asks that everything is erased, or takes that back."""
    MANDATE_GIVEN = "mandate_given"
    """Somebody may act for the complainant; says who, and how that was agreed."""
    MANDATE_REVOKED = "mandate_revoked"
    MEDIATOR_OBJECTION = "mediator_objection"
    """The complainant wants another mediator; nobody of the staff ever reads why."""
    MEDIATOR_UNAVAILABLE = "mediator_unavailable"
    """Whoever has the case, or was asked to take it, is not there for it any more."""
    LETTER_FAILED = "letter_failed"
    RULES_CORRECTED = "rules_corrected"
    """A policy row that nobody had verified, and that this case keeps, was corrected."""


READINGS = frozenset(
    {
        EntryKind.BREAK_GLASS_ASKED,
        EntryKind.BREAK_GLASS_APPROVED,
        EntryKind.BREAK_GLASS_REFUSED,
        EntryKind.BREAK_GLASS_READ,
    }
)
"""What tells that somebody else than the mediator wants to read a case, may, and did."""


class Decision(StrEnum):
    """What somebody decided; which kind of entry it belongs to says who may."""

    GIVE_CONSENT = "give_consent"
    REVOKE_CONSENT = "revoke_consent"

    ACCEPT_OUTCOME = "accept_outcome"
    REJECT_OUTCOME = "reject_outcome"
    ACCEPT_REFERRAL = "accept_referral"
    REJECT_REFERRAL = "reject_referral"

    REPORT_DANGER = "report_danger"
    REPORT_SAFE = "report_safe"

    REQUEST_ERASURE = "request_erasure"
    CANCEL_ERASURE = "cancel_erasure"

    ACCEPT_CASE = "accept_case"
    DECLINE_CASE = "decline_case"
    RECUSE = "recuse"
    ANSWER_QUESTION = "answer_question"
    ASK_COMPLAINANT = "ask_complainant"
    """Put a question to the complainant, who has a term to answer it."""
    CONTACT_INSTITUTION = "contact_institution"
    """Put a question to the institution, which has a term to answer it."""
    RECORD_REPLY = "record_reply"
    """Note what the institution answered by another way: by telephone, by post."""
    PROPOSE_OUTCOME = "propose_outcome"
    REFER = "refer"
    """Close the case: somebody else is the one to go to."""
    DECLARE_INADMISSIBLE = "declare_inadmissible"
    """Close the case: it cannot be handled, on a ground of ``domain.grounds``."""
    CLOSE_CASE = "close_case"
    LINK_CASE = "link_case"
    """Note that another case of the same mediator belongs to this one."""
    TAKE_STEP = "take_step"
    """Take the rung of the ladder that waits for the mediator's decision."""
    SKIP_STEP = "skip_step"
    EXTEND_TERM = "extend_term"
    """Give a clock more time, where no law sets its term."""
    RESTART_TERM = "restart_term"
    """Let a clock begin again today, where no law sets its term."""
    PAUSE_FOR_DANGER = "pause_for_danger"
    RESUME = "resume"
    APPLY_CORRECTION = "apply_correction"
    """Let the corrected rules bind this case from now on."""
    KEEP_RULES = "keep_rules"
    """Keep the rules with which this case began, although one of them was corrected."""

    RETRY_NOW = "retry_now"
    """Try at once what failed or waits for its next attempt."""
    CORRECT_DATE = "correct_date"
    """Count a clock from the true day; the noted one was wrong."""
    OVERRIDE_STAGE = "override_stage"
    """Bring the case to another stage, by correcting the facts that keep it where it is."""

    OFFER_CASE = "offer_case"
    REASSIGN = "reassign"
    """Take the case, or an offer of it, from whoever has it."""
    ASSIGN_ADVISER = "assign_adviser"
    REOPEN_CASE = "reopen_case"
    KEEP_CLOSED = "keep_closed"
    """Do not open a case again whose complainant asks for that, and tell them why."""


DECISIONS_OF: Mapping[Party, frozenset[Decision]] = MappingProxyType(
    {
        Party.MEDIATOR: frozenset(
            {
                Decision.ACCEPT_CASE,
                Decision.DECLINE_CASE,
                Decision.RECUSE,
                Decision.ASK_COMPLAINANT,
                Decision.CONTACT_INSTITUTION,
                Decision.RECORD_REPLY,
                Decision.PROPOSE_OUTCOME,
                Decision.REFER,
                Decision.DECLARE_INADMISSIBLE,
                Decision.CLOSE_CASE,
                Decision.LINK_CASE,
                Decision.TAKE_STEP,
                Decision.SKIP_STEP,
                Decision.EXTEND_TERM,
                Decision.RESTART_TERM,
                Decision.PAUSE_FOR_DANGER,
                Decision.RESUME,
                Decision.APPLY_CORRECTION,
                Decision.KEEP_RULES,
                Decision.REOPEN_CASE,
                Decision.KEEP_CLOSED,
            }
        ),
        Party.ADVISER: frozenset(
            {
                Decision.RECUSE,
                Decision.ANSWER_QUESTION,
                Decision.ASK_COMPLAINANT,
                Decision.CLOSE_CASE,
                Decision.EXTEND_TERM,
                Decision.RESTART_TERM,
                Decision.PAUSE_FOR_DANGER,
                Decision.RESUME,
                Decision.APPLY_CORRECTION,
                Decision.KEEP_RULES,
                Decision.REOPEN_CASE,
                Decision.KEEP_CLOSED,
            }
        ),
        Party.SUPERVISOR: frozenset(
            {
                Decision.RETRY_NOW,
                Decision.EXTEND_TERM,
                Decision.CORRECT_DATE,
                Decision.PAUSE_FOR_DANGER,
                Decision.RESUME,
                Decision.OVERRIDE_STAGE,
                Decision.CLOSE_CASE,
                Decision.OFFER_CASE,
                Decision.REASSIGN,
                Decision.ASSIGN_ADVISER,
                Decision.REOPEN_CASE,
                Decision.KEEP_CLOSED,
            }
        ),
    }
)
"""Which decisions a staff member may take, by the role in which they act."""

_NOT_ABOUT_QUESTIONS = frozenset(
    {Decision.OVERRIDE_STAGE, Decision.OFFER_CASE, Decision.ASSIGN_ADVISER}
)


def may_decide(party: Party, matter: Matter, decision: Decision) -> bool:
    """Tell whether a party takes a decision at all in a case about this matter."""
    if party not in {matter.handler, Party.SUPERVISOR}:
        return False
    left_out = _NOT_ABOUT_QUESTIONS if matter is Matter.QUESTION else frozenset[Decision]()
    return decision in DECISIONS_OF[party] - left_out


def is_about(matter: Matter, decision: Decision) -> bool:
    """Tell whether anybody takes a decision in a case about this matter."""
    return any(may_decide(party, matter, decision) for party in Party)


PROPOSABLE = frozenset({Outcome.SETTLED, Outcome.PARTLY_SETTLED, Outcome.NOT_SETTLED})
"""Outcomes that a mediator puts to the complainant."""

CLOSABLE = frozenset({Outcome.NOT_SETTLED, Outcome.INADMISSIBLE, Outcome.REFERRED})
"""Outcomes with which a mediator closes a case without the complainant's answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryDetails:
    """Routing facts that only some kinds of entries have.

    Attributes:
        purpose: what a consent is for.
        ground: why a complaint cannot be handled, when it is closed as inadmissible.
        wait: which clock a decision is about.
        until: the last day that somebody asks for.
        day: the civil day on which something happened, in the words of whoever notes it.
        other_case: the case that another one is linked to, comes from, or goes on in.
        holder: who had the case, or was asked to take it, when this was written.
        adviser: who is to advise in the case, or advised on the question that it comes from.
        stage: the stage into which a case is brought by hand.
        scope: which texts somebody asks to read who is not the mediator of the case.
        intake: what the complainant said of the complaint when handing it in.
        mandate: the number of the mandate by which a representative wrote this, or that ends.
        proposal: the entry with the proposal that somebody read and answers.
        letter: which one failed; empty when it was of an earlier episode.
    """

    purpose: Purpose | None = None
    ground: Ground | None = None
    wait: Wait | None = None
    until: date | None = None
    day: date | None = None
    other_case: CaseId | None = None
    stage: Stage | None = None
    scope: ReadingScope | None = None
    intake: IntakeFacts | None = None
    holder: StaffId | None = None
    adviser: StaffId | None = None
    mandate: EntryNumber | None = None
    proposal: EntryNumber | None = None
    letter: Letter | None = None


NO_DETAILS = EntryDetails()


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryFacts:
    """The routing facts of an entry: all that a workflow ever sees of it, never a text.

    Attributes:
        actor: the staff member who acted, when one did.
        mediator: the staff member to whom a supervisor offers the case.
        received_at: the legal moment of arrival, in UTC.
    """

    number: EntryNumber
    kind: EntryKind
    author: Party
    received_at: datetime
    audience: Audience = Audience.MEDIATOR_ONLY
    actor: StaffId | None = None
    decision: Decision | None = None
    outcome: Outcome | None = None
    institution: InstitutionId | None = None
    mediator: StaffId | None = None
    language: Language | None = None
    details: EntryDetails = NO_DETAILS

    @property
    def is_supervision(self) -> bool:
        """Tell whether a supervisor reads or retries: possible at any time, also after the end."""
        retries = self.decision is Decision.RETRY_NOW
        return self.author is Party.SUPERVISOR and (self.kind in READINGS or retries)


class Refusal(StrEnum):
    """Why an entry had no effect. A refused entry stays in the case file."""

    CLOSED = "closed"
    NOT_NOW = "not_now"
    NOT_ASSIGNED = "not_assigned"
    NOT_OFFERED = "not_offered"
    ADVISES = "advises"
    """Whoever advises in a case never mediates in it."""
    MEDIATES = "mediates"
    """Whoever mediates in a case never advises in it."""
    OBJECTED_BEFORE = "objected_before"
    """A second objection to a mediator is for a supervisor to decide."""
    NO_CONSENT = "no_consent"
    NOT_CONTACTED = "not_contacted"
    OUTCOME_NOT_ALLOWED = "outcome_not_allowed"
    WINDOW_PASSED = "window_passed"
    TERM_PASSED = "term_passed"
    """More time can only be taken before the term has passed."""
    NO_EXTENSION = "no_extension"
    """The rules of this case give nobody more time here."""
    NEEDS_CONSENT = "needs_consent"
    """A further extension needs the complainant's consent first."""
    STATUTORY_TERM = "statutory_term"
    """A law sets this term; nobody here can move it."""
    SIGNPOSTING_ONLY = "signposting_only"
    """We do not mediate with an institution of this kind; we show the way."""
    NOTHING_TO_DECIDE = "nothing_to_decide"
    GROUND_MISSING = "ground_missing"
    ALREADY_TAKEN = "already_taken"
    """Another mediator was faster."""
    DAY_IMPOSSIBLE = "day_impossible"
    """It cannot have happened on that day."""
    ALREADY_DONE = "already_done"
    """The same was decided before."""
    PROPOSAL_CHANGED = "proposal_changed"
    """Another outcome is proposed now than the one that was read."""
    STAGE_NOT_POSSIBLE = "stage_not_possible"
    """No fact that staff may correct brings the case to that stage."""
    OTHER_MATTER = "other_matter"
    """A complaint knows it and a question does not, or the other way round."""
    NOT_ALLOWED = "not_allowed"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The workflow's answer to one entry: applied, or refused with the reason."""

    number: EntryNumber
    refusal: Refusal | None = None

    @property
    def applied(self) -> bool:
        """Tell whether the entry had its effect."""
        return self.refusal is None
