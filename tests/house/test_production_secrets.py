"""``setup/production-secrets``: the files that the composition mounts."""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from settings.key_ring import KeyPurpose
from settings.key_stores import FileStore
from settings.secrets import load_secrets

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "setup" / "production-secrets"


def make(folder: Path) -> str:
    return subprocess.run([PROGRAM, str(folder)], check=True, capture_output=True, text=True).stdout


def contents(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "secrets"
    make(made)
    return made


class TestProductionSecrets:
    def test_are_those_that_the_composition_mounts(self, folder: Path) -> None:
        composition = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
        files = {path.name for path in folder.iterdir() if path.is_file()}
        assert files == set(composition["secrets"])

    def test_hold_a_key_that_the_application_takes(self, folder: Path) -> None:
        assert load_secrets(folder, may_create=False)

    def test_hold_key_rings_that_the_application_takes(self, folder: Path) -> None:
        store = FileStore(folder / "keys")
        rings = {purpose: store.read(purpose) for purpose in KeyPurpose}
        assert {path.stem for path in (folder / "keys").iterdir()} == set(KeyPurpose)
        assert len({ring.current.secret for ring in rings.values()}) == len(rings)
        for ring in rings.values():
            age = datetime.now(UTC) - ring.current.created_at
            assert timedelta(minutes=-1) < age < timedelta(hours=1)

    def test_hold_key_rings_that_are_closed_to_everybody_else(self, folder: Path) -> None:
        assert (folder / "keys").stat().st_mode & 0o777 == 0o700
        for path in (folder / "keys").iterdir():
            assert path.stat().st_mode & 0o777 == 0o600

    def test_belong_to_the_user_of_the_containers_where_that_can_be_arranged(
        self, tmp_path: Path
    ) -> None:
        made = make(tmp_path / "secrets")
        owners = {path.stat().st_uid for path in (tmp_path / "secrets" / "keys").iterdir()}
        if os.geteuid() == 0:
            assert owners == {10001}
        else:
            assert "chown -R 10001:10001" in made

    def test_agree_on_the_password_of_the_database(self, folder: Path) -> None:
        password = (folder / "database-password").read_text()
        assert len(password) == 48
        url = f"postgresql+psycopg://wederhoor:{password}@database/wederhoor"
        assert (folder / "database-url").read_text() == url

    def test_differ_from_each_other(self, folder: Path) -> None:
        passwords = [
            path.read_text() for path in folder.glob("*-password") if path.name != "smtp-password"
        ]
        assert len(set(passwords)) == len(passwords) == 4

    def test_are_closed_to_everybody_else(self, folder: Path) -> None:
        assert folder.stat().st_mode & 0o777 == 0o700

    def test_stay_as_they_are_when_made_again(self, folder: Path) -> None:
        (folder / "database-password").unlink()
        before = contents(folder)
        make(folder)
        after = contents(folder)
        assert before.items() <= after.items()

    def test_are_not_committed(self) -> None:
        ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        assert {"/secrets/", ".env"} <= set(ignored)
