"""Key rings: every version of one key, and the form in which a ring is kept.

A ring is a JSON object. Each of its keys carries a fingerprint, so that a damaged one is told from
a good one before anything is encrypted with it.
"""

import hashlib
import secrets as randomness
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from settings.aead import KEY_BYTES


class KeyPurpose(StrEnum):
    """What a ring is for. Each purpose has a ring of its own, so each can be withdrawn alone."""

    TEMPORAL = "temporal"
    """Encrypts what Temporal is given: one ring for the whole namespace."""


class KeyRingUnusable(RuntimeError):
    """A ring is missing, damaged, open to others, or not the one that belongs to the database."""


class UnknownKey(LookupError):
    """A ring does not have a version, or not any more."""


class _Kept(BaseModel):
    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        hide_input_in_errors=True,  # an error would show a key
        val_json_bytes="hex",
        ser_json_bytes="hex",
    )


class RingKey(_Kept):
    """One version of a key."""

    version: Annotated[int, Field(strict=True, ge=1)]
    created_at: AwareDatetime
    secret: Annotated[bytes, Field(min_length=KEY_BYTES, max_length=KEY_BYTES, repr=False)]
    fingerprint: str
    """Tells keys apart, and nothing of the key itself."""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.fingerprint != _fingerprint(self.secret):
            raise ValueError("the fingerprint is that of another key")
        return self


class KeyRing(_Kept):
    """The versions of one key. The current one encrypts; the others still decrypt."""

    format: Literal[1] = 1
    purpose: KeyPurpose
    current_version: int
    keys: tuple[RingKey, ...]

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        versions = [key.version for key in self.keys]
        if versions != sorted(set(versions)):
            raise ValueError("versions must rise")
        if self.current_version not in versions:
            raise ValueError("the current version is not there")
        if len({key.fingerprint for key in self.keys}) < len(self.keys):
            raise ValueError("two versions are the same key")
        return self

    @property
    def current(self) -> RingKey:
        """The key that encrypts."""
        return next(key for key in self.keys if key.version == self.current_version)

    def of_fingerprint(self, fingerprint: str) -> RingKey:
        """Return the key with a fingerprint.

        Raises:
            UnknownKey: when it is not there, or not any more.
        """
        for key in self.keys:
            if key.fingerprint == fingerprint:
                return key
        raise UnknownKey(f"the ring {self.purpose} has no such key")

    def with_new(self, version: int, now: datetime) -> "KeyRing":
        """Return the ring with a random key as its current version, above all others."""
        keys = (*self.keys, _new_key(version, now))
        return KeyRing(purpose=self.purpose, current_version=version, keys=keys)

    def text(self) -> str:
        """Return the form in which the ring is kept; holds the keys themselves."""
        return self.model_dump_json(indent=2) + "\n"


def new_ring(purpose: KeyPurpose, now: datetime, version: int = 1) -> KeyRing:
    """Return a ring of one random key."""
    return KeyRing(purpose=purpose, current_version=version, keys=(_new_key(version, now),))


def read_ring(purpose: KeyPurpose, text: str) -> KeyRing:
    """Return the ring that ``KeyRing.text`` wrote.

    Raises:
        KeyRingUnusable: when it was damaged, or is for another purpose.
    """
    try:
        ring = KeyRing.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise KeyRingUnusable(
            f"the key ring {purpose} is damaged ({where or 'as a whole'}: {first['msg']}); "
            "put back the copy that is kept apart"
        ) from None
    if ring.purpose is not purpose:
        raise KeyRingUnusable(f"this is the key ring {ring.purpose}, not {purpose}")
    return ring


def _new_key(version: int, now: datetime) -> RingKey:
    secret = randomness.token_bytes(KEY_BYTES)
    return RingKey(version=version, created_at=now, secret=secret, fingerprint=_fingerprint(secret))


def _fingerprint(secret: bytes) -> str:
    return hashlib.sha256(b"wederhoor key " + secret.hex().encode()).hexdigest()[:16]
