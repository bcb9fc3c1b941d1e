"""Padding, so that the length of what was encrypted tells next to nothing.

Padmé: Nikitin et al., "Reducing Metadata Leakage from Encrypted Files and Communication with
PURBs", PETS 2019.
"""

_LENGTH = 4
"""Bytes that tell how long the content is before its padding."""
_LEAST = 256


def padded_length(length: int) -> int:
    """Return the length to which Padmé pads: at most 12 % more, and 6 % on long texts."""
    if length <= _LEAST:
        return _LEAST
    exponent = length.bit_length() - 1
    free_bits = exponent - exponent.bit_length()
    mask = (1 << free_bits) - 1
    return (length + mask) & ~mask


def padded(plain: bytes) -> bytes:
    """Return a text with its length before it and zeros behind it."""
    content = len(plain).to_bytes(_LENGTH) + plain
    return content.ljust(padded_length(len(content)), b"\0")


def unpadded(content: bytes) -> bytes:
    """Return what ``padded`` made longer.

    Raises:
        ValueError: when the length before it cannot be true.
    """
    length = int.from_bytes(content[:_LENGTH])
    if length > len(content) - _LENGTH:
        raise ValueError("a length beyond its text")
    return content[_LENGTH : _LENGTH + length]
