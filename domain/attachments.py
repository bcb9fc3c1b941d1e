"""Attachments: what kinds of files we take, how many, and under which names they come back."""

import unicodedata
from enum import StrEnum

MOST_BYTES = 10 * 1024 * 1024
"""Of one file, as it was sent."""

MOST_PER_CASE = 20


class MediaType(StrEnum):
    """The kinds of files that we take."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    HEIC = "image/heic"
    PDF = "application/pdf"
    TEXT = "text/plain"

    @property
    def of_clean_copy(self) -> "MediaType":
        """The kind of its clean copy: a photo of a telephone becomes one that all can show."""
        return MediaType.JPEG if self is MediaType.HEIC else self

    @property
    def extension(self) -> str:
        """How the names of such files end."""
        return _EXTENSIONS[self]


_EXTENSIONS = {
    MediaType.JPEG: ".jpg",
    MediaType.PNG: ".png",
    MediaType.HEIC: ".heic",
    MediaType.PDF: ".pdf",
    MediaType.TEXT: ".txt",
}


class ScanState(StrEnum):
    """What a virus scanner said. Nothing is clean unless one said so."""

    UNSCANNED = "unscanned"
    CLEAN = "clean"
    INFECTED = "infected"


class Unacceptable(StrEnum):
    """Why a file is not taken."""

    UNKNOWN_KIND = "unknown_kind"
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    DAMAGED = "damaged"
    """It does not decode as what it claims to be, as a whole."""
    ENCRYPTED = "encrypted"
    TOO_COMPLEX = "too_complex"
    """It unfolds to more than we can hold: too many pixels, too much memory, too much time."""
    TOO_MANY = "too_many"
    """The case holds ``MOST_PER_CASE`` files already."""


_LONGEST_NAME = 100
"""Characters, the extension not counted."""
_NOT_IN_NAMES = frozenset('<>:"|?*')
"""What some systems do not allow in the name of a file."""
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{x}{n}" for x in ("com", "lpt") for n in "123456789"}
)
"""Names that Windows takes for a device, whatever their extension."""
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PERMITTED_CONTROLS = frozenset("\n\r\t")


def harmless_name(sent: str, kind: MediaType) -> str:
    """Return the name under which a file of this kind comes back.

    No folders, nothing that is not seen or turns the direction of reading, and the extension that
    belongs to what the file is.
    """
    last = unicodedata.normalize("NFC", sent).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in last if unicodedata.category(c)[0] != "C" and c not in _NOT_IN_NAMES)
    words = " ".join(seen.split())
    stem, dot, extension = words.rpartition(".")
    if not dot or len(extension) > 5:
        stem = words
    stem = stem[:_LONGEST_NAME].strip(". ")
    if not stem or stem.partition(".")[0].rstrip().lower() in _DEVICES:
        stem = f"file-{stem}" if stem else "file"
    return stem + kind.extension


def harmless_text(text: str) -> str:
    """Return a text without control characters and without turns of its direction."""
    return "".join(
        c
        for c in text
        if c in _PERMITTED_CONTROLS or (unicodedata.category(c) != "Cc" and c not in _DIRECTIONS)
    )
