"""Signing in by authorization code: an answer to this browser, from this provider, or nothing."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest

from identity.provider import ProviderUnavailable
from identity.relying_party import Answer, Attempt, RelyingParty, SignInRefused
from tests.identity.providing import AUDIENCE, CLAIMS, ISSUER, World, signed

CLIENT = "wederhoor-desk"
CALLBACK = "https://portal.example/desk/signed-in"
# The verifier and challenge of RFC 7636, appendix B.
ATTEMPT = Attempt("a state", "a nonce", "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
ANSWER = Answer("a state", "a code", ISSUER)
ID_CLAIMS = CLAIMS | {"aud": CLIENT, "nonce": "a nonce"}


def party(world: World, secret: str = "") -> RelyingParty:
    return RelyingParty(
        world.provider(),
        world.clock,
        client_id=CLIENT,
        client_secret=secret,
        redirect_uri=CALLBACK,
    )


def handing_out(token: str, **metadata: object) -> World:
    """Return a provider that gives this ID token for every code."""
    return World(
        metadata=metadata,
        exchange=lambda _: httpx.Response(200, json={"id_token": token, "token_type": "Bearer"}),
    )


async def refused(world: World, attempt: Attempt = ATTEMPT, answer: Answer = ANSWER) -> None:
    with pytest.raises(SignInRefused):
        await party(world).subject_of(attempt, answer)


class TestTheWayThere:
    async def test_carries_state_nonce_and_a_challenge(self) -> None:
        url = urlsplit(await party(World()).authorization_url(ATTEMPT))
        assert f"{url.scheme}://{url.netloc}{url.path}" == f"{ISSUER}/auth"
        assert dict(parse_qsl(url.query)) == {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": CALLBACK,
            "scope": "openid",
            "state": "a state",
            "nonce": "a nonce",
            "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "code_challenge_method": "S256",
        }

    async def test_keeps_what_the_address_asks_already(self) -> None:
        world = World(metadata={"authorization_endpoint": f"{ISSUER}/auth?tenant=1"})
        url = await party(world).authorization_url(ATTEMPT)
        assert url.startswith(f"{ISSUER}/auth?tenant=1&response_type=code&")

    async def test_is_closed_while_the_provider_is_down(self) -> None:
        with pytest.raises(ProviderUnavailable):
            await party(World(down=True)).authorization_url(ATTEMPT)


class TestTheAnswer:
    async def test_says_who_signed_in(self) -> None:
        world = handing_out(signed(ID_CLAIMS, typ="JWT"))
        assert await party(world).subject_of(ATTEMPT, ANSWER) == "mediator-1"

    async def test_is_exchanged_with_the_verifier(self) -> None:
        world, seen = handing_out(""), list[httpx.Request]()

        def exchange(request: httpx.Request) -> httpx.Response:
            seen.append(request)
            return httpx.Response(200, json={"id_token": signed(ID_CLAIMS, typ=None)})

        world.exchange = exchange
        await party(world).subject_of(ATTEMPT, ANSWER)
        await party(world, "a secret: %").subject_of(ATTEMPT, ANSWER)

        public, confidential = seen
        form = dict(parse_qsl(public.content.decode()))
        assert form == {
            "grant_type": "authorization_code",
            "code": "a code",
            "redirect_uri": CALLBACK,
            "client_id": CLIENT,
            "code_verifier": ATTEMPT.verifier,
        }
        assert "authorization" not in public.headers
        assert "client_id" not in parse_qs(confidential.content.decode())
        login = base64.b64decode(confidential.headers["authorization"].removeprefix("Basic "))
        assert login == b"wederhoor-desk:a%20secret%3A%20%25"

    @pytest.mark.parametrize("state", ["", "another", "A state", "é"])
    async def test_to_another_question_is_refused(self, state: str) -> None:
        world = handing_out(signed(ID_CLAIMS, typ="JWT"))
        await refused(world, answer=replace(ANSWER, state=state))
        assert "/token" not in world.asked

    @pytest.mark.parametrize("iss", ["https://evil.example", ISSUER + "/", "", None])
    async def test_from_another_provider_is_refused(self, iss: str | None) -> None:
        world = handing_out(signed(ID_CLAIMS, typ="JWT"))
        await refused(world, answer=replace(ANSWER, iss=iss))
        assert "/token" not in world.asked

    async def test_need_not_name_a_provider_that_never_does(self) -> None:
        world = handing_out(
            signed(ID_CLAIMS, typ="JWT"), authorization_response_iss_parameter_supported=False
        )
        answer = replace(ANSWER, iss=None)
        assert await party(world).subject_of(ATTEMPT, answer) == "mediator-1"
        await refused(world, answer=replace(ANSWER, iss="https://evil.example"))

    @pytest.mark.parametrize(
        "changed",
        [
            {"nonce": "another"},
            {"nonce": None},
            {"nonce": 7},
            {"aud": AUDIENCE},
            {"aud": [CLIENT, "another"]},
            {"azp": "another"},
            {"aud": [CLIENT, "another"], "azp": "another"},
            {"iss": "https://evil.example"},
            {"exp": CLAIMS["iat"] - 60},
            {"iat": CLAIMS["iat"] + 3600},
            {"sub": ""},
        ],
        ids=str,
    )
    async def test_with_a_wrong_id_token_is_refused(self, changed: dict[str, Any]) -> None:
        await refused(handing_out(signed(ID_CLAIMS | changed, typ="JWT")))

    async def test_may_be_for_several_when_it_was_issued_to_us(self) -> None:
        claims = ID_CLAIMS | {"aud": [CLIENT, "another"], "azp": CLIENT}
        world = handing_out(signed(claims, typ="JWT"))
        assert await party(world).subject_of(ATTEMPT, ANSWER) == "mediator-1"

    @pytest.mark.parametrize("kind", ["at+jwt", "logout+jwt"])
    async def test_with_another_kind_of_token_is_refused(self, kind: str) -> None:
        await refused(handing_out(signed(ID_CLAIMS, typ=kind)))

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(400, json={"error": "invalid_grant"}),
            httpx.Response(401, json={"error": "invalid_client"}),
            httpx.Response(200, json={}),
            httpx.Response(200, json=[]),
            httpx.Response(200, json={"id_token": 7}),
            httpx.Response(200, json={"id_token": "garbage"}),
        ],
        ids=lambda answer: answer.text,
    )
    async def test_whose_code_brings_nothing_is_refused(self, answer: httpx.Response) -> None:
        content = json.loads(answer.text)
        await refused(World(exchange=lambda _: httpx.Response(answer.status_code, json=content)))

    async def test_waits_for_a_provider_that_is_down(self) -> None:
        world = handing_out(signed(ID_CLAIMS, typ="JWT"))
        signing_in = party(world)
        await signing_in.authorization_url(ATTEMPT)
        world.down = True
        world.passes(timedelta(seconds=5))
        with pytest.raises(ProviderUnavailable):
            await signing_in.subject_of(ATTEMPT, ANSWER)


class TestTheWayOut:
    async def test_leads_past_the_provider(self) -> None:
        url = await party(World()).end_session_url("https://portal.example/desk/signed-out")
        assert url == (
            f"{ISSUER}/logout?client_id={CLIENT}"
            "&post_logout_redirect_uri=https%3A%2F%2Fportal.example%2Fdesk%2Fsigned-out"
        )

    @pytest.mark.parametrize(
        "world", [World(down=True), World(metadata={"end_session_endpoint": None})], ids=repr
    )
    async def test_is_short_without_it(self, world: World) -> None:
        assert await party(world).end_session_url("https://portal.example") is None
