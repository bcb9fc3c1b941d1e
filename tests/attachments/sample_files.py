"""Files as people send them, good and bad."""

import io
import zlib

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name
from PIL import Image
from PIL.PngImagePlugin import PngInfo

GPS_MAKER = b"Zonnebloem Camera"
"""What the Exif data of our photos tells of their camera."""

_GPS = {1: "N", 2: (52.0, 22.0, 12.0), 3: "E", 4: (4.0, 53.0, 42.0)}
_EXIF_GPS = 0x8825
_EXIF_MAKER = 0x010F
_EXIF_ORIENTATION = 0x0112


pillow_heif.register_heif_opener()  # pyright: ignore[reportUnknownMemberType]


def picture(size: tuple[int, int] = (64, 48)) -> Image.Image:
    """Return a picture whose left half is red and whose right half is blue."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    return image


def photo(kind: str = "JPEG", *, orientation: int = 1, size: tuple[int, int] = (64, 48)) -> bytes:
    """Return a photo of a telephone: it tells where it was made, and with what."""
    exif = Image.Exif()
    exif[_EXIF_MAKER] = GPS_MAKER.decode()
    exif[_EXIF_ORIENTATION] = orientation
    exif.get_ifd(_EXIF_GPS).update(_GPS)
    out = io.BytesIO()
    more = {"pnginfo": _comments()} if kind == "PNG" else {}
    picture(size).save(out, kind, exif=exif, **more)
    return out.getvalue()


def gps_of(content: bytes) -> dict[int, object]:
    """Return the place at which a photo says that it was made."""
    with Image.open(io.BytesIO(content)) as image:
        return dict(image.getexif().get_ifd(_EXIF_GPS))


def animation() -> bytes:
    """Return a PNG that moves."""
    out = io.BytesIO()
    picture().save(out, "PNG", save_all=True, append_images=[Image.new("RGB", (64, 48), "green")])
    return out.getvalue()


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """Return a small PNG that unfolds to very many pixels."""
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "PNG")
    small = out.getvalue()
    header = width.to_bytes(4) + height.to_bytes(4) + small[24:29]
    checksum = zlib.crc32(b"IHDR" + header).to_bytes(4)
    return small[:16] + header + checksum + small[33:]


def document(*, password: str | None = None, image: bytes | None = None) -> bytes:
    """Return a PDF that tells of its maker, acts by itself, and hides a file."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(200, 200))
    page = pdf.pages[0].obj
    pdf.docinfo[Name.Author] = "Anna Voorbeeld"
    with pdf.open_metadata() as metadata:
        metadata["dc:creator"] = ["Anna Voorbeeld"]
    script = Dictionary(S=Name.JavaScript, JS="app.alert('narcis')")
    pdf.Root.OpenAction = pdf.make_indirect(script)
    page.AA = Dictionary(O=Dictionary(S=Name.URI, URI="https://narcis.example"))
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 10, 10]),
        A=Dictionary(S=Name.Launch, F="narcis.exe"),
    )
    page.Annots = Array([pdf.make_indirect(link)])
    pdf.attachments["narcis.exe"] = b"MZ hidden narcis"
    if image is not None:
        _show(pdf, page, image)
    out = io.BytesIO()
    encryption = pikepdf.Encryption(user=password, owner=password) if password else None
    pdf.save(out, encryption=encryption or False)
    return out.getvalue()


def _show(pdf: pikepdf.Pdf, page: pikepdf.Object, image: bytes) -> None:
    # As Acrobat writes it: the photo as it was, wrapped once more.
    stream = pdf.make_stream(b"")
    stream.write(
        zlib.compress(image), filter=Array([Name.FlateDecode, Name.DCTDecode]), decode_parms=None
    )
    stream.Type, stream.Subtype = Name.XObject, Name.Image
    stream.Width, stream.Height, stream.BitsPerComponent = 64, 48, 8
    stream.ColorSpace = Name.DeviceRGB
    page.Resources = Dictionary(XObject=Dictionary(Im0=stream))
    page.Contents = pdf.make_stream(b"q 64 0 0 48 0 0 cm /Im0 Do Q")


def _comments() -> PngInfo:
    comments = PngInfo()
    comments.add_text("Author", "Anna Voorbeeld")
    comments.add_itxt("Comment", "narcis", zip=True)
    return comments
