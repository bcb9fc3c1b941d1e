"""Files of a case: the complainant's side, and what both sides of the portal see of a file."""

from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Request, Response

from api.answers import AttachmentAcceptedBody, AttachmentBody, AttachmentsBody
from api.documentation import Node, may_refuse
from api.downloads import headers_of
from api.problems import Problem, language_of
from api.receiving import Handover, Incoming
from api.schemas import TEXT_LIMIT
from api.uploads import DOCUMENTED, sent_file
from api.who import EitherSession, Represented, Session
from api.wiring import Parts, Wiring
from attachments.depot import SentFile
from catalogues.texts import text
from domain.attachments import MediaType
from domain.identifiers import CaseId, EntryNumber
from domain.languages import Language
from storage.attachment_records import Attachment
from storage.models import EntryStatus

router = APIRouter(prefix="/my-case/attachments", tags=["complainant"])

_ENTRIES = "/v1/my-case/entries"

COPY_ANSWERS: dict[int | str, Node] = {
    200: {
        "description": "The clean copy.",
        "content": {kind.of_clean_copy.value: {} for kind in MediaType},
    },
    **may_refuse(403, 404),
}
"""The documentation of an answer that is a clean copy."""


class CleanCopy(Response):
    """A file to save, which no browser shows, runs or guesses at."""

    def __init__(self, attachment: Attachment, content: bytes, status_code: int = 200) -> None:
        kind = attachment.media_type.of_clean_copy
        headers = headers_of(_as_download(attachment.name, kind))
        super().__init__(content, status_code, headers, kind.value)


@router.post("", status_code=202, openapi_extra=DOCUMENTED, responses=may_refuse(422))
async def attach(
    parts: Parts, incoming: Incoming, either: EitherSession, request: Request
) -> AttachmentAcceptedBody:
    """Add a file for the mediator: JPEG, PNG, HEIC, PDF or TXT, as the field `file` of a form.

    It is kept as it is, sealed. What others see is a copy without hidden data, such as the place
    where a photo was made.
    """
    return await take_in(parts, incoming, either, await sent_file(request), language_of(request))


async def take_in(
    parts: Wiring, incoming: Handover, either: Session, sent: SentFile, language: Language
) -> AttachmentAcceptedBody:
    """Keep a file that came with a form, and add it to the case.

    Raises:
        Problem: when the case does not have it afterwards.
    """
    await incoming.refuse_receipt_codes(file=_words_of(sent))
    number = await incoming.file(either.case, sent, _ENTRIES, either.details)
    attachment = await parts.depot.of_entry(either.case, number)
    if attachment is None:
        raise Problem(404, "not-found")
    return AttachmentAcceptedBody(
        number=number,
        status=EntryStatus.UNDELIVERED,
        attachment=attachment_body(number, attachment, language),
    )


@router.get("")
async def list_attachments(parts: Parts, case: Represented, request: Request) -> AttachmentsBody:
    """List the files of the case."""
    return attachments_body(await parts.depot.of_case(case), language_of(request))


@router.get("/{attachment_id}", response_class=CleanCopy, responses=COPY_ANSWERS)
async def read_attachment(parts: Parts, case: Represented, attachment_id: UUID) -> CleanCopy:
    """Give the clean copy of a file."""
    return await clean_copy(parts, case, attachment_id)


async def clean_copy(parts: Wiring, case: CaseId, attachment_id: UUID) -> CleanCopy:
    """Return the clean copy of a file of this case.

    Raises:
        Problem: when the case has no such file.
    """
    attachment = await parts.depot.find(case, attachment_id)
    if attachment is None:
        raise Problem(404, "not-found")
    return CleanCopy(attachment, await parts.depot.clean_copy(attachment))


def attachments_body(
    found: Sequence[tuple[EntryNumber, Attachment]], language: Language
) -> AttachmentsBody:
    """Present the files of a case."""
    return AttachmentsBody(
        attachments=[attachment_body(entry, one, language) for entry, one in found]
    )


def attachment_body(
    entry: EntryNumber, attachment: Attachment, language: Language
) -> AttachmentBody:
    """Present a file of a case."""
    return AttachmentBody(
        id=attachment.id,
        entry_number=entry,
        name=attachment.name,
        media_type=attachment.media_type.of_clean_copy,
        size=attachment.size,
        scan_state=attachment.scan_state,
        scan_text=text(language, f"scan.{attachment.scan_state}"),
    )


def _words_of(sent: SentFile) -> str:
    """Return what can be read in a file without opening it, as much as a message may hold."""
    head = sent.content[:TEXT_LIMIT].decode(errors="replace")
    return f"{sent.name}\n{head}"


def _as_download(name: str, kind: MediaType) -> str:
    """Return how a browser is told to save a file, by which name (RFC 6266)."""
    return f"attachment; filename=\"file{kind.extension}\"; filename*=UTF-8''{quote(name, safe='')}"
