"""``docs/security.md``: no requirement of the ASVS is left out, and every named test exists."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")

LEVELS: dict[str, str] = dict(
    re.findall(
        r"(\S+):(\d+)",
        """
    1.1:22 1.2:1111122223 1.3:112222222223 1.4:222 1.5:123 2.1:122 2.2:112 2.3:12223 2.4:23 3.1:3
    3.2:113 3.3:12223 3.4:11222233 3.5:11122333 3.6:3 3.7:22333 4.1:12233 4.2:23333 4.3:22 4.4:1222
    5.1:2 5.2:112333 5.3:113 5.4:222 6.1:122 6.2:111111112222 6.3:11223333 6.4:112233 6.5:22222333
    6.6:2223 6.7:33 6.8:2222 7.1:222 7.2:1111 7.3:22 7.4:11222 7.5:223 7.6:22 8.1:1233 8.2:1123
    8.3:133 8.4:23 9.1:111 9.2:1222 10.1:22 10.2:223 10.3:22223 10.4:1111122222233333 10.5:22222
    10.6:22 10.7:222 11.1:2233 11.2:22233 11.3:11233 11.4:1222 11.5:23 11.6:23 11.7:33 12.1:12233
    12.2:11 12.3:22223 13.1:2333 13.2:222223 13.3:2233 13.4:1222233 14.1:22 14.2:12223333 14.3:122
    15.1:12233 15.2:12233 15.3:1222222 15.4:3333 16.1:2 16.2:22222 16.3:2222 16.4:222 16.5:2223
    17.1:23 17.2:22223333 17.3:22
    """,
    )
)
"""The level of each requirement of the OWASP ASVS 5.0.0, by section, in order."""

_ROW = re.compile(r"^\| (\d[\d., ]*) \| ([12]) \| (.+) \| ([^|]+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[^`]*)`")
_ANSWERS = {
    "`tests/": "tested",
    "not tested": "not tested",
    "not here: ": "not here",
    "open: ": "open",
}


@dataclass(frozen=True)
class Requirement:
    """What the document says of one requirement."""

    number: str
    level: str
    how: str
    where: str

    @property
    def answer(self) -> str:
        return next((kind for start, kind in _ANSWERS.items() if self.where.startswith(start)), "")


LISTED = [
    Requirement(number, level, how, where)
    for numbers, level, how, where in _ROW.findall(TEXT)
    for number in numbers.split(", ")
]


def required(levels: str) -> Iterator[str]:
    """Yield the requirements of these levels."""
    for section, those in LEVELS.items():
        for place, level in enumerate(those, start=1):
            if level in levels:
                yield f"{section}.{place}"


def exists(reference: str) -> bool:
    """Tell whether there is a test file, and in it the class and the test of these names."""
    name, *inside = reference.split("::")
    path = ROOT / name
    if not re.fullmatch(r"tests/(?:\w+/)*test_\w+\.py", name) or not path.is_file():
        return False
    body = ast.parse(path.read_text(encoding="utf-8")).body
    for wanted in inside:
        found = [
            node
            for node in body
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and node.name == wanted
            and wanted.lower().startswith("test")
        ]
        if not found:
            return False
        body = found[0].body
    return True


def counted(level: str, answer: str) -> str:
    """Return how many requirements of a level are answered so; an empty name stands for all."""
    return str(sum(level in {"", it.level} and answer in {"", it.answer} for it in LISTED))


class TestARequirement:
    @pytest.mark.parametrize("level", "12")
    def test_of_these_levels_stands_there_once_and_no_other_does(self, level: str) -> None:
        listed = Counter(it.number for it in LISTED if it.level == level)
        assert listed == Counter(required(level))

    def test_of_every_chapter_stands_under_its_heading(self) -> None:
        chapters = [part.partition(" ") for part in re.split(r"^### V", TEXT, flags=re.MULTILINE)]
        assert [chapter for chapter, _, _ in chapters[1:]] == [str(n) for n in range(1, 18)]
        for chapter, _, rows in chapters[1:]:
            numbers = [n for found in _ROW.findall(rows) for n in found[0].split(", ")]
            assert numbers == [it for it in required("12") if it.split(".")[0] == chapter]

    @pytest.mark.parametrize("requirement", LISTED, ids=lambda it: it.number)
    def test_has_one_of_the_four_answers(self, requirement: Requirement) -> None:
        whole = r"`tests/[^`]+`(, `tests/[^`]+`)*|not tested|(not here|open): \S.*"
        assert re.fullmatch(whole, requirement.where)
        assert requirement.how

    @pytest.mark.parametrize("answer", ["tested", "not tested", "not here", "open", ""])
    def test_is_counted(self, answer: str) -> None:
        cells = [answer or "together", *(counted(level, answer) for level in ("1", "2", ""))]
        assert f"| {' | '.join(cells)} |\n" in TEXT

    def test_that_is_open_on_purpose_is_named(self) -> None:
        named = re.search(r"^Open on purpose: (.*?), for the reasons", TEXT, re.MULTILINE)
        assert named is not None
        on_purpose = [it.number for it in LISTED if it.where.startswith("open: on purpose")]
        assert re.findall(r"[\d.]*\d", named[1]) == on_purpose


class TestATestThatIsNamed:
    @pytest.mark.parametrize("reference", sorted(set(_TEST.findall(TEXT)) - {"tests/…"}), ids=str)
    def test_exists(self, reference: str) -> None:
        assert exists(reference)

    @pytest.mark.parametrize(
        "reference",
        [
            "tests/house/test_nothing.py",
            "tests/house",
            "tests/house/../house/test_security_document.py",
            "tests/house/test_security_document.py::TestNothing",
            "tests/house/test_security_document.py::Requirement",
            "tests/house/test_security_document.py::TestATestThatIsNamed::test_nothing",
            "tests/house/test_security_document.py::test_exists",
        ],
    )
    def test_would_be_missed(self, reference: str) -> None:
        assert not exists(reference)


class TestAPromise:
    promises = re.findall(
        r"^\| ([^|]+) \| ([^|]+) \|$",
        TEXT[TEXT.index("\n## Promises") : TEXT.index("**We do not promise**")],
        re.MULTILINE,
    )[1:]

    def test_is_made_once(self) -> None:
        made = [promise for promise, _ in self.promises]
        assert made[0] == "You need no name, no account and no e-mail address."
        assert len(set(made)) == len(made)

    @pytest.mark.parametrize(("promise", "shown"), promises)
    def test_is_shown_by_a_test(self, promise: str, shown: str) -> None:
        assert promise.endswith(".")
        assert re.fullmatch(r"`tests/[^`]+`(, `tests/[^`]+`)*", shown)
