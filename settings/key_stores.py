"""Where key rings are kept: in files, or in variables of a store that only gives variables."""

import fcntl
import os
import stat
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Protocol

from settings import private_files
from settings.application import KeyProvider, Settings
from settings.key_ring import KeyPurpose, KeyRing, KeyRingUnusable, new_ring, read_ring

type Change = Callable[[KeyRing], KeyRing]


class RingStore(Protocol):
    """Keeps one ring for each purpose."""

    def read(self, purpose: KeyPurpose) -> KeyRing:
        """Return the ring as it is now.

        Raises:
            KeyRingUnusable: when it is missing, damaged or open to others.
        """
        ...

    def change(self, purpose: KeyPurpose, change: Change) -> KeyRing:
        """Keep what ``change`` makes of the ring, and return it; one change at a time.

        Raises:
            KeyRingUnusable: when it cannot be read, or this store cannot be written.
        """
        ...


class FileStore:
    """A file for each ring, mode 0600. A running process notices when one was changed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[KeyPurpose, tuple[tuple[int, ...], KeyRing]] = {}

    def read(self, purpose: KeyPurpose) -> KeyRing:
        """Return the ring, read again when its file is another one than before."""
        path = self._path(purpose)
        try:
            found = path.stat()
            signature = (found.st_ino, found.st_mtime_ns, found.st_size, found.st_mode)
            known = self._known.get(purpose)
            if known is None or known[0] != signature:
                _refuse_wide_rights(path, found.st_mode)
                known = (signature, read_ring(purpose, path.read_text(encoding="ascii")))
                self._known[purpose] = known
        except (OSError, UnicodeDecodeError) as error:
            raise KeyRingUnusable(
                f"no {self._folder.name}/{path.name} that can be read in the secrets folder "
                f"({type(error).__name__}). Put back the copy that is kept apart; only for a new "
                "database make it, once, with setup/production-secrets"
            ) from None
        return known[1]

    def change(self, purpose: KeyPurpose, change: Change) -> KeyRing:
        """Write a changed ring beside its place and move it there, under a lock of the folder."""
        with _alone_in(self._folder):
            changed = change(self.read(purpose))
            private_files.replace(self._path(purpose), changed.text().encode())
        return self.read(purpose)

    def make_missing(self, now: datetime) -> None:
        """Make the rings that are not there yet; processes that start together agree on them."""
        for purpose in KeyPurpose:
            path = self._path(purpose)
            if not path.exists():
                private_files.create_once(path, new_ring(purpose, now).text().encode())

    def _path(self, purpose: KeyPurpose) -> Path:
        return self._folder / f"{purpose}.json"


class EnvironmentStore:
    """Rings from variables. They stay as they are until the process is started again."""

    def __init__(self, texts: Mapping[KeyPurpose, str]) -> None:
        self._texts = texts
        self._rings: dict[KeyPurpose, KeyRing] = {}

    def read(self, purpose: KeyPurpose) -> KeyRing:
        """Return the ring of the variable."""
        if purpose not in self._rings:
            if not self._texts[purpose]:
                raise KeyRingUnusable(f"{variable_of(purpose)} must hold the key ring {purpose}")
            self._rings[purpose] = read_ring(purpose, self._texts[purpose])
        return self._rings[purpose]

    def change(self, purpose: KeyPurpose, change: Change) -> KeyRing:
        """Refuse: a process cannot change where its variables come from."""
        raise KeyRingUnusable(
            f"{variable_of(purpose)} comes from the environment, which only its own store can "
            'change: see "Keys" in docs/operations.md'
        )


def variable_of(purpose: KeyPurpose) -> str:
    """Return the name of the variable that holds a ring."""
    return f"WEDERHOOR_{purpose}_KEYS".upper()


def open_key_rings(settings: Settings, now: datetime) -> RingStore:
    """Return the store that the settings choose, with every ring in it.

    Outside production, rings that are missing are made first.

    Raises:
        KeyRingUnusable: when a ring is missing, damaged or open to others.
    """
    store = _store(settings, now)
    for purpose in KeyPurpose:
        store.read(purpose)
    return store


def _store(settings: Settings, now: datetime) -> RingStore:
    if settings.key_provider is KeyProvider.ENVIRONMENT:
        return EnvironmentStore({KeyPurpose.TEMPORAL: settings.temporal_keys.get_secret_value()})
    store = FileStore(settings.secrets_dir / "keys")
    if not settings.is_production:
        store.make_missing(now)
    return store


def _refuse_wide_rights(path: Path, mode: int) -> None:
    folder_mode = path.parent.stat().st_mode
    if stat.S_IMODE(mode) & 0o077 or stat.S_IMODE(folder_mode) & 0o022:
        raise KeyRingUnusable(
            f"others can read {path.name}, or change what is in its folder; close them with: "
            f"chmod 600 {path.name} and chmod 700 {path.parent.name}. If anybody may have read "
            "it, rotate the keys at once"
        )


@contextmanager
def _alone_in(folder: Path) -> Generator[None]:
    """Wait until no other process changes a ring of this folder."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
