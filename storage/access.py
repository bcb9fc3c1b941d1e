"""Receipt codes, sessions and reply links: what opens a case, each stored as a hash only."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId, EntryNumber
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


@dataclass(frozen=True, slots=True)
class Opened:
    """What a code or a session opens.

    Attributes:
        mandate: by which a representative comes in; ``None`` for the complainant.
    """

    case: CaseId
    mandate: EntryNumber | None = None


async def add_receipt(
    session: AsyncSession,
    lookup: bytes,
    case: CaseId,
    now: datetime,
    mandate: EntryNumber | None = None,
) -> None:
    """Let a receipt code, given as its keyed hash, open a case.

    Args:
        mandate: whose code it is, unless it is the complainant's.
    """
    session.add(ReceiptRow(lookup=lookup, case_id=case, created_at=now, mandate=mandate))
    await session.flush()


async def opened_by_receipt(session: AsyncSession, lookup: bytes) -> Opened | None:
    """Return what a receipt code opens, and goes on opening until the transaction ends.

    Whoever shuts somebody out locks the case first, and so does a session that begins.
    """
    case = select(ReceiptRow.case_id).where(ReceiptRow.lookup == lookup).scalar_subquery()
    await session.execute(
        select(CaseRow.id).where(CaseRow.id == case).with_for_update(read=True, key_share=True)
    )
    row = await session.get(ReceiptRow, lookup)
    return None if row is None else _opened(row)


def _opened(row: ReceiptRow | SessionRow) -> Opened:
    return Opened(CaseId(row.case_id), None if row.mandate is None else EntryNumber(row.mandate))


async def known_receipts(session: AsyncSession, lookups: Collection[bytes]) -> Sequence[bytes]:
    """Return which of these open a case."""
    found = await session.scalars(select(ReceiptRow.lookup).where(ReceiptRow.lookup.in_(lookups)))
    return found.all()


async def add_session(
    session: AsyncSession, token_hash: bytes, opened: Opened, now: datetime, expires_at: datetime
) -> None:
    """Begin a session; forget those that have ended."""
    begun = SessionRow(
        token_hash=token_hash, case_id=opened.case, mandate=opened.mandate, expires_at=expires_at
    )
    await _begin(session, begun, now)


async def opened_by_session(
    session: AsyncSession, token_hash: bytes, now: datetime
) -> Opened | None:
    """Return what a session opens that has not ended."""
    row = await session.scalar(
        select(SessionRow).where(SessionRow.token_hash == token_hash, SessionRow.expires_at > now)
    )
    return None if row is None else _opened(row)


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


async def shut_out(
    session: AsyncSession,
    case: CaseId,
    but: bytes | None = None,
    mandate: EntryNumber | None = None,
) -> bool:
    """Let no receipt code of one person open a case any more, and end their sessions.

    The case has to be locked, or a session could begin meanwhile.

    Args:
        but: the hash of a session that goes on.
        mandate: whose codes and sessions; ``None`` for the complainant's own.

    Returns:
        Whether there was such a code.
    """
    gone = await session.scalars(
        delete(ReceiptRow)
        .where(ReceiptRow.case_id == case, ReceiptRow.mandate.is_not_distinct_from(mandate))
        .returning(ReceiptRow.lookup)
    )
    ended = delete(SessionRow).where(
        SessionRow.case_id == case, SessionRow.mandate.is_not_distinct_from(mandate)
    )
    if but is not None:
        ended = ended.where(SessionRow.token_hash != but)
    await session.execute(ended)
    return bool(gone.all())


async def mandates_in_force(session: AsyncSession, case: CaseId) -> frozenset[EntryNumber]:
    """Return the numbers of the mandates of a case that nobody has revoked."""
    found = await session.scalars(
        select(ReceiptRow.mandate).where(
            ReceiptRow.case_id == case, ReceiptRow.mandate.is_not(None)
        )
    )
    return frozenset(EntryNumber(number) for number in found if number is not None)


async def end_session(session: AsyncSession, token_hash: bytes) -> None:
    """End one session."""
    await session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))


async def end_institution_session(session: AsyncSession, token_hash: bytes) -> None:
    """End one session of an institution."""
    await session.execute(
        delete(InstitutionSessionRow).where(InstitutionSessionRow.token_hash == token_hash)
    )


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
