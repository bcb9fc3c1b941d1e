"""An operator's command on the embedded system, running or not."""

import pytest

from launcher.errors import LauncherError
from launcher.folders import temporary_state
from launcher.operate import operate
from launcher.system import System


class TestOperating:
    async def test_needs_a_system(self, monkeypatch: pytest.MonkeyPatch) -> None:
        with temporary_state() as state:
            monkeypatch.setenv("WEDERHOOR_STATE", str(state))

            with pytest.raises(LauncherError, match="make run"):
                await operate(["ledger-verify"])

    async def test_works_while_the_system_runs(
        self, system: System, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setenv("WEDERHOOR_STATE", str(system.state_dir))

        assert await operate(["ledger-verify"]) == 0
        assert "the ledger verifies without gaps" in capfd.readouterr().out

        refused = system.state_dir / "secrets" / "backup"
        assert await operate(["backup", str(refused)]) == 1
        backup = system.state_dir / "backup"
        assert await operate(["backup", str(backup)]) == 0
        assert (backup / "manifest.json").exists()
        assert await operate(["restore", str(backup), "--replace"]) == 1
        assert "stop the API and the worker" in capfd.readouterr().err
