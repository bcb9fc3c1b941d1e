"""Sessions of the staff at the desk, and the sign-ins that begin them: each as a hash only."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import StaffId
from storage.models import StaffRow
from storage.session_rows import StaffSessionRow, StaffSignInRow

IDLE = timedelta(minutes=15)
AT_MOST = timedelta(hours=8)
SIGN_IN = timedelta(minutes=10)
"""How long somebody may take at the identity provider."""


async def begin_sign_in(session: AsyncSession, token_hash: bytes, now: datetime) -> None:
    """Remember that a browser was sent to sign in; forget those that never came back."""
    await session.execute(delete(StaffSignInRow).where(StaffSignInRow.expires_at <= now))
    session.add(StaffSignInRow(token_hash=token_hash, expires_at=now + SIGN_IN))
    await session.flush()


async def take_sign_in(session: AsyncSession, token_hash: bytes, now: datetime) -> bool:
    """Tell whether this browser was sent to sign in; it may come back once."""
    taken = await session.scalar(
        delete(StaffSignInRow)
        .where(StaffSignInRow.token_hash == token_hash, StaffSignInRow.expires_at > now)
        .returning(StaffSignInRow.expires_at)
    )
    return taken is not None


async def begin(session: AsyncSession, token_hash: bytes, member: StaffId, now: datetime) -> None:
    """Begin a session; forget those that have ended."""
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.expires_at <= now))
    begun = StaffSessionRow(
        token_hash=token_hash, staff_id=member, expires_at=now + IDLE, ends_at=now + AT_MOST
    )
    session.add(begun)
    await session.flush()


async def owner_of(session: AsyncSession, token_hash: bytes, now: datetime) -> StaffRow | None:
    """Return whose session this is, and let it go on; ``None`` when it ended, or they left."""
    used = await session.scalar(
        update(StaffSessionRow)
        .where(StaffSessionRow.token_hash == token_hash, StaffSessionRow.expires_at > now)
        .values(expires_at=func.least(now + IDLE, StaffSessionRow.ends_at))
        .returning(StaffSessionRow.staff_id)
    )
    return await session.scalar(select(StaffRow).where(StaffRow.id == used, StaffRow.active))


async def end(session: AsyncSession, token_hash: bytes) -> None:
    """End one session."""
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.token_hash == token_hash))


async def end_all_of(session: AsyncSession, member: StaffId) -> None:
    """End every session of a staff member."""
    await session.execute(delete(StaffSessionRow).where(StaffSessionRow.staff_id == member))
