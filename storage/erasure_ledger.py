"""The erasure ledger: which cases were erased, in a file that no restore of the database undoes.

A line for each erasure, only ever added: a keyed hash of the case's id, the moment, and the reason.
It is written before anything of a case is destroyed, and reaches the disk before that goes on. So
whatever backup is restored afterwards, it is known which of its cases must not be read again.
"""

import asyncio
import fcntl
import hashlib
import hmac
import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from domain.identifiers import CaseId
from domain.retention import ErasureReason
from settings.private_files import reach_the_disk
from storage.database import Database
from storage.models import CaseKeyRow, CaseRow, ErasureRow, Lifecycle

FILE = "erasures.jsonl"


class ErasureLedgerDamaged(RuntimeError):
    """A line of the file is not one that was written here."""


class ErasedCaseReadable(RuntimeError):
    """A case that was erased has a key again: an old backup was restored and nothing replayed."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """One erasure.

    Attributes:
        case_hash: HMAC-SHA-256 of the case's id.
        begun_at: in UTC.
    """

    case_hash: bytes
    begun_at: datetime
    reason: ErasureReason

    def line(self) -> str:
        """Return it as a line of the file."""
        values = {
            "case": self.case_hash.hex(),
            "at": self.begun_at.astimezone(UTC).isoformat(timespec="seconds"),
            "reason": self.reason.value,
        }
        return f"{json.dumps(values)}\n"


class ErasureLedger:
    """The file in its folder; several processes of one machine may add to it.

    Args:
        key: the key under which cases are named.
    """

    def __init__(self, folder: Path, key: bytes) -> None:
        self.file = folder / FILE
        self._key = key

    def hash_of(self, case: CaseId) -> bytes:
        """Return what a case is called in the ledger."""
        return hmac.digest(self._key, case.bytes, hashlib.sha256)

    def erasures(self) -> dict[bytes, Erasure]:
        """Return every erasure, by the hash of its case; the first one counts.

        Raises:
            ErasureLedgerDamaged: when a line cannot be read.
            OSError: when the file cannot be.
        """
        return _parsed(self.file.read_bytes()) if self.file.exists() else {}

    def add(self, erasures: Collection[Erasure]) -> None:
        """Write those that are not there yet, down to the disk.

        Raises:
            OSError: when that is not possible; then nothing may be destroyed.
        """
        self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self.file, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(handle, "rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            content = file.read()
            known = _parsed(content)
            new = [erasure for erasure in erasures if erasure.case_hash not in known]
            file.truncate(content.rfind(b"\n") + 1)
            file.write("".join(erasure.line() for erasure in new).encode())
            file.flush()
            os.fsync(file.fileno())
        reach_the_disk(self.file.parent)

    async def complete(self, database: Database) -> None:
        """Make the file if it is not there, with every erasure that the database knows of.

        Raises:
            OSError: when nothing can be written there.
        """
        async with database.transaction() as session:
            rows = (await session.scalars(select(ErasureRow))).all()
        known = [Erasure(row.case_hash, row.erased_at, row.reason) for row in rows]
        await asyncio.to_thread(self.add, known)

    async def readable_cases(self, database: Database) -> list[CaseId]:
        """Return the cases that were erased and have a key all the same."""
        erased = self.erasures()
        if not erased:
            return []
        async with database.transaction() as session:
            with_key = await session.scalars(select(CaseKeyRow.case_id).distinct())
            return [CaseId(case) for case in with_key if self.hash_of(CaseId(case)) in erased]

    async def refuse_erased_cases(self, database: Database) -> None:
        """Return when no erased case can be read; one whose erasure is under way is let pass.

        Raises:
            ErasedCaseReadable: when one can.
        """
        readable = await self.readable_cases(database)
        async with database.transaction() as session:
            forgotten = await session.scalar(
                select(CaseRow.id)
                .where(CaseRow.id.in_(readable), CaseRow.lifecycle != Lifecycle.ERASE_DUE)
                .limit(1)
            )
        if forgotten is not None:
            raise ErasedCaseReadable(
                "the database holds the key of a case that was erased; "
                "run `python -m operations erasures-replay` first"
            )


def _parsed(content: bytes) -> dict[bytes, Erasure]:
    # A line without its end was never finished: what it tells of had not begun.
    *lines, _ = content.split(b"\n")
    found: dict[bytes, Erasure] = {}
    for place, line in enumerate(lines, start=1):
        erasure = _erasure_of(line, place)
        found.setdefault(erasure.case_hash, erasure)
    return found


def _erasure_of(line: bytes, place: int) -> Erasure:
    try:
        values = json.loads(line)
        return Erasure(
            bytes.fromhex(values["case"]),
            datetime.fromisoformat(values["at"]),
            ErasureReason(values["reason"]),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ErasureLedgerDamaged(f"line {place} of {FILE} cannot be read") from error
