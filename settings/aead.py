"""AES-256-GCM (NIST SP 800-38D) as everything here uses it: the nonce stands before the rest."""

import secrets as randomness

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12


def encrypt(
    key: bytes, plain: bytes, bound_to: bytes | None = None, *, nonce: bytes | None = None
) -> bytes:
    """Return nonce, ciphertext and tag (12, as many as ``plain``, and 16 bytes).

    Args:
        bound_to: associated data; whoever decrypts must give the same.
        nonce: random unless given; only known-answer tests give one.
    """
    used = nonce or randomness.token_bytes(NONCE_BYTES)
    return used + AESGCM(key).encrypt(used, plain, bound_to)


def decrypt(key: bytes, sealed: bytes, bound_to: bytes | None = None) -> bytes:
    """Return what ``encrypt`` was given.

    Raises:
        ValueError: when a single bit of key, content or ``bound_to`` is another one.
    """
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], bound_to)
    except InvalidTag as error:
        raise ValueError("damaged, or encrypted under another key or for another place") from error
