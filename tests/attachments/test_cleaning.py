"""Clean copies: what others see of a file, and what is not in it any more."""

import io
import zipfile

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from attachments.cleaning import clean
from attachments.refusal import FileRefused
from domain.attachments import MediaType, Unacceptable, harmless_text
from tests.attachments.sample_files import (
    GPS_MAKER,
    animation,
    bomb,
    document,
    gps_of,
    photo,
    picture,
)

JPEG, PNG, HEIC, PDF = MediaType.JPEG, MediaType.PNG, MediaType.HEIC, MediaType.PDF


def reason(content: bytes, kind: MediaType) -> Unacceptable:
    with pytest.raises(FileRefused) as refused:
        clean(content, kind)
    return refused.value.reason


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def a_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("narcis.exe", "MZ narcis")
    return out.getvalue()


class TestAPhoto:
    @pytest.mark.parametrize(
        ("kind", "encoder", "shown"),
        [(JPEG, "JPEG", "JPEG"), (PNG, "PNG", "PNG"), (HEIC, "HEIF", "JPEG")],
    )
    def test_tells_no_more_where_and_with_what_it_was_made(
        self, kind: MediaType, encoder: str, shown: str
    ) -> None:
        sent = photo(encoder)
        assert gps_of(sent)
        assert GPS_MAKER in sent

        copy = clean(sent, kind)

        assert gps_of(copy) == {}
        assert GPS_MAKER not in copy
        with opened(copy) as image:
            assert image.format == shown
            assert dict(image.getexif()) == {}
            assert not {"exif", "xmp", "icc_profile", "comment", "Author", "Comment"} & set(
                image.info
            )

    @pytest.mark.parametrize(("kind", "encoder"), [(JPEG, "JPEG"), (PNG, "PNG")])
    def test_stays_upright_without_the_note_that_it_is_to_be_turned(
        self, kind: MediaType, encoder: str
    ) -> None:
        with opened(clean(photo(encoder, orientation=6), kind)) as image:
            assert image.size == (48, 64)
            shown = image.convert("RGB")
        red, blue = shown.crop((24, 8, 25, 9)).tobytes(), shown.crop((24, 56, 25, 57)).tobytes()
        assert red[0] > 200 > blue[0]
        assert blue[2] > 200 > red[2]

    def test_keeps_what_can_be_seen_through(self) -> None:
        out = io.BytesIO()
        Image.new("RGBA", (8, 8), (255, 0, 0, 100)).save(out, "PNG")
        with opened(clean(out.getvalue(), PNG)) as image:
            assert image.getpixel((4, 4)) == (255, 0, 0, 100)

    @pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK"])
    def test_may_have_any_colours(self, mode: str) -> None:
        out = io.BytesIO()
        kind = JPEG if mode == "CMYK" else PNG
        picture().convert(mode).save(out, kind.name)
        with opened(clean(out.getvalue(), kind)) as image:
            assert image.size == (64, 48)

    def test_that_moves_stands_still(self) -> None:
        assert getattr(opened(animation()), "n_frames", 1) == 2
        assert getattr(opened(clean(animation(), PNG)), "n_frames", 1) == 1

    @pytest.mark.parametrize(("kind", "encoder"), [(JPEG, "JPEG"), (PNG, "PNG"), (HEIC, "HEIF")])
    def test_that_is_another_file_as_well_is_a_photo_only(
        self, kind: MediaType, encoder: str
    ) -> None:
        for other in (a_zip(), document(), b"<script>narcis</script>"):
            copy = clean(photo(encoder) + other, kind)
            assert b"narcis" not in copy
            assert not zipfile.is_zipfile(io.BytesIO(copy))
            assert b"%PDF" not in copy

    @pytest.mark.parametrize(("kind", "encoder"), [(JPEG, "JPEG"), (PNG, "PNG"), (HEIC, "HEIF")])
    @pytest.mark.parametrize("part", [0.1, 0.5, 0.9])
    def test_that_was_cut_off_is_refused(self, kind: MediaType, encoder: str, part: float) -> None:
        sent = photo(encoder, size=(640, 480))
        assert reason(sent[: int(len(sent) * part)], kind) is Unacceptable.DAMAGED

    def test_that_is_of_another_kind_than_it_begins_with_is_refused(self) -> None:
        assert reason(photo("PNG"), JPEG) is Unacceptable.DAMAGED

    @pytest.mark.parametrize("size", [(60_000, 60_000), (50_001, 1_000)])
    def test_that_unfolds_to_too_many_pixels_is_refused(self, size: tuple[int, int]) -> None:
        assert len(bomb(*size)) < 200
        assert reason(bomb(*size), PNG) is Unacceptable.TOO_COMPLEX


class TestADocument:
    def test_loses_what_acts_is_hidden_or_tells_of_its_maker(self) -> None:
        sent = document()

        with pikepdf.open(io.BytesIO(sent)) as before:
            assert before.attachments
            assert "/OpenAction" in before.Root
        with pikepdf.open(io.BytesIO(clean(sent, PDF))) as pdf:
            assert len(pdf.pages) == 1
            assert "/Info" not in pdf.trailer
            assert not pdf.attachments
            assert not {"/OpenAction", "/Metadata", "/AcroForm", "/AA"} & set(pdf.Root.keys())
            whole = b"".join(item.unparse(resolved=True) for item in pdf.objects)
            streams = b"".join(
                item.read_bytes() for item in pdf.objects if isinstance(item, pikepdf.Stream)
            )
        for word in (b"narcis", b"JavaScript", b"Launch", b"URI", b"Voorbeeld", b"EmbeddedFile"):
            assert word not in whole + streams

    @pytest.mark.parametrize("acts", ["Named", "Hide", "ResetForm", "SetOCGState", "GoTo"])
    def test_does_nothing_by_itself_when_it_is_opened(self, acts: str) -> None:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(document())) as pdf:
            action = pikepdf.Dictionary(S=pikepdf.Name(f"/{acts}"), N=pikepdf.Name.Print)
            pdf.Root.OpenAction = action
            pdf.pages[0].obj.AA = pikepdf.Dictionary(O=action)
            pdf.save(out)
        with pikepdf.open(io.BytesIO(clean(out.getvalue(), PDF))) as pdf:
            assert "/OpenAction" not in pdf.Root
            assert "/AA" not in pdf.pages[0].obj

    def test_loses_what_its_photos_tell(self) -> None:
        sent = document(image=photo())
        with pikepdf.open(io.BytesIO(clean(sent, PDF))) as pdf:
            image = pdf.pages[0].obj.Resources.XObject.Im0.read_raw_bytes()
        assert gps_of(photo())
        assert gps_of(image) == {}
        assert GPS_MAKER not in image
        with opened(image) as shown, opened(photo()) as original:
            assert shown.tobytes() == original.tobytes()

    def test_that_is_another_file_as_well_is_a_document_only(self) -> None:
        copy = clean(document() + a_zip(), PDF)
        assert not zipfile.is_zipfile(io.BytesIO(copy))
        assert b"narcis" not in copy

    def test_that_needs_a_password_is_refused(self) -> None:
        assert reason(document(password="geheim"), PDF) is Unacceptable.ENCRYPTED

    def test_that_is_encrypted_with_an_empty_password_is_refused(self) -> None:
        out = io.BytesIO()
        with pikepdf.open(io.BytesIO(document())) as pdf:
            pdf.save(out, encryption=pikepdf.Encryption(owner="geheim", user=""))
        assert reason(out.getvalue(), PDF) is Unacceptable.ENCRYPTED

    @pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
    def test_that_was_cut_off_is_refused(self, part: float) -> None:
        sent = document()
        assert reason(sent[: int(len(sent) * part)], PDF) is Unacceptable.DAMAGED

    def test_without_a_page_is_refused(self) -> None:
        out = io.BytesIO()
        pikepdf.new().save(out)
        assert reason(out.getvalue(), PDF) is Unacceptable.DAMAGED

    @given(st.binary(max_size=200))
    def test_that_is_none_is_refused(self, rest: bytes) -> None:
        assert reason(b"%PDF-1.7\n" + rest, PDF) is Unacceptable.DAMAGED


class TestAText:
    def test_loses_what_is_not_seen_and_what_turns_it_around(self) -> None:
        sent = "\ufeffÉén\r\n\ttwee\x1b[31m \u202egnp.exe\u2069 ✓\x7f\x85".encode()
        assert clean(sent, MediaType.TEXT).decode() == "Één\r\n\ttwee[31m gnp.exe ✓"

    @given(st.text())
    def test_is_harmless_once_and_for_all(self, text: str) -> None:
        harmless = harmless_text(text)
        assert harmless_text(harmless) == harmless
        assert not set(harmless) & set("\0\x1b\u202e\u2066\u200f")
        assert [c for c in text if c in harmless] == list(harmless)
