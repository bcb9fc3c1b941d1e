"""The moved time of single cases, which only tests and the demo may have."""

from datetime import timedelta

from sqlalchemy import exists, select

from storage.database import Database
from storage.models import CaseRow


class MovedTime(RuntimeError):
    """Production found a case whose time was moved, and refuses to start."""


async def refuse_moved_time(database: Database) -> None:
    """Return when no case's time was moved.

    Raises:
        MovedTime: when one was.
    """
    async with database.transaction() as session:
        moved = await session.scalar(select(exists().where(CaseRow.time_offset != timedelta(0))))
    if moved:
        raise MovedTime("the time of at least one case was moved; this is no production database")


async def move_time(database: Database, number: str, by: timedelta) -> None:
    """Let one case's time run ahead by a further ``by``. For tests and the demo only."""
    async with database.transaction() as session:
        row = await session.scalar(
            select(CaseRow).where(CaseRow.number == number).with_for_update()
        )
        if row is None:
            raise LookupError("no such case")
        row.time_offset += by
