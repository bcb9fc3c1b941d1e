"""Catalogues as translators write them: read, compared, and with the plural forms of CLDR."""

from pathlib import Path
from typing import ClassVar

import pytest

from catalogues.comparing import compared, left_in
from catalogues.wordings import Wording, plural_categories, plural_index, read_wordings
from domain.languages import Language


def worded(*forms: str, plural: bool = False) -> Wording:
    return Wording(forms, plural)


class TestComparing:
    """Each fault that a translation can have is found."""

    DUTCH: ClassVar = {
        "day": worded("{n} dag", "{n} dagen", plural=True),
        "name": worded("De naam is {name}, meer niet."),
    }
    ROMANIAN: ClassVar = {
        "day": worded("o zi", "{n} zile", "{n} de zile", plural=True),
        "name": worded("Numele este {name}."),
    }

    def found(self, **ours: Wording) -> list[str]:
        return list(compared(self.ROMANIAN | ours, self.DUTCH, Language.ROMANIAN))

    def test_finds_nothing_in_a_good_one(self) -> None:
        assert self.found() == []

    @pytest.mark.parametrize(
        ("key", "wording", "fault"),
        [
            ("more", worded("Mai mult"), "more: unknown"),
            ("name", worded(""), "name: empty"),
            ("name", worded("Numele este  {name}."), "name: spaces or line ends too many"),
            ("name", worded("- {name}"), "name: looks like a list, a quotation or a broken line"),
            ("name", worded("> {name}"), "name: looks like a list, a quotation or a broken line"),
            ("name", worded("{name}\\"), "name: looks like a list, a quotation or a broken line"),
            ("name", worded("Numele este."), "name: needs the placeholders ['name']"),
            ("name", worded("{nume} {name}"), "name: needs the placeholders ['name']"),
            ("name", worded("{name} {"), "name: needs the placeholders ['name']"),
            ("name", worded("{n} {name}"), "name: needs the placeholders ['name']"),
            ("day", worded("{n} zile"), "day: needs 3 forms one few other"),
            ("day", worded("a", "b", plural=True), "day: needs 3 forms one few other"),
            ("name", worded("{name}", "{name}", plural=True), "name: needs 1 forms"),
        ],
    )
    def test_finds_what_is_wrong(self, key: str, wording: Wording, fault: str) -> None:
        assert fault in self.found(**{key: wording})

    def test_finds_what_is_missing(self) -> None:
        found = list(compared({}, self.DUTCH, Language.ROMANIAN))

        assert found == ["day: missing", "name: missing"]

    def test_finds_what_was_left_in_another_language(self) -> None:
        left = self.ROMANIAN | {"name": self.DUTCH["name"], "day": worded("{n} dag")}

        assert list(left_in(Language.DUTCH, left, self.DUTCH)) == ["name: still in nl"]


class TestACatalogueOfATranslator:
    WRITTEN = """
msgid ""
msgstr ""
"Language: ro\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : (n==0 || (n%100>0 && n%100<20)) ? 1 : 2);\\n"

#, fuzzy
msgid "day"
msgid_plural "day"
msgstr[0] "o zi"
msgstr[1] "{n} zile"
msgstr[2] "{n} de zile"

msgid "name"
msgstr "Numele"
"""

    def test_tells_what_nobody_has_checked(self, tmp_path: Path) -> None:
        (tmp_path / "ro.po").write_text(self.WRITTEN)

        assert read_wordings(tmp_path / "ro.po", Language.ROMANIAN) == {
            "day": Wording(("o zi", "{n} zile", "{n} de zile"), plural=True, checked=False),
            "name": Wording(("Numele",)),
        }


class TestAPlural:
    @pytest.mark.parametrize(
        ("language", "categories"),
        [
            (Language.DUTCH, ("one", "other")),
            (Language.ENGLISH, ("one", "other")),
            (Language.SPANISH, ("one", "other")),
            (Language.PORTUGUESE, ("one", "other")),
            (Language.ROMANIAN, ("one", "few", "other")),
            (Language.BULGARIAN, ("one", "other")),
            (Language.HUNGARIAN, ("one", "other")),
        ],
    )
    def test_has_the_categories_of_cldr(
        self, language: Language, categories: tuple[str, ...]
    ) -> None:
        assert plural_categories(language) == categories

    def test_is_chosen_by_the_rule_of_the_language(self) -> None:
        chosen = [plural_index(Language.ROMANIAN, n) for n in (1, 0, 2, 19, 20, 101, 120)]
        assert chosen == [0, 1, 1, 1, 2, 1, 2]
        assert [plural_index(Language.PORTUGUESE, n) for n in (0, 1, 2)] == [0, 0, 1]
        assert [plural_index(Language.SPANISH, n) for n in (0, 1, 1_000_000)] == [1, 0, 1]
