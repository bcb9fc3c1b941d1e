"""The digest office: sends digests, each at least once and under one Message-ID."""

from uuid import UUID

import structlog

from domain.calendar import civil_date
from domain.clock import Clock
from domain.identifiers import DigestId, StaffId
from mail.rendering import LetterRenderer
from mail.sending import (
    Envelope,
    MailPermanentlyRefused,
    MailTemporarilyFailed,
    Postman,
    message_id_for,
)
from storage import digest_book, directory
from storage.database import Database
from storage.digest_row import DigestRow
from storage.letter_book import postpone
from storage.models import StaffRow
from storage.persistence import keep_doing

_log = structlog.get_logger()


class DigestOffice:
    """Sends what the digest book holds for today; a digest of an earlier day is of no use."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        renderer: LetterRenderer,
        postman: Postman,
        *,
        public_url: str,
        message_id_domain: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._renderer = renderer
        self._postman = postman
        self._public_url = public_url
        self._message_id_domain = message_id_domain

    async def run(self, pause: float = 5.0) -> None:
        """Send due digests for ever, looking again every ``pause`` seconds."""
        await keep_doing(self.dispatch_due, pause, "digest_office_paused")

    async def dispatch_due(self) -> None:
        """Send the digests of today that are due."""
        now = self._clock()
        async with self._database.transaction() as session:
            due = await digest_book.due(session, civil_date(now), now)
        for digest in due:
            await self.dispatch(digest)

    async def dispatch(self, digest: UUID) -> None:
        """Send one digest, unless it has left or somebody else is sending it.

        Its row stays locked meanwhile, as a letter's does. Who left, or wants none any more, gets
        none.
        """
        async with self._database.transaction() as session:
            row = await digest_book.claim(session, digest, self._clock())
            if row is None:
                return
            reader = await directory.staff_member(session, StaffId(row.staff_id))
            if reader is None or not (reader.active and reader.wants_digest):
                row.next_attempt_at = None
                return
            await self._send(row, reader)

    async def _send(self, row: DigestRow, reader: StaffRow) -> None:
        rendered = self._renderer.render_digest(reader.language, row.figures, self._public_url)
        envelope = Envelope(
            message_id=message_id_for(DigestId(row.id), self._message_id_domain),
            to_address=reader.address,
            rendered=rendered,
            written_at=row.written_at,
        )
        now = self._clock()
        try:
            await self._postman.send(envelope)
        except MailPermanentlyRefused:
            row.next_attempt_at = None
            _log.warning("digest_refused")
        except MailTemporarilyFailed:
            postpone(row, now)
        else:
            row.sent_at = now
            row.next_attempt_at = None
