"""The policy of an installation, and the command that checks it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from domain.policy.parsing import PolicyErrors
from domain.policy.rows import Table
from settings.policy import check, load_policy

CHECKOUT = Path(__file__).parent.parent.parent
OPERATIONS = (CHECKOUT / "docs" / "operations.md").read_text(encoding="utf-8")

VERIFIED = """
[[helplines]]
id = "legal_desk"
number = "0800-8020"
source = "called on 2026-11-25"
verified = true
valid_from = 2020-01-01
"""
WRONG = """
[[limits]]
id = "awb-6-7"
span = "6 wekes"
source = "Awb 6:7"
verified = true
valid_from = 2020-01-01
colour = "red"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "operator.toml"
    path.write_text(text, encoding="utf-8")
    return path


class TestThePolicyOfAnInstallation:
    def test_is_the_released_one(self) -> None:
        assert "+" not in load_policy(None).version

    def test_has_the_operators_rows_over_it(self, tmp_path: Path) -> None:
        policy = load_policy(written(tmp_path, VERIFIED))
        assert policy.version.startswith(f"{load_policy(None).version}+")
        assert [row.verified for row in policy.helplines if row.id == "legal_desk"] == [True]

    def test_is_refused_with_everything_that_is_wrong(self, tmp_path: Path) -> None:
        with pytest.raises(PolicyErrors) as caught:
            load_policy(written(tmp_path, WRONG))
        assert len(caught.value.problems) == 2

    def test_does_not_start_without_the_file_that_was_named(self, tmp_path: Path) -> None:
        with pytest.raises(FileNotFoundError):
            load_policy(tmp_path / "operator.toml")


class TestTheExampleInTheOperationsManual:
    def test_is_right(self, tmp_path: Path) -> None:
        example = OPERATIONS.split("```toml\n")[1].split("```")[0]
        policy = load_policy(written(tmp_path, example))
        assert [str(row.span) for row in policy.terms if row.id == "awb-9-11"] == [
            "6 weeks",
            "8 weeks",
        ]
        assert policy.free_days[-1].id == "decree-2029-05-11"


class TestTheCheck:
    def test_counts_the_rows_of_each_table(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert check([]) == 0
        lines = capsys.readouterr().out.splitlines()
        counted = dict(line.split() for line in lines[1 : len(Table) + 1])
        policy = load_policy(None)
        assert counted == {table: str(len(policy.rows_of(table))) for table in Table}
        assert lines[0] == f"policy {policy.version}"

    def test_lists_what_nobody_verified_with_its_source(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        check([])
        lines = capsys.readouterr().out.splitlines()
        unverified = [row for row in load_policy(None).rows() if not row.verified]
        assert f"not verified yet: {len(unverified)}" in lines
        assert "  extensions[politiewet-extension]: Politiewet 2012, 67a-72" in lines
        assert all(f"  {row.place}: {row.source}" in lines for row in unverified)

    def test_no_longer_lists_what_an_operator_verified(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert check([str(written(tmp_path, VERIFIED))]) == 0
        assert "helplines[legal_desk]" not in capsys.readouterr().out

    def test_lists_what_has_no_effect(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        unused = WRONG.replace("awb-6-7", "mine").replace("wekes", "weeks")
        assert check([str(written(tmp_path, unused.replace('colour = "red"\n', "")))]) == 0
        assert capsys.readouterr().out.endswith("have no effect: 1\n  limits[mine]\n")

    def test_lists_every_mistake_and_fails(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert check([str(written(tmp_path, WRONG))]) == 1
        printed = capsys.readouterr()
        assert printed.out == ""
        assert printed.err.splitlines() == [
            "limits[awb-6-7].span: '6 wekes' is not a span such as '6 weeks' or '1 year'",
            (
                "limits[awb-6-7].colour: unknown; possible are id, note, source, span, valid_from,"
                " valid_until, verified"
            ),
        ]

    def test_fails_without_the_file(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert check([str(tmp_path / "operator.toml")]) == 1
        assert "operator.toml" in capsys.readouterr().err

    def test_fails_on_a_file_that_is_no_text(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        path = tmp_path / "operator.toml"
        path.write_bytes(b"\xff\xfe")
        assert check([str(path)]) == 1
        assert "operator.toml" in capsys.readouterr().err

    def test_takes_one_file(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert check(["one.toml", "two.toml"]) == 2
        assert "usage" in capsys.readouterr().err

    def test_is_a_command(self, tmp_path: Path) -> None:
        run = subprocess.run(
            [sys.executable, "-m", "settings.policy", written(tmp_path, WRONG)],
            cwd=CHECKOUT,
            env={**os.environ, "PYTHONWARNINGS": "error"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 1
        assert len(run.stderr.splitlines()) == 2
