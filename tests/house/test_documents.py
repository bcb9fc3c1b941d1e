"""The documents: links that lead somewhere, decisions in their form, words that can be found."""

import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from temporalio.common import SearchAttributeKey

from domain.parties import Audience, Party
from domain.stages import Outcome, Stage
from domain.waits import Attention
from launcher.ports import VARIABLES
from storage.models import EntryStatus, LetterStatus
from workflows import search_attributes
from workflows.saved_queries import QUERIES, SavedQuery, with_waiting

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))

_LINK = re.compile(r"(?<!\!)\[[^\]]+\]\(([^)\s]+)\)")
# Written in parts, so that this file does not name what it looks for.
_REGISTRIES = [
    ".".join(parts)
    for parts in (
        *(("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("proxy", "golang", "org")),
        *(("sum", "golang", "org"), ("crates", "io"), ("deb", "debian", "org")),
        *(("maven", "org"), ("docker", "io"), ("ghcr", "io"), ("quay", "io"), ("gcr", "io")),
    )
]
_MACHINE = re.compile(
    "|".join(rf"(?<![\w./-])/{'/'.join(p)}\b" for p in (("work",), ("tmp", "venv"), ("root",)))
)


def tracked_files() -> list[Path]:
    """Return the files that are or will be in the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return [path for path in paths if path.is_file()]


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


class TestADocument:
    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_links_to_what_is_there(self, document: Path) -> None:
        for link in _LINK.findall(document.read_text(encoding="utf-8")):
            if re.match(r"https?://", link):
                continue
            name, _, anchor = link.partition("#")
            target = (document.parent / name).resolve() if name else document
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link

    @pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
    def test_names_files_that_are_there(self, document: Path) -> None:
        named = re.findall(r"`((?:[\w.-]+/)+[\w.-]*)`", document.read_text(encoding="utf-8"))
        made_later = {"secrets/smtp-password", "secrets/oidc-client-secret"}
        for name in named:
            if name.partition("/")[0] in {path.name for path in ROOT.iterdir()} - {"secrets"}:
                assert (ROOT / name).exists() or name in made_later, name


class TestADecision:
    @pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
    def test_has_its_form(self, decision: Path) -> None:
        text = decision.read_text(encoding="utf-8")
        number = int(decision.name[:4])
        assert re.match(rf"# {number}\. .+\n\n\d{{4}}-\d\d-\d\d\n", text)
        assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [
            "Context",
            "Decision",
            "Consequences",
        ]

    @pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
    def test_fits_on_half_a_page(self, decision: Path) -> None:
        assert len(decision.read_text(encoding="utf-8").split()) < 350

    def test_is_counted_without_gaps_and_listed(self) -> None:
        assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
        index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
        assert all(f"]({path.name})" in index for path in DECISIONS)


class TestTheArchitecture:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize("status", EntryStatus)
    def test_tells_what_each_status_of_an_entry_means(self, status: EntryStatus) -> None:
        assert f"| `{status}` |" in self.text

    @pytest.mark.parametrize("status", set(LetterStatus) - {LetterStatus.SENT})
    def test_tells_when_a_letter_gets_each_status(self, status: LetterStatus) -> None:
        assert f"`{status}`" in self.text


class TestTheOperationsManual:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize("attention", Attention)
    def test_tells_what_each_attention_means(self, attention: Attention) -> None:
        assert f"| `{attention}` |" in self.text

    def test_names_figures_that_are_served(self) -> None:
        serving = [ROOT / "api" / "health.py", ROOT / "watch" / "figures.py"]
        served = "".join(path.read_text(encoding="utf-8") for path in serving)
        named = set(re.findall(r"`(wederhoor_\w+?)(?:_total)?`", self.text))
        assert named == set(re.findall(r'"(wederhoor_\w+)"', served))

    def test_names_the_ports_that_can_be_chosen(self) -> None:
        assert all(f"`{variable}`" in self.text for variable in VARIABLES.values())


class TestTheGlossary:
    terms = re.findall(
        r"^\| ([^|]+?) \|",
        (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )[1:]

    def test_is_in_order(self) -> None:
        assert self.terms == sorted(self.terms)

    @pytest.mark.parametrize("enumeration", [Party, Stage, Outcome, Audience])
    def test_knows_the_word(self, enumeration: type) -> None:
        assert enumeration.__name__.lower() in self.terms

    @pytest.mark.parametrize("party", Party)
    def test_knows_everybody_who_takes_part(self, party: Party) -> None:
        assert party.value in self.terms


class TestTheChangelog:
    def test_has_a_place_for_what_is_new(self) -> None:
        text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        assert "## [Unreleased]\n" in text


class TestTheLicence:
    def test_is_the_whole_eupl(self) -> None:
        text = (ROOT / "LICENSE").read_text(encoding="utf-8")
        assert text.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\n")
        articles = re.findall(r"^(\d+)\.", text, re.MULTILINE)
        assert articles == [str(number) for number in range(1, 16)]
        assert text.count("according to Article 5 EUPL are:\n") == 1
        assert "(LiLiQ-R+).\n" in text

    def test_is_the_one_that_everything_names(self) -> None:
        assert 'license = "EUPL-1.2"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        assert "EUPL-1.2" in (ROOT / "README.md").read_text(encoding="utf-8")


class TestPubliccode:
    content: dict[str, Any] = yaml.safe_load((ROOT / "publiccode.yml").read_text(encoding="utf-8"))

    def test_has_the_keys_that_the_standard_requires(self) -> None:
        assert self.content["publiccodeYmlVersion"] == "0.4"
        assert {"name", "url", "platforms", "categories", "developmentStatus"} <= set(self.content)
        assert {"softwareType", "description", "legal", "maintenance"} <= set(self.content)
        assert self.content["localisation"].keys() >= {"localisationReady", "availableLanguages"}

    def test_uses_the_words_of_the_standard(self) -> None:
        known = {"concept", "development", "beta", "stable", "obsolete"}
        assert self.content["developmentStatus"] in known
        assert self.content["softwareType"].startswith("standalone/")
        assert self.content["maintenance"]["type"] in {"internal", "contract", "community", "none"}

    def test_names_contacts_as_soon_as_somebody_maintains_it(self) -> None:
        maintenance = self.content["maintenance"]
        assert maintenance["type"] == "none" or maintenance.get("contacts")

    @pytest.mark.parametrize("language", ["en", "nl"])
    def test_describes_itself_within_the_limits(self, language: str) -> None:
        description = self.content["description"][language]
        assert len(description["shortDescription"]) <= 150
        assert 150 <= len(description["longDescription"]) <= 10_000
        assert description["features"]

    def test_has_the_licence_of_the_project(self) -> None:
        assert self.content["legal"]["license"] == "EUPL-1.2"


class TestTheRepository:
    def test_names_no_package_registry(self) -> None:
        for path in tracked_files():
            text = path.read_text(encoding="utf-8", errors="ignore")
            assert not [host for host in _REGISTRIES if host in text], path.relative_to(ROOT)

    def test_names_no_place_on_the_machine_of_its_makers(self) -> None:
        for path in tracked_files():
            found = _MACHINE.search(path.read_text(encoding="utf-8", errors="ignore"))
            assert found is None, f"{path.relative_to(ROOT)}: {found and found[0]}"


class TestThePageForSupervisors:
    text = (ROOT / "docs" / "supervisors.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize(
        "saved", with_waiting(datetime(2027, 1, 1, tzinfo=UTC)), ids=lambda saved: saved.finds
    )
    def test_has_every_saved_query_with_its_address(self, saved: SavedQuery) -> None:
        linked = f"[`{saved.query}`]({saved.url('http://127.0.0.1:8233', 'default')})"
        assert f"| {saved.finds} | {linked} |" in self.text

    def test_has_no_other_address(self) -> None:
        assert self.text.count("/workflows?query=") == len(QUERIES) + 1

    @pytest.mark.parametrize("key", search_attributes.ALL, ids=lambda key: key.name)
    def test_tells_what_can_be_searched_by(self, key: SearchAttributeKey[Any]) -> None:
        assert f"`{key.name}`" in self.text
