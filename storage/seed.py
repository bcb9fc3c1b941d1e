"""Fills the register and the staff from a TOML file; running it again changes nothing.

Usage: ``python -m storage.seed [FILE]``, by default the fictitious examples of this folder.
"""

import asyncio
import os
import sys
import tomllib
from pathlib import Path
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from domain.institutions import InstitutionKind
from domain.languages import Language
from domain.staff import Role
from storage.database import Database
from storage.models import InstitutionRow, StaffRow

EXAMPLES = Path(__file__).with_name("examples.toml")


async def seed(database: Database, toml: str) -> None:
    """Add or correct the institutions and staff members that a TOML text names.

    Raises:
        ValueError: when the file names a kind, role or language that does not exist.
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
                "language": Language(item.get("language", Language.DUTCH)),
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
                "language": Language(item.get("language", Language.DUTCH)),
                "languages": [Language(language).value for language in item["languages"]],
                "active": item.get("active", True),
            }
            await session.execute(
                insert(StaffRow)
                .values(values)
                .on_conflict_do_update(index_elements=[StaffRow.id], set_=values)
            )


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
