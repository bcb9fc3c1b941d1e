"""Keeping the register of the staff: what an administrator does."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import any_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import StaffId
from domain.staff import Role
from storage.models import StaffRow
from storage.staff_sessions import end_all_of


class StaffMemberNotFound(LookupError):
    """Nobody in the register has this id."""


class SubjectTaken(ValueError):
    """Somebody in the register signs in as this subject already."""


class LastAdministrator(ValueError):
    """Nobody could keep the register any more."""


async def everybody(session: AsyncSession) -> Sequence[StaffRow]:
    """Return the staff, those who left too, by name."""
    return (await session.scalars(select(StaffRow).order_by(StaffRow.name, StaffRow.id))).all()


async def add(session: AsyncSession, member: StaffRow) -> None:
    """Add somebody.

    Raises:
        SubjectTaken: when their subject stands there already.
    """
    session.add(member)
    try:
        await session.flush()
    except IntegrityError as error:
        raise SubjectTaken from error


async def change(
    session: AsyncSession, identifier: StaffId, changes: Mapping[str, Any]
) -> StaffRow:
    """Change what the register says of somebody, and return it.

    Who leaves, or gets other roles, has to sign in anew.

    Args:
        changes: new values, by the names of columns.

    Raises:
        StaffMemberNotFound: when there is nobody with this id.
        LastAdministrator: when it would leave nobody who may change the register.
    """
    await _administrators(session)  # locked: two who remove each other wait here
    member = await session.get(StaffRow, identifier, with_for_update=True)
    if member is None:
        raise StaffMemberNotFound
    before = (member.active, set(member.roles))
    for name, value in changes.items():
        setattr(member, name, value)
    await session.flush()
    if not await _administrators(session):
        raise LastAdministrator
    if before != (member.active, set(member.roles)):
        await end_all_of(session, identifier)
    return member


async def _administrators(session: AsyncSession) -> Sequence[StaffRow]:
    found = await session.scalars(
        select(StaffRow)
        .where(StaffRow.active, any_(StaffRow.roles) == Role.ADMINISTRATOR.value)
        .order_by(StaffRow.id)
        .with_for_update()
    )
    return found.all()
