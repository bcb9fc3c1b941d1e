"""A backup of our database, with the erasure ledger beside it and without any key."""

import argparse
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import text

from domain.clock import system_clock
from operations import manifest, postgres_programs
from operations.ledger import heads_text, verified
from operations.manifest import DUMP, HEADS, Manifest
from operations.opening import opened
from operations.refusal import Refused
from settings.application import Settings
from storage import erasure_ledger
from storage.database import Database
from storage.erasure_ledger import ErasureLedger
from storage.ledger_chain import LedgerChain


def add_commands(commands: Any) -> None:
    """Add the commands of this module to the command line."""
    making = commands.add_parser("backup", help="dump our database into a new folder")
    making.add_argument("folder", type=Path)
    making.set_defaults(run=run_backup)


async def run_backup(settings: Settings, arguments: argparse.Namespace) -> int:
    """Make a backup in a folder that is not there yet.

    It is made beside its place and moved there whole, so that a folder of that name is a backup.
    """
    folder: Path = arguments.folder.resolve()
    _refuse_bad_place(folder, settings)
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    os.umask(0o077)
    partial.mkdir(parents=True)
    broken = await _fill(partial, settings)
    partial.rename(folder)
    sys.stdout.write(
        f"{folder} is complete. It holds no key: keep {settings.secrets_dir} apart from it, "
        "since without it nothing in the backup can be read.\n"
    )
    if broken:
        sys.stdout.write(f"The ledger has {broken} faults, also in this backup: ledger-verify.\n")
    return 0


async def _fill(folder: Path, settings: Settings) -> int:
    created_at = system_clock()
    async with opened(settings) as (database, secrets):
        revision = await _revision(database)
        # Before the dump, so that each head is in it.
        heads, faults = await verified(database, LedgerChain(secrets.ledger_key()))
        ledger = ErasureLedger(settings.erasure_ledger, secrets.erasure_key())
        await ledger.complete(database)
    (folder / HEADS).write_text(heads_text(heads), encoding="utf-8")
    sys.stderr.write("dumping the database\n")
    options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={folder / DUMP}")
    await postgres_programs.run(settings, "pg_dump", *options)
    # After the dump: whatever was erased before it ended is told.
    shutil.copyfile(ledger.file, folder / erasure_ledger.FILE)
    names = (DUMP, HEADS, erasure_ledger.FILE)
    Manifest(created_at, revision, manifest.described(folder, names)).write(folder)
    return len(faults)


def _refuse_bad_place(folder: Path, settings: Settings) -> None:
    if folder.exists():
        raise Refused(f"{folder} is there already: a backup goes into a new folder")
    for kept in (settings.secrets_dir, settings.erasure_ledger):
        if folder.is_relative_to(kept.resolve()):
            raise Refused(f"a backup does not belong into {kept}, which is kept apart from it")


async def _revision(database: Database) -> str:
    async with database.transaction() as session:
        revision = await session.scalar(text("SELECT version_num FROM alembic_version"))
    return str(revision)
