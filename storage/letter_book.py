"""The letter book: every letter that was written, once, and how far it has come."""

import dataclasses
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId
from domain.letters import LEAVES_ANEW, REMINDERS, Letter
from domain.parties import Party
from storage.digest_row import DigestRow
from storage.models import CaseRow, EntryOutcomeRow, LetterRow, LetterStatus
from storage.vault import Place, Vault, place_of_letter

FIRST_PAUSE = timedelta(seconds=2)
LONGEST_PAUSE = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=48)
"""How long an unreachable mail server is tried before people are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterText:
    """The rendered text of a letter, as stored; an institution's reply link is not in it."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterContent:
    """What a letter says.

    Attributes:
        filed: what stands in the case file.
        mailed: what leaves by e-mail: for a complainant no more than that there is news.
        unsigned: what leaves instead of a letter with the complainant's name, once that may not
            be told any more.
    """

    filed: LetterText
    mailed: LetterText
    unsigned: LetterText | None = None


class LetterBook:
    """The letter book within one transaction."""

    def __init__(self, session: AsyncSession, vault: Vault) -> None:
        self._session = session
        self._vault = vault

    async def find(self, letter: UUID) -> LetterRow | None:
        """Return a letter, if it was written."""
        return await self._session.get(LetterRow, letter, populate_existing=True)

    async def write(self, row: LetterRow, content: LetterContent) -> None:
        """Write a letter, or write it anew when it was cancelled before it went out."""
        plain = json.dumps(dataclasses.asdict(content), ensure_ascii=False)
        row.body = await self._vault.seal(self._session, _place(row), plain.encode())
        await self._session.merge(row)
        await self._session.flush()

    async def content_of(self, row: LetterRow) -> LetterContent:
        """Return what a letter says."""
        plain = json.loads(await self._vault.open(self._session, _place(row), row.body))
        unsigned = plain.get("unsigned")
        return LetterContent(
            filed=LetterText(**plain["filed"]),
            mailed=LetterText(**plain["mailed"]),
            unsigned=LetterText(**unsigned) if unsigned else None,
        )

    async def letters_to(self, case: CaseId, recipient: Party) -> Sequence[LetterRow]:
        """Return the letters to one side of a case, oldest first."""
        rows = await self._session.scalars(
            select(LetterRow)
            .where(
                LetterRow.case_id == case,
                LetterRow.recipient == recipient,
                LetterRow.status != LetterStatus.CANCELLED,
            )
            .order_by(LetterRow.written_at, LetterRow.queued_at, LetterRow.id)
        )
        return rows.all()

    async def sent_to(self, case: CaseId, recipient: Party) -> Sequence[LetterRow]:
        """Return the letters that have left to one side of a case, oldest first."""
        rows = await self.letters_to(case, recipient)
        return [row for row in rows if row.status is LetterStatus.SENT]

    async def claim(self, letter: UUID, now: datetime) -> LetterRow | None:
        """Lock a queued letter that is due, unless somebody else is sending it right now."""
        return await self._session.scalar(
            select(LetterRow)
            .where(
                LetterRow.id == letter,
                LetterRow.status == LetterStatus.QUEUED,
                LetterRow.next_attempt_at <= now,
            )
            .with_for_update(skip_locked=True)
        )


async def due_letters(session: AsyncSession, now: datetime, limit: int) -> Sequence[UUID]:
    """Return the ids of queued letters whose next attempt is due.

    A letter of a case with an unanswered entry may not leave; it is passed over, so that many of
    those never stand in the way of others.
    """
    unanswered = exists().where(
        EntryOutcomeRow.case_id == LetterRow.case_id, EntryOutcomeRow.settled_at.is_(None)
    )
    rows = await session.scalars(
        select(LetterRow.id)
        .where(
            LetterRow.status == LetterStatus.QUEUED,
            LetterRow.next_attempt_at <= now,
            ~unanswered,
        )
        .order_by(LetterRow.next_attempt_at)
        .limit(limit)
    )
    return rows.all()


async def queue_length(session: AsyncSession) -> int:
    """Return how many letters wait to be sent."""
    count = await session.scalar(
        select(func.count()).select_from(LetterRow).where(LetterRow.status == LetterStatus.QUEUED)
    )
    return count or 0


async def retry(session: AsyncSession, case: CaseId, now: datetime) -> None:
    """Let the letters of a case that failed, or wait for their next attempt, be due at once.

    One that failed is tried as long as a new one, under the Message-ID that it has. A reminder
    that failed speaks of a day that has gone by, and an offer to somebody of who was asked then;
    those stay as they are, and so do the letters of an earlier episode. The first letter to an
    institution is written anew when its case calls for it.
    """
    of_this_episode = (
        LetterRow.case_id == case,
        LetterRow.episode == select(CaseRow.episode).where(CaseRow.id == case).scalar_subquery(),
    )
    await session.execute(
        update(LetterRow)
        .where(*of_this_episode, LetterRow.status == LetterStatus.QUEUED)
        .values(next_attempt_at=now)
    )
    await session.execute(
        update(LetterRow)
        .where(
            *of_this_episode,
            LetterRow.status == LetterStatus.FAILED,
            LetterRow.letter.not_in(REMINDERS | LEAVES_ANEW | {Letter.CASE_OFFER}),
        )
        .values(status=LetterStatus.QUEUED, attempts=0, queued_at=now, next_attempt_at=now)
    )


def postpone(row: LetterRow | DigestRow, now: datetime) -> None:
    """Note a failed attempt: try again after a pause that grows with their number."""
    row.attempts += 1
    row.next_attempt_at = now + pause_after(row.attempts)


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many failed attempts."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 10), LONGEST_PAUSE)


def hold(row: LetterRow, now: datetime) -> None:
    """Let a letter wait that may not leave just now; nothing was tried."""
    row.next_attempt_at = now + LONGEST_PAUSE


def _place(row: LetterRow) -> Place:
    return place_of_letter(CaseId(row.case_id), row.id, row.letter)
