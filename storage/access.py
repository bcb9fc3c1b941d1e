"""Receipt codes, sessions and reply links: what opens a case, each stored as a hash only."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId
from storage.models import (
    CaseRow,
    CodeRequestRow,
    IdempotencyRow,
    InstitutionSessionRow,
    LetterRow,
    Lifecycle,
    ReceiptRow,
    ReplyLinkRow,
    SessionRow,
)

REMEMBERED = timedelta(hours=1)
"""How long a session that ended by itself is still known to have been one."""


async def add_receipt(session: AsyncSession, lookup: bytes, case: CaseId, now: datetime) -> None:
    """Let a receipt code, given as its keyed hash, open a case."""
    session.add(ReceiptRow(lookup=lookup, case_id=case, created_at=now))
    await session.flush()


async def case_of_receipt(session: AsyncSession, lookup: bytes) -> CaseId | None:
    """Return the case that a receipt code opens."""
    found = await session.scalar(select(ReceiptRow.case_id).where(ReceiptRow.lookup == lookup))
    return None if found is None else CaseId(found)


async def known_receipts(session: AsyncSession, lookups: Collection[bytes]) -> Sequence[bytes]:
    """Return which of these open a case."""
    found = await session.scalars(select(ReceiptRow.lookup).where(ReceiptRow.lookup.in_(lookups)))
    return found.all()


async def add_session(
    session: AsyncSession, token_hash: bytes, case: CaseId, now: datetime, expires_at: datetime
) -> None:
    """Begin a session; forget those that have ended."""
    await _begin(
        session, SessionRow(token_hash=token_hash, case_id=case, expires_at=expires_at), now
    )


async def case_of_session(session: AsyncSession, token_hash: bytes, now: datetime) -> CaseId | None:
    """Return the case of a session that has not ended."""
    found = await session.scalar(
        select(SessionRow.case_id).where(
            SessionRow.token_hash == token_hash, SessionRow.expires_at > now
        )
    )
    return None if found is None else CaseId(found)


async def number_of_session(session: AsyncSession, token_hash: bytes) -> str | None:
    """Return the number of the case of a session, also of one that ended by itself lately."""
    return await session.scalar(
        select(CaseRow.number)
        .join(SessionRow, SessionRow.case_id == CaseRow.id)
        .where(SessionRow.token_hash == token_hash)
    )


async def add_institution_session(
    session: AsyncSession, token_hash: bytes, case: CaseId, now: datetime, expires_at: datetime
) -> None:
    """Begin an institution's session in one case; forget those that have ended."""
    begun = InstitutionSessionRow(token_hash=token_hash, case_id=case, expires_at=expires_at)
    await _begin(session, begun, now)


async def _begin(
    session: AsyncSession, begun: SessionRow | InstitutionSessionRow, now: datetime
) -> None:
    kind = type(begun)
    await session.execute(delete(kind).where(kind.expires_at <= now - REMEMBERED))
    session.add(begun)
    await session.flush()


async def case_of_institution_session(
    session: AsyncSession, token_hash: bytes, now: datetime
) -> CaseRow | None:
    """Return the case that an institution's session opens; it ends with the case."""
    return await session.scalar(
        select(CaseRow)
        .join(InstitutionSessionRow, InstitutionSessionRow.case_id == CaseRow.id)
        .where(
            InstitutionSessionRow.token_hash == token_hash,
            InstitutionSessionRow.expires_at > now,
            CaseRow.lifecycle == Lifecycle.OPEN,
        )
    )


async def add_reply_link(
    session: AsyncSession,
    token_hash: bytes,
    letter: UUID,
    case: CaseRow,
    now: datetime,
) -> None:
    """Let a letter's reply link open the institution's side of the case."""
    await session.execute(
        insert(ReplyLinkRow)
        .values(
            token_hash=token_hash,
            letter_id=letter,
            case_id=case.id,
            institution_id=case.institution_id,
            created_at=now,
        )
        .on_conflict_do_nothing()
    )


async def case_of_reply_link(session: AsyncSession, token_hash: bytes) -> CaseRow | None:
    """Return the case that a reply link opens.

    It expires with the episode in which its letter was written: the institution does not learn by
    an old link that a case was reopened.
    """
    return await session.scalar(
        select(CaseRow)
        .join(ReplyLinkRow, ReplyLinkRow.case_id == CaseRow.id)
        .join(LetterRow, LetterRow.id == ReplyLinkRow.letter_id)
        .where(
            ReplyLinkRow.token_hash == token_hash,
            CaseRow.lifecycle == Lifecycle.OPEN,
            CaseRow.episode == LetterRow.episode,
        )
    )


async def shut_out(session: AsyncSession, case: CaseId, but: bytes | None = None) -> None:
    """Let no receipt code open a case any more, and end its sessions.

    Args:
        but: the hash of a session that goes on.
    """
    await session.execute(delete(ReceiptRow).where(ReceiptRow.case_id == case))
    ended = delete(SessionRow).where(SessionRow.case_id == case)
    if but is not None:
        ended = ended.where(SessionRow.token_hash != but)
    await session.execute(ended)


async def end_session(session: AsyncSession, token_hash: bytes) -> None:
    """End one session."""
    await session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))


async def end_institution_sessions(session: AsyncSession, case: CaseId) -> None:
    """End every session of the institution in a case."""
    await session.execute(
        delete(InstitutionSessionRow).where(InstitutionSessionRow.case_id == case)
    )


_DOORS = (
    SessionRow,
    ReceiptRow,
    CodeRequestRow,
    InstitutionSessionRow,
    ReplyLinkRow,
    IdempotencyRow,
)


async def close_doors(session: AsyncSession, case: CaseId) -> None:
    """Destroy everything that opens a case, or gives an answer about it again."""
    for door in _DOORS:
        await session.execute(delete(door).where(door.case_id == case))


async def open_doors(session: AsyncSession, case: CaseId) -> int:
    """Return how many things still open a case."""
    counts = [
        await session.scalar(select(func.count()).select_from(door).where(door.case_id == case))
        for door in _DOORS
    ]
    return sum(count or 0 for count in counts)
