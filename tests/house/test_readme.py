"""The README: its commands exist, its walk closes a case, its queries are understood."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote

import pytest
from temporalio.client import Client

from launcher.system import System

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FIRST_SCREEN = README[: README.index("\n## ")]
WALK = re.findall(r"```bash\n(.*?)```", README, re.DOTALL)
QUERIES = re.findall(
    r"\[`([^`]+)`\]\(http://127\.0\.0\.1:8233/namespaces/default/workflows\?query=([^)]+)\)", README
)


class TestTheFirstScreen:
    def test_is_no_longer_than_a_screen(self) -> None:
        assert len(FIRST_SCREEN.splitlines()) <= 35

    @pytest.mark.parametrize("command", ["make demo", "make test", "make run"])
    def test_has_the_commands(self, command: str) -> None:
        assert f"`{command}`" in FIRST_SCREEN

    def test_says_that_it_is_not_for_real_people_yet(self) -> None:
        assert "Not for real people yet" in FIRST_SCREEN


class TestACommandInTheDocuments:
    documents = "\n".join(
        path.read_text(encoding="utf-8")
        for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    )

    @pytest.mark.parametrize("target", sorted(set(re.findall(r"`make ([a-z-]+)`", documents))))
    def test_of_make_is_a_target(self, target: str) -> None:
        assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


class TestTheTableOfFolders:
    table = README[README.index("## What is where") : README.index("## Settings")]

    @pytest.mark.parametrize("package", sorted(p.parent.name for p in ROOT.glob("*/__init__.py")))
    def test_has_every_package(self, package: str) -> None:
        assert f"`{package}/`" in self.table


class TestTheComplaintByHand:
    def test_ends_in_a_closed_case(self, system: System) -> None:
        if shutil.which("curl") is None or shutil.which("bash") is None:
            pytest.skip("no curl and bash here: the README's walk was not tried")
        script = "set -euo pipefail\n" + "\n".join(WALK)
        replaced = {
            "http://127.0.0.1:8000": system.api.url,
            "http://127.0.0.1:8025": system.mail.page_url.rstrip("/"),
            "PY=.venv/bin/python": f"PY={sys.executable}",
        }
        for written, actual in replaced.items():
            assert written in script
            script = script.replace(written, actual)
        walked = subprocess.run(
            ["bash", "-c", script],
            cwd=ROOT,
            env={**os.environ, "WEDERHOOR_STATE": str(system.state_dir)},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )
        assert walked.returncode == 0, walked.stdout + walked.stderr
        assert "\nclosed\n" in walked.stdout
        assert '"letter": "closing"' in walked.stdout


class TestAQueryForTheTemporalUi:
    def test_is_there_at_all(self) -> None:
        assert len(QUERIES) >= 6

    @pytest.mark.parametrize(("shown", "linked"), QUERIES)
    def test_is_the_one_that_is_shown(self, shown: str, linked: str) -> None:
        assert unquote(linked) == shown

    @pytest.mark.parametrize("shown", [shown for shown, _ in QUERIES])
    async def test_is_understood_by_the_server(self, temporal: Client, shown: str) -> None:
        counted = await temporal.count_workflows(shown)
        assert counted.count >= 0
