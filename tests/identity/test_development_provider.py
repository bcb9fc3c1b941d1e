"""The provider for development: its clients, a code once, tokens that can be checked."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from identity.development_provider import (
    CODE_LIFETIME,
    LIFETIME,
    AuthorizationRequest,
    Client,
    CodeExchange,
    DevelopmentProvider,
    RequestRefused,
    client_secret,
)
from identity.relying_party import challenge_of

KEY, ANOTHER_KEY = bytes(range(32)), bytes(32)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8000/development/sign-in"
CALLBACK = "http://127.0.0.1:8233/auth/sso/callback"
DESK = "http://127.0.0.1:8000/desk/signed-in"
AWAY = "http://127.0.0.1:8000/desk/signed-out"
SECRET = client_secret(KEY, "temporal-ui")
VERIFIER = "v" * 43
CLIENTS = {"temporal-ui": Client(CALLBACK, secret=SECRET), "desk": Client(DESK, return_uri=AWAY)}
REQUEST = AuthorizationRequest(
    client_id="temporal-ui",
    redirect_uri=CALLBACK,
    response_type="code",
    scope="openid profile",
    state="a state",
    nonce="a nonce",
)
OF_THE_DESK = replace(
    REQUEST,
    client_id="desk",
    redirect_uri=DESK,
    code_challenge=challenge_of(VERIFIER),
    code_challenge_method="S256",
)


def provider(key: bytes = KEY) -> DevelopmentProvider:
    return DevelopmentProvider(key, URL, "wederhoor-api", CLIENTS)


def asked(code: str, **changed: Any) -> CodeExchange:
    return CodeExchange(
        **{"client_id": "temporal-ui", "code": code, "redirect_uri": CALLBACK, "secret": SECRET}
        | changed
    )


def asked_by_desk(code: str, **changed: Any) -> CodeExchange:
    return replace(CodeExchange("desk", code, DESK, verifier=VERIFIER), **changed)


def decoded(token: object, of: DevelopmentProvider) -> jwt.Token:
    keys = KeySet.import_key_set(cast("Any", of.public_keys()))
    return jwt.decode(str(token), keys, algorithms=["ES256"])


class TestWhatAClientLearns:
    def test_names_addresses_below_its_own(self) -> None:
        metadata = provider().metadata()
        assert metadata["issuer"] == URL
        for name, value in metadata.items():
            if name.endswith(("_endpoint", "_uri")):
                assert str(value).startswith(f"{URL}/")

    def test_holds_a_public_key_that_is_the_same_after_each_start(self) -> None:
        [key] = cast("list[dict[str, str]]", provider().public_keys()["keys"])
        assert "d" not in key
        assert key["kid"]
        assert provider().public_keys() == {"keys": [key]}
        assert provider(ANOTHER_KEY).public_keys() != {"keys": [key]}


class TestAnAuthorizationRequest:
    @pytest.mark.parametrize("request_", [REQUEST, OF_THE_DESK], ids=lambda it: it.client_id)
    def test_of_a_client_may_go_on(self, request_: AuthorizationRequest) -> None:
        provider().check(request_)

    @pytest.mark.parametrize(
        ("request_", "parameter", "value"),
        [
            (REQUEST, "client_id", "another"),
            (REQUEST, "redirect_uri", "https://evil.example/auth/sso/callback"),
            (REQUEST, "redirect_uri", CALLBACK + "/more"),
            (REQUEST, "redirect_uri", DESK),
            (REQUEST, "response_type", "token"),
            (REQUEST, "scope", "profile"),
            (REQUEST, "scope", "openidx"),
            (OF_THE_DESK, "code_challenge", ""),
            (OF_THE_DESK, "code_challenge_method", "plain"),
            (OF_THE_DESK, "code_challenge_method", ""),
        ],
    )
    def test_of_anybody_else_is_refused(
        self, request_: AuthorizationRequest, parameter: str, value: str
    ) -> None:
        changed = replace(request_, **{parameter: value})
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

        tokens = signing_in.exchange(asked(code), NOW)

        assert tokens["token_type"] == "Bearer"
        assert tokens["expires_in"] == LIFETIME.total_seconds()
        whose = {
            "iss": URL,
            "sub": "supervisor-1",
            "iat": int(NOW.timestamp()),
            "exp": int((NOW + LIFETIME).timestamp()),
        }
        id_token = decoded(tokens["id_token"], signing_in)
        assert id_token.header["typ"] == "JWT"
        assert id_token.claims == whose | {
            "aud": "temporal-ui",
            "name": "supervisor-1",
            "nonce": "a nonce",
        }
        access = decoded(tokens["access_token"], signing_in)
        assert access.header["typ"] == "at+jwt"
        assert len(access.claims.pop("jti")) == 32
        assert access.claims == whose | {"aud": "wederhoor-api"}

    def test_is_never_the_same(self) -> None:
        signing_in = provider()
        assert len({signing_in.grant(REQUEST, "supervisor-1", NOW) for _ in range(20)}) == 20

    def test_works_once(self) -> None:
        signing_in = provider()
        code = signing_in.grant(REQUEST, "supervisor-1", NOW)
        signing_in.exchange(asked(code), NOW)
        with pytest.raises(RequestRefused, match="code"):
            signing_in.exchange(asked(code), NOW)

    @pytest.mark.parametrize(
        ("late", "works"), [(CODE_LIFETIME - timedelta(seconds=1), True), (CODE_LIFETIME, False)]
    )
    def test_works_for_a_minute(self, late: timedelta, works: bool) -> None:
        signing_in = provider()
        code = signing_in.grant(REQUEST, "supervisor-1", NOW)
        if works:
            assert signing_in.exchange(asked(code), NOW + late)
        else:
            with pytest.raises(RequestRefused, match="code"):
                signing_in.exchange(asked(code), NOW + late)

    @pytest.mark.parametrize(
        ("changed", "blamed"),
        [
            ({"client_id": "another"}, "client_id"),
            ({"secret": None}, "client_secret"),
            ({"secret": ""}, "client_secret"),
            ({"secret": client_secret(ANOTHER_KEY, "temporal-ui")}, "client_secret"),
            ({"secret": client_secret(KEY, "desk")}, "client_secret"),
            ({"redirect_uri": "https://evil.example"}, "redirect_uri"),
            ({"code": ""}, "code"),
            ({"code": "guessed"}, "code"),
        ],
        ids=str,
    )
    def test_works_for_its_client_alone_who_can_still_use_it(
        self, changed: dict[str, Any], blamed: str
    ) -> None:
        signing_in = provider()
        granted = signing_in.grant(REQUEST, "supervisor-1", NOW)
        with pytest.raises(RequestRefused) as caught:
            signing_in.exchange(asked(**{"code": granted} | changed), NOW)
        assert caught.value.parameter == blamed
        assert signing_in.exchange(asked(granted), NOW)

    def test_of_one_client_is_nothing_to_another(self) -> None:
        signing_in = provider()
        code = signing_in.grant(REQUEST, "supervisor-1", NOW)
        with pytest.raises(RequestRefused, match="code"):
            signing_in.exchange(asked_by_desk(code), NOW)

    @pytest.mark.parametrize("verifier", ["", "w" * 43, challenge_of(VERIFIER)])
    def test_that_was_stolen_is_worth_nothing_without_the_verifier(self, verifier: str) -> None:
        signing_in = provider()
        code = signing_in.grant(OF_THE_DESK, "supervisor-1", NOW)
        with pytest.raises(RequestRefused, match="code_verifier"):
            signing_in.exchange(asked_by_desk(code, verifier=verifier), NOW)
        with pytest.raises(RequestRefused, match="code"):  # nobody guesses twice
            signing_in.exchange(asked_by_desk(code), NOW)

    def test_of_a_public_client_works_with_it(self) -> None:
        signing_in = provider()
        code = signing_in.grant(OF_THE_DESK, "supervisor-1", NOW)
        assert signing_in.exchange(asked_by_desk(code), NOW)


class TestSigningOut:
    @pytest.mark.parametrize(
        ("client", "address", "may"),
        [
            ("desk", AWAY, True),
            ("desk", "https://evil.example", False),
            ("temporal-ui", AWAY, False),
            ("another", AWAY, False),
        ],
    )
    def test_leads_back_to_a_known_place_alone(self, client: str, address: str, may: bool) -> None:
        assert provider().may_return_to(client, address) is may


class TestTheSecretOfAClient:
    def test_is_long_and_follows_from_key_and_name(self) -> None:
        assert len(SECRET) == 43
        assert client_secret(KEY, "temporal-ui") == SECRET
        assert (
            len({SECRET, client_secret(ANOTHER_KEY, "temporal-ui"), client_secret(KEY, "x")}) == 3
        )
