"""Checking a JSON Web Token of an identity provider (RFC 7519, RFC 8725)."""

import hmac
import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey

type PublicKey = RSAKey | ECKey | OKPKey

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA", "Ed25519")
"""With public keys only: no secret of ours, and no ``none``, ever signs a token."""

LEEWAY = timedelta(seconds=30)
"""How far the clock of the provider may be from ours (RFC 7519, 4.1.4)."""

ACCESS_TOKEN = frozenset({"at+jwt", "application/at+jwt"})
"""The types of an access token (RFC 9068, 4)."""

ID_TOKEN = frozenset({"", "jwt", "application/jwt"})
"""The types of an ID token; OpenID Connect asks for none."""


class InvalidToken(Exception):
    """The token is not for us, or not valid now. Nothing more is said on purpose."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What a token must say.

    Attributes:
        types: the values of ``typ`` in its header, in lower case.
        nonce: what we sent along; ``None`` where nothing was.
        party: to whom it was issued, where that counts.
    """

    issuer: str
    audience: str
    types: Collection[str]
    nonce: str | None = None
    party: str | None = None


def key_id_of(token: str) -> str:
    """Return by which key a token says that it was signed; nothing is checked yet.

    Raises:
        InvalidToken: when it is no token, or under an algorithm that we do not take.
    """
    try:
        header = jws.extract_compact(token.encode()).headers()
    except (JoseError, ValueError, TypeError) as error:
        raise InvalidToken from error
    identifier = header.get("kid")
    if not isinstance(identifier, str) or header.get("alg") not in ALGORITHMS:
        raise InvalidToken
    return identifier


def subject_of(token: str, key: PublicKey, expected: Expected, now: datetime) -> str:
    """Return whose token this is.

    Raises:
        InvalidToken: when it was not signed by this key, is not what was expected, or is not valid
            at ``now`` (UTC).
    """
    rules = jwt.JWTClaimsRegistry(
        now=lambda: int(now.timestamp()),
        leeway=int(LEEWAY.total_seconds()),
        iss={"essential": True, "value": expected.issuer},
        aud={"essential": True, "value": expected.audience},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
    )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)  # EdDSA has a new name (RFC 9864)
            decoded = jwt.decode(token, key, algorithms=ALGORITHMS)
        rules.validate(decoded.claims)
    except (JoseError, ValueError, TypeError) as error:
        raise InvalidToken from error
    kind = str(decoded.header.get("typ", "")).lower()
    if kind not in expected.types or not _is_for(decoded.claims, expected):
        raise InvalidToken
    return str(decoded.claims["sub"])


def _is_for(claims: Mapping[str, Any], expected: Expected) -> bool:
    if expected.nonce is not None and not _same(claims.get("nonce"), expected.nonce):
        return False
    if expected.party is None:
        return True
    for_us_alone = claims["aud"] in (expected.audience, [expected.audience])
    return claims.get("azp", expected.party if for_us_alone else None) == expected.party


def _same(claimed: object, sent: str) -> bool:
    return isinstance(claimed, str) and hmac.compare_digest(claimed.encode(), sent.encode())
