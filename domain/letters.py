"""Letters: everything that leaves, to whom, and the key under which it exists only once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import NAMESPACE_URL, uuid5

from domain.identifiers import CaseId, EntryNumber, LetterId, StaffId
from domain.parties import Party
from domain.waits import Wait


class Contact(StrEnum):
    """Which desk of an institution a letter goes to; a desk without an address is the first one."""

    HANDLER = "handler"
    COORDINATOR = "coordinator"
    """The complaints coordinator."""
    BOARD = "board"


class Letter(StrEnum):
    """A letter; also the name of its folder under ``templates/letters``."""

    ACKNOWLEDGEMENT = "acknowledgement"
    REOPENED = "reopened"
    REOPENING_ASKED = "reopening_asked"
    """To whoever had the case: the complainant asks that it is opened again; also reminds of it."""
    NOT_REOPENED = "not_reopened"
    """To the complainant: why the case stays closed."""
    CASE_OFFER = "case_offer"
    CASE_MOVED = "case_moved"
    """To a mediator: a case that was theirs, or offered to them, went to somebody else."""
    MEDIATOR_CHANGED = "mediator_changed"
    """To the complainant: another mediator takes over."""
    CONSENT_REQUEST = "consent_request"
    COMPLAINT_TO_INSTITUTION = "complaint_to_institution"
    INSTITUTION_CONTACTED = "institution_contacted"
    INSTITUTION_REMINDER = "institution_reminder"
    TERM_ENDS_TODAY = "term_ends_today"
    TERM_PASSED = "term_passed"
    NEXT_CONTACT = "next_contact"
    """To the next desk up: the first one stayed silent."""
    STEP_TO_DECIDE = "step_to_decide"
    """To the mediator: shall the next rung be taken?"""
    REFERRAL_OFFER = "referral_offer"
    """To the complainant: the way to the next body, with the date until when."""
    WINDOW_CLOSING = "window_closing"
    """To the complainant: the window to go to the next body ends soon."""
    EXTENSION_NOTED = "extension_noted"
    """To the complainant: the institution takes more time."""
    EXTENSION_ASKED = "extension_asked"
    """To the complainant: the institution may take more time only with their consent."""
    DELAY_AT_PORTAL = "delay_at_portal"
    """To the complainant: we did not find a mediator within the time that we promised."""
    FEEDBACK_REQUEST = "feedback_request"
    INSTITUTION_SILENT = "institution_silent"
    QUESTION_TO_COMPLAINANT = "question_to_complainant"
    QUESTION_TO_INSTITUTION = "question_to_institution"
    ANSWER_REMINDER = "answer_reminder"
    """To the institution: a question of the mediator is still open."""
    MESSAGE_TO_INSTITUTION = "message_to_institution"
    CONSENT_REVOKED = "consent_revoked"
    NAME_WITHDRAWN = "name_withdrawn"
    """To the complainant: the institution is told their name no more."""
    NEWS = "news"
    YOUR_TURN = "your_turn"
    WAIT_PASSED = "wait_passed"
    OUTCOME_PROPOSAL = "outcome_proposal"
    CLOSING = "closing"
    CLOSING_TO_INSTITUTION = "closing_to_institution"
    QUESTION_RECEIVED = "question_received"
    QUESTION_ASSIGNED = "question_assigned"
    """To an adviser: a question is theirs."""
    QUESTION_NEWS = "question_news"
    """To an adviser: something has come in for a question of theirs."""
    ANSWER_DUE = "answer_due"
    """To an adviser: an answer is due, or late."""
    ANSWER = "answer"
    """To the complainant: the answer to their question."""
    ANSWER_DELAYED = "answer_delayed"
    """To the complainant: the answer takes longer than we promised."""
    ADVISER_ASKS = "adviser_asks"
    """To the complainant: the adviser has to know more; also the reminder of that."""
    ADVISER_WROTE = "adviser_wrote"
    QUESTION_CLOSED = "question_closed"
    NEW_RECEIPT_CODE = "new_receipt_code"
    """To the complainant: half of what a new receipt code takes, asked for some days ago."""


STILL_OF_USE_AT_CLOSURE = frozenset(
    {
        Letter.ACKNOWLEDGEMENT,
        Letter.CONSENT_REVOKED,
        Letter.NAME_WITHDRAWN,
        Letter.CASE_MOVED,
        Letter.QUESTION_RECEIVED,
        Letter.ANSWER,
    }
)
"""Letters that still say something when the case has closed before they went out."""

REMINDERS = frozenset({Letter.INSTITUTION_REMINDER, Letter.TERM_ENDS_TODAY, Letter.ANSWER_REMINDER})
"""Letters to the institution that are of use on their own day only."""

LEAVES_ANEW = frozenset({Letter.COMPLAINT_TO_INSTITUTION})
"""Letters that a term begins with: after they failed the case calls for them again by itself."""

_ASKS_FOR: Mapping[Letter, Wait] = MappingProxyType(
    {
        Letter.CONSENT_REQUEST: Wait.COMPLAINANT_CONSENTS,
        Letter.OUTCOME_PROPOSAL: Wait.COMPLAINANT_RESPONDS,
        Letter.REFERRAL_OFFER: Wait.COMPLAINANT_CHOOSES_ROUTE,
        Letter.QUESTION_TO_COMPLAINANT: Wait.COMPLAINANT_ANSWERS,
        Letter.QUESTION_TO_INSTITUTION: Wait.INSTITUTION_ANSWERS,
        Letter.ADVISER_ASKS: Wait.COMPLAINANT_ANSWERS,
    }
)


@dataclass(frozen=True, slots=True)
class PendingLetter:
    """A letter that the course of the case calls for and that has not been posted yet.

    Attributes:
        about: the entry that the letter carries or announces, if any.
        occasion: tells letters of the same kind apart, for instance the round of a reminder.
        mediator: which mediator or adviser, when the recipient is one.
        wait: what is awaited, for reminders and notices.
        due_on: the last day on which that is or was awaited.
        contact: which desk, when the recipient is the institution.
    """

    letter: Letter
    recipient: Party
    about: EntryNumber | None = None
    occasion: str = ""
    mediator: StaffId | None = None
    wait: Wait | None = None
    due_on: date | None = None
    contact: Contact = Contact.HANDLER

    @property
    def key(self) -> str:
        """The key that makes the letter unique within an episode of its case."""
        parts = (self.letter, self.recipient, self.about, self.occasion, self.mediator)
        return ":".join("" if part is None else str(part) for part in parts)

    def speaks_of(self, wait: Wait) -> bool:
        """Tell whether the letter asks for what is awaited, reminds of it or says it is overdue."""
        return wait in {self.wait, _ASKS_FOR.get(self.letter)}


def letter_id(case: CaseId, episode: int, letter: PendingLetter) -> LetterId:
    """Return the id of a letter: the same for every attempt to make or send it."""
    return LetterId(uuid5(NAMESPACE_URL, f"wederhoor:{case}:{episode}:{letter.key}"))
