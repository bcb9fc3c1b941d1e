"""An OpenID Connect provider for development only: whoever asks is who they say they are.

As much of OpenID Connect Core 1.0 as one client needs, the Temporal UI: discovery, the
authorization code flow with a nonce, ID tokens under ES256. Access tokens are those of the
development issuer.
"""

import base64
import hashlib
import hmac
import secrets as randomness
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey

from identity.development import LIFETIME, DevelopmentIssuer

CLIENT = "temporal-ui"
CODE_LIFETIME = timedelta(minutes=1)
_ALGORITHM = "ES256"
_ORDER_OF_P256 = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class RequestRefused(Exception):
    """A request that is not one of our client, or comes too late. ``parameter`` is to blame."""

    def __init__(self, parameter: str) -> None:
        super().__init__(parameter)
        self.parameter = parameter


@dataclass(frozen=True, slots=True)
class AuthorizationRequest:
    """What a client asks for when it sends somebody to sign in (OpenID Connect Core, 3.1.2.1)."""

    client_id: str
    redirect_uri: str
    response_type: str
    scope: str
    state: str
    nonce: str


@dataclass(frozen=True, slots=True)
class _Grant:
    subject: str
    nonce: str
    until: datetime


class DevelopmentProvider:
    """Signs in without a password, and hands the tokens to the one client that it knows.

    Args:
        issuer: makes the access tokens.
        key: 32 bytes; the key of the ID tokens and the client's secret follow from it.
        url: the address of the provider, which is its name too.
        redirect_uri: where the client waits for its codes.
    """

    def __init__(self, issuer: DevelopmentIssuer, key: bytes, url: str, redirect_uri: str) -> None:
        self.url = url
        self._issuer = issuer
        self._key = _signing_key(key)
        self._redirect_uri = redirect_uri
        self._client_secret = client_secret(key)
        self._grants: dict[str, _Grant] = {}

    def metadata(self) -> Mapping[str, object]:
        """Return what a client needs to know (OpenID Connect Discovery 1.0)."""
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [_ALGORITHM],
            "scopes_supported": ["openid"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        }

    def public_keys(self) -> Mapping[str, object]:
        """Return the key that ID tokens are checked with (RFC 7517)."""
        return {"keys": [self._key.as_dict(private=False)]}

    def check(self, request: AuthorizationRequest) -> None:
        """Check a request before anybody is asked to sign in.

        Raises:
            RequestRefused: when it does not come from our client. Never send anybody back then.
        """
        expected = {
            "client_id": CLIENT,
            "redirect_uri": self._redirect_uri,
            "response_type": "code",
        }
        for parameter, value in expected.items():
            if getattr(request, parameter) != value:
                raise RequestRefused(parameter)
        if "openid" not in request.scope.split():
            raise RequestRefused("scope")

    def grant(self, request: AuthorizationRequest, subject: str, now: datetime) -> str:
        """Return the code with which the client gets the tokens of whoever signed in.

        Raises:
            RequestRefused: as ``check`` does.
        """
        self.check(request)
        self._grants = {code: it for code, it in self._grants.items() if it.until > now}
        code = randomness.token_urlsafe(32)
        self._grants[code] = _Grant(subject, request.nonce, now + CODE_LIFETIME)
        return code

    def exchange(
        self, code: str, redirect_uri: str, secret: str, now: datetime
    ) -> Mapping[str, object]:
        """Return the tokens for a code, once (RFC 6749, 4.1.3).

        Raises:
            RequestRefused: for a wrong secret, and a code that is unknown, used or old.
        """
        if not hmac.compare_digest(secret.encode(), self._client_secret.encode()):
            raise RequestRefused("client_secret")
        if redirect_uri != self._redirect_uri:
            raise RequestRefused("redirect_uri")
        grant = self._grants.pop(code, None)
        if grant is None or grant.until <= now:
            raise RequestRefused("code")
        return {
            "access_token": self._issuer.issue(grant.subject, now),
            "token_type": "Bearer",
            "expires_in": int(LIFETIME.total_seconds()),
            "id_token": self._id_token(grant, now),
        }

    def access_token(self, subject: str, now: datetime) -> str:
        """Return a token of the development issuer for whoever signed in."""
        return self._issuer.issue(subject, now)

    def _id_token(self, grant: _Grant, now: datetime) -> str:
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": grant.subject,
            "name": grant.subject,
            "nonce": grant.nonce,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
        }
        header = {"alg": _ALGORITHM, "kid": self._key.kid}
        return jwt.encode(header, claims, self._key, algorithms=[_ALGORITHM])


def client_secret(key: bytes) -> str:
    """Return the secret that the client and the provider of one system share."""
    mac = hmac.digest(key, b"client-secret:" + CLIENT.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def _signing_key(key: bytes) -> ECKey:
    """Return a key on P-256 that is the same after each start (FIPS 186-5, A.2.1)."""
    derived = HKDF(SHA256(), 48, salt=None, info=b"wederhoor:development-id-token").derive(key)
    number = int.from_bytes(derived) % (_ORDER_OF_P256 - 1) + 1
    private = ec.derive_private_key(number, ec.SECP256R1())
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kid = ECKey.import_key(pem).thumbprint()
    return ECKey.import_key(pem, {"use": "sig", "alg": _ALGORITHM, "kid": kid})
