"""The digest book: one digest for each person and day, and whether it has left."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.digest import DigestFigures
from domain.identifiers import StaffId
from domain.staff import Role
from storage.digest_row import DigestRow
from storage.models import StaffRow


async def readers(session: AsyncSession) -> Sequence[StaffRow]:
    """Return the staff for whom there can be a digest: who looks after cases and wants one."""
    looks_after_cases = [Role.MEDIATOR.value, Role.ADVISER.value, Role.SUPERVISOR.value]
    rows = await session.scalars(
        select(StaffRow)
        .where(
            StaffRow.active,
            StaffRow.wants_digest,
            or_(*(StaffRow.roles.any_() == role for role in looks_after_cases)),
        )
        .order_by(StaffRow.id)
    )
    return rows.all()


async def is_wanted(session: AsyncSession, reader: StaffId) -> bool:
    """Tell whether somebody wants digests."""
    return (await session.get_one(StaffRow, reader)).wants_digest


async def wish(session: AsyncSession, reader: StaffId, *, wanted: bool) -> None:
    """Note whether somebody wants digests."""
    await session.execute(update(StaffRow).where(StaffRow.id == reader).values(wants_digest=wanted))


async def write(
    session: AsyncSession, reader: StaffId, day: date, figures: DigestFigures, now: datetime
) -> None:
    """Write the digest of a day, unless there is one already: that one stays."""
    await session.execute(
        insert(DigestRow)
        .values(
            id=uuid4(),
            staff_id=reader,
            day=day,
            figures=figures,
            attempts=0,
            written_at=now,
            next_attempt_at=now,
        )
        .on_conflict_do_nothing(index_elements=[DigestRow.staff_id, DigestRow.day])
    )


async def due(session: AsyncSession, day: date, now: datetime) -> Sequence[UUID]:
    """Return the digests of a day that have not left and whose next attempt is due."""
    rows = await session.scalars(
        select(DigestRow.id)
        .where(DigestRow.day == day, DigestRow.sent_at.is_(None), DigestRow.next_attempt_at <= now)
        .order_by(DigestRow.next_attempt_at)
    )
    return rows.all()


async def claim(session: AsyncSession, digest: UUID, now: datetime) -> DigestRow | None:
    """Lock a digest that is due, unless somebody else is sending it right now."""
    return await session.scalar(
        select(DigestRow)
        .where(
            DigestRow.id == digest,
            DigestRow.sent_at.is_(None),
            DigestRow.next_attempt_at <= now,
        )
        .with_for_update(skip_locked=True)
    )
