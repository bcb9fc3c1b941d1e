"""The house rules that no other tool checks."""

import ast
import tomllib

import pytest

from tests.architecture.source_tree import (
    CHECKOUT,
    PACKAGES,
    Source,
    all_sources,
    files_of_the_project,
    sources_in,
)

LONGEST_FILE = 400
JUNK_DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared"}


def ids(source: Source) -> str:
    return source.name


class TestTheSourceTree:
    def test_is_the_one_that_import_linter_checks(self) -> None:
        project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
        assert set(project["tool"]["importlinter"]["root_packages"]) == set(PACKAGES)
        layers = project["tool"]["importlinter"]["contracts"][0]["layers"]
        layered = {name.strip() for layer in layers for name in layer.split("|")}
        assert layered == set(PACKAGES)

    def test_holds_every_package_of_the_checkout(self) -> None:
        found = {
            path.parent.name
            for path in files_of_the_project()
            if path.name == "__init__.py" and path.parent.parent == CHECKOUT
        }
        assert found - {"tests"} == set(PACKAGES)

    def test_has_no_loose_modules_but_the_worker(self) -> None:
        loose = {path.name for path in files_of_the_project() if path.parent == CHECKOUT}
        assert {name for name in loose if name.endswith(".py")} == {"worker.py"}

    def test_has_packages_that_do_nothing_when_they_are_imported(self) -> None:
        inits = [source for source in all_sources() if source.path.name == "__init__.py"]
        assert len(inits) > len(PACKAGES)
        assert [source.name for source in inits if source.text.strip()] == []

    def test_has_no_junk_drawers(self) -> None:
        names = {
            part
            for path in files_of_the_project()
            for part in (path.stem, *path.relative_to(CHECKOUT).parent.parts)
        }
        assert not names & JUNK_DRAWERS

    def test_has_no_long_files(self) -> None:
        long = {
            source.name: lines
            for source in all_sources()
            if "migrations" not in source.path.parts
            and (lines := len(source.text.splitlines())) > LONGEST_FILE
        }
        assert long == {}


class TestTheWorker:
    def test_is_imported_by_nobody(self) -> None:
        importers = [
            source.name
            for source in sources_in(*PACKAGES)
            if {"worker", "__main__"} & set(source.imports())
        ]
        assert importers == []


class TestTheDomain:
    @pytest.mark.parametrize("source", sources_in("domain"), ids=ids)
    def test_never_asks_for_the_time(self, source: Source) -> None:
        asked = [
            node
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
        ]
        # The one clock is a function that others hand on.
        assert len(asked) == (1 if source.name == "domain/clock.py" else 0)


class TestSealedTexts:
    def test_are_made_by_the_vault_alone(self) -> None:
        knowing = [
            source.name
            for source in sources_in(*PACKAGES)
            if any(
                isinstance(node, ast.Constant)
                and isinstance(node.value, bytes)
                and node.value.startswith(b"gcm:")
                for node in ast.walk(source.tree)
            )
        ]
        assert knowing == ["storage/sealed_vault.py"]

    def test_are_sealed_and_opened_in_few_places(self) -> None:
        callers = {
            source.name
            for source in sources_in(*PACKAGES)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Attribute)
            and node.attr in {"seal", "open"}
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "_vault"
        }
        assert callers == {
            "storage/attachment_records.py",
            "storage/case_file.py",
            "storage/letter_book.py",
        }

    def test_are_written_by_the_case_file_and_the_letter_book_alone(self) -> None:
        writers = {
            source.name
            for source in sources_in(*PACKAGES)
            for node in ast.walk(source.tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "EntryRow"
        }
        assert writers == {"storage/case_file.py"}
