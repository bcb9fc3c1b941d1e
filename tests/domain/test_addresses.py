"""One rule for addresses: whoever is let in at the door can be written to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.addresses import as_it_travels


class TestAnAddress:
    @pytest.mark.parametrize(
        ("written", "travels"),
        [
            ("iemand@post.example", "iemand@post.example"),
            ("  Iemand+1@POST.example ", "Iemand+1@post.example"),
            ("a@bücher.example", "a@xn--bcher-kva.example"),
        ],
    )
    def test_travels_as_ascii(self, written: str, travels: str) -> None:
        assert as_it_travels(written) == travels

    @pytest.mark.parametrize(
        "written",
        [
            "",
            "a",
            "@post.example",
            "a@",
            "a@b-.nl",
            "a@-b.nl",
            "a@straße.nl",
            f"a@{'b' * 64}.nl",
            f"{'a' * 65}@b.nl",
            f"a@{'b.' * 130}nl",
            "ä@post.example",
            "a b@post.example",
            "a@post.example\r\nBcc: b@c.nl",
            "a..b@post.example",
            "a@b..nl",
        ],
    )
    def test_that_no_server_takes_is_none(self, written: str) -> None:
        with pytest.raises(ValueError, match=r"."):
            as_it_travels(written)

    @given(st.text(max_size=300))
    def test_is_plain_or_refused_whatever_is_written(self, written: str) -> None:
        try:
            travels = as_it_travels(written)
        except ValueError:
            return
        assert travels.isascii()
        assert len(travels) <= 254
        assert "\n" not in travels
