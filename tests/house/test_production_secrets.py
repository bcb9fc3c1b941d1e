"""``setup/production-secrets``: the files that the composition mounts."""

import subprocess
from pathlib import Path

import pytest
import yaml

from settings.secrets import load_secrets

ROOT = Path(__file__).parents[2]
PROGRAM = ROOT / "setup" / "production-secrets"


def make(folder: Path) -> None:
    subprocess.run([PROGRAM, str(folder)], check=True, capture_output=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "secrets"
    make(made)
    return made


class TestProductionSecrets:
    def test_are_those_that_the_composition_mounts(self, folder: Path) -> None:
        composition = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
        assert {path.name for path in folder.iterdir()} == set(composition["secrets"])

    def test_hold_a_key_that_the_application_takes(self, folder: Path) -> None:
        assert load_secrets(folder, may_create=False)

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
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        make(folder)
        after = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert before.items() <= after.items()

    def test_are_not_committed(self) -> None:
        ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        assert {"/secrets/", ".env"} <= set(ignored)
