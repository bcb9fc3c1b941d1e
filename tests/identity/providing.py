"""An identity provider for tests: its answers can be changed, counted and withheld."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from identity.provider import Provider

ISSUER = "https://id.example/realms/wederhoor"
AUDIENCE = "wederhoor-api"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": "mediator-1",
    "iat": int(NOW.timestamp()),
    "exp": int((NOW + timedelta(minutes=5)).timestamp()),
}
type SigningKey = RSAKey | ECKey | OKPKey
KEYS: dict[str, SigningKey] = {
    "RS256": RSAKey.generate_key(2048, {"kid": "rsa", "use": "sig"}),
    "PS256": RSAKey.generate_key(2048, {"kid": "pss", "use": "sig"}),
    "ES256": ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"}),
    "Ed25519": OKPKey.generate_key("Ed25519", {"kid": "okp", "use": "sig"}),
}


def signed(
    claims: dict[str, Any],
    algorithm: str = "ES256",
    key: SigningKey | OctKey | None = None,
    **header: Any,
) -> str:
    """Return a token; ``header`` adds to what stands before it, or changes it."""
    used = key or KEYS[algorithm]
    whole = {"alg": algorithm, "kid": used.kid, "typ": "at+jwt"} | header
    return jwt.encode({k: v for k, v in whole.items() if v is not None}, claims, used, [algorithm])


def unsigned(header: object, payload: object, signature: str = "") -> str:
    """Return something in the form of a token."""
    parts = [
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in (header, payload)
    ]
    return ".".join([*parts, signature])


@dataclass
class World:
    """A provider somewhere, and the time."""

    now: datetime = NOW
    metadata: dict[str, Any] = field(default_factory=dict[str, Any])
    keys: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    down: bool = False
    asked: list[str] = field(default_factory=list[str])
    exchange: Callable[[httpx.Request], httpx.Response] | None = None

    def __post_init__(self) -> None:
        self.metadata = {
            "issuer": ISSUER,
            "authorization_endpoint": f"{ISSUER}/auth",
            "token_endpoint": f"{ISSUER}/token",
            "jwks_uri": f"{ISSUER}/certs",
            "end_session_endpoint": f"{ISSUER}/logout",
            "code_challenge_methods_supported": ["plain", "S256"],
            "authorization_response_iss_parameter_supported": True,
        } | self.metadata
        self.keys = self.keys or [key.as_dict(private=False) for key in KEYS.values()]

    def passes(self, time: timedelta) -> None:
        self.now += time

    def clock(self) -> datetime:
        return self.now

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url).removeprefix(ISSUER))
        if self.down:
            raise httpx.ConnectError("nobody there", request=request)
        match self.asked[-1]:
            case "/.well-known/openid-configuration":
                return httpx.Response(200, json=self.metadata)
            case "/certs":
                return httpx.Response(200, json={"keys": self.keys})
            case "/token" if self.exchange is not None:
                return self.exchange(request)
            case _:
                return httpx.Response(404, json={})

    def provider(self, *, plain_http: bool = False, issuer: str = ISSUER) -> Provider:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer))
        return Provider(issuer, http, self.clock, plain_http=plain_http)
