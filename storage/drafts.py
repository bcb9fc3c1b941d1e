"""What people are still writing, each found by the hash of a cookie."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from storage.draft_rows import DraftRow


async def sealed_draft(session: AsyncSession, token_hash: bytes, now: datetime) -> bytes | None:
    """Return a draft that was not given up."""
    return await session.scalar(
        select(DraftRow.sealed).where(DraftRow.token_hash == token_hash, DraftRow.expires_at > now)
    )


async def keep(
    session: AsyncSession, token_hash: bytes, sealed: bytes, expires_at: datetime
) -> None:
    """Keep a draft in the place of what it was before."""
    values = {"sealed": sealed, "expires_at": expires_at}
    await session.execute(
        insert(DraftRow)
        .values(token_hash=token_hash, **values)
        .on_conflict_do_update(index_elements=[DraftRow.token_hash], set_=values)
    )


async def forget(session: AsyncSession, token_hash: bytes) -> None:
    """Forget a draft."""
    await session.execute(delete(DraftRow).where(DraftRow.token_hash == token_hash))


async def forget_given_up(session: AsyncSession, now: datetime) -> None:
    """Forget the drafts whose time is over."""
    await session.execute(delete(DraftRow).where(DraftRow.expires_at <= now))
