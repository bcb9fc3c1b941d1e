import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.padding import padded, padded_length, unpadded


class TestThePaddedLength:
    @given(st.integers(min_value=0, max_value=5_000_000))
    def test_is_never_much_longer(self, length: int) -> None:
        long = padded_length(length)
        assert long >= max(length, 256)
        assert long <= max(256, length * 1.12)
        assert padded_length(long) == long

    def test_is_the_same_for_all_short_texts(self) -> None:
        assert {padded_length(length) for length in range(257)} == {256}

    @given(st.integers(min_value=1024, max_value=5_000_000))
    def test_takes_few_values(self, length: int) -> None:
        free = length.bit_length() - 1 - (length.bit_length() - 1).bit_length()
        assert padded_length(length) % (1 << free) == 0


class TestPaddedContent:
    @given(st.binary(max_size=3000))
    def test_comes_back_as_it_was(self, plain: bytes) -> None:
        content = padded(plain)

        assert len(content) == padded_length(len(plain) + 4)
        assert unpadded(content) == plain

    @pytest.mark.parametrize("content", [b"\0\0\0\x01", b"\xff\xff\xff\xff" + bytes(252)])
    def test_with_a_length_that_cannot_be_true_is_refused(self, content: bytes) -> None:
        with pytest.raises(ValueError, match="beyond"):
            unpadded(content)
