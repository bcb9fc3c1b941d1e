"""What a file is, by its first bytes."""

import pytest

from attachments.recognising import recognise
from attachments.refusal import FileRefused
from domain.attachments import MOST_BYTES, MediaType, Unacceptable
from tests.attachments.sample_files import document, photo

OF_EACH_KIND = {
    MediaType.JPEG: photo(),
    MediaType.PNG: photo("PNG"),
    MediaType.HEIC: photo("HEIF"),
    MediaType.PDF: document(),
}


def reason(content: bytes, declared: str = "", name: str = "") -> Unacceptable:
    with pytest.raises(FileRefused) as refused:
        recognise(content, declared, name)
    return refused.value.reason


class TestAFile:
    @pytest.mark.parametrize("kind", OF_EACH_KIND)
    @pytest.mark.parametrize("declared", ["", "text/plain", "application/octet-stream"])
    def test_is_what_its_bytes_say_whatever_is_declared(
        self, kind: MediaType, declared: str
    ) -> None:
        assert recognise(OF_EACH_KIND[kind], declared, "brief.exe") is kind

    @pytest.mark.parametrize(
        ("declared", "name"),
        [("text/plain", ""), ("Text/Plain; charset=utf-8", "x"), ("", "CHAT.TXT")],
    )
    def test_is_a_text_when_it_is_declared_as_one(self, declared: str, name: str) -> None:
        assert recognise("Ik kreeg géén reden.\n".encode(), declared, name) is MediaType.TEXT
        assert recognise(b"BM is how this begins", declared, name) is MediaType.TEXT

    @pytest.mark.parametrize(
        ("content", "declared", "name"),
        [
            (b"MZ\x90\0", "image/jpeg", "photo.jpg"),
            (b"GIF89a%PDF-1.7\n", "application/pdf", "x.pdf"),
            (b"PK\x03\x04" + b"\0" * 40, "", "x.docx"),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", "x.svg"),
            (b"<html><script>1</script>", "text/html", "x.html"),
            (b"some text", "", "x.bat"),
            (b"with a \0 within", "text/plain", "x.txt"),
            (b"caf\xe9", "text/plain", "x.txt"),
            (b"\n%PDF-1.7 not at its start", "application/pdf", "x.pdf"),
            (photo()[:1], "image/jpeg", "x.jpg"),
        ],
    )
    def test_of_another_kind_is_refused(self, content: bytes, declared: str, name: str) -> None:
        assert reason(content, declared, name) is Unacceptable.UNKNOWN_KIND

    def test_that_holds_nothing_is_refused(self) -> None:
        assert reason(b"", "text/plain") is Unacceptable.EMPTY

    def test_may_have_ten_mebibytes_and_not_one_byte_more(self) -> None:
        assert recognise(b"x" * MOST_BYTES, "text/plain", "") is MediaType.TEXT
        assert reason(b"x" * (MOST_BYTES + 1), "text/plain") is Unacceptable.TOO_LARGE
