"""AES-256-GCM: what NIST computed is what we compute, and nothing else opens."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from settings.aead import decrypt, encrypt

CAVP = {
    "nothing at all": (
        "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
        "516c33929df5a3284ff463d7",
        "",
        "",
        "",
        "bdc1ac884d332457a1d2664f168c76f0",
    ),
    "a text": (
        "31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22",
        "0d18e06c7c725ac9e362e1ce",
        "2db5168e932556f8089a0622981d017d",
        "",
        "fa4362189661d163fcd6a56d8bf0405a",
        "d636ac1bbedd5cc3ee727dc2ab4a9489",
    ),
    "a text that is bound to something": (
        "92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b",
        "ac93a1a6145299bde902f21a",
        "2d71bcfa914e4ac045b2aa60955fad24",
        "1e0889016f67601c8ebea4943bc23ad6",
        "8995ae2e6df3dbf96fac7b7137bae67f",
        "eca5aa77d51d4a0a14d9c51e1da474ab",
    ),
}
"""NIST CAVP, gcmEncryptExtIV256.rsp: key, nonce, plain, associated data, ciphertext, tag."""


class TestEncryption:
    @pytest.mark.parametrize("vector", CAVP.values(), ids=CAVP)
    def test_computes_what_nist_computed(self, vector: tuple[str, ...]) -> None:
        key, nonce, plain, bound_to, ciphertext, tag = map(bytes.fromhex, vector)
        sealed = nonce + ciphertext + tag
        assert encrypt(key, plain, bound_to, nonce=nonce) == sealed
        assert decrypt(key, sealed, bound_to) == plain

    def test_never_uses_a_nonce_again(self) -> None:
        assert len({encrypt(bytes(32), b"same")[:12] for _ in range(1000)}) == 1000

    @given(st.binary(max_size=40), st.binary(max_size=20))
    def test_opens_for_nothing_but_what_it_was_bound_to(self, plain: bytes, bound: bytes) -> None:
        sealed = encrypt(bytes(32), plain, bound)
        assert decrypt(bytes(32), sealed, bound) == plain
        with pytest.raises(ValueError, match="another"):
            decrypt(bytes(32), sealed, bound + b"\0")
        with pytest.raises(ValueError, match="another"):
            decrypt(bytes([*bytes(31), 1]), sealed, bound)

    @pytest.mark.parametrize("length", range(28))
    def test_opens_nothing_that_is_too_short_to_have_been_encrypted(self, length: int) -> None:
        with pytest.raises(ValueError, match=r"another|Nonce"):
            decrypt(bytes(32), bytes(length))
