"""What a letter is made of: the facts it tells, and its rendered form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.case_number import CaseNumber
from domain.languages import Language
from domain.letters import Letter
from domain.parties import Party
from domain.stages import Outcome
from domain.waits import Wait

REPLY_LINK_PLACE = "[[reply-link]]"
"""Stands in a stored letter for the institution's reply link, whose token is stored nowhere in
clear; the link takes its place only while the letter is being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterFacts:
    """Everything that a letter may tell. A template takes what it needs.

    Attributes:
        written_on: the date on the letter, in Dutch civil time.
        received_on: the day on which the complaint arrived, in Dutch civil time.
        recipient_name: the institution's or mediator's name; ``None`` for a complainant.
        due_on: the last day of what is awaited, if anything is.
        wait: what is awaited, for reminders and notices.
        quoted: the paragraphs of another person's text that the letter carries; untrusted.
        signed_by: the complainant's name, when given for this institution; untrusted.
        by_mail: whether this is what leaves by e-mail, or what stands in the case file.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderedLetter:
    """A letter as people read it: a subject line, plain text, and the same as HTML."""

    letter: Letter
    recipient: Party
    language: Language
    subject: str
    text: str
    html: str
