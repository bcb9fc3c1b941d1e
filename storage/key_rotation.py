"""Rotating wrapping keys: a new version, every data key wrapped anew, older versions destroyed.

The system goes on meanwhile: what was sealed stays as it is, since only the wrapping of its data
key changes, and each version opens until nothing is wrapped by it any more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.clock import Clock
from domain.identifiers import CaseId
from settings.key_ring import (
    VAULT_PURPOSES,
    KeyPurpose,
    KeyRingReadOnly,
    KeyRingUnusable,
    UnknownKey,
)
from storage.data_keys import DataKeys, register
from storage.database import Database
from storage.models import CaseKeyRow, CaseRow, WrappingKeyRow
from storage.wrapping_keys import KeyVersion, WrappingKeys

BATCH = 200
_CONTINUED_WITHIN = timedelta(days=1)
"""How old the current version may be for an interrupted rotation to go on with it."""
_ONE_AT_A_TIME = 0x6B657973  # an advisory lock: two commands never change a ring at once
_BEFORE_ALL = UUID(int=0)

type Tell = Callable[[int, int], None]
"""Is told how many data keys were wrapped anew, of how many."""


@dataclass(frozen=True, slots=True)
class Rotated:
    """What a rotation did.

    Attributes:
        is_new: whether the version was made now, or by a rotation that was interrupted.
        unopened: numbers of the cases with a data key that does not open, and stays as it is.
    """

    version: int
    is_new: bool
    rewrapped: int
    unopened: Sequence[str]


@dataclass(frozen=True, slots=True)
class Retired:
    """Which older versions wrap nothing any more, and how many data keys the others wrap."""

    unused: Sequence[int]
    in_use: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class VersionStatus:
    """A version, and how many data keys it wraps; ``key`` is missing when the ring lacks it."""

    version: int
    key: KeyVersion | None
    wraps: int


@dataclass(slots=True)
class _Walk:
    """One walk past the data keys that older versions wrap, in the order of their cases."""

    version: int
    after: UUID = _BEFORE_ALL
    rewrapped: int = 0
    unopened: list[UUID] = field(default_factory=list[UUID])


class KeyRotation:
    """Rotates the wrapping keys of one purpose at a time.

    Every method raises ``KeyRingUnusable`` when the ring cannot be read, or is not the one that
    belongs to this database.
    """

    def __init__(self, database: Database, wrapping: WrappingKeys, clock: Clock) -> None:
        self._database = database
        self._wrapping = wrapping
        self._data_keys = DataKeys(wrapping)
        self._clock = clock

    async def rotate(self, purpose: KeyPurpose, tell: Tell, batch: int = BATCH) -> Rotated:
        """Make a new version current, unless a rotation was interrupted; wrap every key by it.

        It may be killed at any moment and run again, and two may run at once.

        Raises:
            KeyRingReadOnly: when there is nothing to wrap anew, and no version can be made here.
        """
        version, is_new = await self._begin(purpose)
        async with self._database.transaction() as session:
            total = await _count_older(session, purpose, version)
        rewrapped = 0
        while True:
            walk = _Walk(version)
            while await self._rewrap_some(purpose, walk, batch):
                tell(rewrapped + walk.rewrapped, max(total, rewrapped + walk.rewrapped))
            rewrapped += walk.rewrapped
            # A process that had not noticed yet may have made a key behind this walk.
            if not walk.rewrapped:
                return Rotated(version, is_new, rewrapped, await self._numbers(walk.unopened))

    async def retire(self, purpose: KeyPurpose) -> Retired:
        """Let nobody wrap by the older versions any more that wrap nothing.

        They are still there until ``destroy``; cut off in between, the next call names them again.
        """
        async with self._database.transaction() as session:
            await _alone(session)
            current = await self._current(session, purpose)
            await _refuse_unused(session, purpose, current)
            older = await session.scalars(
                select(WrappingKeyRow)
                .where(WrappingKeyRow.purpose == purpose, WrappingKeyRow.version < current.version)
                .with_for_update()  # whoever just wraps by one of them is waited for
            )
            rows = older.all()
            wraps = await _wraps(session, purpose)
            in_use = {row.version: wraps[row.version] for row in rows if row.version in wraps}
            for row in rows:
                if row.version not in in_use:
                    await session.delete(row)
        there = [key.version for key in await self._wrapping.versions(purpose)]
        return Retired([v for v in there if v < current.version and v not in in_use], in_use)

    async def destroy(self, purpose: KeyPurpose, retired: Retired) -> None:
        """Destroy the versions that wrap nothing any more, for ever.

        Raises:
            KeyRingReadOnly: when that has to be done elsewhere.
        """
        if retired.unused:
            await self._wrapping.destroy(purpose, retired.unused)

    async def status(self, purpose: KeyPurpose) -> Sequence[VersionStatus]:
        """Return every version, oldest first, also those that only the database knows."""
        async with self._database.transaction() as session:
            wraps = await _wraps(session, purpose)
        there = {key.version: key for key in await self._wrapping.versions(purpose)}
        return [
            VersionStatus(version, there.get(version), wraps.get(version, 0))
            for version in sorted({*there, *wraps})
        ]

    async def _begin(self, purpose: KeyPurpose) -> tuple[int, bool]:
        """Return the version to wrap by, and whether it was made now.

        A version of the last day is gone on with. After that one is made in any case, so that a
        data key that does not open never keeps the others from a new version.
        """
        now = self._clock()
        async with self._database.transaction() as session:
            await _alone(session)
            current = await self._current(session, purpose)
            await register(session, purpose, current)
            interrupted = await _count_older(session, purpose, current.version) > 0
            if interrupted and now - current.created_at < _CONTINUED_WITHIN:
                return current.version, False
            versions = await self._wrapping.versions(purpose)
            try:
                await self._wrapping.add(purpose, versions[-1].version + 1, now)
            except KeyRingReadOnly:
                if not interrupted:
                    raise
                return current.version, False
            made = await self._current(session, purpose)
            await register(session, purpose, made)
            return made.version, True

    async def _current(self, session: AsyncSession, purpose: KeyPurpose) -> KeyVersion:
        await refuse_another_ring(session, self._wrapping, purpose)
        return next(key for key in await self._wrapping.versions(purpose) if key.is_current)

    async def _rewrap_some(self, purpose: KeyPurpose, walk: _Walk, batch: int) -> bool:
        """Wrap the next data keys anew, in one transaction; tell whether there were any."""
        async with self._database.transaction() as session:
            found = await session.scalars(
                select(CaseKeyRow)
                .where(
                    CaseKeyRow.purpose == purpose,
                    CaseKeyRow.version < walk.version,
                    CaseKeyRow.case_id > walk.after,
                )
                .order_by(CaseKeyRow.case_id)
                .limit(batch)
                .with_for_update()
            )
            rows = found.all()
            unopened = [row.case_id for row in rows if not await self._rewrap(session, row)]
        walk.rewrapped += len(rows) - len(unopened)
        walk.unopened += unopened
        walk.after = rows[-1].case_id if rows else walk.after
        return bool(rows)

    async def _rewrap(self, session: AsyncSession, row: CaseKeyRow) -> bool:
        try:
            data_key = await self._data_keys.unwrap(row)
        except (UnknownKey, ValueError):
            return False
        wrapped = await self._data_keys.wrap(session, CaseId(row.case_id), row.purpose, data_key)
        row.version, row.wrapped = wrapped.version, wrapped.content
        return True

    async def _numbers(self, cases: Sequence[UUID]) -> Sequence[str]:
        async with self._database.transaction() as session:
            numbers = await session.scalars(
                select(CaseRow.number).where(CaseRow.id.in_(cases)).order_by(CaseRow.number)
            )
            return numbers.all()


async def refuse_another_ring(
    session: AsyncSession, wrapping: WrappingKeys, purpose: KeyPurpose
) -> None:
    """Return when the ring has every version that the database was used with.

    Raises:
        KeyRingUnusable: when it lacks one, or has another key by that version.
    """
    there = {key.version: key.fingerprint for key in await wrapping.versions(purpose)}
    known = await session.scalars(select(WrappingKeyRow).where(WrappingKeyRow.purpose == purpose))
    for row in known:
        if there.get(row.version) != row.fingerprint:
            raise KeyRingUnusable(
                f"the key ring {purpose} does not have version {row.version} with which this "
                "database was used; put back the copy that is kept apart"
            )


async def refuse_other_rings(database: Database, wrapping: WrappingKeys) -> None:
    """Return when the rings are those that the database was used with.

    Raises:
        KeyRingUnusable: when one is not.
    """
    async with database.transaction() as session:
        for purpose in VAULT_PURPOSES:
            await refuse_another_ring(session, wrapping, purpose)


async def _refuse_unused(session: AsyncSession, purpose: KeyPurpose, current: KeyVersion) -> None:
    """Refuse a database that never used the current version: perhaps the ring is another's."""
    if await session.get(WrappingKeyRow, (purpose, current.version)) is None:
        raise KeyRingUnusable(
            f"this database was never used with version {current.version} of the key ring "
            f"{purpose}, so it cannot tell what needs the older ones; rotate first"
        )


async def _alone(session: AsyncSession) -> None:
    """Wait until no other command changes a ring; until the transaction ends none will."""
    await session.execute(select(func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))


async def _wraps(session: AsyncSession, purpose: KeyPurpose) -> Mapping[int, int]:
    """Return how many data keys each version wraps."""
    rows = await session.execute(
        select(CaseKeyRow.version, func.count())
        .where(CaseKeyRow.purpose == purpose)
        .group_by(CaseKeyRow.version)
    )
    return dict(rows.all())


async def _count_older(session: AsyncSession, purpose: KeyPurpose, version: int) -> int:
    count = await session.scalar(
        select(func.count())
        .select_from(CaseKeyRow)
        .where(CaseKeyRow.purpose == purpose, CaseKeyRow.version < version)
    )
    return count or 0
