"""Where rings are kept: files that are closed, whole and read again, or variables."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from settings.application import Settings
from settings.key_ring import KeyPurpose, KeyRing, KeyRingReadOnly, KeyRingUnusable, new_ring
from settings.key_stores import FileStore, RingStore, open_key_rings

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
CASE, IDENTITY = KeyPurpose.CASE, KeyPurpose.IDENTITY
CHECKOUT = Path(__file__).parent.parent.parent
RING_FILES = {f"{purpose}.json" for purpose in KeyPurpose}


def next_version(ring: KeyRing) -> KeyRing:
    return ring.with_new(ring.current_version + 1, NOW)


def opened(folder: Path, **settings: Any) -> RingStore:
    values = {
        "environment": "development",
        "database_url": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
        "secrets_dir": folder,
        "erasure_ledger": folder / "erasures",
        "public_url": "https://wederhoor.example",
        "smtp_host": "127.0.0.1",
    }
    return open_key_rings(Settings.model_validate(values | settings), NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the rings of a first run."""
    made = tmp_path / "keys"
    FileStore(made).make_missing(NOW)
    return made


class TestTheFirstRun:
    def test_makes_rings_that_are_closed_to_others(self, tmp_path: Path) -> None:
        store = opened(tmp_path / "secrets")
        folder = tmp_path / "secrets" / "keys"
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.name for path in folder.iterdir()} == RING_FILES
        for path in folder.iterdir():
            assert path.stat().st_mode & 0o777 == 0o600
        assert store.read(CASE).current.secret != store.read(IDENTITY).current.secret

    def test_is_only_once(self, tmp_path: Path) -> None:
        assert opened(tmp_path).read(CASE) == opened(tmp_path).read(CASE)

    def test_makes_nothing_in_production(self, tmp_path: Path) -> None:
        with pytest.raises(KeyRingUnusable, match=r"keys/case\.json.*setup/production-secrets"):
            opened(tmp_path, environment="production")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("missing", KeyPurpose)
    def test_of_production_names_the_ring_that_is_missing(
        self, tmp_path: Path, folder: Path, missing: str
    ) -> None:
        assert opened(tmp_path, environment="production")
        (folder / f"{missing}.json").unlink()
        with pytest.raises(KeyRingUnusable, match=rf"keys/{missing}\.json"):
            opened(tmp_path, environment="production")

    def test_gives_one_ring_to_processes_that_start_together(self, tmp_path: Path) -> None:
        code = (
            "import sys; from datetime import UTC, datetime; from pathlib import Path;"
            "from settings.key_ring import KeyPurpose; from settings.key_stores import FileStore;"
            "sys.stdin.read(); store = FileStore(Path(sys.argv[1]));"
            "store.make_missing(datetime.now(UTC));"
            "print(store.read(KeyPurpose.CASE).current.fingerprint)"
        )
        command = [sys.executable, "-c", code, str(tmp_path / "keys")]
        processes = [
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT, text=True
            )
            for _ in range(3)
        ]
        for process in processes:  # each waits for the end of its input, then they all go
            assert process.stdin is not None
            process.stdin.close()
        fingerprints: set[str] = set()
        for process in processes:
            assert process.stdout is not None
            with process.stdout:
                fingerprints.add(process.stdout.read())
            assert process.wait(30) == 0
        assert len(fingerprints) == 1


class TestARingFile:
    def test_that_others_can_read_is_refused(self, folder: Path) -> None:
        for mode in (0o640, 0o604, 0o620, 0o644, 0o666):
            (folder / "case.json").chmod(mode)
            with pytest.raises(KeyRingUnusable, match="chmod 600"):
                FileStore(folder).read(CASE)
        for mode in (0o600, 0o400):
            (folder / "case.json").chmod(mode)
            assert FileStore(folder).read(CASE)

    @pytest.mark.parametrize("mode", [0o720, 0o702, 0o777])
    def test_that_others_can_replace_is_refused(self, folder: Path, mode: int) -> None:
        folder.chmod(mode)
        with pytest.raises(KeyRingUnusable, match="chmod 700"):
            FileStore(folder).read(CASE)

    def test_is_refused_as_soon_as_it_is_opened_up(self, folder: Path) -> None:
        store = FileStore(folder)
        assert store.read(CASE)
        (folder / "case.json").chmod(0o644)
        with pytest.raises(KeyRingUnusable, match="chmod 600"):
            store.read(CASE)

    @pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe"])
    def test_that_is_damaged_is_refused_and_kept(
        self, tmp_path: Path, folder: Path, content: bytes
    ) -> None:
        (folder / "case.json").write_bytes(content)
        with pytest.raises(KeyRingUnusable):
            opened(tmp_path)
        assert (folder / "case.json").read_bytes() == content

    def test_that_was_changed_is_read_again(self, folder: Path) -> None:
        running, rotating = FileStore(folder), FileStore(folder)
        assert running.read(CASE).current_version == 1
        rotating.change(CASE, next_version)
        assert running.read(CASE).current_version == 2
        assert running.read(IDENTITY).current_version == 1

    def test_that_did_not_change_is_not_read_again(self, folder: Path) -> None:
        store = FileStore(folder)
        assert store.read(CASE) is store.read(CASE)

    def test_that_was_taken_away_is_gone_at_once(self, folder: Path) -> None:
        store = FileStore(folder)
        assert store.read(IDENTITY)
        (folder / "identity.json").unlink()
        with pytest.raises(KeyRingUnusable, match=r"identity\.json"):
            store.read(IDENTITY)
        assert store.read(CASE)

    def test_stays_closed_and_alone_when_it_is_changed(self, folder: Path) -> None:
        FileStore(folder).change(CASE, next_version)
        assert (folder / "case.json").stat().st_mode & 0o777 == 0o600
        assert {path.name for path in folder.iterdir()} == RING_FILES

    @pytest.mark.parametrize("broken", ["write", "replace"])
    def test_is_the_old_one_when_the_change_breaks_off(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        def fails(*_: object) -> None:
            raise OSError("the disk is full")

        before = (folder / "case.json").read_bytes()
        with monkeypatch.context() as patch:
            if broken == "write":
                patch.setattr(os, "fsync", fails)
            else:
                patch.setattr(Path, "replace", fails)
            with pytest.raises(OSError, match="full"):
                FileStore(folder).change(CASE, next_version)
        assert (folder / "case.json").read_bytes() == before
        assert {path.name for path in folder.iterdir()} == RING_FILES

    def test_loses_no_version_when_processes_change_it_together(self, folder: Path) -> None:
        code = (
            "import sys; from datetime import UTC, datetime; from pathlib import Path;"
            "from settings.key_ring import KeyPurpose; from settings.key_stores import FileStore;"
            "sys.stdin.read(); store = FileStore(Path(sys.argv[1]));"
            "[store.change(KeyPurpose.CASE, lambda ring: ring.with_new("
            "ring.current_version + 1, datetime.now(UTC))) for _ in range(20)]"
        )
        command = [sys.executable, "-c", code, str(folder)]
        processes = [
            subprocess.Popen(command, stdin=subprocess.PIPE, cwd=CHECKOUT) for _ in range(2)
        ]
        for process in processes:
            assert process.stdin is not None
            process.stdin.close()
        assert [process.wait(60) for process in processes] == [0, 0]
        ring = FileStore(folder).read(CASE)
        assert [key.version for key in ring.keys] == list(range(1, 42))


class TestTheEnvironment:
    @staticmethod
    def variables(ring: Callable[[KeyPurpose], KeyRing]) -> dict[str, str]:
        rings = {f"{purpose}_keys": ring(purpose).text() for purpose in KeyPurpose}
        return {"key_provider": "environment"} | rings

    def test_gives_rings(self, tmp_path: Path) -> None:
        rings = {purpose: new_ring(purpose, NOW) for purpose in KeyPurpose}
        store = opened(tmp_path, **self.variables(rings.__getitem__))
        assert store.read(CASE) == rings[CASE]
        assert store.read(IDENTITY) == rings[IDENTITY]
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("environment", ["development", "production"])
    @pytest.mark.parametrize("missing", [f"{purpose}_keys" for purpose in KeyPurpose])
    def test_without_a_ring_is_refused(
        self, tmp_path: Path, missing: str, environment: str
    ) -> None:
        given = self.variables(lambda purpose: new_ring(purpose, NOW)) | {missing: ""}
        with pytest.raises(KeyRingUnusable, match=f"WEDERHOOR_{missing}".upper()):
            opened(tmp_path, **given, environment=environment)

    def test_cannot_be_written_and_says_what_to_do(self, tmp_path: Path) -> None:
        store = opened(tmp_path, **self.variables(lambda purpose: new_ring(purpose, NOW)))
        before = store.read(CASE)
        with pytest.raises(KeyRingReadOnly, match=r"WEDERHOOR_CASE_KEYS.*operations keys-ring"):
            store.change(CASE, next_version)
        assert store.read(CASE) == before
