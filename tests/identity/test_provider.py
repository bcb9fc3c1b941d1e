"""What is fetched from a provider: no more often than needed, and nothing of doubtful worth."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from joserfc.jwk import ECKey

from identity.provider import LASTS, MOST_BYTES, PAUSE, PAUSE_WITH_NOTHING, ProviderUnavailable
from tests.identity.providing import ISSUER, World

SECOND = timedelta(seconds=1)
BOTH = ["/.well-known/openid-configuration", "/certs"]


class TestTheKeys:
    async def test_are_fetched_once(self) -> None:
        world = World()
        provider = world.provider()
        for kid in ("ec", "rsa", "ec"):
            assert (await provider.key(kid)) is not None
        assert world.asked == BOTH

    async def test_are_fetched_again_after_an_hour(self) -> None:
        world = World()
        provider = world.provider()
        await provider.key("ec")
        world.keys.clear()
        world.keys.append(ECKey.generate_key("P-256", {"kid": "next"}).as_dict(private=False))
        world.passes(LASTS - SECOND)
        assert await provider.key("ec") is not None
        world.passes(SECOND)
        assert await provider.key("ec") is None

    async def test_are_fetched_for_an_unknown_one_at_most_once_a_minute(self) -> None:
        world = World()
        provider = world.provider()
        await provider.key("ec")
        for _ in range(10):
            assert await provider.key("forged") is None
            world.passes(PAUSE / 10)
        world.keys.append(ECKey.generate_key("P-256", {"kid": "next"}).as_dict(private=False))
        assert await provider.key("next") is not None
        assert world.asked.count("/certs") == 2

    async def test_go_on_while_the_provider_is_down(self) -> None:
        world = World()
        provider = world.provider()
        await provider.key("ec")
        world.down = True
        world.passes(LASTS * 2)
        for _ in range(5):
            assert await provider.key("ec") is not None
        assert world.asked == BOTH * 2  # tried once in vain, and not five times

    async def test_that_are_strange_are_left_out(self) -> None:
        world = World(
            keys=[
                {},
                {"kty": "EC"},
                {"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "short"},
                {"kty": "oct", "k": "c2VjcmV0", "kid": "secret"},
                ECKey.generate_key("P-256", {"kid": "good"}).as_dict(private=False),
            ]
        )
        provider = world.provider()
        assert await provider.key("good") is not None
        assert await provider.key("short") is None
        assert await provider.key("secret") is None


class TestAProvider:
    @pytest.mark.parametrize(
        "changed",
        [
            {"issuer": "https://evil.example"},
            {"issuer": ISSUER + "/"},
            {"token_endpoint": None},
            {"authorization_endpoint": "javascript:alert(1)"},
            {"authorization_endpoint": "http://id.example/auth"},
            {"end_session_endpoint": "http://id.example/logout"},
            {"code_challenge_methods_supported": ["plain"]},
        ],
        ids=str,
    )
    async def test_that_describes_itself_wrongly_is_not_used(self, changed: dict[str, Any]) -> None:
        with pytest.raises(ProviderUnavailable):
            await World(metadata=changed).provider().metadata()

    @pytest.mark.parametrize("plain", [True, False])
    async def test_may_be_overheard_in_development_alone(self, plain: bool) -> None:
        world = World(metadata={"jwks_uri": "http://id.example/certs"})
        provider = world.provider(plain_http=plain)
        with pytest.raises(ProviderUnavailable):
            await provider.key("ec")
        assert ("http://id.example/certs" in world.asked) == plain

    @pytest.mark.parametrize(
        "answer",
        [
            httpx.Response(200, text="<html>"),
            httpx.Response(200, content=b"[" * 100_000),
            httpx.Response(200, content=b'"' + b"x" * MOST_BYTES + b'"'),
            httpx.Response(200, json=[]),
            httpx.Response(302, headers={"location": "https://evil.example"}),
            httpx.Response(404),
            httpx.Response(500),
        ],
        ids=lambda answer: f"{answer.status_code}-{len(answer.content)}",
    )
    async def test_that_answers_strangely_is_not_used(
        self, answer: httpx.Response, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        world = World()

        def strange(request: httpx.Request) -> httpx.Response:
            assert str(request.url).startswith(ISSUER)
            return httpx.Response(
                answer.status_code, headers=answer.headers, content=answer.content
            )

        monkeypatch.setattr(world, "answer", strange)
        with pytest.raises(ProviderUnavailable):
            await world.provider().metadata()

    async def test_that_was_never_reached_is_asked_again_soon_but_not_at_once(self) -> None:
        world = World(down=True)
        provider = world.provider()
        for _ in range(3):
            with pytest.raises(ProviderUnavailable):
                await provider.metadata()
        assert len(world.asked) == 1
        world.down = False
        world.passes(PAUSE_WITH_NOTHING)
        assert (await provider.metadata()).issuer == ISSUER
