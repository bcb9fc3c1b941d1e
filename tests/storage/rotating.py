"""Rotations that can be watched, and broken off."""

from collections.abc import Awaitable, Callable, Collection
from datetime import timedelta

from sqlalchemy import select, text

from domain.identifiers import CaseId, EntryNumber
from settings.key_ring import KeyPurpose, KeyRing, KeyRingReadOnly
from storage.database import Database
from storage.key_rotation import KeyRotation
from storage.models import CaseKeyRow
from storage.wrapping_keys import RingKeys
from tests.storage.archive import Archive
from tests.storage.rings import MemoryStore

A_MONTH = timedelta(days=30)


class PulledPlug(Exception):
    """Stands for the end of the process."""


class FragileKeys(RingKeys):
    """Breaks off at the n-th time that it is used for something."""

    def __init__(self, store: MemoryStore, at: int) -> None:
        super().__init__(store)
        self._left = at

    def _use(self) -> None:
        self._left -= 1
        if self._left == 0:
            raise PulledPlug

    async def wrap(self, purpose: KeyPurpose, data_key: bytes, bound_to: str):
        self._use()
        return await super().wrap(purpose, data_key, bound_to)

    async def versions(self, purpose: KeyPurpose):
        self._use()
        return await super().versions(purpose)

    async def destroy(self, purpose: KeyPurpose, versions: Collection[int]) -> None:
        self._use()
        await super().destroy(purpose, versions)


class ReadOnlyStore(MemoryStore):
    """Comes from the environment."""

    def change(self, purpose: KeyPurpose, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
        raise KeyRingReadOnly("not from here")


def untold(_done: int, _total: int) -> None:
    """Leave the progress alone."""


def rotation_of(archive: Archive, rings: MemoryStore) -> KeyRotation:
    return KeyRotation(archive.database, RingKeys(rings), archive.clock)


async def versions_in_use(archive: Archive) -> set[int]:
    async with archive.database.transaction() as session:
        return set(await session.scalars(select(CaseKeyRow.version)))


async def stories(archive: Archive, cases: list[CaseId]) -> int:
    """Return how many of the cases can be read, in a transaction each."""
    readable = 0
    for case in cases:
        async with archive.file() as file:
            readable += "text" in await file.body_of(case, EntryNumber(1))
    return readable


def waits_for_a_lock(database: Database) -> Callable[[], Awaitable[bool | None]]:
    """Return the question whether anybody waits for a lock of the database."""

    async def ask() -> bool | None:
        async with database.transaction() as session:
            waiting = await session.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted"))
        return True if waiting else None

    return ask
