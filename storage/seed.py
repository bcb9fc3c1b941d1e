"""Fills the register and the staff from a TOML file; running it again changes nothing.

Usage: ``python -m storage.seed [FILE]``, by default the fictitious examples of this folder.
"""

import asyncio
import os
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import InstitutionId, StaffId
from domain.institutions import InstitutionKind, Region
from domain.languages import Language, spoken
from domain.matching import ORDINARY_WEEK, Absence, ConflictKind
from domain.staff import Role
from storage import availability
from storage.database import Database
from storage.models import InstitutionRow, StaffRow

EXAMPLES = Path(__file__).with_name("examples.toml")


async def seed(database: Database, toml: str) -> None:
    """Add or correct the institutions and staff members that a TOML text names.

    Raises:
        ValueError: when the file names a kind, role, language or region that does not exist.
    """
    content = tomllib.loads(toml)
    async with database.transaction() as session:
        for item in content.get("institutions", []):
            values = {
                "id": item["id"],
                "kind": InstitutionKind(item["kind"]),
                "name": item["name"],
                "contact_address": item["contact_address"],
                "coordinator_address": item.get("coordinator_address"),
                "board_address": item.get("board_address"),
                "language": spoken(item.get("language", Language.DUTCH)),
                "region": Region(item["region"]) if "region" in item else None,
                "active": item.get("active", True),
            }
            await session.execute(
                insert(InstitutionRow)
                .values(values)
                .on_conflict_do_update(index_elements=[InstitutionRow.id], set_=values)
            )
        for item in content.get("staff", []):
            values = {
                "id": UUID(item["id"]),
                "subject": item["subject"],
                "name": item["name"],
                "address": item["address"],
                "roles": [Role(role).value for role in item["roles"]],
                "language": spoken(item.get("language", Language.DUTCH)),
                "languages": [Language(language).value for language in item["languages"]],
                "active": item.get("active", True),
                "institution_kinds": [
                    InstitutionKind(kind).value for kind in item.get("institution_kinds", [])
                ],
                "regions": [Region(region).value for region in item.get("regions", [])],
                "capacity": item.get("capacity"),
                "working_days": item.get("working_days", list(ORDINARY_WEEK)),
            }
            await session.execute(
                insert(StaffRow)
                .values(values)
                .on_conflict_do_update(index_elements=[StaffRow.id], set_=values)
            )
            await _set_availability(session, StaffId(UUID(item["id"])), item)


async def _set_availability(
    session: AsyncSession, member: StaffId, item: Mapping[str, Any]
) -> None:
    """Write absences and conflicts, where the file says anything of them."""
    if "absences" in item:
        absences = [Absence(one["first_day"], one["last_day"]) for one in item["absences"]]
        await availability.set_absences(session, member, absences)
    if "conflicts" in item:
        conflicts = {
            InstitutionId(one["institution"]): ConflictKind(one["kind"])
            for one in item["conflicts"]
        }
        await availability.set_institution_conflicts(session, member, conflicts)


async def _main(toml: str) -> None:
    database = Database(os.environ["WEDERHOOR_DATABASE_URL"])
    try:
        await seed(database, toml)
    finally:
        await database.close()


def main(file: Path) -> None:
    """Load a file into the database of WEDERHOOR_DATABASE_URL."""
    asyncio.run(_main(file.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLES)
