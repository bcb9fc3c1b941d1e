"""The data keys of cases: one for each purpose, kept wrapped, one row each.

Whoever deletes the rows of a case has erased what it says, backups included once the wrapping keys
of that day are destroyed.
"""

import secrets as randomness

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId
from settings.aead import KEY_BYTES
from settings.key_ring import KeyPurpose, KeyRingUnusable, UnknownKey
from storage.models import CaseKeyRow, WrappingKeyRow
from storage.vault import CannotOpen, KeyWithheld
from storage.wrapping_keys import KeyVersion, Wrapped, WrappingKeys

_CACHE = "data_keys"

type _Cache = dict[tuple[CaseId, KeyPurpose], bytes]


class DataKeys:
    """Finds and makes data keys; each is unwrapped once within a transaction."""

    def __init__(self, wrapping: WrappingKeys) -> None:
        self._wrapping = wrapping

    async def find(self, session: AsyncSession, case: CaseId, purpose: KeyPurpose) -> bytes | None:
        """Return the key, or nothing when there is none, or none any more.

        Raises:
            KeyWithheld: when what it was wrapped by is not there.
            CannotOpen: when it is not the key that was made for this case and purpose.
        """
        cache: _Cache = session.info.setdefault(_CACHE, {})
        if (case, purpose) not in cache:
            row = await _row_of(session, case, purpose)
            if row is None:
                return None
            cache[case, purpose] = await self._opened(session, row)
        return cache[case, purpose]

    async def find_or_make(self, session: AsyncSession, case: CaseId, purpose: KeyPurpose) -> bytes:
        """Return the key; it is made for the first text of its purpose.

        Raises:
            CannotOpen: when the key is there and does not open.
            KeyRingUnusable: when the ring is not the one that belongs to this database.
        """
        found = await self.find(session, case, purpose)
        if found is not None:
            return found
        wrapped = await self.wrap(session, case, purpose, randomness.token_bytes(KEY_BYTES))
        # Whoever else makes it at the same moment: one of both is kept, and both use that one.
        await session.execute(
            insert(CaseKeyRow)
            .values(case_id=case, purpose=purpose, version=wrapped.version, wrapped=wrapped.content)
            .on_conflict_do_nothing()
        )
        kept = await self.find(session, case, purpose)
        if kept is None:
            raise CannotOpen("the key of this case could not be kept")
        return kept

    async def wrap(
        self, session: AsyncSession, case: CaseId, purpose: KeyPurpose, data_key: bytes
    ) -> Wrapped:
        """Return a data key wrapped by the current version, which the database knows from now on.

        Raises:
            KeyRingUnusable: when the ring is not the one that belongs to this database.
        """
        wrapped = await self._wrapping.wrap(purpose, data_key, str(case))
        for key in await self._wrapping.versions(purpose):
            if key.version == wrapped.version:
                await register(session, purpose, key)
        return wrapped

    async def unwrap(self, row: CaseKeyRow) -> bytes:
        """Return the data key of a row.

        Raises:
            UnknownKey: when its wrapping key is not there, or not any more.
            ValueError: when it was damaged, or belongs to another case or purpose.
        """
        wrapped = Wrapped(row.version, row.wrapped)
        return await self._wrapping.unwrap(row.purpose, wrapped, str(row.case_id))

    async def _opened(self, session: AsyncSession, row: CaseKeyRow) -> bytes:
        try:
            try:
                return await self.unwrap(row)
            except UnknownKey:
                # Since it was read it may have been wrapped anew, and the old key destroyed.
                await session.refresh(row)
                return await self.unwrap(row)
        except (UnknownKey, KeyRingUnusable) as error:
            raise KeyWithheld(f"what wraps the key of this case is not there: {error}") from error
        except ValueError as error:
            raise CannotOpen("the key of this case does not open") from error


async def register(session: AsyncSession, purpose: KeyPurpose, key: KeyVersion) -> None:
    """Let the database know a wrapping key before its first use.

    Data keys refer to it, so it cannot be retired while one is wrapped by it; and once it is
    retired nobody can wrap by it any more, also not a process that has not noticed.

    Raises:
        KeyRingUnusable: when the database knows another key by this version, or newer ones only.
    """
    known = await session.get(WrappingKeyRow, (purpose, key.version))
    if known is None:
        await _add(session, purpose, key)
        known = await session.get(WrappingKeyRow, (purpose, key.version))
    if known is None or known.fingerprint != key.fingerprint:
        raise KeyRingUnusable(
            f"version {key.version} of the key ring {purpose} is not the one that this database "
            "was used with; put back the copy that is kept apart"
        )


async def _add(session: AsyncSession, purpose: KeyPurpose, key: KeyVersion) -> None:
    newest = await session.scalar(
        select(func.max(WrappingKeyRow.version)).where(WrappingKeyRow.purpose == purpose)
    )
    if newest is None or key.version > newest:
        await session.execute(
            insert(WrappingKeyRow)
            .values(purpose=purpose, version=key.version, fingerprint=key.fingerprint)
            .on_conflict_do_nothing()
        )


async def _row_of(session: AsyncSession, case: CaseId, purpose: KeyPurpose) -> CaseKeyRow | None:
    return await session.get(CaseKeyRow, (case, purpose), populate_existing=True)
