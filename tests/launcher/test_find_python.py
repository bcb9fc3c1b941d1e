import subprocess
from pathlib import Path

import pytest

FIND_PYTHON = Path(__file__).parents[2] / "setup" / "find-python"


class FakeMachine:
    """A PATH of fake interpreters, and a home folder, with nothing else of Python on it."""

    def __init__(self, root: Path) -> None:
        self.bin = root / "bin"
        self.home = root / "home"
        self.bin.mkdir()
        self.home.mkdir()

    def add(self, name: str, script: str, folder: Path | None = None) -> Path:
        path = (folder or self.bin) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def find(self, **variables: str) -> subprocess.CompletedProcess[str]:
        tools = self.bin.parent / "tools"
        tools.mkdir(exist_ok=True)
        for tool in ("sh", "env", "tail", "cat"):
            if not (tools / tool).exists():
                (tools / tool).symlink_to(f"/usr/bin/{tool}" if tool != "sh" else "/bin/sh")
        environment = {"PATH": f"{self.bin}:{tools}", "HOME": str(self.home), **variables}
        return subprocess.run(
            [FIND_PYTHON], capture_output=True, text=True, check=False, env=environment
        )


@pytest.fixture
def machine(tmp_path: Path) -> FakeMachine:
    return FakeMachine(tmp_path)


GOOD = "echo /good/python"
TOO_OLD = "echo 'is Python 3.10' >&2; exit 1"
SHIM = "echo 'pyenv: python3.13: command not found' >&2; exit 127"


class TestFindPython:
    def test_takes_the_newest_name_that_works(self, machine: FakeMachine) -> None:
        machine.add("python3.13", "echo /newer")
        machine.add("python3.12", "echo /older")
        machine.add("python3", TOO_OLD)
        assert machine.find().stdout == "/newer\n"

    def test_passes_over_a_shim_that_fails(self, machine: FakeMachine) -> None:
        machine.add("python3.13", SHIM)
        machine.add("python3.12", GOOD)
        assert machine.find().stdout == "/good/python\n"

    def test_looks_behind_the_shims(self, machine: FakeMachine) -> None:
        machine.add("python3.12", SHIM)
        machine.add("python3", TOO_OLD)
        machine.add("python3.12", GOOD, machine.home / ".pyenv/versions/3.12.9/bin")
        assert machine.find().stdout == "/good/python\n"

    def test_prefers_the_one_it_is_given(self, machine: FakeMachine, tmp_path: Path) -> None:
        machine.add("python3.13", GOOD)
        mine = machine.add("mine", "echo /my/python", tmp_path / "elsewhere")
        assert machine.find(PYTHON=str(mine)).stdout == "/my/python\n"

    def test_goes_on_when_the_one_it_is_given_fails(self, machine: FakeMachine) -> None:
        machine.add("python3.13", GOOD)
        assert machine.find(PYTHON="/no/such/python").stdout == "/good/python\n"

    def test_leaves_out_a_warning_printed_before_the_path(self, machine: FakeMachine) -> None:
        machine.add("python3.13", "echo 'some warning' >&2; echo /good/python")
        assert machine.find().stdout == "/good/python\n"

    def test_tells_what_it_tried_when_none_will_do(self, machine: FakeMachine) -> None:
        machine.add("python3.13", SHIM)
        machine.add("python3", TOO_OLD)
        found = machine.find(PYTHON="/no/such/python")
        if found.returncode == 0:
            pytest.skip("this machine has a Python at one of the fixed places")
        assert found.stdout == ""
        assert "needs Python 3.12 or later" in found.stderr
        assert "python3: is Python 3.10" in found.stderr
        assert "python3.13: pyenv: python3.13: command not found" in found.stderr
