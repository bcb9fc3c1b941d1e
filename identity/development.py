"""The built-in issuer of staff tokens, for development only, and the check of a token.

Tokens are JSON Web Tokens (RFC 7519). A token says who somebody is; what they may do stands in
our own register. Real OpenID Connect takes the place of the issuer without changing the check's
callers.
"""

from datetime import datetime, timedelta

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

AUDIENCE = "wederhoor-api"
LIFETIME = timedelta(hours=8)
_ALGORITHM = "HS256"


class InvalidToken(Exception):
    """The token is not one of ours, or not valid now. Nothing more is said on purpose."""


class DevelopmentIssuer:
    """Issues and checks staff tokens under one symmetric key.

    Args:
        key: 32 bytes, derived from the application's secret.
        issuer: the name that stands in the tokens.
    """

    def __init__(self, key: bytes, issuer: str) -> None:
        self._key = OctKey.import_key(key)
        self._issuer = issuer

    def issue(self, subject: str, now: datetime, lifetime: timedelta = LIFETIME) -> str:
        """Return a token for a subject, valid from ``now`` (UTC)."""
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": subject,
            "iat": int(now.timestamp()),
            "exp": int((now + lifetime).timestamp()),
        }
        return jwt.encode({"alg": _ALGORITHM, "typ": "at+jwt"}, claims, self._key)

    def subject_of(self, token: str, now: datetime) -> str:
        """Return whose token this is.

        Raises:
            InvalidToken: when it was not issued here for us, or is not valid at ``now`` (UTC).
        """
        rules = jwt.JWTClaimsRegistry(
            now=lambda: int(now.timestamp()),
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
        )
        try:
            decoded = jwt.decode(token, self._key, algorithms=[_ALGORITHM])
            rules.validate(decoded.claims)
        except (JoseError, ValueError, TypeError) as error:
            raise InvalidToken from error
        return str(decoded.claims["sub"])
