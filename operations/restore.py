"""Putting a backup back: the database as it was, without what was erased since."""

import argparse
import asyncio
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic.util import CommandError
from sqlalchemy import text

from attachments.letting_go import ObjectsOfCases
from attachments.objects import open_objects
from operations import manifest, postgres_programs
from operations.erasures import replay
from operations.manifest import DUMP
from operations.opening import opened
from operations.refusal import Refused
from settings.application import Settings
from storage import prepare
from storage.database import Database
from storage.erasure_ledger import ErasureLedger
from storage.models import ErasureRow

EMPTYING = """
DO $$
DECLARE found record;
BEGIN
    FOR found IN SELECT format('%I.%I', schemaname, tablename) AS name
                 FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE 'DROP TABLE ' || found.name || ' CASCADE';
    END LOOP;
    FOR found IN SELECT oid::regprocedure AS name
                 FROM pg_proc WHERE pronamespace = 'public'::regnamespace LOOP
        EXECUTE 'DROP FUNCTION ' || found.name || ' CASCADE';
    END LOOP;
END
$$
"""
"""Drops what is ours, whatever release it is of."""


def add_commands(commands: Any) -> None:
    """Add the commands of this module to the command line."""
    restoring = commands.add_parser(
        "restore", help="put a backup back, and erase again what was erased since"
    )
    restoring.add_argument("folder", type=Path)
    restoring.add_argument(
        "--replace", action="store_true", help="throw away what the database holds now"
    )
    restoring.add_argument(
        "--erasure-ledger-lost",
        action="store_true",
        help="go on with the backup's own copy: what was erased after it comes back",
    )
    restoring.set_defaults(run=run_restore)


async def run_restore(settings: Settings, arguments: argparse.Namespace) -> int:
    """Restore our database; nobody may be served before this has ended."""
    folder: Path = arguments.folder.resolve()
    backup = manifest.read(folder)
    async with opened(settings) as (database, secrets):
        ledger = ErasureLedger(settings.erasure_ledger, secrets.erasure_key())
        if not ledger.file.exists() and not arguments.erasure_ledger_lost:
            raise Refused(
                f"{ledger.file} is not there, so nobody knows what was erased after this backup. "
                "Bring it back, or say --erasure-ledger-lost."
            )
        await _refuse_company(database)
        await _refuse_content(database, ledger, replace=arguments.replace)
    sys.stderr.write(f"restoring the database of {backup.created_at:%Y-%m-%d %H:%M} UTC\n")
    await _restore(settings, folder / DUMP)
    await _migrate(backup.revision)
    async with opened(settings) as (database, secrets):
        copied = ErasureLedger(folder, secrets.erasure_key())
        ledger.add(copied.erasures().values())
        await replay(database, ledger, ObjectsOfCases(database, open_objects(settings)))
        await ledger.refuse_erased_cases(database)
    sys.stdout.write(
        f"Restored. Look at the ledger before serving: "
        f"ledger-verify --against {folder / manifest.HEADS}\n"
    )
    return 0


async def _refuse_company(database: Database) -> None:
    query = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        " AND backend_type = 'client backend'"
    )
    async with database.transaction() as session:
        others = await session.scalar(query)
    if others:
        raise Refused(f"{others} others use the database: stop the API and the worker first")


async def _refuse_content(database: Database, ledger: ErasureLedger, *, replace: bool) -> None:
    query = text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    async with database.transaction() as session:
        tables = set(await session.scalars(query))
    if tables and not replace:
        raise Refused("the database is not empty; say --replace to throw that away")
    if ErasureRow.__tablename__ in tables:
        await ledger.complete(database)  # what it knows is about to be thrown away


async def _restore(settings: Settings, dump: Path) -> None:
    """Put a dump in the place of what the database holds: in one transaction, or not at all."""
    with TemporaryDirectory(prefix="wederhoor-restore-") as scratch:
        script = Path(scratch) / "script.sql"
        options = ("--no-owner", "--no-privileges", "--schema=public", f"--file={script}")
        await postgres_programs.run(settings, "pg_restore", *options, str(dump))
        options = ("--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--single-transaction")
        await postgres_programs.run(
            settings, "psql", *options, f"--command={EMPTYING}", f"--file={script}"
        )


async def _migrate(revision: str) -> None:
    try:
        await asyncio.to_thread(prepare.migrate)
    except CommandError:
        raise Refused(f"the backup is of a later release (migration {revision})") from None
