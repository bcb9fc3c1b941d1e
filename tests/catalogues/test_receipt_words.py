"""Receipt codes as words: the same bits, said."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalogues.receipt_words import codes_within, in_words, read_receipt_code
from domain.languages import SPOKEN, Language
from domain.receipt_code import (
    WORDS_TO_CHOOSE_FROM,
    InvalidReceiptCode,
    ReceiptCode,
    draw_receipt_code,
    grouped,
)

FOLDER = Path(__file__).parents[2] / "catalogues" / "words"
LISTS = sorted(FOLDER.glob("*.txt"))
codes = st.text("0123456789ABCDEFGHJKMNPQRSTVWXYZ", min_size=26, max_size=26).map(ReceiptCode)
languages = st.sampled_from(SPOKEN)
FIRST, LAST = ReceiptCode("0" * 26), ReceiptCode("Z" * 26)

TYPED: list[Callable[[str], str]] = [
    str.upper,
    str.title,
    lambda said: said.replace(" ", "-"),
    lambda said: said.replace(" ", " ,\n"),
    lambda said: f"  1. {said}.",
    lambda said: said.replace("e", "\u00eb").replace("a", "a\u0301"),
]
"""How people type the words."""


def words_of(path: Path) -> list[str]:
    return path.read_text(encoding="ascii").split()


class TestAList:
    @pytest.mark.parametrize("path", LISTS, ids=lambda path: path.stem)
    def test_has_as_many_short_words_as_thirteen_bits_need(self, path: Path) -> None:
        words = words_of(path)
        assert len(set(words)) == len(words) == WORDS_TO_CHOOSE_FROM == 2**13
        assert all(word.isascii() and word.isalpha() and word.islower() for word in words)
        assert {len(word) for word in words} <= set(range(3, 10))

    @pytest.mark.parametrize(
        "word", ["abuse", "victim", "crime", "police", "prison", "illegal", "traffic", "shame"]
    )
    def test_has_no_word_that_accuses_or_shames(self, word: str) -> None:
        assert all(word not in words_of(path) for path in LISTS)

    def test_has_its_licence_beside_it(self) -> None:
        assert LISTS
        assert all(path.with_suffix(".LICENSE").is_file() for path in LISTS)

    def test_shares_no_word_with_another_so_that_no_phrase_has_two_meanings(self) -> None:
        every = [word for path in LISTS for word in words_of(path)]
        assert len(every) == len(set(every))


class TestAPhrase:
    @given(codes, languages)
    def test_says_the_code_in_ten_words(self, code: ReceiptCode, language: Language) -> None:
        phrase = in_words(code, language)
        assert len(phrase.split()) == 10
        assert read_receipt_code(phrase) == code

    def test_of_the_first_and_the_last_code_is_known(self) -> None:
        assert in_words(FIRST, Language.ENGLISH) == " ".join(["abacus"] * 10)
        assert in_words(LAST, Language.ENGLISH) == " ".join(["zoom"] * 10)

    @pytest.mark.parametrize("language", SPOKEN)
    @pytest.mark.parametrize("typed", TYPED)
    def test_is_read_as_people_type_it(
        self, typed: Callable[[str], str], language: Language
    ) -> None:
        code = draw_receipt_code()
        assert read_receipt_code(typed(in_words(code, language))) == code

    @pytest.mark.parametrize("typed", ["umbrela", "umbrrella", "ubmrella", "umbrelle"])
    def test_is_read_with_a_mistake_in_each_word(self, typed: str) -> None:
        meant = read_receipt_code(" ".join(["umbrella"] * 10))
        assert read_receipt_code(" ".join([typed] * 10)) == meant

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "zoo",
            " ".join(["zoom"] * 9),
            " ".join(["zoom"] * 11),
            " ".join(["zoom"] * 9 + ["zonnebloem"]),
            " ".join(["zoom"] * 9 + ["zoo m"]),
            " ".join(["zoom"] * 9 + ["lat"]),
        ],
    )
    def test_that_says_no_code_is_refused_without_being_repeated(self, text: str) -> None:
        with pytest.raises(InvalidReceiptCode) as refused:
            read_receipt_code(text)
        assert str(refused.value) == "not a receipt code"

    @given(codes)
    def test_is_not_what_characters_are_read_as(self, code: ReceiptCode) -> None:
        assert read_receipt_code(grouped(code)) == code


class TestALongerText:
    @given(codes, languages)
    def test_is_searched_for_words(self, code: ReceiptCode, language: Language) -> None:
        text = f"Mijn code is dus: {in_words(code, language)}. Niet doorvertellen, zebra!"
        assert code in codes_within(text)

    @pytest.mark.parametrize(("wrong", "found"), [(0, 1), (1, 1), (3, 1), (4, 0)])
    def test_is_searched_for_words_with_mistakes(self, wrong: int, found: int) -> None:
        said = ["umbrela"] * wrong + ["umbrella"] * (10 - wrong)
        assert len(codes_within(f"Mijn code is dus: {' '.join(said)}.")) == found

    @given(codes)
    def test_is_searched_for_characters(self, code: ReceiptCode) -> None:
        assert codes_within(f"Mijn code is {grouped(code)}.") == [code]

    def test_of_ordinary_words_has_none(self) -> None:
        assert codes_within("the quick brown fox jumps over the lazy dog " * 20) == []
