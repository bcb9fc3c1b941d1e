"""Receipt codes: 130 random bits that people can copy by hand."""

import re
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.receipt_code import (
    WORDS,
    WORDS_TO_CHOOSE_FROM,
    InvalidReceiptCode,
    ReceiptCode,
    code_of_word_numbers,
    draw_receipt_code,
    grouped,
    parse_receipt_code,
    possible_codes,
    word_numbers,
)

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
codes = st.text(ALPHABET, min_size=26, max_size=26).map(ReceiptCode)


class TestAReceiptCode:
    def test_holds_130_bits(self) -> None:
        assert len(ALPHABET) == 2**5
        for _ in range(50):
            assert re.fullmatch(f"[{ALPHABET}]{{26}}", draw_receipt_code())

    def test_uses_every_character_everywhere(self) -> None:
        drawn = [draw_receipt_code() for _ in range(1000)]
        # Each position misses one of 32 characters in 1000 draws less than once in 10^12.
        assert all({code[position] for code in drawn} == set(ALPHABET) for position in range(26))

    def test_comes_from_the_operating_systems_randomness(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def first(characters: str) -> str:
            return characters[0]

        monkeypatch.setattr(secrets, "choice", first)
        assert draw_receipt_code() == "0" * 26

    @given(codes)
    def test_is_shown_in_five_groups_and_read_back(self, code: ReceiptCode) -> None:
        shown = grouped(code)
        assert [len(group) for group in shown.split("-")] == [5, 5, 5, 5, 6]
        assert parse_receipt_code(shown) == code

    @given(codes, st.lists(st.sampled_from(["", " ", "-", "\n", "\t"]), min_size=26, max_size=26))
    def test_survives_small_letters_spaces_and_line_breaks(
        self, code: ReceiptCode, gaps: list[str]
    ) -> None:
        typed = "".join(gap + letter for letter, gap in zip(code.lower(), gaps, strict=True))
        assert parse_receipt_code(typed) == code

    @pytest.mark.parametrize(
        ("typed", "meant"), [("O", "0"), ("o", "0"), ("I", "1"), ("i", "1"), ("L", "1"), ("l", "1")]
    )
    def test_reads_what_looks_like_a_digit_as_that_digit(self, typed: str, meant: str) -> None:
        assert parse_receipt_code(typed + "Z" * 25) == meant + "Z" * 25

    @pytest.mark.parametrize(
        "typed",
        ["", "Z" * 25, "Z" * 27, "U" + "Z" * 25, "é" + "Z" * 25, "_" + "Z" * 25, "٣" + "Z" * 25],
    )
    def test_is_not_another_length_or_character(self, typed: str) -> None:
        with pytest.raises(InvalidReceiptCode):
            parse_receipt_code(typed)

    @given(st.text(max_size=8))
    def test_is_refused_in_words_that_never_repeat_what_was_typed(self, typed: str) -> None:
        with pytest.raises(InvalidReceiptCode, match=r"^not a receipt code$"):
            parse_receipt_code(typed)


class TestPossibleCodes:
    @given(codes, codes)
    def test_are_found_in_a_longer_text(self, first: ReceiptCode, second: ReceiptCode) -> None:
        text = f"Mijn code is {grouped(first)}. Of toch {grouped(second).lower()}, denk ik?"
        assert possible_codes(text) == [first, second]

    @given(codes)
    def test_are_found_without_their_hyphens(self, code: ReceiptCode) -> None:
        assert possible_codes(f"({code})") == [code]
        assert possible_codes(grouped(code).replace("-", " ")) == [code]

    def test_are_read_as_people_mistype_them(self) -> None:
        assert possible_codes("OIL00-ZZZZZ-ZZZZZ-ZZZZZ-ZZZZZZ") == ["01100" + "Z" * 21]

    @given(codes)
    def test_are_no_part_of_something_longer(self, code: ReceiptCode) -> None:
        assert possible_codes(f"A{code}") == []
        assert possible_codes(f"{code}A") == []

    @pytest.mark.parametrize(
        "text", ["", "Geen code hier.", "U" * 26, "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001"]
    )
    def test_are_not_seen_where_there_are_none(self, text: str) -> None:
        assert possible_codes(text) == []


class TestItsWords:
    @given(codes)
    def test_are_ten_numbers_of_thirteen_bits_that_say_the_code(self, code: ReceiptCode) -> None:
        numbers = word_numbers(code)
        assert len(numbers) == WORDS == 10
        assert all(0 <= number < WORDS_TO_CHOOSE_FROM for number in numbers)
        assert code_of_word_numbers(numbers) == code

    @pytest.mark.parametrize("numbers", [[], [0] * 9, [0] * 11])
    def test_say_no_code_when_too_many_or_too_few(self, numbers: list[int]) -> None:
        with pytest.raises(InvalidReceiptCode):
            code_of_word_numbers(numbers)

    def test_say_the_last_code_at_the_very_end(self) -> None:
        assert code_of_word_numbers([8191] * 10) == "Z" * 26
