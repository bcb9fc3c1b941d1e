"""The keys of the namespace, as a running process has them at hand."""

import structlog

from settings.key_ring import KeyPurpose, KeyRing, KeyRingUnusable
from settings.key_stores import RingStore

_log = structlog.get_logger()


class NamespaceKeys:
    """The ring that encrypts what Temporal is given.

    It follows the store, so a rotation needs no restart. A ring that cannot be read any more stops
    no case: the last one that could be read stays in use.

    Raises:
        KeyRingUnusable: when it cannot be read at first.
    """

    def __init__(self, store: RingStore) -> None:
        self._store = store
        self._last = store.read(KeyPurpose.TEMPORAL)

    @property
    def ring(self) -> KeyRing:
        """The ring as it is now."""
        try:
            self._last = self._store.read(KeyPurpose.TEMPORAL)
        except KeyRingUnusable as error:
            _log.warning("key_ring_unusable", error=type(error).__name__)
        return self._last
