"""Key rings without files, which tests change as an operator would."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime

from settings.key_ring import (
    VAULT_PURPOSES,
    KeyPurpose,
    KeyRing,
    KeyRingUnusable,
    new_ring,
    read_ring,
)

MADE_AT = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


class MemoryStore:
    """Keeps rings for as long as a test; a ring can be taken away."""

    def __init__(self) -> None:
        self.rings = {purpose: new_ring(purpose, MADE_AT) for purpose in VAULT_PURPOSES}

    def read(self, purpose: KeyPurpose) -> KeyRing:
        if purpose not in self.rings:
            raise KeyRingUnusable(f"no ring {purpose}")
        return self.rings[purpose]

    def change(self, purpose: KeyPurpose, change: Callable[[KeyRing], KeyRing]) -> KeyRing:
        self.rings[purpose] = change(self.read(purpose))
        return self.rings[purpose]


RINGS = MemoryStore()
"""The rings of every test that does not care about them."""


def a_ring_of(purpose: KeyPurpose, secret: bytes, version: int = 1) -> KeyRing:
    """Return a ring whose one key is known."""
    key = {
        "version": version,
        "created_at": MADE_AT.isoformat(),
        "secret": secret.hex(),
        "fingerprint": hashlib.sha256(b"wederhoor key " + secret.hex().encode()).hexdigest()[:16],
    }
    content = {"format": 1, "purpose": purpose, "current_version": version, "keys": [key]}
    return read_ring(purpose, json.dumps(content))
