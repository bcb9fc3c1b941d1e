"""An OpenID Connect provider for development only: whoever asks is who they say they are.

As much of OpenID Connect Core 1.0 as our clients need: discovery, the authorization code flow with
a nonce and PKCE (RFC 7636), ID tokens, and access tokens for our API (RFC 9068), all under ES256.
"""

import hashlib
import hmac
import secrets as randomness
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from identity.relying_party import challenge_of

LIFETIME = timedelta(hours=8)
CODE_LIFETIME = timedelta(minutes=1)
_ALGORITHM = "ES256"
_ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class RequestRefused(Exception):
    """A request that is not one of our clients, or comes too late. ``parameter`` is to blame."""

    def __init__(self, parameter: str) -> None:
        super().__init__(parameter)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class Client:
    """Who may send people to sign in.

    Attributes:
        redirect_uri: where the client waits for its codes; compared as it is.
        secret: ``None`` for a public client, which has to use PKCE.
        return_uri: where the client may send people who signed out.
    """

    redirect_uri: str
    secret: str | None = None
    return_uri: str | None = None


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What a client asks for when it sends somebody to sign in (OpenID Connect Core, 3.1.2.1)."""

    client_id: str
    redirect_uri: str
    response_type: str
    scope: str
    state: str
    nonce: str
    code_challenge: str = ""
    code_challenge_method: str = ""


@dataclass(frozen=True, slots=True)
class CodeExchange:
    """What a client sends to have its code exchanged (RFC 6749, 4.1.3).

    Attributes:
        secret: of a client that has one.
        verifier: of PKCE.
    """

    client_id: str
    code: str
    redirect_uri: str
    secret: str | None = None
    verifier: str = ""


@dataclass(frozen=True, slots=True)
class _Grant:
    subject: str
    request: AuthorizationRequest
    until: datetime


class DevelopmentProvider:
    """Signs in without a password, and hands tokens to the clients that it knows.

    Args:
        key: 32 bytes, from which the signing key follows.
        url: the address of the provider, which is its name too.
        audience: the name of our API in access tokens.
        clients: by their ids.
    """

    def __init__(self, key: bytes, url: str, audience: str, clients: Mapping[str, Client]) -> None:
        self.url = url
        self._key = _signing_key(key)
        self._audience = audience
        self._clients = clients
        self._grants: dict[str, _Grant] = {}

    def metadata(self) -> Mapping[str, object]:
        """Return what a client needs to know (OpenID Connect Discovery 1.0)."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "end_session_endpoint": f"{self.url}/sign-out",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [_ALGORITHM],
            "scopes_supported": ["openid"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "none"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": True,
        }

    def public_keys(self) -> Mapping[str, object]:
        """Return the key that tokens are checked with (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def check(self, request: AuthorizationRequest) -> None:
        """Check a request before anybody is asked to sign in.

        Raises:
            RequestRefused: when it does not come from a client of ours. Never send anybody back
                then.
        """
        client = self._client(request.client_id)
        if request.redirect_uri != client.redirect_uri:
            raise RequestRefused("redirect_uri")
        if request.response_type != "code":
            raise RequestRefused("response_type")
        if "openid" not in request.scope.split():
            raise RequestRefused("scope")
        if client.secret is None and not request.code_challenge:
            raise RequestRefused("code_challenge")
        if request.code_challenge and request.code_challenge_method != "S256":
            raise RequestRefused("code_challenge_method")

    def grant(self, request: AuthorizationRequest, subject: str, now: datetime) -> str:
        """Return the code with which the client gets the tokens of whoever signed in.

        Raises:
            RequestRefused: as ``check`` does.
        """
        self.check(request)
        self._grants = {code: it for code, it in self._grants.items() if it.until > now}
        code = randomness.token_urlsafe(32)
        self._grants[code] = _Grant(subject, request, now + CODE_LIFETIME)
        return code

    def exchange(self, asked: CodeExchange, now: datetime) -> Mapping[str, object]:
        """Return the tokens for a code, once (RFC 6749, 4.1.4).

        Raises:
            RequestRefused: for a wrong secret, and a code that is unknown, used, old, of another
                client, or of another browser.
        """
        client = self._client(asked.client_id)
        if not hmac.compare_digest((asked.secret or "").encode(), (client.secret or "").encode()):
            raise RequestRefused("client_secret")
        if asked.redirect_uri != client.redirect_uri:
            raise RequestRefused("redirect_uri")
        grant = self._grants.get(asked.code)
        if grant is None or grant.request.client_id != asked.client_id:
            raise RequestRefused("code")
        del self._grants[asked.code]
        if grant.until <= now:
            raise RequestRefused("code")
        challenge = grant.request.code_challenge
        if challenge and challenge_of(asked.verifier) != challenge:
            raise RequestRefused("code_verifier")
        return {
            "access_token": self.access_token(grant.subject, now),
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "id_token": self._id_token(grant, now),
        }

    def access_token(self, subject: str, now: datetime) -> str:
        """Return a token for our API, valid from ``now`` (UTC) for ``LIFETIME``."""
        return self._signed("at+jwt", self._audience, subject, now, jti=randomness.token_hex(16))

    def may_return_to(self, client_id: str, address: str) -> bool:
        """Tell whether a client may send people there who signed out."""
        client = self._clients.get(client_id)
        return client is not None and client.return_uri == address

    def _client(self, client_id: str) -> Client:
        if client_id not in self._clients:
            raise RequestRefused("client_id")
        return self._clients[client_id]

    def _id_token(self, grant: _Grant, now: datetime) -> str:
        request = grant.request
        more = {"nonce": request.nonce, "name": grant.subject}
        return self._signed("JWT", request.client_id, grant.subject, now, **more)

    def _signed(self, kind: str, audience: str, subject: str, now: datetime, **more: str) -> str:
        claims = {
            "iss": self.url,
            "aud": audience,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            **more,
        }
        header = {"alg": _ALGORITHM, "typ": kind, "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])


def client_secret(key: bytes, client_id: str) -> str:
    """Return the secret that a client and the provider of one system share."""
    mac = hmac.digest(key, b"client-secret:" + client_id.encode(), hashlib.sha256)
    return urlsafe_b64encode(mac).decode().rstrip("=")


def _signing_key(key: bytes) -> ECKey:
    """Return a key on P-256 that is the same after each start (FIPS 186-5, A.2.1)."""
    derived = HKDF(SHA256(), 48, salt=None, info=b"wederhoor:development-id-token").derive(key)
    number = int.from_bytes(derived) % (_ORDER_OF_P256 - 1) + 1
    private = ec.derive_private_key(number, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kid = ECKey.import_key(pem).thumbprint()
    return ECKey.import_key(pem, {"use": "sig", "alg": _ALGORITHM, "kid": kid})
