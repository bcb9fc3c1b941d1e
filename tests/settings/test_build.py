"""Which code runs: what the operator calls it, else a digest of it."""

import shutil
from pathlib import Path

import pytest

from settings import build
from settings.application import Settings
from settings.build import build_id

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of some of the code, as an image would hold it."""
    for name in ("workflows", "domain"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "worker.py", tmp_path)
    monkeypatch.setattr(build, "_ROOT", tmp_path)
    return tmp_path


def current() -> str:
    build._digest.cache_clear()  # pyright: ignore[reportPrivateUsage, reportFunctionMemberAccess]
    return build_id(Settings.model_construct(build=""))


class TestTheBuild:
    def test_is_what_the_operator_calls_it(self) -> None:
        assert build_id(Settings.model_construct(build="2026.11.3")) == "2026.11.3"

    def test_is_otherwise_a_digest_of_the_code(self, root: Path) -> None:
        assert current() == current()
        assert current().startswith("code-")

    @pytest.mark.parametrize(
        "name", ["worker.py", "workflows/conduct.py", "domain/policy/policy.toml"]
    )
    def test_changes_with(self, name: str, root: Path) -> None:
        before = current()
        (root / name).write_text((root / name).read_text() + "\n", encoding="utf-8")

        assert current() != before

    def test_is_the_same_whatever_lies_beside_the_code(self, root: Path) -> None:
        before = current()
        for name in ("launcher/__init__.py", "tests/__init__.py", "workflows/conduct.pyc"):
            (root / name).parent.mkdir(exist_ok=True)
            (root / name).write_text("", encoding="utf-8")

        assert current() == before
