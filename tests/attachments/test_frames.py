"""Frames: a file is opened whole and in order, in its own place, or not at all."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attachments.frames import FRAME, BrokenFrames, new_file_key, open_, seal
from domain.padding import padded_length

KEY = b"k" * 32
PLACE = "case:attachment:original"
SEALED = FRAME + 16
"""Bytes of a whole frame once it is sealed."""
HEAD = len(b"frames:1:") + 16

CONTENT = bytes(range(256)) * (FRAME * 3 // 256)
"""Three frames, and with its length and padding a fourth."""


def frames_of(sealed: bytes) -> list[bytes]:
    body = sealed[HEAD:]
    return [body[start : start + SEALED] for start in range(0, len(body), SEALED)]


def refuses(sealed: bytes, key: bytes = KEY, place: str = PLACE) -> bool:
    try:
        open_(key, place, sealed)
    except BrokenFrames:
        return True
    return False


@pytest.fixture(scope="module")
def sealed() -> bytes:
    return seal(KEY, PLACE, CONTENT)


@pytest.fixture(scope="module")
def parts(sealed: bytes) -> list[bytes]:
    found = frames_of(sealed)
    assert len(found) == 4
    return found


class TestAFile:
    @pytest.mark.parametrize(
        "length", [0, 1, 247, 248, FRAME - 9, FRAME - 8, FRAME, FRAME + 1, 3 * FRAME, 10 * FRAME]
    )
    def test_comes_back_as_it_was(self, length: int) -> None:
        content = (CONTENT * 4)[:length]
        assert open_(KEY, PLACE, seal(KEY, PLACE, content)) == content

    @given(st.binary(max_size=3000))
    @settings(max_examples=50)
    def test_of_any_bytes_comes_back_as_it_was(self, content: bytes) -> None:
        assert open_(KEY, PLACE, seal(KEY, PLACE, content)) == content

    def test_shows_nothing_of_itself(self, sealed: bytes) -> None:
        assert not any(CONTENT[at : at + 16] in sealed for at in range(0, 1024, 16))
        assert len({frame[:32] for frame in frames_of(sealed)}) == 4

    def test_shows_no_more_of_its_length_than_its_padding_does(self) -> None:
        lengths = {len(seal(KEY, PLACE, b"x" * n)) for n in range(100_400, 102_300, 100)}
        assert len(lengths) == 1
        assert padded_length(100_408) < lengths.pop() < padded_length(100_408) + 100

    def test_is_never_sealed_to_the_same_bytes(self) -> None:
        assert len({seal(KEY, PLACE, b"tekst") for _ in range(20)}) == 20

    def test_has_a_key_of_its_own(self) -> None:
        assert len({new_file_key() for _ in range(20)}) == 20
        assert {len(new_file_key()) for _ in range(5)} == {32}


class TestFrames:
    def test_are_told_apart_from_each_other(self, sealed: bytes, parts: list[bytes]) -> None:
        """The honest order opens; so what is refused below is refused for its order alone."""
        assert not refuses(sealed[:HEAD] + b"".join(parts))

    @pytest.mark.parametrize(
        "order",
        [
            pytest.param([1, 0, 2, 3], id="reordered"),
            pytest.param([0, 2, 1, 3], id="reordered within"),
            pytest.param([3, 1, 2, 0], id="last first"),
            pytest.param([1, 2, 3], id="first dropped"),
            pytest.param([0, 2, 3], id="one dropped"),
            pytest.param([0, 1, 3], id="one before the last dropped"),
            pytest.param([0, 1, 2], id="truncated at a frame"),
            pytest.param([0], id="truncated to one"),
            pytest.param([3], id="the last alone"),
            pytest.param([], id="none left"),
            pytest.param([0, 0, 1, 2, 3], id="first repeated"),
            pytest.param([0, 1, 1, 2, 3], id="one repeated"),
            pytest.param([0, 1, 1, 3], id="one in place of another"),
            pytest.param([0, 1, 2, 3, 3], id="last repeated"),
            pytest.param([0, 1, 2, 3, 0], id="one appended"),
        ],
    )
    def test_open_in_no_other_order(
        self, sealed: bytes, parts: list[bytes], order: list[int]
    ) -> None:
        assert refuses(sealed[:HEAD] + b"".join(parts[number] for number in order))

    @pytest.mark.parametrize("cut", [1, 15, 16, 17, 1000])
    def test_do_not_open_when_the_end_is_cut_off(self, sealed: bytes, cut: int) -> None:
        assert refuses(sealed[:-cut])

    @pytest.mark.parametrize("more", [b"\0", b"\0" * 16, b"x" * SEALED])
    def test_do_not_open_when_something_is_appended(self, sealed: bytes, more: bytes) -> None:
        assert refuses(sealed + more)

    @given(st.data())
    @settings(max_examples=100, deadline=None)
    def test_do_not_open_when_one_bit_is_another(self, data: st.DataObject) -> None:
        sealed = bytearray(seal(KEY, PLACE, CONTENT[: FRAME + 10]))
        at = data.draw(st.integers(0, len(sealed) - 1))
        sealed[at] ^= 1 << data.draw(st.integers(0, 7))
        assert refuses(bytes(sealed))

    @given(st.binary(max_size=600))
    def test_that_are_none_do_not_open(self, content: bytes) -> None:
        assert refuses(content)
        assert refuses(b"frames:1:" + content)

    def test_of_another_file_do_not_fit(self, sealed: bytes, parts: list[bytes]) -> None:
        other = seal(KEY, PLACE, CONTENT)
        foreign = frames_of(other)
        for number in range(4):
            mixed = [*parts[:number], foreign[number], *parts[number + 1 :]]
            assert refuses(sealed[:HEAD] + b"".join(mixed))

    def test_open_with_their_own_key_only(self, sealed: bytes) -> None:
        assert refuses(sealed, key=b"j" * 32)

    def test_open_in_their_own_place_only(self, sealed: bytes) -> None:
        assert refuses(sealed, place="case:attachment:copy")
