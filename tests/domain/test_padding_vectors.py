"""Padmé's lengths, against the definition in the paper (PURBs, PETS 2019, section 4.3)."""

from math import floor, log2

import pytest

from domain.padding import padded_length


def as_in_the_paper(length: int) -> int:
    exponent = floor(log2(length))
    significant = floor(log2(exponent)) + 1
    unit = 2 ** (exponent - significant)
    return -(-length // unit) * unit


class TestPadme:
    @pytest.mark.parametrize(
        ("length", "padded"),
        [(256, 256), (257, 272), (273, 288), (1000, 1024), (1025, 1088), (65_537, 67_584)],
    )
    def test_gives_lengths_worked_out_by_hand(self, length: int, padded: int) -> None:
        assert padded_length(length) == padded
        assert as_in_the_paper(length) == padded

    def test_gives_the_lengths_of_the_paper_from_our_least_length_on(self) -> None:
        for length in [*range(256, 20_000), 10**6, 10**6 + 1, 10**7 - 1]:
            assert padded_length(length) == as_in_the_paper(length)
