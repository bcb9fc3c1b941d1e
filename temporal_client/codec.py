"""What we give to Temporal is encrypted: AES-256-GCM under the namespace's ring of keys.

In the form of Temporal's own samples (``encoding: binary/encrypted``, ``encryption-key-id``), with
the version of our format beside it: a random 96-bit nonce, then the payload, padded so that its
length tells next to nothing, encrypted with key id and version as associated data.
"""

from collections.abc import Sequence
from enum import StrEnum

from google.protobuf.message import DecodeError
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

from domain.padding import padded, unpadded
from settings.aead import decrypt, encrypt
from settings.key_ring import RingKey, UnknownKey
from temporal_client.namespace_keys import NamespaceKeys

_ENCODING = b"binary/encrypted"
_FORMAT = b"wederhoor-1"


class Fault(StrEnum):
    """Why a payload cannot be decrypted."""

    NOT_ENCRYPTED = "not-encrypted"
    UNKNOWN_KEY = "unknown-key"
    DAMAGED = "damaged"


class CannotDecrypt(ValueError):
    """A payload that was not encrypted by us, or not as it is now. Holds nothing of it."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.value)
        self.fault = fault


class EncryptingCodec(PayloadCodec):
    """Encrypts payloads under the current key; decrypts what any key of the ring encrypted."""

    def __init__(self, keys: NamespaceKeys) -> None:
        self._keys = keys

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads encrypted."""
        return [self.encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Return the payloads decrypted, and those that we cannot decrypt as they are.

        A workflow cannot go on after an error here, and a bell that somebody forged must not stop
        it: its arguments are never needed.
        """
        return [self._decrypted_if_ours(payload) for payload in payloads]

    def encrypt(self, payload: Payload) -> Payload:
        """Return a payload under the current key."""
        key = self._keys.ring.current
        plain = padded(payload.SerializeToString())
        return Payload(
            metadata={
                "encoding": _ENCODING,
                "encryption-key-id": key.fingerprint.encode(),
                "encryption-format": _FORMAT,
            },
            data=encrypt(key.secret, plain, _bound_to(key)),
        )

    def decrypt(self, payload: Payload) -> Payload:
        """Return what ``encrypt`` encrypted.

        Raises:
            CannotDecrypt: when it did not, or the bytes were changed.
        """
        if not is_encrypted(payload):
            raise CannotDecrypt(Fault.NOT_ENCRYPTED)
        try:
            key = self._keys.ring.of_fingerprint(key_id(payload))
        except UnknownKey:
            raise CannotDecrypt(Fault.UNKNOWN_KEY) from None
        try:
            return Payload.FromString(unpadded(decrypt(key.secret, payload.data, _bound_to(key))))
        except (ValueError, DecodeError):
            raise CannotDecrypt(Fault.DAMAGED) from None

    def _decrypted_if_ours(self, payload: Payload) -> Payload:
        try:
            return self.decrypt(payload)
        except CannotDecrypt:
            return payload


def is_encrypted(payload: Payload) -> bool:
    """Tell whether a payload says that this codec encrypted it."""
    metadata = payload.metadata
    return metadata.get("encoding") == _ENCODING and metadata.get("encryption-format") == _FORMAT


def key_id(payload: Payload) -> str:
    """Return the id of the key under which an encrypted payload says that it is."""
    return payload.metadata.get("encryption-key-id", b"").decode(errors="replace")


def _bound_to(key: RingKey) -> bytes:
    return b":".join((b"temporal-payload", _FORMAT, key.fingerprint.encode()))
