"""The keys at hand: what the store has, and the last that it had while it has none."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from settings import private_files
from settings.key_ring import KeyPurpose, KeyRingUnusable
from settings.key_stores import FileStore
from temporal_client.namespace_keys import NamespaceKeys
from tests.temporal_client.keys import NOW, fresh_ring


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    made = FileStore(tmp_path / "keys")
    made.make_missing(NOW)
    return made


class TestTheKeysOfTheNamespace:
    def test_follow_a_rotation_by_another_process(self, store: FileStore, tmp_path: Path) -> None:
        keys = NamespaceKeys(store)
        before = keys.ring
        elsewhere = FileStore(tmp_path / "keys")
        elsewhere.change(KeyPurpose.TEMPORAL, lambda ring: ring.with_new(2, NOW))

        assert keys.ring.keys[:-1] == before.keys
        assert keys.ring.current.version == 2

    @pytest.mark.parametrize("harm", ["damaged", "open to others", "removed"])
    def test_stay_what_they_were_while_the_ring_cannot_be_read(
        self, store: FileStore, tmp_path: Path, harm: str
    ) -> None:
        path = tmp_path / "keys" / "temporal.json"
        keys = NamespaceKeys(store)
        before = keys.ring
        if harm == "damaged":
            private_files.replace(path, b"{")
        elif harm == "open to others":
            path.chmod(0o644)
        else:
            path.unlink()
        with capture_logs() as logs:
            assert [keys.ring, keys.ring] == [before, before]
        assert [entry["event"] for entry in logs] == ["key_ring_unusable"]

        after = fresh_ring()
        private_files.replace(path, after.text().encode())
        assert keys.ring == after

    def test_are_refused_when_there_are_none_at_first(self, tmp_path: Path) -> None:
        with pytest.raises(KeyRingUnusable, match=r"keys/temporal\.json"):
            NamespaceKeys(FileStore(tmp_path / "keys"))
