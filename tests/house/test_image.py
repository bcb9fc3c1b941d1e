"""``Dockerfile`` and ``.dockerignore``: what enters the image, and how it runs."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
LAST_STAGE = DOCKERFILE.rpartition("\nFROM ")[2]
PACKAGES = sorted(path.parent.name for path in ROOT.glob("*/__init__.py"))
NOT_FOR_PRODUCTION = {"launcher", "tests"}


def copied() -> set[str]:
    """Return what the last stage copies from the checkout."""
    lines = re.findall(r"^COPY (?!--from)(.*)$", LAST_STAGE, re.MULTILINE)
    words = [w for line in lines for w in line.split()[:-1] if not w.startswith("--")]
    return {word.rstrip("/") for word in words}


class TestTheImage:
    def test_holds_every_package_of_production(self) -> None:
        assert set(PACKAGES) - NOT_FOR_PRODUCTION <= copied()

    def test_holds_what_is_read_besides_packages(self) -> None:
        assert {"worker.py", "alembic.ini", "templates", "setup/start-with-secrets"} <= copied()

    def test_holds_nothing_of_the_tests_or_of_the_embedded_system(self) -> None:
        assert not copied() & {"docs", *NOT_FOR_PRODUCTION, "."}

    def test_copies_only_what_is_there(self) -> None:
        assert all((ROOT / name).exists() for name in copied())

    def test_runs_as_nobody_special(self) -> None:
        assert re.findall(r"^USER (.*)$", LAST_STAGE, re.MULTILINE) == ["10001:10001"]

    def test_installs_locked_packages_by_their_hashes(self) -> None:
        assert "--require-hashes --only-binary :all:" in DOCKERFILE
        assert "requirements/production.txt" in DOCKERFILE
        assert "development" not in DOCKERFILE

    @pytest.mark.parametrize("package", sorted(set(PACKAGES) - NOT_FOR_PRODUCTION))
    def test_needs_no_launcher(self, package: str) -> None:
        for path in (ROOT / package).rglob("*.py"):
            assert not re.search(r"^\s*(from|import) launcher", path.read_text(), re.MULTILINE)


class TestTheBuildContext:
    def test_is_what_the_dockerfile_copies(self) -> None:
        lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
        assert "*" in lines
        let_in = {line[1:] for line in lines if line.startswith("!")}
        assert let_in == copied() | {"requirements/production.txt"}


class TestStartWithSecrets:
    program = ROOT / "setup" / "start-with-secrets"

    def test_puts_the_content_of_a_file_into_the_setting(self, tmp_path: Path) -> None:
        secret = tmp_path / "url"
        secret.write_text("postgresql+psycopg://a:b$c'd\"e@host/name")
        shown = subprocess.run(
            [self.program, "/bin/sh", "-c", 'printf "%s" "$WEDERHOOR_DATABASE_URL"; env'],
            env={"PATH": "/usr/bin:/bin", "WEDERHOOR_DATABASE_URL_FROM_FILE": str(secret)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert shown.startswith("postgresql+psycopg://a:b$c'd\"e@host/name")
        assert "_FROM_FILE" not in shown

    def test_leaves_other_settings_alone(self) -> None:
        shown = subprocess.run(
            [self.program, "env"],
            env={"PATH": "/usr/bin:/bin", "WEDERHOOR_READY_FILE": "/run/ready"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "WEDERHOOR_READY_FILE=/run/ready" in shown

    def test_refuses_a_file_that_is_not_there(self, tmp_path: Path) -> None:
        refused = subprocess.run(
            [self.program, "env"],
            env={"PATH": "/usr/bin:/bin", "WEDERHOOR_X_FROM_FILE": str(tmp_path / "none")},
            capture_output=True,
            text=True,
            check=False,
        )
        assert refused.returncode == 1
        assert "WEDERHOOR_X_FROM_FILE" in refused.stderr
