"""What the database knows of attachments; the files themselves are objects outside of it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.attachments import MediaType, ScanState
from domain.identifiers import CaseId, EntryNumber
from storage.models import AttachmentRow
from storage.vault import Place, Vault


@dataclass(frozen=True, slots=True)
class SealedObject:
    """An object outside the database.

    Attributes:
        digest: the SHA-256 digest of the object, sealed as it is.
    """

    name: str
    digest: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file of a case.

    Attributes:
        name: of its clean copy.
        media_type: of what was sent.
        size: bytes of its clean copy, opened.
        key: opens both objects.
        original: what was sent, as it was.
        copy: the clean copy, which others see.
    """

    id: UUID
    case: CaseId
    name: str
    media_type: MediaType
    size: int
    scan_state: ScanState
    key: bytes
    original: SealedObject
    copy: SealedObject


class AttachmentRecords:
    """The records of attachments within one transaction."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def add(self, attachment: Attachment, entry: EntryNumber) -> None:
        """Record an attachment as the one of its entry."""
        described = {"name": attachment.name, "size": attachment.size}
        plain = json.dumps(described, ensure_ascii=False).encode()
        key_place, description_place = _places(attachment.case, attachment.id)
        self._session.add(
            AttachmentRow(
                id=attachment.id,
                case_id=attachment.case,
                entry_number=entry,
                media_type=attachment.media_type,
                scan_state=attachment.scan_state,
                file_key=await self._vault.seal(self._session, key_place, attachment.key),
                description=await self._vault.seal(self._session, description_place, plain),
                original_name=attachment.original.name,
                original_digest=attachment.original.digest,
                copy_name=attachment.copy.name,
                copy_digest=attachment.copy.digest,
            )
        )
        await self._session.flush()

    async def of_case(self, case: CaseId) -> Sequence[tuple[EntryNumber, Attachment]]:
        """Return the attachments of a case, each with its entry, in order."""
        rows = await self._session.scalars(
            select(AttachmentRow)
            .where(AttachmentRow.case_id == case)
            .order_by(AttachmentRow.entry_number)
        )
        return [(EntryNumber(row.entry_number), await self._opened(row)) for row in rows]

    async def find(self, case: CaseId, attachment: UUID) -> Attachment | None:
        """Return an attachment, if the case has it."""
        row = await self._session.get(AttachmentRow, attachment)
        if row is None or row.case_id != case:
            return None
        return await self._opened(row)

    async def of_entry(self, case: CaseId, entry: EntryNumber) -> Attachment | None:
        """Return the attachment of an entry, if it has one."""
        row = await self._session.scalar(
            select(AttachmentRow).where(
                AttachmentRow.case_id == case, AttachmentRow.entry_number == entry
            )
        )
        return None if row is None else await self._opened(row)

    async def count(self, case: CaseId) -> int:
        """Return how many attachments a case has."""
        count = select(func.count()).where(AttachmentRow.case_id == case)
        return await self._session.scalar(count) or 0

    async def _opened(self, row: AttachmentRow) -> Attachment:
        case = CaseId(row.case_id)
        key_place, description_place = _places(case, row.id)
        key = await self._vault.open(self._session, key_place, row.file_key)
        described = json.loads(
            await self._vault.open(self._session, description_place, row.description)
        )
        return Attachment(
            id=row.id,
            case=case,
            name=described["name"],
            media_type=row.media_type,
            size=described["size"],
            scan_state=row.scan_state,
            key=key,
            original=SealedObject(row.original_name, row.original_digest),
            copy=SealedObject(row.copy_name, row.copy_digest),
        )


async def object_names(session: AsyncSession, case: CaseId | None = None) -> Sequence[str]:
    """Return the names of all objects, or of those of one case."""
    rows = select(AttachmentRow.original_name, AttachmentRow.copy_name)
    if case is not None:
        rows = rows.where(AttachmentRow.case_id == case)
    return [name for row in await session.execute(rows) for name in row]


def _places(case: CaseId, attachment: UUID) -> tuple[Place, Place]:
    """Return the places of the key and of the description."""
    return (
        Place(case, "attachments.file_key", attachment),
        Place(case, "attachments.description", attachment),
    )
