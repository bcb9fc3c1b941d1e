"""An operator's command on the embedded system, running or not."""

import shutil
from pathlib import Path

import pytest

from launcher.errors import LauncherError
from launcher.folders import temporary_state
from launcher.operate import operate
from launcher.ports import free_ports
from launcher.postgres import PostgresPart
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

    async def test_restores_on_a_system_that_is_at_rest(
        self, system: System, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
    ) -> None:
        backup = system.state_dir / "backup-for-another"
        monkeypatch.setenv("WEDERHOOR_STATE", str(system.state_dir))
        assert await operate(["backup", str(backup)]) == 0

        with temporary_state() as state:
            await began_and_stopped(state)
            # Keys and erasure ledger are kept apart from the backup.
            shutil.copytree(system.state_dir / "erasures", state / "erasures")
            kept = system.state_dir / "secrets"
            shutil.copy2(kept / "application.key", state / "secrets")
            shutil.copytree(kept / "keys", state / "secrets" / "keys")
            monkeypatch.setenv("WEDERHOOR_STATE", str(state))

            assert await operate(["restore", str(backup)]) == 0
            heads = str(backup / "ledger-heads.jsonl")
            assert await operate(["ledger-verify", "--against", heads]) == 0
        assert "the ledger verifies without gaps" in capfd.readouterr().out


async def began_and_stopped(state: Path) -> None:
    """Leave a state with an empty database behind."""
    part = PostgresPart(state, free_ports(["postgres"])["postgres"])
    await part.start()
    try:
        await part.ready()
    finally:
        await part.stop()
