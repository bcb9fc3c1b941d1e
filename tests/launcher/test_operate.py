"""An operator's commands on the system that runs here."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.operate import leave_settings, operate, remove_settings

SETTINGS = {
    "WEDERHOOR_ENVIRONMENT": "development",
    "WEDERHOOR_DATABASE_URL": "postgresql+psycopg://nobody@127.0.0.1:1/nothing",
    "WEDERHOOR_PUBLIC_URL": "https://wederhoor.example",
    "WEDERHOOR_SMTP_HOST": "smtp.example",
    "HOME": "/nowhere",
}


@pytest.fixture
def settings(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Mapping[str, str]:
    """The settings of a system on this state folder, whose database is not there."""
    monkeypatch.delenv("WEDERHOOR_DATABASE_URL", raising=False)
    (state_dir / "secrets").mkdir(mode=0o700)
    return SETTINGS | {"WEDERHOOR_SECRETS_DIR": str(state_dir / "secrets")}


class TestAnOperatorsCommand:
    def test_reaches_the_system_that_runs_here(
        self, state_dir: Path, settings: Mapping[str, str], capfd: pytest.CaptureFixture[str]
    ) -> None:
        leave_settings(state_dir, settings)
        assert operate(state_dir, ["keys-status"]) == 1
        assert "the database did not do it" in capfd.readouterr().err
        assert (state_dir / "secrets" / "keys" / "case.json").exists()

    def test_finds_none_before_it_starts_or_after_it_stops(
        self, state_dir: Path, settings: Mapping[str, str]
    ) -> None:
        with pytest.raises(LauncherError, match="make run"):
            operate(state_dir, ["keys-status"])
        leave_settings(state_dir, settings)
        remove_settings(state_dir)
        remove_settings(state_dir)
        with pytest.raises(LauncherError, match="make run"):
            operate(state_dir, ["keys-status"])

    def test_means_the_system_that_the_caller_names(
        self,
        state_dir: Path,
        settings: Mapping[str, str],
        monkeypatch: pytest.MonkeyPatch,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("WEDERHOOR_KEY_PROVIDER", "environment")
        assert operate(state_dir, ["keys-status"]) == 1
        assert "WEDERHOOR_CASE_KEYS" in capfd.readouterr().err

    def test_leaves_settings_that_nobody_else_can_read(
        self, state_dir: Path, settings: Mapping[str, str]
    ) -> None:
        leave_settings(state_dir, settings)
        [path] = (state_dir / "secrets").iterdir()
        assert path.stat().st_mode & 0o777 == 0o600
        assert "HOME" not in path.read_text()
