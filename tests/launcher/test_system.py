from pathlib import Path

import pytest

from launcher.errors import LauncherError, PartError
from launcher.folders import cache_folder, state_lock
from launcher.system import System


@pytest.fixture
def system(state_dir: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    monkeypatch.delenv("TEMPORAL_ADDRESS", raising=False)
    monkeypatch.setenv("TEMPORAL_API_KEY", "a key for another server")
    return System(state_dir, cache_folder(), settings={"WEDERHOOR_EXTRA": "mine"})


class TestSystem:
    async def test_stops_what_it_began_when_a_part_fails(
        self, system: System, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def fails(*_: str, **__: float) -> str:
            raise PartError("the migration went wrong")

        monkeypatch.setattr(system, "run_module", fails)
        with pytest.raises(PartError, match="the migration went wrong"):
            await system.start()
        assert not any(part.running for part in system.parts)
        with state_lock(system.state_dir):
            pass  # given back

    async def test_does_not_touch_a_state_that_runs_elsewhere(self, system: System) -> None:
        with (
            state_lock(system.state_dir),
            pytest.raises(LauncherError, match="already runs"),
        ):
            await system.start()
        assert not system.postgres.running

    async def test_tells_the_application_where_everything_is(self, system: System) -> None:
        await system.postgres.start()
        try:
            environment = system.environment()
        finally:
            await system.postgres.stop()
        assert environment["WEDERHOOR_DATABASE_URL"] == system.postgres.url
        assert environment["TEMPORAL_ADDRESS"] == system.temporal.address
        assert environment["WEDERHOOR_PUBLIC_URL"] == system.api.url
        assert environment["WEDERHOOR_EXTRA"] == "mine"
        assert "TEMPORAL_API_KEY" not in environment
