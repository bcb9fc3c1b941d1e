"""The body of an export: all that is a complainant's, for programs."""

from datetime import date

from api.answers import AttachmentBody, EntryBody, LetterBody, MyCaseBody
from api.dossier_answers import DossierLetterBody
from api.schemas import Wire


class ExportedFileBody(AttachmentBody):
    """A file of the case; ``path`` is its clean copy in the export, if that could be added."""

    path: str | None


class ExportBody(Wire):
    """A copy of a case for the complainant (GDPR, articles 15 and 20)."""

    format: str
    """Changes with the meaning of what follows; a new field alone does not change it."""
    made_on: date
    case: MyCaseBody
    """Where it stands: clocks with their reasons, consents, notices, outcome, the way to go."""
    entries: list[EntryBody]
    """What arrived and may be theirs, with what became of it."""
    letters: list[LetterBody]
    letters_to_institution: list[DossierLetterBody]
    attachments: list[ExportedFileBody]
