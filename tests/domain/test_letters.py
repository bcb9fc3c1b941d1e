"""Letters: each exists once within an episode of its case, under an id that never changes."""

from itertools import combinations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.identifiers import CaseId, EntryNumber, StaffId
from domain.letters import Letter, PendingLetter, letter_id
from domain.parties import Party
from domain.waits import Wait
from tests.domain.journey import ANNA, BRAM

CASE = CaseId(UUID("6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001"))
OTHER_CASE = CaseId(UUID("6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0002"))
NEWS = PendingLetter(Letter.NEWS, Party.COMPLAINANT, about=EntryNumber(3))

occasions = st.one_of(
    st.just(""),
    st.integers(min_value=1, max_value=99).map(str),
    st.builds(
        "{}.2026-03-02.{}.coordinator.{}".format,
        st.sampled_from(Wait),
        st.integers(min_value=1, max_value=9),
        st.text("abcdefgh_", max_size=20),
    ),
)
letters = st.builds(
    PendingLetter,
    st.sampled_from(Letter),
    st.sampled_from(Party),
    st.none() | st.integers(min_value=1, max_value=9).map(EntryNumber),
    occasions,
    st.none() | st.uuids().map(StaffId),
)


class TestALettersId:
    def test_is_the_same_for_every_attempt(self) -> None:
        again = PendingLetter(Letter.NEWS, Party.COMPLAINANT, about=EntryNumber(3))
        assert letter_id(CASE, 1, NEWS) == letter_id(CASE, 1, again)

    def test_never_changes_because_it_stands_in_databases(self) -> None:
        assert letter_id(CASE, 1, NEWS) == UUID("ef2e1208-889c-5f76-9305-e26bcc403854")

    def test_differs_between_cases_and_episodes(self) -> None:
        assert len({letter_id(case, n, NEWS) for case in (CASE, OTHER_CASE) for n in (1, 2)}) == 4

    @pytest.mark.parametrize(
        "other",
        [
            PendingLetter(Letter.YOUR_TURN, Party.COMPLAINANT, EntryNumber(3)),
            PendingLetter(Letter.NEWS, Party.MEDIATOR, EntryNumber(3)),
            PendingLetter(Letter.NEWS, Party.COMPLAINANT, EntryNumber(4)),
            PendingLetter(Letter.NEWS, Party.COMPLAINANT, None),
            PendingLetter(Letter.NEWS, Party.COMPLAINANT, EntryNumber(3), "2"),
            PendingLetter(Letter.NEWS, Party.COMPLAINANT, EntryNumber(3), "", ANNA),
            PendingLetter(Letter.NEWS, Party.COMPLAINANT, EntryNumber(3), "", BRAM),
        ],
    )
    def test_differs_with_everything_that_tells_letters_apart(self, other: PendingLetter) -> None:
        assert letter_id(CASE, 1, NEWS) != letter_id(CASE, 1, other)

    @given(st.lists(letters, min_size=2, max_size=6, unique=True))
    def test_is_never_shared_by_two_letters(self, different: list[PendingLetter]) -> None:
        for one, other in combinations(different, 2):
            assert letter_id(CASE, 1, one) != letter_id(CASE, 1, other)

    @given(letters)
    def test_comes_from_a_key_that_fits_its_column(self, letter: PendingLetter) -> None:
        assert len(letter.key) <= 200
