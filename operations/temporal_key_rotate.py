"""``temporal-key-rotate``: give the ring of Temporal's namespace a new key.

The new key encrypts from now on; running processes notice. The old ones stay: histories that were
written under them are read for as long as Temporal keeps them.
"""

from collections.abc import Callable
from datetime import datetime

from settings.key_ring import KeyPurpose
from settings.key_stores import RingStore


def temporal_key_rotate(store: RingStore, now: datetime, say: Callable[[str], None]) -> None:
    """Make a new key and make it the current one.

    Raises:
        KeyRingUnusable: when the ring cannot be read or written.
    """
    ring = store.change(
        KeyPurpose.TEMPORAL, lambda ring: ring.with_new(ring.current_version + 1, now)
    )
    say(f"Temporal's payloads are encrypted under version {ring.current_version} from now on.")
    say(f"The ring holds {len(ring.keys)} keys; keep a copy of it, apart from the backups.")
