"""The bodies of a dossier: what a complainant can take to the next body."""

from datetime import date, datetime

from api.answers import ClockBody, EntryBody, InstitutionBody, ReferralBody
from api.schemas import Wire
from storage.models import LetterStatus


class DossierLetterBody(Wire):
    """A letter to the institution, as it stands in the case file."""

    title: str
    written_at: datetime
    status: LetterStatus
    text: str


class DossierBody(Wire):
    """What a complainant can take to the next body; nothing of the mediation itself."""

    case_number: str
    institution: InstitutionBody | None
    """Nothing for a question, of which there is no other side to tell."""
    made_on: date
    entries: list[EntryBody]
    """The complaint, what the mediator wrote to the institution, and what it said."""
    letters: list[DossierLetterBody]
    """What was sent to the institution, with its dates: also the proof of its silence."""
    clocks: list[ClockBody]
    timeline: list[str]
    referral: ReferralBody | None
