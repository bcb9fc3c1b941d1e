"""Every letter that goes out, rendered with planted facts, and read as a mail program shows it."""

from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from itertools import product
from pathlib import Path

import pytest

from domain.case_number import CaseNumber
from domain.languages import SPOKEN, Language
from domain.letters import Contact, Letter
from domain.parties import Party
from domain.stages import Outcome
from domain.waits import Wait
from mail.letter import LetterFacts, RenderedLetter
from mail.rendering import LetterRenderer

TEMPLATES = Path(__file__).parents[2] / "templates"
PORTAL = "https://wederhoor.example"
DESK_PAGE = f"{PORTAL}/desk"

TO_INSTITUTION = (
    Letter.COMPLAINT_TO_INSTITUTION,
    Letter.INSTITUTION_REMINDER,
    Letter.TERM_ENDS_TODAY,
    Letter.TERM_PASSED,
    Letter.NEXT_CONTACT,
    Letter.MESSAGE_TO_INSTITUTION,
    Letter.QUESTION_TO_INSTITUTION,
    Letter.ANSWER_REMINDER,
    Letter.CLOSING_TO_INSTITUTION,
)
TO_MEDIATOR = (
    Letter.REOPENING_ASKED,
    Letter.CASE_OFFER,
    Letter.CASE_MOVED,
    Letter.NEWS,
    Letter.YOUR_TURN,
    Letter.WAIT_PASSED,
    Letter.STEP_TO_DECIDE,
)
TO_ADVISER = (
    Letter.REOPENING_ASKED,
    Letter.CASE_MOVED,
    Letter.QUESTION_ASSIGNED,
    Letter.QUESTION_NEWS,
    Letter.ANSWER_DUE,
)
TO_COMPLAINANT = (
    Letter.ACKNOWLEDGEMENT,
    Letter.REOPENED,
    Letter.NOT_REOPENED,
    Letter.DELAY_AT_PORTAL,
    Letter.CONSENT_REQUEST,
    Letter.MEDIATOR_CHANGED,
    Letter.INSTITUTION_CONTACTED,
    Letter.EXTENSION_NOTED,
    Letter.EXTENSION_ASKED,
    Letter.INSTITUTION_SILENT,
    Letter.REFERRAL_OFFER,
    Letter.WINDOW_CLOSING,
    Letter.CONSENT_REVOKED,
    Letter.NAME_WITHDRAWN,
    Letter.NEWS,
    Letter.YOUR_TURN,
    Letter.QUESTION_TO_COMPLAINANT,
    Letter.OUTCOME_PROPOSAL,
    Letter.CLOSING,
    Letter.FEEDBACK_REQUEST,
    Letter.NEW_RECEIPT_CODE,
    Letter.QUESTION_RECEIVED,
    Letter.ANSWER,
    Letter.ANSWER_DELAYED,
    Letter.ADVISER_ASKS,
    Letter.ADVISER_WROTE,
    Letter.QUESTION_CLOSED,
)
SENDINGS = (
    *((letter, Party.INSTITUTION, True) for letter in TO_INSTITUTION),
    *((letter, Party.MEDIATOR, True) for letter in TO_MEDIATOR),
    *((letter, Party.ADVISER, True) for letter in TO_ADVISER),
    *((letter, Party.COMPLAINANT, True) for letter in TO_COMPLAINANT),
    *((letter, Party.COMPLAINANT, False) for letter in TO_COMPLAINANT),
)
every_sending = pytest.mark.parametrize(
    ("letter", "recipient", "by_mail", "language"),
    [(*sending, language) for sending, language in product(SENDINGS, SPOKEN)],
)

BARE = LetterFacts(
    received_on=date(2026, 2, 18),
    case_number=CaseNumber("lusab-babad-r"),
    written_on=date(2026, 11, 23),
    institution_name="Gemeente Plantstad",
    portal_url=PORTAL,
)
FACTS = replace(
    BARE,
    recipient_name="Recipient Plantname",
    due_on=date(2027, 1, 4),
    wait=Wait.INSTITUTION_REPLIES,
    outcome=Outcome.NOT_SETTLED,
    quoted=("Planted words, first line.\nSecond planted line.", "Another planted paragraph."),
    signed_by="Signer Plantname",
    days_to_accept=17,
    mediator_promise_days=8,
    answer_by=date(2027, 3, 9),
    notices=("Planted notice one", "Planted notice two."),
    tells_of_objecting=True,
    consents_asked=(
        ("Planted title one?", "Planted explanation"),
        ("Planted title two?", "And why!"),
    ),
    sent_before=(("Planted letter", date(2026, 8, 3)),),
    ground="the planted ground",
    route="The planted route.",
    referral_body="the Plantbody",
    referral_until=date(2027, 11, 5),
    referral_source="Plantlaw 9:24",
    timeline_text=("Planted day one", "Planted day two."),
    contact=Contact.BOARD,
    extendable=True,
    term_in_words=("Planted term", "Planted source."),
    silent_since=date(2026, 9, 7),
)

RENDERER = LetterRenderer(TEMPLATES)


def rendered(
    letter: Letter,
    recipient: Party,
    *,
    by_mail: bool = True,
    language: Language = Language.ENGLISH,
    facts: LetterFacts = FACTS,
) -> RenderedLetter:
    return RENDERER.render(letter, recipient, language, replace(facts, by_mail=by_mail))


def code_page(language: Language) -> str:
    return f"{PORTAL}/{language}/case/open"


def halves_page(language: Language) -> str:
    return f"{PORTAL}/{language}/case/two-codes"


class Reader(HTMLParser):
    """Reads the HTML of a letter as a mail program shows it, line by line."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.paragraphs: list[str] = []
        self._quoting = False
        self._shown: str | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in {"href", "src"}]
        if tag == "blockquote":
            self._quoting = True
        elif tag == "p":
            self._shown = ""
        elif tag == "li":
            self._shown = "- "

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote":
            self._quoting = False
        elif tag in {"p", "li"} and self._shown is not None:
            mark = "> " if self._quoting else ""
            self.paragraphs += [mark + line for line in self._shown.splitlines()]
            self._shown = None

    def handle_data(self, data: str) -> None:
        if self._shown is not None:
            self._shown += data


def lines_of(letter: RenderedLetter) -> list[str]:
    return [line for line in letter.text.splitlines() if line not in {"", ">"}]
