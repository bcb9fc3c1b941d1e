"""The depot: takes files in, keeps them sealed, gives clean copies out, and lets go of them.

An object is put before its row is written, so that no row ever names what is not there. What a
crash leaves in between is an orphan, which ``remove_orphans`` finds.
"""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from attachments import frames
from attachments.clean_room import CleanRoom
from attachments.frames import BrokenFrames
from attachments.objects import ObjectMissing, Objects, ObjectsUnavailable, new_object_name
from attachments.recognising import recognise
from attachments.refusal import FileRefused
from attachments.scanning import Scanner, ScannerUnavailable
from domain.attachments import MOST_PER_CASE, ScanState, Unacceptable, harmless_name
from domain.clock import Clock
from domain.identifiers import CaseId, EntryNumber
from storage.attachment_records import (
    Attachment,
    AttachmentRecords,
    SealedObject,
    object_names,
)
from storage.database import Database
from storage.vault import CannotOpen, Vault

_log = structlog.get_logger()

GRACE = timedelta(days=7)
"""How old an object is before it can count as an orphan.

Nobody can open an orphan: its key went with the request. So there is time to notice that the wrong
backup of the database was restored, in which rows are missing.
"""


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it was sent.

    Attributes:
        media_type: what its sender says that it is; nobody believes it.
    """

    name: str
    media_type: str
    content: bytes


class Infected(Exception):
    """A scanner found something in this file; its copy is not given out."""


class Depot:
    """Files of cases: the original as evidence, and the clean copy that others see.

    Args:
        scanner: without one, every file stays unscanned.
    """

    def __init__(
        self,
        database: Database,
        vault: Vault,
        clock: Clock,
        objects: Objects,
        clean_room: CleanRoom,
        scanner: Scanner | None = None,
    ) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._objects = objects
        self._clean_room = clean_room
        self._scanner = scanner

    async def put(self, case: CaseId, sent: SentFile) -> Attachment:
        """Clean a file and keep it, sealed; it belongs to no entry yet (see ``record``).

        Raises:
            FileRefused: when it is none that we take, or the case is full.
            ObjectsUnavailable: when it cannot be kept now.
        """
        kind = recognise(sent.content, sent.media_type, sent.name)
        async with self._database.transaction() as session:
            await self._refuse_too_many(session, case)
        copy = await self._clean_room.clean(sent.content, kind)
        identifier, key = uuid4(), frames.new_file_key()
        return Attachment(
            id=identifier,
            case=case,
            name=harmless_name(sent.name, kind.of_clean_copy),
            media_type=kind,
            size=len(copy),
            scan_state=await self._scanned(sent.content),
            key=key,
            original=await self._kept(key, _original(case, identifier), sent.content),
            copy=await self._kept(key, _copy(case, identifier), copy),
        )

    async def record(
        self, session: AsyncSession, attachment: Attachment, entry: EntryNumber
    ) -> None:
        """Write the row of what was put, in the transaction that wrote its entry.

        Raises:
            FileRefused: when the case is full by now; its row is locked, so that nobody passes.
        """
        await self._refuse_too_many(session, attachment.case)
        await AttachmentRecords(session, self._vault).add(attachment, entry)

    async def discard(self, attachment: Attachment) -> None:
        """Let go of what was put and never recorded; what cannot be reached is an orphan."""
        try:
            await self._objects.delete([attachment.original.name, attachment.copy.name])
        except ObjectsUnavailable as error:
            _log.warning("attachment_left_behind", error=type(error).__name__)

    async def of_case(self, case: CaseId) -> Sequence[tuple[EntryNumber, Attachment]]:
        """Return the attachments of a case, each with its entry, in order."""
        async with self._database.transaction() as session:
            return await AttachmentRecords(session, self._vault).of_case(case)

    async def of_entry(self, case: CaseId, entry: EntryNumber) -> Attachment | None:
        """Return the attachment of an entry, if it has one."""
        async with self._database.transaction() as session:
            return await AttachmentRecords(session, self._vault).of_entry(case, entry)

    async def find(self, case: CaseId, attachment: UUID) -> Attachment | None:
        """Return an attachment, if the case has it."""
        async with self._database.transaction() as session:
            return await AttachmentRecords(session, self._vault).find(case, attachment)

    async def clean_copy(self, attachment: Attachment) -> bytes:
        """Return the clean copy.

        Raises:
            Infected: when a scanner found something.
            CannotOpen: when the object is not the one that was sealed, or is gone.
            ObjectsUnavailable: when it cannot be reached now.
        """
        if attachment.scan_state is ScanState.INFECTED:
            raise Infected
        place = _copy(attachment.case, attachment.id)
        return await self._opened(attachment.key, place, attachment.copy)

    async def original(self, attachment: Attachment) -> bytes:
        """Return what was sent, byte by byte: evidence, never shown as it is.

        Raises:
            CannotOpen: when the object is not the one that was sealed, or is gone.
            ObjectsUnavailable: when it cannot be reached now.
        """
        place = _original(attachment.case, attachment.id)
        return await self._opened(attachment.key, place, attachment.original)

    async def remove_orphans(self) -> int:
        """Delete the objects that no row names and that are older than ``GRACE``; count them.

        Raises:
            ObjectsUnavailable: when some could not be listed or deleted.
        """
        old = [name async for name in self._objects.older_than(self._clock() - GRACE)]
        async with self._database.transaction() as session:
            named = set(await object_names(session))
        orphans = [name for name in old if name not in named]
        await self._objects.delete(orphans)
        return len(orphans)

    async def _refuse_too_many(self, session: AsyncSession, case: CaseId) -> None:
        if await AttachmentRecords(session, self._vault).count(case) >= MOST_PER_CASE:
            raise FileRefused(Unacceptable.TOO_MANY)

    async def _scanned(self, content: bytes) -> ScanState:
        if self._scanner is None:
            return ScanState.UNSCANNED
        try:
            return await self._scanner.scan(content)
        except ScannerUnavailable:
            _log.warning("attachment_unscanned")
            return ScanState.UNSCANNED

    async def _kept(self, key: bytes, place: str, content: bytes) -> SealedObject:
        sealed, digest = await asyncio.to_thread(_sealed, key, place, content)
        name = new_object_name()
        await self._objects.put(name, sealed)
        return SealedObject(name, digest)

    async def _opened(self, key: bytes, place: str, kept: SealedObject) -> bytes:
        try:
            sealed = await self._objects.get(kept.name)
            return await asyncio.to_thread(_opened, key, place, sealed, kept.digest)
        except (ObjectMissing, BrokenFrames) as error:
            raise CannotOpen("an attachment is gone or damaged") from error


def _sealed(key: bytes, place: str, content: bytes) -> tuple[bytes, bytes]:
    sealed = frames.seal(key, place, content)
    return sealed, hashlib.sha256(sealed).digest()


def _opened(key: bytes, place: str, sealed: bytes, digest: bytes) -> bytes:
    if hashlib.sha256(sealed).digest() != digest:
        raise CannotOpen("an attachment is not the one that was kept")
    return frames.open_(key, place, sealed)


def _original(case: CaseId, attachment: UUID) -> str:
    return f"{case}:{attachment}:original"


def _copy(case: CaseId, attachment: UUID) -> str:
    return f"{case}:{attachment}:copy"
