"""Keys that live as long as a test."""

from datetime import UTC, datetime

from settings.key_ring import KeyPurpose, KeyRing, new_ring
from settings.key_stores import EnvironmentStore
from temporal_client.namespace_keys import NamespaceKeys

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def fresh_ring() -> KeyRing:
    return new_ring(KeyPurpose.TEMPORAL, NOW)


def keys_of(ring: KeyRing) -> NamespaceKeys:
    return NamespaceKeys(EnvironmentStore({KeyPurpose.TEMPORAL: ring.text()}))


def new_keys() -> NamespaceKeys:
    return keys_of(fresh_ring())
