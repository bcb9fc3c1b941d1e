"""The vault that encrypts: every text under the data key of its case, bound to its place.

AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D). The data key of a case is random and
stored wrapped by a versioned wrapping key; whoever destroys it has erased the case, backups
included once their wrapping key is gone. Lengths are padded, so that the size of a sealed text
tells next to nothing.
"""

import secrets as randomness
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import CaseId
from domain.padding import padded, unpadded
from storage.models import CaseKeyRow
from storage.vault import CannotOpen, Place

_MARK = b"gcm:1:"
_NONCE = 12
_KEY = 32
_CACHE = "case_keys"


@dataclass(frozen=True, slots=True)
class WrappingKey:
    """A key that wraps the data keys of cases; never one that seals a text."""

    version: int
    key: bytes


class WrappingKeys(Protocol):
    """Where wrapping keys come from: a file today, a vault service one day."""

    @property
    def current(self) -> WrappingKey:
        """The one that wraps new data keys."""
        ...

    def of_version(self, version: int) -> WrappingKey:
        """Return the one of a version.

        Raises:
            LookupError: when it is not there, or not any more.
        """
        ...


class KeyFromSecret:
    """The one wrapping key that follows from the application's own key."""

    def __init__(self, key: bytes) -> None:
        self.current = WrappingKey(1, key)

    def of_version(self, version: int) -> WrappingKey:
        """Return the key, when that version is asked for."""
        if version != self.current.version:
            raise LookupError(f"there is no wrapping key of version {version}")
        return self.current


class SealedVault:
    """Seals texts; the database alone opens none of them."""

    def __init__(self, keys: WrappingKeys) -> None:
        self._keys = keys

    async def seal(self, session: AsyncSession, place: Place, plain: bytes) -> bytes:
        """Return ``plain`` encrypted for ``place``; a case gets its key with its first text."""
        key = await self._key_of(session, place.case) or await self._new_key(session, place.case)
        nonce = randomness.token_bytes(_NONCE)
        return _MARK + nonce + AESGCM(key).encrypt(nonce, padded(plain), _bound_to(place))

    async def open(self, session: AsyncSession, place: Place, sealed: bytes) -> bytes:
        """Return what was sealed for ``place``.

        Raises:
            CannotOpen: when the bytes were damaged, swapped or cut, or the key is gone.
        """
        key = await self._key_of(session, place.case)
        if key is None:
            raise CannotOpen(f"{place.column}: the key of this case is gone")
        if not sealed.startswith(_MARK):
            raise CannotOpen(f"{place.column} does not hold what this vault sealed")
        nonce, rest = sealed[len(_MARK) :][:_NONCE], sealed[len(_MARK) + _NONCE :]
        try:
            return unpadded(AESGCM(key).decrypt(nonce, rest, _bound_to(place)))
        except (InvalidTag, ValueError) as error:
            raise CannotOpen(f"{place.column} does not hold what was sealed for it") from error

    async def _key_of(self, session: AsyncSession, case: CaseId) -> bytes | None:
        cached: dict[CaseId, bytes] = session.info.setdefault(_CACHE, {})
        if case not in cached:
            row = await session.get(CaseKeyRow, case, populate_existing=True)
            if row is None:
                return None
            cached[case] = self._unwrapped(row)
        return cached[case]

    async def _new_key(self, session: AsyncSession, case: CaseId) -> bytes:
        wrapping, nonce = self._keys.current, randomness.token_bytes(_NONCE)
        data_key = AESGCM.generate_key(_KEY * 8)
        wrapped = AESGCM(wrapping.key).encrypt(nonce, data_key, _wrapped_for(case, wrapping))
        values = {"case_id": case, "version": wrapping.version, "wrapped": nonce + wrapped}
        # Whoever else makes it at the same moment: one of both is kept, and both use that one.
        await session.execute(insert(CaseKeyRow).values(values).on_conflict_do_nothing())
        kept = await self._key_of(session, case)
        if kept is None:
            raise CannotOpen("the key of this case could not be kept")
        return kept

    def _unwrapped(self, row: CaseKeyRow) -> bytes:
        try:
            wrapping = self._keys.of_version(row.version)
            nonce, wrapped = row.wrapped[:_NONCE], row.wrapped[_NONCE:]
            case = CaseId(row.case_id)
            return AESGCM(wrapping.key).decrypt(nonce, wrapped, _wrapped_for(case, wrapping))
        except (InvalidTag, ValueError, LookupError) as error:
            raise CannotOpen("the key of this case does not open") from error


def _bound_to(place: Place) -> bytes:
    return f"wederhoor:1:{place.case}:{place.column}:{place.row}".encode()


def _wrapped_for(case: CaseId, wrapping: WrappingKey) -> bytes:
    return f"wederhoor:case-key:1:{case}:{wrapping.version}".encode()
