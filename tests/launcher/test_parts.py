import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from launcher.child_process import PidFile, run_to_end, started_at
from launcher.errors import LauncherError, PartError
from launcher.parts import ProcessPart


class ScriptPart(ProcessPart):
    """Runs a Python script; ready when the script made the file ``ready``."""

    def __init__(self, state_dir: Path, script: str) -> None:
        super().__init__("script", state_dir)
        self.marker = state_dir / "ready"
        self._script = script

    def command(self) -> list[str]:
        return [sys.executable, "-c", self._script, str(self.marker)]

    async def prepare(self) -> None:
        self.marker.unlink(missing_ok=True)

    async def is_ready(self) -> bool:
        return self.marker.exists()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid


READY_AND_STAY = "import pathlib, sys, time; pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
DEAF = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); " + READY_AND_STAY


class TestProcessPart:
    async def test_runs_until_it_is_stopped(self, tmp_path: Path) -> None:
        part = ScriptPart(tmp_path, READY_AND_STAY)
        await part.start()
        await part.ready()
        pid = part.pid
        assert part.running
        await part.stop()
        assert not part.running
        assert started_at(pid) is None

    async def test_comes_back_after_a_kill(self, tmp_path: Path) -> None:
        part = ScriptPart(tmp_path, READY_AND_STAY)
        await part.start()
        await part.ready()
        await part.kill()
        assert not part.running
        await part.start()
        await part.ready()
        assert part.running
        await part.stop()

    async def test_is_killed_when_it_does_not_hear_the_stop_signal(self, tmp_path: Path) -> None:
        part = ScriptPart(tmp_path, DEAF)
        part.stop_within = 0.1
        await part.start()
        await part.ready()
        pid = part.pid
        await part.stop()
        assert started_at(pid) is None

    async def test_shows_the_end_of_its_log_when_it_dies(self, tmp_path: Path) -> None:
        part = ScriptPart(tmp_path, "print('what went wrong'); raise SystemExit(3)")
        await part.start()
        with pytest.raises(PartError, match=r"(?s)exit code 3.*what went wrong"):
            await part.ready()
        await part.stop()

    async def test_shows_no_earlier_life_in_that_log(self, tmp_path: Path) -> None:
        first = ScriptPart(tmp_path, "raise SystemExit('an old sorrow')")
        await first.start()
        with pytest.raises(PartError, match="an old sorrow"):
            await first.ready()
        second = ScriptPart(tmp_path, "raise SystemExit('a new one')")
        await second.start()
        with pytest.raises(PartError) as caught:
            await second.ready()
        assert "an old sorrow" not in str(caught.value)
        await first.stop()
        await second.stop()

    async def test_says_when_it_is_not_ready_in_time(self, tmp_path: Path) -> None:
        part = ScriptPart(tmp_path, "import time; time.sleep(600)")
        part.ready_within = 0.1
        await part.start()
        with pytest.raises(PartError, match="not ready within"):
            await part.ready()
        await part.stop()

    async def test_ends_what_a_crashed_launcher_left(self, tmp_path: Path) -> None:
        left = ScriptPart(tmp_path, READY_AND_STAY)
        await left.start()
        await left.ready()
        part = ScriptPart(tmp_path, READY_AND_STAY)
        await part.start()
        await part.ready()
        assert not left.running
        assert part.running
        await part.stop()
        await left.stop()

    def test_has_its_files_to_itself(self, tmp_path: Path) -> None:
        part = ScriptPart(tmp_path, READY_AND_STAY)
        assert part.log_path == tmp_path / "logs" / "script.log"

    @pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the parent's death signal")
    def test_dies_with_a_launcher_that_is_killed(self, tmp_path: Path) -> None:
        # The launcher starts a part, writes its pid, and kills itself.
        program = (
            "import asyncio, os, sys\n"
            "from pathlib import Path\n"
            "from tests_part import ScriptPart, READY_AND_STAY\n"
            "part = ScriptPart(Path(sys.argv[1]), READY_AND_STAY)\n"
            "async def main():\n"
            "    await part.start()\n"
            "    await part.ready()\n"
            "asyncio.run(main())\n"
            "print(part.pid, flush=True)\n"
            "os.kill(os.getpid(), 9)\n"
        )
        (tmp_path / "tests_part.py").symlink_to(Path(__file__).resolve())
        root = Path(__file__).parents[2]
        launcher = subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": f"{root}:{tmp_path}"},
        )
        assert launcher.returncode == -signal.SIGKILL, launcher.stderr
        pid = int(launcher.stdout)
        while started_at(pid) is not None:
            pass  # the kernel has sent the signal; the part needs a moment to go


class TestPidFile:
    def test_leaves_a_stranger_of_the_same_number_alone(self, tmp_path: Path) -> None:
        (tmp_path / "part.pid").write_text(f"{os.getpid()} started at another time\n")
        assert PidFile(tmp_path / "part.pid").end_leftover() is False

    def test_is_not_troubled_by_nonsense(self, tmp_path: Path) -> None:
        (tmp_path / "part.pid").write_text("nonsense")
        assert PidFile(tmp_path / "part.pid").end_leftover() is False


class TestRunToEnd:
    async def test_gives_code_and_output(self) -> None:
        outcome = await run_to_end(["sh", "-c", "echo one; echo two >&2; exit 4"], within=30)
        assert (outcome.code, outcome.output) == (4, "one\ntwo")

    async def test_gives_up_on_a_command_that_takes_too_long(self) -> None:
        with pytest.raises(LauncherError, match="took longer"):
            await run_to_end(["sleep", "600"], within=0.1)

    async def test_reports_a_program_that_is_not_there(self) -> None:
        outcome = await run_to_end(["/no/such/program"], within=30)
        assert outcome.code == 127
        assert "cannot run /no/such/program" in outcome.output
