"""The codec alone: what it writes, what it refuses, and what it leaves as it is."""

import dataclasses
import traceback
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from google.protobuf.message import Message
from hypothesis import given
from hypothesis import strategies as st
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.exceptions import ApplicationError

from settings.key_ring import KeyPurpose, KeyRing, RingKey
from temporal_client.codec import CannotDecrypt, EncryptingCodec, Fault, is_encrypted, key_id
from temporal_client.connection import data_converter
from tests.temporal_client.keys import NOW, fresh_ring, keys_of

RING = fresh_ring()
CODEC = EncryptingCodec(keys_of(RING))
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"Plantwoordlelie"')


def codec_of(ring: KeyRing) -> EncryptingCodec:
    return EncryptingCodec(keys_of(ring))


def changed(payload: Payload, data: bytes | None = None, **metadata: bytes) -> Payload:
    """Return a payload with other bytes or other metadata; ``_`` stands for ``-``."""
    copy = Payload()
    copy.CopyFrom(payload)
    copy.data = payload.data if data is None else data
    for name, value in metadata.items():
        copy.metadata[name.replace("_", "-")] = value
    return copy


def refusal(payload: Payload, codec: EncryptingCodec = CODEC) -> Fault:
    with pytest.raises(CannotDecrypt) as caught:
        codec.decrypt(payload)
    assert "Plantwoord" not in "".join(traceback.format_exception(caught.value))
    return caught.value.fault


class TestAnEncryptedPayload:
    @given(
        st.binary(max_size=2000),
        st.dictionaries(st.text(max_size=20), st.binary(max_size=50), max_size=3),
    )
    def test_comes_back_as_it_was(self, data: bytes, metadata: dict[str, bytes]) -> None:
        plain = Payload(metadata=metadata, data=data)

        encrypted = CODEC.encrypt(plain)

        assert CODEC.decrypt(encrypted) == plain

    def test_shows_form_and_key_and_nothing_of_its_content(self) -> None:
        encrypted = CODEC.encrypt(PLAIN)

        assert dict(encrypted.metadata) == {
            "encoding": b"binary/encrypted",
            "encryption-key-id": RING.current.fingerprint.encode(),
            "encryption-format": b"wederhoor-1",
        }
        assert b"Plantwoord" not in encrypted.SerializeToString()
        assert b"json" not in encrypted.SerializeToString()

    def test_is_never_the_same_twice(self) -> None:
        assert len({CODEC.encrypt(PLAIN).data for _ in range(50)}) == 50

    def test_of_a_short_text_has_the_length_of_every_other(self) -> None:
        lengths = {len(CODEC.encrypt(Payload(data=b"x" * n)).data) for n in range(200)}
        assert lengths == {12 + 256 + 16}

    def test_opens_as_an_earlier_release_wrote_it(self) -> None:
        """The form of a payload, written out; a release must not change it."""
        # The fingerprint: printf "wederhoor key 000102…1f" | sha256sum | head -c 16
        key = RingKey(
            version=1, created_at=NOW, secret=bytes(range(32)), fingerprint="a7e5868ce2aa9bf5"
        )
        content = PLAIN.SerializeToString()
        padded = (len(content).to_bytes(4) + content).ljust(256, b"\0")
        bound = b"temporal-payload:wederhoor-1:" + key.fingerprint.encode()
        written = Payload(
            metadata={
                "encoding": b"binary/encrypted",
                "encryption-key-id": key.fingerprint.encode(),
                "encryption-format": b"wederhoor-1",
            },
            data=b"n" * 12 + AESGCM(key.secret).encrypt(b"n" * 12, padded, bound),
        )

        ring = KeyRing(purpose=KeyPurpose.TEMPORAL, current_version=1, keys=(key,))
        assert codec_of(ring).decrypt(written) == PLAIN

    def test_opens_under_every_key_of_the_ring_and_is_written_under_the_newest(self) -> None:
        rotated = RING.with_new(2, NOW)
        old, new = CODEC.encrypt(PLAIN), codec_of(rotated).encrypt(PLAIN)

        assert key_id(new) == rotated.current.fingerprint != key_id(old)
        assert codec_of(rotated).decrypt(old) == codec_of(rotated).decrypt(new) == PLAIN


class TestDecrypting:
    def test_refuses_plaintext(self) -> None:
        assert refusal(PLAIN) is Fault.NOT_ENCRYPTED
        assert refusal(Payload()) is Fault.NOT_ENCRYPTED

    def test_refuses_what_another_codec_encrypted(self) -> None:
        samples = Payload(
            metadata={"encoding": b"binary/encrypted", "encryption-key-id": b"test-key-id"},
            data=b"x" * 300,
        )
        assert refusal(samples) is Fault.NOT_ENCRYPTED
        of_tomorrow = changed(CODEC.encrypt(PLAIN), encryption_format=b"wederhoor-2")
        assert refusal(of_tomorrow) is Fault.NOT_ENCRYPTED

    @pytest.mark.parametrize("name", [b"", b"0123456789abcdef", b"\xff\xfe"])
    def test_refuses_unknown_keys(self, name: bytes) -> None:
        assert refusal(changed(CODEC.encrypt(PLAIN), encryption_key_id=name)) is Fault.UNKNOWN_KEY
        assert refusal(CODEC.encrypt(PLAIN), codec_of(fresh_ring())) is Fault.UNKNOWN_KEY

    def test_refuses_what_says_that_it_is_under_another_key(self) -> None:
        rotated = RING.with_new(2, NOW)
        relabelled = changed(
            CODEC.encrypt(PLAIN), encryption_key_id=rotated.current.fingerprint.encode()
        )
        assert refusal(relabelled, codec_of(rotated)) is Fault.DAMAGED

    def test_refuses_damage_at_any_place(self) -> None:
        encrypted = CODEC.encrypt(PLAIN)
        data = encrypted.data
        for place in range(len(data)):
            flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
            assert refusal(changed(encrypted, flipped)) is Fault.DAMAGED

    def test_refuses_what_was_cut_or_made_longer(self) -> None:
        encrypted = CODEC.encrypt(PLAIN)
        for data in (b"", encrypted.data[:5], encrypted.data[:12], encrypted.data[:-1]):
            assert refusal(changed(encrypted, data)) is Fault.DAMAGED
        assert refusal(changed(encrypted, encrypted.data + b"\0")) is Fault.DAMAGED

    @pytest.mark.parametrize("content", [b"\xff" * 256, b"\0\0\0\x02\xff\xff".ljust(256, b"\0")])
    def test_refuses_what_holds_no_payload(self, content: bytes) -> None:
        key = RING.current
        bound = b"temporal-payload:wederhoor-1:" + key.fingerprint.encode()
        sealed = b"n" * 12 + AESGCM(key.secret).encrypt(b"n" * 12, content, bound)
        assert refusal(changed(CODEC.encrypt(PLAIN), sealed)) is Fault.DAMAGED


class TestTheCodecOfAWorker:
    async def test_leaves_what_it_cannot_decrypt_as_it_is(self) -> None:
        encrypted = CODEC.encrypt(PLAIN)
        strange = [
            PLAIN,
            Payload(),
            changed(encrypted, encrypted.data[:-1]),
            changed(encrypted, encryption_key_id=b"0123456789abcdef"),
        ]

        assert await CODEC.decode([*strange, encrypted]) == [*strange, PLAIN]

    async def test_writes_nothing_in_plain(self) -> None:
        encrypted = await CODEC.encode([PLAIN, Payload(), CODEC.encrypt(PLAIN)])
        assert all(is_encrypted(payload) for payload in encrypted)
        assert await CODEC.decode(await CODEC.decode(encrypted)) == [PLAIN, Payload(), PLAIN]


class TestOurDataConverter:
    async def test_encrypts_values_and_knows_dates_and_durations(self) -> None:
        converter = data_converter(keys_of(RING))
        values = [date(2026, 11, 25), timedelta(days=42), {"key": ["value"]}, None]

        payloads = await converter.encode(values)

        assert all(is_encrypted(payload) for payload in payloads)
        types = [date, timedelta, dict[str, list[str]], type(None)]
        assert await converter.decode(payloads, types) == values

    async def test_encrypts_what_failures_say(self) -> None:
        converter = data_converter(keys_of(RING))
        failure = Failure()
        with pytest.raises(ApplicationError) as caught:
            await _fails_with_a_cause()
        await converter.encode_failure(caught.value, failure)

        assert b"Plantwoord" not in failure.SerializeToString()
        assert b"test_codec" not in failure.SerializeToString()
        assert failure.message == failure.cause.message == "Encoded failure"
        read = await converter.decode_failure(_copied(failure))
        assert isinstance(read, ApplicationError)
        assert read.message == "Plantwoordnarcis"
        assert read.details == ("Plantwoordorchidee",)
        assert "Plantwoordmargriet" in str(read.__cause__)

    async def test_without_the_codec_would_say_it_all(self) -> None:
        """The two tests above can fail: this is what they would see."""
        open_converter = dataclasses.replace(data_converter(keys_of(RING)), payload_codec=None)
        failure = Failure()
        await open_converter.encode_failure(ApplicationError("Plantwoordnarcis"), failure)

        assert b"Plantwoordnarcis" in failure.SerializeToString()


async def _fails_with_a_cause() -> None:
    try:
        int("Plantwoordmargriet")
    except ValueError as cause:
        raise ApplicationError("Plantwoordnarcis", "Plantwoordorchidee") from cause


def _copied[M: Message](message: M) -> M:
    copy = type(message)()
    copy.CopyFrom(message)
    return copy
