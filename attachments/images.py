"""Clean copies of images: decoded, and encoded anew without anything but their pixels."""

import io
import warnings

import pillow_heif
from PIL import Image, ImageOps

from attachments.refusal import FileRefused
from domain.attachments import MediaType, Unacceptable

MOST_PIXELS = 50_000_000
"""More than the camera of an ordinary telephone makes (48 million)."""

_QUALITY = 88
_FORMATS = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.HEIC: "HEIF"}
_WITH_TRANSPARENCY = frozenset({"RGBA", "LA", "PA"})

pillow_heif.register_heif_opener(thumbnails=False)  # pyright: ignore[reportUnknownMemberType]


def clean_image(content: bytes, kind: MediaType) -> bytes:
    """Return the first picture of an image, upright, with its pixels and nothing else.

    Raises:
        FileRefused: when it does not decode as that kind, or has more than ``MOST_PIXELS``.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of Pillow, about what is refused below
            with Image.open(io.BytesIO(content), formats=[_FORMATS[kind]]) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise FileRefused(Unacceptable.TOO_COMPLEX)
                image.load()
                return _encoded(ImageOps.exif_transpose(image), kind.of_clean_copy)
    except Image.DecompressionBombError as error:
        raise FileRefused(Unacceptable.TOO_COMPLEX) from error
    except (OSError, ValueError, SyntaxError, EOFError, IndexError) as error:
        raise FileRefused(Unacceptable.DAMAGED) from error


def _encoded(image: Image.Image, kind: MediaType) -> bytes:
    bare = _bare(image, transparent=kind is MediaType.PNG and _is_transparent(image))
    out = io.BytesIO()
    if kind is MediaType.PNG:
        bare.save(out, "PNG", compress_level=3)
    else:
        bare.save(out, "JPEG", quality=_QUALITY)
    return out.getvalue()


def _bare(image: Image.Image, *, transparent: bool) -> Image.Image:
    """Return the pixels alone: what an image carries along would be written into its copy."""
    bare = image.convert("RGBA" if transparent else "RGB")
    bare.info.clear()
    return bare


def _is_transparent(image: Image.Image) -> bool:
    return image.mode in _WITH_TRANSPARENCY or "transparency" in image.info
