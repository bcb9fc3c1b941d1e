"""Signing in at an identity provider: the authorization code flow with PKCE.

OpenID Connect Core 1.0 (3.1), RFC 7636, RFC 9207 and RFC 9700.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlencode

from domain.clock import Clock
from identity.provider import Metadata, Provider, ProviderUnavailable
from identity.tokens import ID_TOKEN, Expected, InvalidToken, key_id_of, subject_of


class SignInRefused(Exception):
    """The provider's answer signs nobody in. Nothing more is said on purpose."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is known of a sign-in that one browser began; all three are random."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the browser brought back from the provider (RFC 6749, 4.1.2)."""

    state: str
    code: str
    iss: str | None = None


class RelyingParty:
    """Our pages, as a client of the provider.

    Args:
        client_secret: empty for a public client; PKCE is used in any case.
        redirect_uri: where the provider sends back to.
    """

    def __init__(
        self,
        provider: Provider,
        clock: Clock,
        *,
        client_id: str,
        client_secret: str,
        redirect_uri: str,
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._client_id = client_id
        self._client_secret = client_secret
        self._redirect_uri = redirect_uri

    async def authorization_url(self, attempt: Attempt) -> str:
        """Return where to send the browser.

        Raises:
            ProviderUnavailable: when the provider cannot be asked.
        """
        endpoint = (await self._provider.metadata()).authorization_endpoint
        parameters = {
            "response_type": "code",
            "client_id": self._client_id,
            "redirect_uri": self._redirect_uri,
            "scope": "openid",
            "state": attempt.state,
            "nonce": attempt.nonce,
            "code_challenge": challenge_of(attempt.verifier),
            "code_challenge_method": "S256",
        }
        return _with(endpoint, parameters)

    async def subject_of(self, attempt: Attempt, answer: Answer) -> str:
        """Return who signed in.

        Raises:
            SignInRefused: when the answer belongs to no attempt of this browser, comes from
                another provider, or its code brings no valid ID token.
            ProviderUnavailable: when the provider cannot be asked.
        """
        metadata = await self._provider.metadata()
        if not hmac.compare_digest(answer.state.encode(), attempt.state.encode()):
            raise SignInRefused
        if not self._comes_from(answer, metadata):
            raise SignInRefused
        token = await self._id_token(metadata, attempt, answer.code)
        expected = Expected(
            issuer=self._provider.issuer,
            audience=self._client_id,
            types=ID_TOKEN,
            nonce=attempt.nonce,
            party=self._client_id,
        )
        try:
            key = await self._provider.key(key_id_of(token))
            if key is None:
                raise SignInRefused
            return subject_of(token, key, expected, self._clock())
        except InvalidToken:
            raise SignInRefused from None

    async def end_session_url(self, return_to: str) -> str | None:
        """Return where to send the browser so that the provider, too, forgets who signed in.

        ``None`` when it has no such place, or cannot be asked (RP-Initiated Logout 1.0).
        """
        try:
            endpoint = (await self._provider.metadata()).end_session_endpoint
        except ProviderUnavailable:
            return None
        if endpoint is None:
            return None
        return _with(
            endpoint, {"client_id": self._client_id, "post_logout_redirect_uri": return_to}
        )

    def _comes_from(self, answer: Answer, metadata: Metadata) -> bool:
        """Tell whether an answer comes from the provider that was asked (RFC 9207)."""
        if answer.iss is None:
            return not metadata.authorization_response_iss_parameter_supported
        return answer.iss == self._provider.issuer

    async def _id_token(self, metadata: Metadata, attempt: Attempt, code: str) -> str:
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._redirect_uri,
            "client_id": self._client_id,
            "code_verifier": attempt.verifier,
        }
        login = None
        if self._client_secret:
            login = quote(self._client_id, safe=""), quote(self._client_secret, safe="")
            del form["client_id"]  # once is enough (RFC 6749, 2.3)
        status, content = await self._provider.post(metadata.token_endpoint, form, login)
        if status != 200 or not isinstance(content, dict):
            raise SignInRefused
        token = cast("Mapping[str, object]", content).get("id_token")
        if not isinstance(token, str):
            raise SignInRefused
        return token


def challenge_of(verifier: str) -> str:
    """Return what proves a verifier without telling it (RFC 7636, 4.2: S256)."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _with(endpoint: str, parameters: Mapping[str, str]) -> str:
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(parameters)}"
