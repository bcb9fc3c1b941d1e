from pathlib import Path

import pytest

from launcher import temporal_build
from launcher.errors import LauncherError
from launcher.progress import Progress
from launcher.temporal_build import build, usable_go

INSTALLS = """
echo "go: downloading example.org/thing v1.0.0" >&2
echo "example.org/thing" >&2
echo "#!/bin/sh" > "$GOBIN/server"
chmod +x "$GOBIN/server"
"""


@pytest.fixture
def fake_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "bin" / "go"
    path.parent.mkdir()
    monkeypatch.setattr(temporal_build, "find_go", lambda: str(path))
    return path


def write_go(path: Path, version: str, toolchain: str = "auto", install: str = INSTALLS) -> None:
    env = f'[ "$1" = env ] && {{ echo {version}; echo {toolchain}; exit 0; }}'
    write_program(path, f"{env}\n{install}")


def write_program(path: Path, script: str) -> None:
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


class TestBuild:
    async def test_gives_each_program_its_own_name(self, fake_go: Path, tmp_path: Path) -> None:
        write_go(fake_go, "go1.26.8")
        target = tmp_path / "target"
        target.mkdir()
        await build(target, Progress())
        assert {p.name for p in target.iterdir()} == {"temporal-server", "temporal-ui"}

    async def test_shows_why_go_failed(self, fake_go: Path, tmp_path: Path) -> None:
        write_go(fake_go, "go1.26.8", install="echo 'proxy: no route to host' >&2; exit 1")
        with pytest.raises(LauncherError, match=r"(?s)go install.*failed:.*no route to host"):
            await build(tmp_path, Progress())


class TestUsableGo:
    async def test_may_be_older_when_it_fetches_a_newer_one(self, fake_go: Path) -> None:
        write_go(fake_go, "go1.22.1", "auto")
        assert await usable_go() == str(fake_go)

    @pytest.mark.parametrize(
        ("version", "toolchain"), [("go1.22.1", "local"), ("go1.19.8", ""), ("go1.20", "")]
    )
    async def test_is_not_too_old(self, version: str, toolchain: str, fake_go: Path) -> None:
        write_go(fake_go, version, toolchain)
        with pytest.raises(LauncherError, match=r"the server needs 1\.26\.8 or later"):
            await usable_go()

    async def test_really_runs(self, fake_go: Path) -> None:
        write_program(fake_go, "exit 3")
        with pytest.raises(LauncherError, match="does not work"):
            await usable_go()

    async def test_is_there(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(temporal_build, "find_go", lambda: None)
        with pytest.raises(LauncherError, match="no `go` on the PATH"):
            await usable_go()
