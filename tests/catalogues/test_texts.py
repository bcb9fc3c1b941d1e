"""The texts of each language: complete, alike, and filled only with what they ask for."""

import re
from datetime import date, time
from gettext import c2py  # pyright: ignore[reportUnknownVariableType]
from pathlib import Path

import pytest

from catalogues.comparing import faults, placeholders
from catalogues.texts import (
    MissingValue,
    UnknownText,
    best_language,
    catalogue,
    text,
    written_date,
    written_time,
)
from catalogues.wordings import plural_categories, plural_index
from domain.languages import SPOKEN, Language
from domain.waits import Wait
from tests.catalogues.asked_for import (
    ASKED_FOR_ON_PAGES,
    FIELD_PROBLEMS,
    IN_LETTERS,
    KEYS_OF,
    NAMES,
    ON_PAGES,
    PROBLEMS,
    SENTENCES,
)

FOR_PEOPLE = ("portal.", "pages.", "answering.")


@pytest.mark.parametrize("language", SPOKEN)
class TestTheCatalogueOfALanguage:
    def test_lacks_nothing(self, language: Language) -> None:
        assert faults(language) == []

    def test_has_the_plural_rule_of_its_language(self, language: Language) -> None:
        """Translators' programs read it; CLDR is what we go by."""
        path = Path("catalogues") / f"{language}.po"
        rule = re.search(r"nplurals=(\d); plural=([^;]+);", path.read_text())
        assert rule is not None
        choose = c2py(rule[2])
        assert int(rule[1]) == len(plural_categories(language))
        assert all(choose(n) == plural_index(language, n) for n in range(1001))

    def test_holds_each_key_once(self, language: Language) -> None:
        written = (Path("catalogues") / f"{language}.po").read_text()
        keys = re.findall(r"^msgid (.+)$", written, re.MULTILINE)

        assert len(keys) == len(set(keys))

    def test_names_every_member_of_every_enumeration(self, language: Language) -> None:
        wanted = {f"{kind}.{member}" for kind, members in KEYS_OF.items() for member in members}

        assert wanted <= catalogue(language).keys()

    def test_explains_every_wait(self, language: Language) -> None:
        texts = catalogue(language)

        for wait in Wait:
            assert placeholders(texts[f"wait.{wait}"]) == set()
            assert placeholders(texts[f"wait.{wait}.then"]) == {"due"}
        for key, names in SENTENCES.items():
            assert placeholders(texts[key]) == names

    def test_explains_every_problem(self, language: Language) -> None:
        texts = catalogue(language)

        for slug in PROBLEMS:
            assert placeholders(texts[f"problem.{slug}.title"]) == set()
            assert placeholders(texts[f"problem.{slug}.detail"]) == set()
        for slug, names in FIELD_PROBLEMS.items():
            assert placeholders(texts[f"problem.field.{slug}"]) == names

    def test_holds_no_text_that_nobody_asks_for(self, language: Language) -> None:
        asked = {f"{kind}.{member}" for kind, members in KEYS_OF.items() for member in members}
        asked |= {f"wait.{wait}.then" for wait in Wait} | NAMES | SENTENCES.keys()
        asked |= {f"problem.{slug}.{part}" for slug in PROBLEMS for part in ("title", "detail")}
        asked |= {f"problem.field.{slug}" for slug in FIELD_PROBLEMS}
        on_pages = {key for key in catalogue(language) if key.startswith(FOR_PEOPLE)}
        assert catalogue(language).keys() - on_pages == asked | ON_PAGES | IN_LETTERS

    def test_holds_what_pages_for_people_ask_for_and_no_more(self, language: Language) -> None:
        def is_asked_for_by(wanted: str, key: str) -> bool:
            return key == wanted or key.startswith(wanted.rstrip(".") + ".")

        texts = [key for key in catalogue(language) if key.startswith(FOR_PEOPLE)]
        for wanted in ASKED_FOR_ON_PAGES:
            assert any(is_asked_for_by(wanted, key) for key in texts), wanted
        for key in texts:
            assert any(is_asked_for_by(wanted, key) for wanted in ASKED_FOR_ON_PAGES), key


class TestText:
    def test_fills_its_placeholders(self) -> None:
        words = text(Language.ENGLISH, "problem.field.too-long", limit=500)

        assert words == "This is too long. Please use no more than 500 characters."

    def test_takes_values_as_they_are(self) -> None:
        words = text(Language.ENGLISH, "problem.field.choice", choices="{limit} {0.__class__}")

        assert "{limit} {0.__class__}" in words

    def test_writes_dates_in_words(self) -> None:
        words = text(Language.ENGLISH, "letters.answer_by", day=date(2026, 11, 3))

        assert words == "Please answer by 3 November 2026."

    def test_ends_with_one_full_stop(self) -> None:
        said = text(Language.ENGLISH, "letters.answer_by", day="2026. november 3.")

        assert said == "Please answer by 2026. november 3."

    def test_refuses_an_unknown_key(self) -> None:
        with pytest.raises(UnknownText, match=r"stage\.unheard_of"):
            text(Language.DUTCH, "stage.unheard_of")

    def test_refuses_to_leave_a_placeholder_open(self) -> None:
        with pytest.raises(MissingValue, match="limit"):
            text(Language.DUTCH, "problem.field.too-long")


class TestATextWithANumber:
    def test_is_one_for_one(self) -> None:
        assert text(Language.DUTCH, "span.days", n=1) == "1 dag"
        assert text(Language.DUTCH, "span.days", n=0) == "0 dagen"
        assert text(Language.ENGLISH, "span.weeks", n=6) == "6 weeks"

    def test_needs_a_whole_number(self) -> None:
        with pytest.raises(MissingValue, match="n"):
            text(Language.DUTCH, "span.days")
        with pytest.raises(MissingValue, match="whole number"):
            text(Language.DUTCH, "span.days", n="many")


class TestBestLanguage:
    @pytest.mark.parametrize(
        ("header", "language"),
        [
            (None, Language.DUTCH),
            ("", Language.DUTCH),
            ("*", Language.DUTCH),
            ("en", Language.ENGLISH),
            ("EN-us,en;q=0.9", Language.ENGLISH),
            ("nl-BE, en;q=0.8", Language.DUTCH),
            ("en;q=0.3, nl;q=0.7", Language.DUTCH),
            ("fr, pl;q=0.9, en;q=0.1", Language.ENGLISH),
            ("fr, pl;q=0.9", Language.DUTCH),
            ("en;q=0", Language.DUTCH),
            ("en ; q = 1 , nl;q=0.5", Language.ENGLISH),
            ("en;q=nan", Language.DUTCH),
            ("en;q=2", Language.DUTCH),
            (";;;,,,=\x00\u202e", Language.DUTCH),
            ("../../nl", Language.DUTCH),
            ("xx," * 100_000 + "en", Language.DUTCH),
        ],
    )
    def test_is_the_first_wanted_one_that_we_speak(
        self, header: str | None, language: Language
    ) -> None:
        assert best_language(header) is language

    @pytest.mark.parametrize("language", Language)
    def test_is_one_that_is_complete(self, language: Language) -> None:
        expected = language if language in SPOKEN else Language.DUTCH
        assert best_language(f"{language}-XX, nl;q=0.5") is expected


class TestWrittenTime:
    @pytest.mark.parametrize(
        ("language", "day", "moment"),
        [
            (Language.DUTCH, "3 november 2026", "09:05"),
            (Language.ENGLISH, "3 November 2026", "09:05"),
            (Language.SPANISH, "3 de noviembre de 2026", "9:05"),
            (Language.PORTUGUESE, "3 de novembro de 2026", "09:05"),
            (Language.ROMANIAN, "3 noiembrie 2026", "09:05"),
            (Language.BULGARIAN, "3 ноември 2026\u202f\u0433.", "9:05"),
            (Language.HUNGARIAN, "2026. november 3.", "9:05"),
        ],
    )
    def test_is_as_the_language_writes_it(self, language: Language, day: str, moment: str) -> None:
        assert written_date(date(2026, 11, 3), language) == day
        assert written_time(time(9, 5), language) == moment
