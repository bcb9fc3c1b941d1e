"""The texts of both languages: complete, alike, and filled only with what they ask for."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from enum import StrEnum
from string import Formatter

import pytest

from catalogues.texts import (
    MissingValue,
    UnknownText,
    best_language,
    catalogue,
    text,
    written_date,
    written_moment,
)
from domain.entries import EntryKind, Refusal
from domain.languages import Language
from domain.letters import Letter
from domain.parties import Party
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait

KEYS_OF: dict[str, Iterable[StrEnum]] = {
    "stage": Stage,
    "outcome": Outcome,
    "wait": Wait,
    "attention": Attention,
    "refusal": Refusal,
    "entry": EntryKind,
    "party": Party,
    "letter": Letter,
}

PROBLEMS = (
    "invalid-request",
    "malformed-json",
    "unauthenticated",
    "forbidden",
    "not-found",
    "method-not-allowed",
    "conflict-idempotency",
    "payload-too-large",
    "unsupported-media-type",
    "service-unavailable",
    "internal-error",
    "idempotency-key-required",
    "invalid-receipt",
    "reply-link-invalid",
)

FIELD_PROBLEMS = {
    "missing": set[str](),
    "extra": set[str](),
    "type": set[str](),
    "too-long": {"limit"},
    "too-short": set[str](),
    "choice": {"choices"},
    "format": set[str](),
    "unreadable-characters": set[str](),
    "value": set[str](),
    "unknown-institution": set[str](),
    "unknown-staff": set[str](),
    "contains-receipt-code": set[str](),
}


def placeholders(wording: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(wording) if name is not None}


@pytest.mark.parametrize("language", Language)
class TestTheCatalogueOfALanguage:
    def test_has_the_keys_and_placeholders_of_the_other(self, language: Language) -> None:
        ours, reference = catalogue(language), catalogue(Language.DUTCH)

        assert ours.keys() == reference.keys()
        assert {key: placeholders(words) for key, words in ours.items()} == {
            key: placeholders(words) for key, words in reference.items()
        }

    def test_leaves_no_text_empty_or_ragged(self, language: Language) -> None:
        for key, words in catalogue(language).items():
            assert words, key
            assert words == " ".join(words.split()), key

    def test_names_every_member_of_every_enumeration(self, language: Language) -> None:
        wanted = {f"{kind}.{member}" for kind, members in KEYS_OF.items() for member in members}

        assert wanted <= catalogue(language).keys()

    def test_explains_every_wait(self, language: Language) -> None:
        texts = catalogue(language)

        for wait in Wait:
            assert placeholders(texts[f"wait.{wait}"]) == set()
            assert placeholders(texts[f"wait.{wait}.why"]) == {"source", "since", "due"}
            assert placeholders(texts[f"wait.{wait}.then"]) == {"due"}

    def test_explains_every_problem(self, language: Language) -> None:
        texts = catalogue(language)

        for slug in PROBLEMS:
            assert placeholders(texts[f"problem.{slug}.title"]) == set()
            assert placeholders(texts[f"problem.{slug}.detail"]) == set()
        for slug, names in FIELD_PROBLEMS.items():
            assert placeholders(texts[f"problem.field.{slug}"]) == names

    def test_holds_no_text_that_nobody_asks_for(self, language: Language) -> None:
        asked = {f"{kind}.{member}" for kind, members in KEYS_OF.items() for member in members}
        asked |= {f"wait.{wait}.{part}" for wait in Wait for part in ("why", "then")}
        asked |= {f"problem.{slug}.{part}" for slug in PROBLEMS for part in ("title", "detail")}
        asked |= {f"problem.field.{slug}" for slug in FIELD_PROBLEMS}
        asked.add("source.service_level")

        assert catalogue(language).keys() == asked


class TestText:
    def test_fills_its_placeholders(self) -> None:
        words = text(Language.ENGLISH, "problem.field.too-long", limit=500)

        assert words == "This is too long. Please use no more than 500 characters."

    def test_takes_values_as_they_are(self) -> None:
        words = text(Language.ENGLISH, "problem.field.choice", choices="{limit} {0.__class__}")

        assert "{limit} {0.__class__}" in words

    def test_refuses_an_unknown_key(self) -> None:
        with pytest.raises(UnknownText, match=r"stage\.unheard_of"):
            text(Language.DUTCH, "stage.unheard_of")

    def test_refuses_to_leave_a_placeholder_open(self) -> None:
        with pytest.raises(MissingValue, match="limit"):
            text(Language.DUTCH, "problem.field.too-long")


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
            ("hu, ro;q=0.9, en;q=0.1", Language.ENGLISH),
            ("hu, ro;q=0.9", Language.DUTCH),
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


class TestWrittenTime:
    def test_is_a_date_in_words(self) -> None:
        day = date(2026, 11, 3)

        assert written_date(day, Language.DUTCH) == "3 november 2026"
        assert written_date(day, Language.ENGLISH) == "3 November 2026"

    @pytest.mark.parametrize(
        ("moment", "dutch"),
        [
            (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "24 november 2026 om 00:30 uur"),
            (datetime(2026, 7, 1, 12, 5, tzinfo=UTC), "1 juli 2026 om 14:05 uur"),
            (datetime(2028, 2, 29, 8, 0, tzinfo=UTC), "29 februari 2028 om 09:00 uur"),
        ],
    )
    def test_is_a_moment_in_dutch_civil_time(self, moment: datetime, dutch: str) -> None:
        assert written_moment(moment, Language.DUTCH) == dutch

    def test_is_a_moment_in_english_too(self) -> None:
        moment = datetime(2026, 11, 23, 13, 5, tzinfo=UTC)

        assert written_moment(moment, Language.ENGLISH) == "23 November 2026 at 14:05"

    def test_refuses_a_moment_without_time_zone(self) -> None:
        with pytest.raises(ValueError, match="time zone"):
            written_moment(datetime(2026, 11, 23, 13, 5), Language.DUTCH)  # noqa: DTZ001
