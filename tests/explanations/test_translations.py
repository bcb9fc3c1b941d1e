"""The list for translators: it is written anew by ``make translations``, and tells what to do."""

from pathlib import Path

import pytest

from catalogues.wordings import wordings
from domain.languages import Language
from explanations import topics, translations
from explanations.translations import PAGE, main, page, topic_faults

TOPIC = """+++
title = "{title}"
summary = "About it."
keywords = ["it"]
sources = ["{source}"]
verified = true
checked = 2026-11-26
owner = "editors"
{more}+++

{body}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one Dutch topic, and none in Romanian."""
    topics.topics.cache_clear()
    monkeypatch.setattr(topics, "TOPICS", tmp_path)
    write(tmp_path / "it.nl.md", title="Het", body="Tekst.\n\n## Kop\n\nMeer.")
    return tmp_path


def write(path: Path, *, title: str, body: str, source: str = "Awb 9:1", more: str = "") -> None:
    path.write_text(TOPIC.format(title=title, source=source, more=more, body=body))
    topics.topics.cache_clear()


@pytest.fixture(autouse=True, scope="module")
def _read_again() -> object:
    yield
    topics.topics.cache_clear()


class TestTheListForTranslators:
    def test_is_up_to_date(self) -> None:
        assert PAGE.read_text(encoding="utf-8") == page(), "run `make translations`"

    def test_counts_what_there_is(self) -> None:
        [row] = [line for line in page().splitlines() if "`nl`" in line]
        number = len(wordings(Language.DUTCH))
        assert f"| one other | {number} | {number} | 0 | 0 |" in row

    def test_is_written_by_its_command(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(translations, "PAGE", tmp_path / "page.md")
        assert main([]) == 0
        assert (tmp_path / "page.md").read_text() == page()


class TestWhatALanguageLacks:
    def test_is_nothing_in_dutch(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["nl"]) == 0
        assert capsys.readouterr().out == "0 to do in nl\n"

    def test_is_told_line_by_line(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        write(folder / "other.nl.md", title="Ander", body="Tekst.")
        write(folder / "it.ro.md", title="Ceva", body="Text.\n\n## Titlu\n\nMai mult.")
        assert main(["ro"]) == 1
        assert "topic other: missing\n" in capsys.readouterr().out

    def test_is_a_topic(self, folder: Path) -> None:
        assert topic_faults(Language.ROMANIAN) == ["topic it: missing"]
        write(folder / "it.ro.md", title="Ceva", body="Text.\n\n## Titlu\n\nMai mult.")
        assert topic_faults(Language.ROMANIAN) == []
        write(folder / "more.ro.md", title="Mai mult", body="Text.")
        assert topic_faults(Language.ROMANIAN) == ["topic more: unknown"]

    def test_is_a_topic_with_other_facts_or_parts(self, folder: Path) -> None:
        write(folder / "it.ro.md", title="Ceva", body="Text.", source="Awb 9:2")
        assert topic_faults(Language.ROMANIAN) == [
            "topic it: sources differs from nl",
            "topic it: has other headings than nl",
        ]
        write(folder / "it.ro.md", title="Het", body="Tekst.\n\n## Kop\n\nMeer.")
        assert topic_faults(Language.ROMANIAN) == ["topic it: still in nl"]
        write(folder / "it.ro.md", title="Ceva", body="Text.", more='color = "red"\n')
        [broken] = topic_faults(Language.ROMANIAN)
        assert broken.startswith("it.ro.md: ")


class TestATopicOfAMachine:
    def test_is_counted(self, folder: Path) -> None:
        machine = 'translated = "machine"\n'
        write(folder / "it.ro.md", title="Ceva", body="T.\n\n## T\n\nM.", more=machine)
        assert [one.unchecked for one in topics.topics(Language.ROMANIAN)] == [True]
        assert [one.unchecked for one in topics.topics(Language.DUTCH)] == [False]
        [row] = [line for line in page().splitlines() if "`ro`" in line]
        assert row.endswith("| 1 | 1 | 0 |")
