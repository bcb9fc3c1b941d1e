"""Names of files that people send, and under which they come back."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.attachments import MediaType, harmless_name

ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=300)


class TestANameOfAFile:
    @pytest.mark.parametrize(
        ("sent", "kind", "back"),
        [
            ("brief.pdf", MediaType.PDF, "brief.pdf"),
            ("Mijn foto (2).JPEG", MediaType.JPEG, "Mijn foto (2).jpg"),
            ("IMG_1.HEIC", MediaType.JPEG, "IMG_1.jpg"),
            ("../../etc/passwd", MediaType.TEXT, "passwd.txt"),
            ("..\\..\\windows\\system32\\cmd.exe", MediaType.PDF, "cmd.pdf"),
            ("C:\\fakepath\\foto.png", MediaType.PNG, "foto.png"),
            ("foto\u202egnp.exe", MediaType.PNG, "fotognp.png"),
            ("a\r\nSet-Cookie: b\0.txt", MediaType.TEXT, "aSet-Cookie b.txt"),
            ('"; filename=evil.exe', MediaType.JPEG, "; filename=evil.jpg"),
            ("..", MediaType.JPEG, "file.jpg"),
            ("", MediaType.JPEG, "file.jpg"),
            ("\u200b\u2066", MediaType.JPEG, "file.jpg"),
            (".htaccess", MediaType.TEXT, "htaccess.txt"),
            ("CON.txt", MediaType.TEXT, "file-CON.txt"),
            ("lpt1.tar.gz", MediaType.PDF, "file-lpt1.tar.pdf"),
            ("e\u0301e\u0301n.txt", MediaType.TEXT, "één.txt"),
            (
                "brief van 3.4.2026 met langere zin",
                MediaType.PDF,
                "brief van 3.4.2026 met langere zin.pdf",
            ),
            ("ФОТО 😀.jpg", MediaType.JPEG, "ФОТО 😀.jpg"),
            ("x" * 500 + ".pdf", MediaType.PDF, "x" * 100 + ".pdf"),
        ],
    )
    def test_comes_back_without_its_dangers(self, sent: str, kind: MediaType, back: str) -> None:
        assert harmless_name(sent, kind) == back

    @given(ANY_TEXT, st.sampled_from(MediaType))
    def test_is_always_one_that_can_be_seen_and_kept(self, sent: str, kind: MediaType) -> None:
        back = harmless_name(sent, kind)
        assert back.endswith(kind.extension)
        assert 0 < len(back.removesuffix(kind.extension)) <= 105
        assert not set(back) & set('/\\<>:"|?*')
        assert not back.startswith((".", " "))
        assert all(unicodedata.category(c)[0] != "C" for c in back)
        back.encode()

    @given(ANY_TEXT, st.sampled_from(MediaType))
    def test_stays_as_it_is_from_then_on(self, sent: str, kind: MediaType) -> None:
        back = harmless_name(sent, kind)
        assert harmless_name(back, kind) == back
