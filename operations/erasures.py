"""Replaying the erasure ledger: what was erased is erased again in a database that was restored."""

import argparse
import sys
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from activities.erasure import CaseObjects
from attachments.letting_go import ObjectsOfCases
from attachments.objects import open_objects
from domain.clock import system_clock
from domain.identifiers import CaseId
from operations.opening import opened
from settings.application import Settings
from storage import erasing
from storage.database import Database
from storage.erasure_ledger import ErasureLedger
from storage.models import CaseRow, ErasureRow

_BATCH = 100


def add_commands(commands: Any) -> None:
    """Add the commands of this module to the command line."""
    replaying = commands.add_parser(
        "erasures-replay", help="erase again what the erasure ledger names; restore does it itself"
    )
    replaying.set_defaults(run=run_replay)


async def run_replay(settings: Settings, arguments: argparse.Namespace) -> int:
    """Erase again what a database that was restored by hand has brought back."""
    async with opened(settings) as (database, secrets):
        ledger = ErasureLedger(settings.erasure_ledger, secrets.erasure_key())
        await replay(database, ledger, ObjectsOfCases(database, open_objects(settings)))
    return 0


async def replay(database: Database, ledger: ErasureLedger, objects: CaseObjects) -> int:
    """Erase every case that the ledger names and the database still holds; return how many.

    A case is erased whatever the database thinks of it: it may be open there. Doing it again
    changes nothing.
    """
    erased = ledger.erasures()
    again = 0
    after: UUID | None = UUID(int=0)
    while after is not None:
        async with database.transaction() as session:
            rows = await _batch(session, after)
            for row in rows:
                case = CaseId(row.id)
                erasure = erased.get(ledger.hash_of(case))
                if erasure is None or not await erasing.rows_left(session, row):
                    continue
                await objects.delete_objects_of(case)
                note = ErasureRow(
                    case_hash=erasure.case_hash, reason=erasure.reason, erased_at=system_clock()
                )
                await erasing.forget(session, row, note)
                again += 1
            after = rows[-1].id if rows else None
    sys.stdout.write(f"{again} cases were erased again\n")
    return again


async def _batch(session: AsyncSession, after: UUID) -> Sequence[CaseRow]:
    found = await session.scalars(
        select(CaseRow)
        .where(CaseRow.id > after)
        .order_by(CaseRow.id)
        .limit(_BATCH)
        .with_for_update()
    )
    return found.all()
