"""Access tokens: of our provider, for us, now; everything else is simply invalid."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import ECKey, OctKey

from identity.access_tokens import AccessTokens
from identity.provider import ProviderUnavailable
from identity.tokens import LEEWAY, InvalidToken
from tests.identity.providing import AUDIENCE, CLAIMS, ISSUER, KEYS, World, signed, unsigned

SECOND = timedelta(seconds=1)
LIFETIME = timedelta(minutes=5)


def checking(world: World) -> AccessTokens:
    return AccessTokens(world.provider(), AUDIENCE, world.clock)


async def refused(token: str, world: World | None = None) -> None:
    with pytest.raises(InvalidToken) as caught:
        await checking(world or World()).subject_of(token)
    assert str(caught.value) == ""


class TestAToken:
    @pytest.mark.parametrize("algorithm", KEYS)
    async def test_says_whose_it_is(self, algorithm: str) -> None:
        token = signed(CLAIMS, algorithm)
        assert await checking(World()).subject_of(token) == "mediator-1"

    async def test_may_name_its_type_in_full_and_several_audiences(self) -> None:
        token = signed(CLAIMS | {"aud": ["other", AUDIENCE]}, typ="application/AT+JWT")
        assert await checking(World()).subject_of(token) == "mediator-1"

    @pytest.mark.parametrize(
        ("later", "valid"),
        [(LIFETIME + LEEWAY - SECOND, True), (LIFETIME + LEEWAY + SECOND, False)],
    )
    async def test_is_valid_until_it_ends(self, later: timedelta, valid: bool) -> None:
        world = World()
        world.passes(later)
        if valid:
            assert await checking(world).subject_of(signed(CLAIMS)) == "mediator-1"
        else:
            await refused(signed(CLAIMS), world)

    async def test_is_not_valid_before_it_was_issued(self) -> None:
        world = World()
        world.passes(-LEEWAY - SECOND)
        await refused(signed(CLAIMS), world)

    @pytest.mark.parametrize("claim", CLAIMS)
    async def test_without_any_one_claim_is_not_valid(self, claim: str) -> None:
        await refused(signed({k: v for k, v in CLAIMS.items() if k != claim}))

    @pytest.mark.parametrize(
        "spoilt",
        [
            {"aud": "another-api"},
            {"aud": ["another-api"]},
            {"aud": ""},
            {"aud": None},
            {"aud": "wederhoor-desk"},
            {"exp": "tomorrow"},
            {"exp": None},
            {"iat": "yesterday"},
            {"nbf": CLAIMS["exp"]},
            {"sub": ""},
            {"sub": None},
            {"sub": ["mediator-1"]},
            {"sub": {"id": "mediator-1"}},
            {"iss": "https://id.example/realms/another"},
            {"iss": ISSUER + "/"},
            {"iss": [ISSUER]},
        ],
        ids=str,
    )
    async def test_with_a_wrong_claim_is_not_valid(self, spoilt: dict[str, Any]) -> None:
        await refused(signed(CLAIMS | spoilt))

    @pytest.mark.parametrize("kind", ["JWT", "jwt", "", None, "logout+jwt", "at+jwtx"])
    async def test_of_another_type_is_not_valid(self, kind: str | None) -> None:
        await refused(signed(CLAIMS, typ=kind))


class TestASignature:
    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 1, ["ES256"]])
    @pytest.mark.parametrize("signature", ["", "c2lnbmF0dXJl"])
    async def test_is_needed(self, algorithm: object, signature: str) -> None:
        await refused(unsigned({"alg": algorithm, "kid": "ec", "typ": "at+jwt"}, CLAIMS, signature))

    @pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
    @pytest.mark.parametrize("encoding", [Encoding.DER, Encoding.PEM])
    async def test_by_a_public_key_as_if_it_were_a_secret_is_refused(
        self, algorithm: str, encoding: Encoding
    ) -> None:
        public = KEYS[algorithm].public_key
        secret = public.public_bytes(encoding, PublicFormat.SubjectPublicKeyInfo)
        header = {"alg": "HS256", "kid": KEYS[algorithm].kid, "typ": "at+jwt"}
        content = unsigned(header, CLAIMS).rpartition(".")[0]
        mac = hmac.digest(secret, content.encode(), hashlib.sha256)
        await refused(f"{content}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}")

    async def test_under_a_secret_that_the_provider_publishes_is_refused(self) -> None:
        secret = OctKey.generate_key(256, {"kid": "oct"})
        await refused(signed(CLAIMS, "HS256", secret), World(keys=[secret.as_dict()]))

    async def test_by_another_key_under_a_known_name_is_refused(self) -> None:
        await refused(signed(CLAIMS, key=ECKey.generate_key("P-256", {"kid": "ec"})))

    async def test_by_a_key_that_the_token_brings_along_is_refused(self) -> None:
        mine = ECKey.generate_key("P-256", {"kid": "mine"})
        await refused(signed(CLAIMS, key=mine, jwk=mine.as_dict(private=False)))

    async def test_by_a_key_for_something_else_is_refused(self) -> None:
        key = ECKey.generate_key("P-256", {"kid": "enc", "use": "enc"})
        plain = ECKey.import_key(key.as_dict(private=True) | {"use": "sig"})
        await refused(signed(CLAIMS, key=plain), World(keys=[key.as_dict(private=False)]))

    async def test_under_another_algorithm_than_the_key_is_for_is_refused(self) -> None:
        key = KEYS["RS256"]
        published = key.as_dict(private=False) | {"alg": "RS256"}
        await refused(signed(CLAIMS, "PS256", key), World(keys=[published]))

    @pytest.mark.parametrize("algorithm", ["RS384", "RS512"])
    async def test_under_an_algorithm_that_we_do_not_take_is_refused(self, algorithm: str) -> None:
        await refused(signed(CLAIMS, algorithm, KEYS["RS256"]))

    async def test_without_the_name_of_its_key_is_refused(self) -> None:
        await refused(signed(CLAIMS, kid=None))

    async def test_of_other_claims_is_refused(self) -> None:
        header, _, signature = signed(CLAIMS).split(".")
        _, claims, _ = unsigned({}, CLAIMS | {"sub": "supervisor-1"}).split(".")
        await refused(f"{header}.{claims}.{signature}")


class TestGarbage:
    @pytest.mark.parametrize(
        "garbage", ["", ".", "..", "...", "a.b.c", "Bearer x", "\x00", "é.é.é", "a" * 10_000]
    )
    async def test_is_no_token(self, garbage: str) -> None:
        await refused(garbage)

    @given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]*(\.[A-Za-z0-9_-]*){2}"))
    async def test_is_never_anything_worse_than_invalid(self, text: str) -> None:
        await refused(text)

    @pytest.mark.parametrize("payload", [[], "text", 7, None, True])
    async def test_as_payload_is_not_valid(self, payload: object) -> None:
        await refused(unsigned({"alg": "ES256", "kid": "ec", "typ": "at+jwt"}, payload, "c2ln"))


class TestWithoutTheProvider:
    async def test_nobody_can_be_checked_before_its_keys_are_known(self) -> None:
        with pytest.raises(ProviderUnavailable):
            await checking(World(down=True)).subject_of(signed(CLAIMS))

    async def test_known_keys_go_on(self) -> None:
        world = World()
        checks = checking(world)
        await checks.subject_of(signed(CLAIMS))
        world.down = True
        world.passes(timedelta(hours=3))
        later = {name: int(world.now.timestamp()) + 60 for name in ("exp",)}
        assert await checks.subject_of(signed(CLAIMS | later)) == "mediator-1"
