"""Keeping a file of a case."""

from attachments.depot import Depot, SentFile
from domain.entries import EntryKind
from domain.identifiers import CaseId
from storage.attachment_records import Attachment
from tests.storage.archive import Archive

NOTE = SentFile("notitie.txt", "text/plain", b"Wat er gebeurde.")


async def attach(depot: Depot, archive: Archive, case: CaseId, sent: SentFile = NOTE) -> Attachment:
    attachment = await depot.put(case, sent)
    entry = await archive.append(case, EntryKind.ATTACHMENT)
    async with archive.database.transaction() as session:
        await depot.record(session, attachment, entry)
    return attachment
