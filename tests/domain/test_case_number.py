"""Case numbers: their form, and what is caught when people mistype them."""

import itertools
import random
import re
import secrets
import string
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.case_number import (
    CaseNumber,
    InvalidCaseNumber,
    draw_case_number,
    parse_case_number,
)

CONSONANTS = "bdfghjklmnprstvz"
VOWELS = "aiou"
ALPHABET = string.ascii_lowercase + string.digits
UNFIT = ("fag", "fuk", "gog", "kut", "lul", "nazi", "nig", "pik", "sod", "tit", "zog")


def is_valid(text: str) -> bool:
    try:
        parse_case_number(text)
    except InvalidCaseNumber:
        return False
    return True


def word(consonants: str, vowels: str) -> str:
    return consonants[0] + vowels[0] + consonants[1] + vowels[1] + consonants[2]


def checks_that_fit(words: str) -> list[str]:
    return [check for check in ALPHABET if is_valid(words + check)]


words = st.builds(
    word,
    st.text(CONSONANTS, min_size=3, max_size=3),
    st.text(VOWELS, min_size=2, max_size=2),
)
case_numbers = st.tuples(words, words).map(
    lambda pair: parse_case_number("".join(pair) + checks_that_fit("".join(pair))[0])
)


def as_somebody_writes_it(number: CaseNumber, gaps: list[str], capitals: list[bool]) -> str:
    letters = number.replace("-", "")
    return "".join(
        gap + (letter.upper() if capital else letter)
        for letter, gap, capital in zip(letters, gaps, capitals, strict=True)
    )


class TestACaseNumber:
    def test_is_two_pronounceable_words_and_a_check_character(self) -> None:
        for _ in range(300):
            number = draw_case_number()
            assert re.fullmatch(
                rf"(?:[{CONSONANTS}][{VOWELS}][{CONSONANTS}][{VOWELS}][{CONSONANTS}]-){{2}}[a-z0-9]",
                number,
            )
            assert parse_case_number(number) == number

    def test_may_be_the_one_of_the_documentation(self) -> None:
        assert parse_case_number("LUSAB BABAD W") == "lusab-babad-w"

    def test_survives_being_typed_in_capitals_with_spaces(self) -> None:
        number = draw_case_number()
        assert parse_case_number(f"  {number.upper().replace('-', ' ')} ") == number

    @given(
        case_numbers,
        st.lists(st.sampled_from(["", " ", "-", " - "]), min_size=11, max_size=11),
        st.lists(st.booleans(), min_size=11, max_size=11),
    )
    def test_survives_every_way_of_grouping_and_capitals(
        self, number: CaseNumber, gaps: list[str], capitals: list[bool]
    ) -> None:
        assert parse_case_number(as_somebody_writes_it(number, gaps, capitals)) == number

    @given(words, words)
    def test_has_exactly_one_check_character_that_fits(self, first: str, second: str) -> None:
        assert len(checks_that_fit(first + second)) == 1

    @settings(max_examples=25)
    @given(case_numbers)
    def test_shows_every_single_wrong_character(self, number: CaseNumber) -> None:
        letters = number.replace("-", "")
        for position, wrong in itertools.product(range(11), ALPHABET):
            if wrong != letters[position]:
                mistyped = letters[:position] + wrong + letters[position + 1 :]
                assert not is_valid(mistyped), mistyped

    @given(case_numbers, st.integers(min_value=0, max_value=10))
    def test_shows_a_missing_or_doubled_character(self, number: CaseNumber, position: int) -> None:
        letters = number.replace("-", "")
        assert not is_valid(letters[:position] + letters[position + 1 :])
        assert not is_valid(letters[:position] + letters[position] + letters[position:])

    def test_shows_nearly_every_swap_of_neighbours(self) -> None:
        chance = random.Random(1)
        tried = missed = 0
        for _ in range(400):
            chosen = [
                word("".join(chance.choices(CONSONANTS, k=3)), "".join(chance.choices(VOWELS, k=2)))
                for _ in range(2)
            ]
            letters = "".join(chosen) + checks_that_fit("".join(chosen))[0]
            for at in range(10):
                if letters[at] != letters[at + 1]:
                    swapped = letters[:at] + letters[at + 1] + letters[at] + letters[at + 2 :]
                    tried += 1
                    missed += is_valid(swapped)
        assert tried > 3500
        assert missed / tried < 0.005

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "-",
            "lusab",
            "lusab-babad",
            "lusab-babad-wr",
            "lusab/babad/r",
            "lüsab-babad-r",
            "usabl-babad-r",
            "lusab-babad-é",
            "lusab-babad-²",
            "0" * 11,
            "lusab-babad-w; drop table",
        ],
    )
    def test_is_not_just_any_text(self, text: str) -> None:
        with pytest.raises(InvalidCaseNumber):
            parse_case_number(text)

    @given(st.text(min_size=14, max_size=40).filter(lambda text: not is_valid(text)))
    def test_is_refused_without_repeating_what_was_typed(self, text: str) -> None:
        with pytest.raises(InvalidCaseNumber) as refused:
            parse_case_number(text)
        assert text not in str(refused.value)

    @pytest.mark.parametrize("unfit", UNFIT)
    def test_never_spells_what_nobody_should_have_to_say(
        self, unfit: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        spelling = next(pair for pair in pairs_that_spell(unfit))
        draws = iter([*spelling, bits_of("lusab"), bits_of("babad")])

        def next_draw(_bits: int) -> int:
            return next(draws)

        monkeypatch.setattr(secrets, "randbits", next_draw)
        assert draw_case_number().startswith("lusab-babad-")
        assert next(draws, None) is None

    def test_differs_from_one_draw_to_the_next(self) -> None:
        assert len({draw_case_number() for _ in range(50)}) == 50


def bits_of(proquint: str) -> int:
    bits = 0
    for position, letter in enumerate(proquint):
        if position % 2 == 0:
            bits = bits << 4 | CONSONANTS.index(letter)
        else:
            bits = bits << 2 | VOWELS.index(letter)
    return bits


def pairs_that_spell(fragment: str) -> Iterator[tuple[int, int]]:
    """Yield pairs of draws of which the second word holds the fragment."""
    for before, after in itertools.product(("", "b", "ba"), ("", "b", "ab", "bab")):
        candidate = before + fragment + after
        if len(candidate) == 5 and all(
            letter in (VOWELS if position % 2 else CONSONANTS)
            for position, letter in enumerate(candidate)
        ):
            yield bits_of("babab"), bits_of(candidate)
