"""Wrapping keys: what wraps the data keys of cases, each for one purpose, in versions.

``RingKeys`` has them at hand. A vault service that never gives its keys away is another
``WrappingKeys``.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from settings.aead import decrypt, encrypt
from settings.key_ring import KeyPurpose, KeyRing
from settings.key_stores import RingStore


@dataclass(frozen=True, slots=True)
class KeyVersion:
    """What may be known of a wrapping key.

    Attributes:
        fingerprint: tells it from any other key; tells nothing of the key itself.
    """

    version: int
    created_at: datetime
    fingerprint: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A data key, wrapped by the wrapping key of a version."""

    version: int
    content: bytes


class WrappingKeys(Protocol):
    """Wraps data keys, and gives them back.

    Every method raises ``KeyRingUnusable`` when it cannot reach what it needs.
    """

    async def wrap(self, purpose: KeyPurpose, data_key: bytes, bound_to: str) -> Wrapped:
        """Return a data key wrapped by the current version, for a place that is named."""
        ...

    async def unwrap(self, purpose: KeyPurpose, wrapped: Wrapped, bound_to: str) -> bytes:
        """Return the data key.

        Raises:
            UnknownKey: when its wrapping key is not there, or not any more.
            ValueError: when it was damaged, or wrapped for another purpose or place.
        """
        ...

    async def versions(self, purpose: KeyPurpose) -> Sequence[KeyVersion]:
        """Return every version that is there, oldest first."""
        ...

    async def add(self, purpose: KeyPurpose, version: int, now: datetime) -> None:
        """Make a new key the current version."""
        ...

    async def destroy(self, purpose: KeyPurpose, versions: Collection[int]) -> None:
        """Destroy versions other than the current one, for ever."""
        ...


class RingKeys:
    """Wraps by AES-256-GCM under the keys of rings."""

    def __init__(self, store: RingStore) -> None:
        self._store = store

    async def wrap(self, purpose: KeyPurpose, data_key: bytes, bound_to: str) -> Wrapped:
        """Return a data key wrapped by the current version, for a place that is named."""
        key = self._store.read(purpose).current
        bound = _bound(purpose, key.version, bound_to)
        return Wrapped(key.version, encrypt(key.secret, data_key, bound))

    async def unwrap(self, purpose: KeyPurpose, wrapped: Wrapped, bound_to: str) -> bytes:
        """Return the data key."""
        key = self._store.read(purpose).of_version(wrapped.version)
        return decrypt(key.secret, wrapped.content, _bound(purpose, key.version, bound_to))

    async def versions(self, purpose: KeyPurpose) -> Sequence[KeyVersion]:
        """Return every version that is there, oldest first."""
        ring = self._store.read(purpose)
        return [
            KeyVersion(
                key.version, key.created_at, key.fingerprint, key.version == ring.current_version
            )
            for key in ring.keys
        ]

    async def add(self, purpose: KeyPurpose, version: int, now: datetime) -> None:
        """Make a new key the current version."""
        self._change(purpose, lambda ring: ring.with_new(version, now))

    async def destroy(self, purpose: KeyPurpose, versions: Collection[int]) -> None:
        """Destroy versions other than the current one, for ever."""
        self._change(purpose, lambda ring: ring.without(versions))

    def _change(self, purpose: KeyPurpose, change: Callable[[KeyRing], KeyRing]) -> None:
        self._store.change(purpose, change)


def _bound(purpose: KeyPurpose, version: int, bound_to: str) -> bytes:
    return f"wederhoor:data-key:2:{purpose}:{version}:{bound_to}".encode()
