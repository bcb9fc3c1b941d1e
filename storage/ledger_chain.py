"""The ledger chain: shows whether entries of a case file were changed, removed, added or swapped.

Each entry has a link: HMAC-SHA-256 over the link before it and the entry's digest, which is an
HMAC-SHA-256 of all that is stored of the entry, its sealed text as it is. So the chain needs no key
of a case, and holds when that is destroyed; where the entries themselves were erased, digests and
links stay, and the chain still verifies without gaps.

What became of an entry (``entry_outcomes``) is not in the chain: it changes until a workflow
answers, and the workflow's history says the same.
"""

import hashlib
import hmac
import json
from collections.abc import AsyncGenerator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Enum, String, func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId, EntryNumber
from storage.column_types import JsonOf
from storage.database import Database
from storage.models import CaseRow, EntryRow, LedgerLinkRow, Lifecycle

type _Stored = Mapping[str, Any]
"""An entry by the names of its columns."""

_BATCH = 100
"""Cases that are verified in one transaction."""


class Fault(StrEnum):
    """What is wrong at one place of a chain."""

    CHANGED = "changed"
    """The entry is not the one that was linked."""
    MISSING = "missing"
    """There is a link, or a number, and no entry."""
    NOT_LINKED = "not linked"
    """There is an entry and no link: it was put in past the application."""
    BROKEN = "broken"
    """The link does not follow from the one before it."""
    TRUNCATED = "truncated"
    """An anchored head is not in the chain any more."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: in which case, and at which entry."""

    case_number: str
    entry: int
    fault: Fault


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one case's chain."""

    case_number: str
    entry: int
    link: bytes


class ChainAlreadyBegun(RuntimeError):
    """There are links already: whatever has none was put in past the application."""


class ChainNotBegun(RuntimeError):
    """There are entries from before the chain, and none of them is linked."""


class LedgerChain:
    """Makes and checks links.

    Args:
        key: the ledger key; who has it and the database can forge a chain that is not anchored.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    async def extend(self, session: AsyncSession, case: CaseRow, number: EntryNumber) -> None:
        """Link an entry that was just written; the case's row is locked by the caller.

        An entry that follows one without a link is linked to nothing, and verifying tells of it:
        a gap is never closed by going on.
        """
        before = await session.get(LedgerLinkRow, (case.id, number - 1))
        [stored] = await _stored_entries(session, CaseId(case.id), number)
        digest = self._digest(stored)
        session.add(
            LedgerLinkRow(
                case_id=case.id,
                number=number,
                digest=digest,
                link=self._link(before.link if before else self._root(case), number, digest),
            )
        )
        await session.flush()

    async def begin(self, session: AsyncSession) -> int:
        """Link every entry from before there was a chain; return how many there were.

        Raises:
            ChainAlreadyBegun: when any entry is linked.
        """
        if await session.scalar(select(func.count()).select_from(LedgerLinkRow)):
            raise ChainAlreadyBegun("the chain has begun; what is not linked cannot be trusted")
        linked = 0
        for case in await session.scalars(select(CaseRow).order_by(CaseRow.id)):
            link = self._root(case)
            for stored in await _stored_entries(session, CaseId(case.id)):
                digest = self._digest(stored)
                link = self._link(link, stored["number"], digest)
                row = LedgerLinkRow(
                    case_id=case.id, number=stored["number"], digest=digest, link=link
                )
                session.add(row)
                linked += 1
        await session.flush()
        return linked

    async def verify(
        self, session: AsyncSession, case: CaseRow, anchors: Sequence[Head]
    ) -> tuple[Head | None, Sequence[Finding]]:
        """Return the end of a case's chain, and what is wrong with it in the order of its entries.

        Args:
            anchors: earlier heads of this case, each of which must still be one of its links.
        """
        links = {
            row.number: row
            for row in await session.scalars(
                select(LedgerLinkRow).where(LedgerLinkRow.case_id == case.id)
            )
        }
        entries = {
            stored["number"]: self._digest(stored)
            for stored in await _stored_entries(session, CaseId(case.id))
        }
        faults = self._faults(case, links, entries)
        truncated = [
            (anchor.entry, Fault.TRUNCATED)
            for anchor in anchors
            if anchor.entry not in links or links[anchor.entry].link != anchor.link
        ]
        last = max(links, default=None)
        head = None if last is None else Head(case.number, last, links[last].link)
        return head, [Finding(case.number, *fault) for fault in [*faults, *truncated]]

    def _faults(
        self, case: CaseRow, links: Mapping[int, LedgerLinkRow], entries: Mapping[int, bytes]
    ) -> Iterator[tuple[int, Fault]]:
        last = max([case.entry_count, *links, *entries], default=0)
        link = self._root(case)
        for number in range(1, last + 1):
            row = links.get(number)
            if row is None:
                yield number, Fault.NOT_LINKED if number in entries else Fault.MISSING
                continue
            if number not in entries and case.lifecycle is not Lifecycle.ERASED:
                yield number, Fault.MISSING
            if number in entries and entries[number] != row.digest:
                yield number, Fault.CHANGED
            if row.link != self._link(link, number, row.digest) or number > case.entry_count:
                yield number, Fault.BROKEN
            link = row.link

    def _root(self, case: CaseRow) -> bytes:
        return self._mac(f"case:{case.id}:{case.number}".encode())

    def _digest(self, stored: _Stored) -> bytes:
        present = {name: _plain(value) for name, value in stored.items() if value is not None}
        return self._mac(json.dumps(present, sort_keys=True, ensure_ascii=False).encode())

    def _link(self, before: bytes, number: int, digest: bytes) -> bytes:
        return self._mac(before + number.to_bytes(8) + digest)

    def _mac(self, message: bytes) -> bytes:
        return hmac.digest(self._key, message, hashlib.sha256)


async def verify(
    database: Database, chain: LedgerChain, anchors: Iterable[Head] = ()
) -> AsyncGenerator[tuple[Sequence[Head], Sequence[Finding]]]:
    """Verify all cases, in the order of their ids, a batch in each transaction.

    Args:
        anchors: earlier heads; a case that is named there and does not exist is a finding, too.

    Yields:
        The heads of a batch of cases, and what is wrong with them.
    """
    anchored: dict[str, list[Head]] = {}
    for anchor in anchors:
        anchored.setdefault(anchor.case_number, []).append(anchor)
    after = UUID(int=0)
    while True:
        async with database.transaction() as session:
            cases = (
                await session.scalars(
                    select(CaseRow).where(CaseRow.id > after).order_by(CaseRow.id).limit(_BATCH)
                )
            ).all()
            if not cases:
                break
            verified = [
                await chain.verify(session, case, anchored.pop(case.number, [])) for case in cases
            ]
            after = cases[-1].id
        yield (
            [head for head, _ in verified if head is not None],
            [finding for _, findings in verified for finding in findings],
        )
    gone = [head for heads in anchored.values() for head in heads]
    if gone:
        yield [], [Finding(head.case_number, head.entry, Fault.TRUNCATED) for head in gone]


async def refuse_entries_from_before(database: Database) -> None:
    """Return when the chain has begun, or nothing needs it yet.

    Raises:
        ChainNotBegun: when there are entries and not one link.
    """
    async with database.transaction() as session:
        linked = await session.scalar(select(LedgerLinkRow.number).limit(1))
        written = await session.scalar(select(EntryRow.number).limit(1))
    if written is not None and linked is None:
        raise ChainNotBegun(
            "the entries are from before there was a ledger chain; "
            "run `python -m operations ledger-begin` once"
        )


async def _stored_entries(
    session: AsyncSession, case: CaseId, number: EntryNumber | None = None
) -> Sequence[_Stored]:
    """Return what is stored of a case's entries, or of one, as the database holds it."""
    statement = select(*_COLUMNS).where(EntryRow.case_id == case).order_by(EntryRow.number)
    if number is not None:
        statement = statement.where(EntryRow.number == number)
    rows = await session.execute(statement)
    return [dict(zip(_NAMES, row, strict=True)) for row in rows]


def _as_stored(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """Read a column without our own types, which know only the values of today."""
    if isinstance(column.type, Enum):
        return type_coerce(column, String)
    if isinstance(column.type, JsonOf):
        return type_coerce(column, JSONB)
    return column


_NAMES = EntryRow.__table__.columns.keys()
_COLUMNS = [_as_stored(column) for column in EntryRow.__table__.columns]


def _plain(value: object) -> object:
    match value:
        case bytes():
            return value.hex()
        case datetime():
            return value.astimezone(UTC).isoformat()
        case UUID():
            return str(value)
        case _:
            return value
