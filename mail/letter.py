"""What a letter is made of: the facts it tells, and its rendered form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.case_number import CaseNumber
from domain.languages import Language
from domain.letters import Contact, Letter
from domain.parties import Party
from domain.stages import Outcome
from domain.waits import Wait

REPLY_LINK_PLACE = "[[reply-link]]"
"""Stands in a stored letter for the institution's reply link, whose token is stored nowhere in
clear; the link takes its place only while the letter is being sent."""

REPLY_PAGES = "reply"
"""Where the pages are that reply links lead to, below their language."""

STAFF_PAGES = "desk"
"""Where the pages of the staff are."""

OPEN_CASE = "case/open"
"""Where the page is that asks for a receipt code, below its language."""

BOTH_HALVES = "case/two-codes"
"""Where the page is that asks for both halves of a new receipt code, below its language."""

LETTER_CODE_PLACE = "[[letter-code]]"
"""Stands in a stored letter for half of what a new receipt code takes, in the same way."""


def reply_page(language: Language, token: str) -> str:
    """Return the path of the page to which a reply link leads."""
    return f"/{language}/{REPLY_PAGES}/{token}"


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """Everything that a letter may tell. A template takes what it needs.

    Attributes:
        written_on: the date on the letter, in Dutch civil time.
        received_on: the day on which the complaint arrived, in Dutch civil time.
        institution_name: empty for a question, which has no other side.
        recipient_name: the institution's, mediator's or adviser's name; ``None`` for a complainant.
        due_on: the last day of what is awaited, if anything is.
        wait: what is awaited, for reminders and notices.
        quoted: the paragraphs of another person's text that the letter carries; untrusted.
        signed_by: the complainant's name, when given for this institution; untrusted.
        by_mail: whether this is what leaves by e-mail, or what stands in the case file.
        days_to_accept: how many days a mediator has to accept a case.
        mediator_promise_days: within how many business days we promise to find a mediator.
        answer_by: the last day on which the answer to a question is promised.
        mediation: false where we only show the way.
        notices: what to warn of at intake, in sentences.
        tells_of_objecting: whether to tell in general that a decision can be objected to: where
            that is so, and no notice tells it already.
        consents_asked: what the complainant is asked to allow, each as title and explanation.
        sent_before: what the institution had been sent already, each as title and date.
        ground: why a complaint cannot be handled here, in words; ``route`` is the way instead.
        referral_body: the next body, in words; ``referral_until`` is the last day for it, never
            rolled, and ``referral_source`` what sets that day.
        timeline_text: the annex that tells the course of the case, in sentences.
        timeline_picture: the same as an SVG of our own making; in the case file's HTML only.
        contact: which desk of the institution is written to.
        extendable: whether the rules give the institution more time at a notice of its own.
        term_in_words: the institution's term and where it comes from, in sentences.
        silent_since: since which day the institution has been waited for.
    """

    case_number: CaseNumber
    written_on: date
    received_on: date
    institution_name: str
    portal_url: str
    recipient_name: str | None = None
    due_on: date | None = None
    wait: Wait | None = None
    outcome: Outcome | None = None
    quoted: Sequence[str] = ()
    signed_by: str | None = None
    by_mail: bool = True
    days_to_accept: int = 2
    mediator_promise_days: int = 5
    answer_by: date | None = None
    mediation: bool = True
    notices: Sequence[str] = ()
    tells_of_objecting: bool = False
    consents_asked: Sequence[tuple[str, str]] = ()
    sent_before: Sequence[tuple[str, date]] = ()
    ground: str | None = None
    route: str | None = None
    referral_body: str | None = None
    referral_until: date | None = None
    referral_source: str | None = None
    timeline_text: Sequence[str] = ()
    timeline_picture: str = ""
    contact: Contact | None = None
    extendable: bool = False
    term_in_words: Sequence[str] = ()
    silent_since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedMail:
    """A mail as people read it: a subject line, plain text, and the same as HTML."""

    language: Language
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLetter(RenderedMail):
    """A letter of a case as people read it."""

    letter: Letter
    recipient: Party
