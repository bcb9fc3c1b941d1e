"""Making the clean copy of a file: what others see of it.

``python -m attachments.cleaning MEDIA-TYPE`` does it in a process of its own, from standard input
to standard output, with little memory, little time and no secrets: what takes files of strangers
apart may be taken over by one.
"""

import contextlib
import os
import resource
import sys

from attachments.documents import clean_document
from attachments.images import clean_image
from attachments.refusal import EXIT_CODES, FileRefused
from domain.attachments import MediaType, Unacceptable, harmless_text

MEMORY = 1536 * 1024 * 1024
"""Bytes of address space: a picture of the most pixels, twice, and the libraries."""
CPU_SECONDS = 30
MOST_CLEAN_BYTES = 64 * 1024 * 1024
"""A clean copy can be larger than what was sent, but not without end."""


def clean(content: bytes, kind: MediaType) -> bytes:
    """Return the clean copy of a file.

    Raises:
        FileRefused: when it is not wholly what it claims to be, or too much.
    """
    match kind:
        case MediaType.PDF:
            copy = clean_document(content)
        case MediaType.TEXT:
            copy = harmless_text(content.decode("utf-8-sig")).encode()
        case MediaType.JPEG | MediaType.PNG | MediaType.HEIC:
            copy = clean_image(content, kind)
    if len(copy) > MOST_CLEAN_BYTES:
        raise FileRefused(Unacceptable.TOO_COMPLEX)
    return copy


def _within_limits() -> None:
    limits = {
        resource.RLIMIT_AS: MEMORY,
        resource.RLIMIT_CPU: CPU_SECONDS,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
    }
    for limit, value in limits.items():
        with contextlib.suppress(ValueError, OSError):  # macOS has no limit of address space
            resource.setrlimit(limit, (value, value))


def main() -> int:
    """Clean what comes in; return 0, or the exit code that says why not."""
    _within_limits()
    try:
        copy = clean(sys.stdin.buffer.read(), MediaType(sys.argv[1]))
    except FileRefused as refused:
        return EXIT_CODES[refused.reason]
    except MemoryError:
        return EXIT_CODES[Unacceptable.TOO_COMPLEX]
    sys.stdout.buffer.write(copy)
    sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    os._exit(main())
