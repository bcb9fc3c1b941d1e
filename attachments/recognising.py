"""Telling what a file is by its first bytes. Decoding it, which comes after, has the last word."""

from collections.abc import Sequence
from typing import Any, cast

import puremagic

from attachments.refusal import FileRefused
from domain.attachments import MOST_BYTES, MediaType, Unacceptable

_HEAD = 4096
"""Bytes that are looked at; every mark of ours is within the first twelve."""

_MARKS = {
    ("image/jpeg", 0): MediaType.JPEG,
    ("image/png", 0): MediaType.PNG,
    ("image/heic", 4): MediaType.HEIC,
    ("image/heif", 4): MediaType.HEIC,
    ("application/pdf", 0): MediaType.PDF,
}
"""Kinds by the mark that puremagic finds, and where it has to stand."""


def recognise(content: bytes, declared: str, name: str) -> MediaType:
    """Return what kind of file this is.

    A text has no mark: it has to be declared as one, by its media type or by its name.

    Raises:
        FileRefused: when it is empty, too large, or of no kind that we take.
    """
    if not content:
        raise FileRefused(Unacceptable.EMPTY)
    if len(content) > MOST_BYTES:
        raise FileRefused(Unacceptable.TOO_LARGE)
    marked = [_MARKS[mark] for mark in _marks(content[:_HEAD]) if mark in _MARKS]
    if marked:
        return marked[0]
    if _is_declared_as_text(declared, name) and _is_text(content):
        return MediaType.TEXT
    raise FileRefused(Unacceptable.UNKNOWN_KIND)


def _marks(head: bytes) -> Sequence[tuple[str, int]]:
    """Return the media types whose mark the file bears, and where."""
    found = cast("Sequence[Any]", puremagic.magic_string(head))  # pyright: ignore[reportUnknownMemberType]
    return [(match.mime_type, match.offset) for match in found]


def _is_declared_as_text(declared: str, name: str) -> bool:
    media_type = declared.partition(";")[0].strip().lower()
    return media_type == MediaType.TEXT or name.lower().endswith(MediaType.TEXT.extension)


def _is_text(content: bytes) -> bool:
    try:
        return "\0" not in content.decode()
    except UnicodeDecodeError:
        return False
