"""The bodies of a dossier: what a complainant can take to the next body."""

from datetime import date, datetime

from api.answers import EntryBody, InstitutionBody, ReferralBody
from api.schemas import Wire
from domain.letters import Contact
from domain.standing import Standing
from storage.models import LetterStatus


class DossierLetterBody(Wire):
    """A letter to the institution, as it stands in the case file."""

    title: str
    written_at: datetime
    desk: Contact
    desk_text: str
    status: LetterStatus
    status_text: str
    sent_at: datetime | None
    """When the mail server took it. Whether anybody read it is not known."""
    text: str


class StandingBody(Wire):
    """Whether the institution has answered. Silence is said only where it is certain."""

    code: Standing
    text: str
    day: date | None
    """Of its answer or objection."""
    last_day: date | None
    """Of its term, where that is certain."""


class TermBody(Wire):
    """The institution's term: from which day, by which rule, and why it ends when it does."""

    since: date
    source: str
    statutory: bool
    verified: bool
    why: list[str]
    """Sentences in the language of the dossier."""


class DossierBody(Wire):
    """What a complainant can take to the next body; nothing of the mediation itself."""

    case_number: str
    institution: InstitutionBody
    """Nothing for a question, of which there is no other side to tell."""
    made_on: date
    standing: StandingBody
    term: TermBody | None
    entries: list[EntryBody]
    """The complaint, what the mediator wrote to the institution, and what it said."""
    letters: list[DossierLetterBody]
    """What left to the institution, or could not be delivered."""
    referral: ReferralBody | None
