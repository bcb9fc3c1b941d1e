"""Framed encryption: a file as a row of sealed frames that can only be read whole and in order.

The STREAM construction of Hoang, Reyhanitabar, Rogaway and Vizár (CRYPTO 2015), laid out as in the
age file format: AES-256-GCM over frames of 64 KiB; the nonce is a counter of 11 bytes and a byte
that marks the last frame. The key of the frames is derived (HKDF-SHA-256) from the file's key, a
random salt, and the place to which the file is bound, so that no nonce comes twice under one key.
"""

import secrets as randomness
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from domain.padding import padded_length

FRAME = 64 * 1024
"""Bytes of a whole frame before it is sealed."""

KEY = 32
_MARK = b"frames:1:"
_SALT = 16
_TAG = 16
_LENGTH = 8
"""Bytes that tell how long the file is before its padding."""


class BrokenFrames(Exception):
    """These are not the frames that were sealed for this place, all of them and in order."""


def new_file_key() -> bytes:
    """Return a key for one file and what is made of it."""
    return randomness.token_bytes(KEY)


def seal(key: bytes, place: str, content: bytes) -> bytes:
    """Return a file, padded (Padmé) and sealed frame by frame for ``place``."""
    salt = randomness.token_bytes(_SALT)
    cipher = AESGCM(_derived(key, salt, place))
    long = len(content).to_bytes(_LENGTH) + content
    padded = long.ljust(padded_length(len(long)), b"\0")
    frames = (cipher.encrypt(nonce, frame, None) for nonce, frame in _framed(padded, FRAME))
    return b"".join((_MARK, salt, *frames))


def open_(key: bytes, place: str, sealed: bytes) -> bytes:
    """Return the file that was sealed for ``place``.

    Raises:
        BrokenFrames: when a frame was changed, moved, dropped, repeated or added, or belongs to
            another file, or the file was cut.
    """
    if not sealed.startswith(_MARK):
        raise BrokenFrames
    salt, frames = sealed[len(_MARK) :][:_SALT], sealed[len(_MARK) + _SALT :]
    cipher = AESGCM(_derived(key, salt, place))
    try:
        padded = b"".join(
            cipher.decrypt(nonce, frame, None) for nonce, frame in _framed(frames, FRAME + _TAG)
        )
    except (InvalidTag, ValueError) as error:
        raise BrokenFrames from error
    return padded[_LENGTH:][: int.from_bytes(padded[:_LENGTH])]


def _framed(content: bytes, size: int) -> Iterator[tuple[bytes, bytes]]:
    """Yield the nonce of each frame, and the frame; the last one is marked, and may be shorter."""
    starts = range(0, max(len(content), 1), size)
    for number, start in enumerate(starts):
        is_last = number == len(starts) - 1
        yield number.to_bytes(11) + bytes([is_last]), content[start : start + size]


def _derived(key: bytes, salt: bytes, place: str) -> bytes:
    info = b"wederhoor:frames:1:" + place.encode()
    return HKDF(SHA256(), KEY, salt=salt, info=info).derive(key)
