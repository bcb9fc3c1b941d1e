"""The register of institutions and the staff."""

from collections.abc import Sequence, Set

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import InstitutionId, StaffId
from domain.letters import Contact
from domain.staff import Role
from storage.models import CaseRow, InstitutionRow, StaffRow


async def institutions(session: AsyncSession) -> Sequence[InstitutionRow]:
    """Return the institutions that a new complaint can be about, by name."""
    rows = await session.scalars(
        select(InstitutionRow).where(InstitutionRow.active).order_by(InstitutionRow.name)
    )
    return rows.all()


async def institution(session: AsyncSession, identifier: InstitutionId) -> InstitutionRow | None:
    """Return an institution, active or not."""
    return await session.get(InstitutionRow, identifier)


async def other_side_of(session: AsyncSession, case: CaseRow) -> InstitutionRow | None:
    """Return the institution that a case is about; a question has none."""
    if case.institution_id is None:
        return None
    return await session.get_one(InstitutionRow, case.institution_id)


async def institution_of(session: AsyncSession, case: CaseRow) -> InstitutionRow:
    """Return the institution that a complaint is about; the database keeps one for each."""
    return await session.get_one(InstitutionRow, case.institution_id)


def desk_address(row: InstitutionRow, desk: Contact) -> str:
    """Return where letters to a desk of an institution go; one without address is the first one."""
    addresses = {Contact.COORDINATOR: row.coordinator_address, Contact.BOARD: row.board_address}
    return addresses.get(desk) or row.contact_address


async def staff_by_subject(session: AsyncSession, subject: str) -> StaffRow | None:
    """Return the active staff member to whom an identity provider's subject belongs."""
    return await session.scalar(
        select(StaffRow).where(StaffRow.subject == subject, StaffRow.active)
    )


async def staff(session: AsyncSession) -> Sequence[StaffRow]:
    """Return the active staff, by subject."""
    rows = await session.scalars(select(StaffRow).where(StaffRow.active).order_by(StaffRow.subject))
    return rows.all()


async def supervisors(session: AsyncSession) -> Set[StaffId]:
    """Return who supervises now."""
    return {StaffId(row.id) for row in await staff(session) if Role.SUPERVISOR in row.roles}


async def staff_member(session: AsyncSession, identifier: StaffId) -> StaffRow | None:
    """Return a staff member, active or not."""
    return await session.get(StaffRow, identifier)
