"""Key rings: versions that come, wrap and go, and a form in which damage shows."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from settings.key_ring import (
    KeyPurpose,
    KeyRing,
    KeyRingUnusable,
    UnknownKey,
    new_ring,
    read_ring,
)

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
CASE, IDENTITY = KeyPurpose.CASE, KeyPurpose.IDENTITY


def altered(ring: KeyRing, **values: Any) -> str:
    return json.dumps(json.loads(ring.text()) | values)


def with_key(ring: KeyRing, **values: Any) -> str:
    content = json.loads(ring.text())
    content["keys"][-1] |= values
    return json.dumps(content)


class TestARing:
    def test_begins_with_one_random_key(self) -> None:
        ring = new_ring(CASE, NOW)
        assert [key.version for key in ring.keys] == [1]
        assert len(ring.current.secret) == 32
        assert ring.current.created_at == NOW
        assert new_ring(CASE, NOW).current.secret != ring.current.secret

    def test_encrypts_by_its_new_version_and_keeps_the_older_one(self) -> None:
        first = new_ring(CASE, NOW)
        ring = first.with_new(2, NOW + timedelta(days=30))
        assert ring.current.version == 2
        assert ring.of_version(1) == first.current
        assert ring.current.secret != first.current.secret

    def test_can_have_a_key_that_encrypts_nothing_yet(self) -> None:
        ring = new_ring(CASE, NOW).with_spare(2, NOW)
        assert ring.current.version == 1
        assert ring.with_current(2).current.version == 2

    def test_forgets_versions_but_never_its_current_one(self) -> None:
        ring = new_ring(CASE, NOW).with_new(2, NOW).with_new(3, NOW)
        left = ring.without([1, 2])
        assert [key.version for key in left.keys] == [3]
        for version in (1, 2):
            with pytest.raises(UnknownKey, match=f"no version {version}"):
                left.of_version(version)
        with pytest.raises(ValueError, match="current version is not there"):
            ring.without([3])

    def test_takes_no_version_below_those_that_it_has(self) -> None:
        ring = new_ring(CASE, NOW).with_new(2, NOW)
        for version in (0, 1, 2):
            with pytest.raises(ValueError, match=r"rise|greater"):
                ring.with_new(version, NOW)

    def test_shows_no_key_to_whoever_prints_it(self) -> None:
        ring = new_ring(CASE, NOW)
        assert ring.current.secret.hex() not in repr(ring)
        assert repr(ring.current.secret) not in repr(ring)


class TestTheKeptForm:
    def test_gives_the_ring_back(self) -> None:
        ring = new_ring(IDENTITY, NOW).with_new(2, NOW).with_spare(5, NOW)
        assert read_ring(IDENTITY, ring.text()) == ring

    def test_is_refused_for_another_purpose(self) -> None:
        with pytest.raises(KeyRingUnusable, match="key ring identity, not case"):
            read_ring(CASE, new_ring(IDENTITY, NOW).text())

    @pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"keys": []}', "\x00" * 40])
    def test_that_is_something_else_is_refused(self, text: str) -> None:
        with pytest.raises(KeyRingUnusable, match="damaged"):
            read_ring(CASE, text)

    def test_with_any_character_of_a_key_changed_is_refused(self) -> None:
        ring = new_ring(CASE, NOW)
        secret = ring.current.secret.hex()
        for position, character in enumerate(secret):
            other = "0" if character != "0" else "1"
            changed = secret[:position] + other + secret[position + 1 :]
            with pytest.raises(KeyRingUnusable, match="another key"):
                read_ring(CASE, with_key(ring, secret=changed))

    def test_cut_anywhere_is_refused(self) -> None:
        text = new_ring(CASE, NOW).text()
        for length in range(len(text) - 2):
            with pytest.raises(KeyRingUnusable, match="damaged"):
                read_ring(CASE, text[:length])

    def test_with_a_wrong_value_is_refused(self) -> None:
        ring = new_ring(CASE, NOW)
        key = json.loads(ring.text())["keys"][0]
        wrong = [
            altered(ring, format=2),
            altered(ring, current_version=2),
            altered(ring, keys=[]),
            altered(ring, more=1),
            altered(ring, keys=[key, key]),
            altered(ring, keys=[key, key | {"version": 2}]),
            with_key(ring, version=0),
            with_key(ring, version="1"),
            with_key(ring, secret="00" * 31),
            with_key(ring, secret="zz" * 32),
            with_key(ring, created_at="2026-11-25T12:00:00"),
        ]
        for text in wrong:
            with pytest.raises(KeyRingUnusable, match="damaged"):
                read_ring(CASE, text)

    def test_that_is_refused_shows_no_key(self) -> None:
        ring = new_ring(CASE, NOW)
        secret = ring.current.secret.hex()
        for text in (with_key(ring, fingerprint="0" * 16), ring.text()[:-3], altered(ring, a=1)):
            with pytest.raises(KeyRingUnusable) as refused:
                read_ring(CASE, text)
            assert secret not in str(refused.value)
            assert refused.value.__cause__ is None
