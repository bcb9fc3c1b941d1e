"""The provider for development: one client, a code once, tokens that can be checked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from identity.development import LIFETIME, DevelopmentIssuer
from identity.development_provider import (
    CLIENT,
    CODE_LIFETIME,
    AuthorizationRequest,
    DevelopmentProvider,
    RequestRefused,
    client_secret,
)

KEY, ANOTHER_KEY = bytes(range(32)), bytes(32)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8000/development/sign-in"
CALLBACK = "http://127.0.0.1:8233/auth/sso/callback"
ISSUER = DevelopmentIssuer(KEY, "wederhoor-development")
REQUEST = AuthorizationRequest(
    client_id=CLIENT,
    redirect_uri=CALLBACK,
    response_type="code",
    scope="openid profile",
    state="a state",
    nonce="a nonce",
)
SECRET = client_secret(KEY)


def provider(key: bytes = KEY) -> DevelopmentProvider:
    return DevelopmentProvider(ISSUER, key, URL, CALLBACK)


def claims_of(token: object, of: DevelopmentProvider) -> dict[str, Any]:
    keys = KeySet.import_key_set(cast("Any", of.public_keys()))
    return jwt.decode(str(token), keys, algorithms=["ES256"]).claims


class TestWhatAClientLearns:
    def test_names_addresses_below_its_own(self) -> None:
        metadata = provider().metadata()
        assert metadata["issuer"] == URL
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            assert str(metadata[name]).startswith(f"{URL}/")

    def test_holds_a_public_key_that_is_the_same_after_each_start(self) -> None:
        [key] = cast("list[dict[str, str]]", provider().public_keys()["keys"])
        assert "d" not in key
        assert key["kid"]
        assert provider().public_keys() == {"keys": [key]}
        assert provider(ANOTHER_KEY).public_keys() != {"keys": [key]}


class TestAnAuthorizationRequest:
    def test_of_our_client_may_go_on(self) -> None:
        provider().check(REQUEST)

    @pytest.mark.parametrize(
        ("parameter", "value"),
        [
            ("client_id", "another"),
            ("redirect_uri", "https://evil.example/auth/sso/callback"),
            ("redirect_uri", CALLBACK + "/more"),
            ("response_type", "token"),
            ("scope", "profile"),
            ("scope", "openidx"),
        ],
    )
    def test_of_anybody_else_is_refused(self, parameter: str, value: str) -> None:
        changed = replace(REQUEST, **{parameter: value})
        for ask in (
            lambda: provider().check(changed),
            lambda: provider().grant(changed, "supervisor-1", NOW),
        ):
            with pytest.raises(RequestRefused) as caught:
                ask()
            assert caught.value.parameter == parameter


class TestACode:
    def test_brings_tokens_of_whoever_signed_in(self) -> None:
        signing_in = provider()
        code = signing_in.grant(REQUEST, "supervisor-1", NOW)

        tokens = signing_in.exchange(code, CALLBACK, SECRET, NOW)

        assert tokens["token_type"] == "Bearer"
        assert tokens["expires_in"] == LIFETIME.total_seconds()
        assert ISSUER.subject_of(str(tokens["access_token"]), NOW) == "supervisor-1"
        assert claims_of(tokens["id_token"], signing_in) == {
            "iss": URL,
            "aud": CLIENT,
            "sub": "supervisor-1",
            "name": "supervisor-1",
            "nonce": "a nonce",
            "iat": int(NOW.timestamp()),
            "exp": int((NOW + LIFETIME).timestamp()),
        }

    def test_is_never_the_same(self) -> None:
        signing_in = provider()
        assert len({signing_in.grant(REQUEST, "supervisor-1", NOW) for _ in range(20)}) == 20

    def test_works_once(self) -> None:
        signing_in = provider()
        code = signing_in.grant(REQUEST, "supervisor-1", NOW)
        signing_in.exchange(code, CALLBACK, SECRET, NOW)
        with pytest.raises(RequestRefused, match="code"):
            signing_in.exchange(code, CALLBACK, SECRET, NOW)

    @pytest.mark.parametrize(
        ("late", "works"), [(CODE_LIFETIME - timedelta(seconds=1), True), (CODE_LIFETIME, False)]
    )
    def test_works_for_a_minute(self, late: timedelta, works: bool) -> None:
        signing_in = provider()
        code = signing_in.grant(REQUEST, "supervisor-1", NOW)
        if works:
            assert signing_in.exchange(code, CALLBACK, SECRET, NOW + late)
        else:
            with pytest.raises(RequestRefused, match="code"):
                signing_in.exchange(code, CALLBACK, SECRET, NOW + late)

    @pytest.mark.parametrize(
        ("code", "redirect_uri", "secret", "blamed"),
        [
            (None, CALLBACK, "", "client_secret"),
            (None, CALLBACK, client_secret(ANOTHER_KEY), "client_secret"),
            (None, "https://evil.example", SECRET, "redirect_uri"),
            ("", CALLBACK, SECRET, "code"),
            ("guessed", CALLBACK, SECRET, "code"),
        ],
    )
    def test_works_for_our_client_alone(
        self, code: str | None, redirect_uri: str, secret: str, blamed: str
    ) -> None:
        signing_in = provider()
        granted = signing_in.grant(REQUEST, "supervisor-1", NOW)
        with pytest.raises(RequestRefused) as caught:
            signing_in.exchange(granted if code is None else code, redirect_uri, secret, NOW)
        assert caught.value.parameter == blamed

    def test_that_somebody_else_tried_still_works_for_our_client(self) -> None:
        signing_in = provider()
        code = signing_in.grant(REQUEST, "supervisor-1", NOW)
        with pytest.raises(RequestRefused):
            signing_in.exchange(code, CALLBACK, "wrong", NOW)
        assert signing_in.exchange(code, CALLBACK, SECRET, NOW)


class TestTheClientsSecret:
    def test_is_long_and_follows_from_the_key(self) -> None:
        assert len(SECRET) == 43
        assert SECRET == client_secret(KEY) != client_secret(ANOTHER_KEY)
