"""Files come in the one way, too: kept and sealed first, then committed with their entry."""

import hashlib

from sqlalchemy.ext.asyncio import AsyncSession

from attachments.depot import Depot, SentFile
from delivery.reception import Reception, Request
from domain.entries import NO_DETAILS, EntryDetails, EntryKind
from domain.identifiers import CaseId, EntryNumber
from domain.parties import Party
from storage.case_file import NewEntry


class Attaching:
    """Takes in the files of a complainant."""

    def __init__(self, reception: Reception, depot: Depot) -> None:
        self._reception = reception
        self._depot = depot

    async def attach(
        self,
        case: CaseId,
        sent: SentFile,
        request: Request | None = None,
        details: EntryDetails = NO_DETAILS,
    ) -> EntryNumber:
        """Keep a file and append its entry; the same request again gets the same number.

        The entry, which never changes, tells the digest of what was sent.

        Args:
            details: tell who acts for the complainant, if anybody does.

        Raises:
            KeyReused: when the key was used with another file.
            attachments.refusal.FileRefused: when it is none that we take.
            attachments.objects.ObjectsUnavailable: when it cannot be kept now.
        """
        earlier = await self._reception.earlier_entry(case, request)
        if earlier is not None:
            return earlier
        attachment = await self._depot.put(case, sent)
        recorded = False

        async def record(session: AsyncSession, number: EntryNumber) -> None:
            nonlocal recorded
            await self._depot.record(session, attachment, number)
            recorded = True  # from here on only the database knows whether it is committed

        digest = hashlib.sha256(sent.content).hexdigest()
        entry = NewEntry(
            kind=EntryKind.ATTACHMENT,
            author=Party.COMPLAINANT,
            details=details,
            body={"attachment_id": str(attachment.id), "sha256": digest},
        )
        try:
            return await self._reception.entry(case, entry, request, record)
        finally:
            if not recorded:
                await self._depot.discard(attachment)
