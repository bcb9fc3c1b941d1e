"""An identity provider, as it describes itself (OpenID Connect Discovery 1.0), and its keys."""

import asyncio
import warnings
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlsplit

import httpx
import structlog
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import ECKey, OKPKey, RSAKey
from pydantic import BaseModel, ConfigDict, ValidationError

from domain.clock import Clock
from identity.tokens import PublicKey

LASTS = timedelta(hours=1)
"""How long what was fetched counts as new."""

PAUSE = timedelta(minutes=1)
"""Between two attempts while there is something to go on with."""

PAUSE_WITH_NOTHING = timedelta(seconds=2)
"""Between two attempts while there is nothing yet."""

PATIENCE = 4.0
"""Seconds for one answer of the provider: two fit within what a request of ours may take."""

MOST_BYTES = 512 * 1024
_KINDS: Mapping[str, type[RSAKey | ECKey | OKPKey]] = {"RSA": RSAKey, "EC": ECKey, "OKP": OKPKey}

_log = structlog.get_logger()


class ProviderUnavailable(Exception):
    """The provider cannot be reached, or answers what no provider may."""


class Metadata(BaseModel):
    """What a provider tells about itself."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    code_challenge_methods_supported: tuple[str, ...] = ("S256",)
    authorization_response_iss_parameter_supported: bool = False


class _Kept[T]:
    """Something that is fetched when it is asked for, and kept.

    While fetching fails, what was fetched before goes on.
    """

    def __init__(self, fetch: Callable[[], Awaitable[T]], clock: Clock) -> None:
        self._fetch = fetch
        self._clock = clock
        self._value: T | None = None
        self._fetched_at = self._tried_at = datetime.min.replace(tzinfo=clock().tzinfo)
        self._lock = asyncio.Lock()

    async def get(self, *, anew: bool = False) -> T:
        """Return it.

        Args:
            anew: what is kept lacks something.

        Raises:
            ProviderUnavailable: when it was never fetched and cannot be fetched now.
        """
        async with self._lock:
            now = self._clock()
            stale = self._value is None or anew or now - self._fetched_at >= LASTS
            pause = PAUSE_WITH_NOTHING if self._value is None else PAUSE
            if stale and now - self._tried_at >= pause:
                self._tried_at = now
                await self._try(now)
            if self._value is None:
                raise ProviderUnavailable
            return self._value

    async def _try(self, now: datetime) -> None:
        try:
            self._value = await self._fetch()
            self._fetched_at = now
        except ProviderUnavailable as error:
            _log.warning("identity_provider_unavailable", error=type(error.__cause__).__name__)


class Provider:
    """One identity provider.

    Args:
        issuer: its name, which is an address, as it stands in its tokens.
        plain_http: whether it may be spoken to without TLS; in development only.
    """

    def __init__(
        self, issuer: str, http: httpx.AsyncClient, clock: Clock, *, plain_http: bool = False
    ) -> None:
        self.issuer = issuer
        self._http = http
        self._schemes = {"https", "http"} if plain_http else {"https"}
        self._metadata = _Kept(self._fetch_metadata, clock)
        self._keys = _Kept(self._fetch_keys, clock)

    async def metadata(self) -> Metadata:
        """Return what it tells about itself.

        Raises:
            ProviderUnavailable: when it never could be asked.
        """
        return await self._metadata.get()

    async def key(self, identifier: str) -> PublicKey | None:
        """Return a key of its tokens; ``None`` when it has no such key.

        Raises:
            ProviderUnavailable: when it never could be asked.
        """
        keys = await self._keys.get()
        if identifier not in keys:
            keys = await self._keys.get(anew=True)
        return keys.get(identifier)

    async def post(
        self, address: str, form: Mapping[str, str], login: tuple[str, str] | None
    ) -> tuple[int, object]:
        """Return status and content of its answer to a form.

        Raises:
            ProviderUnavailable: when there is none, or one that nobody understands.
        """
        more = {} if login is None else {"auth": login}
        return await self._ask("POST", address, data=dict(form), **more)

    async def _fetch_metadata(self) -> Metadata:
        content = await self._get(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        try:
            found = Metadata.model_validate(content)
        except ValidationError as error:
            raise ProviderUnavailable from error
        if found.issuer != self.issuer or "S256" not in found.code_challenge_methods_supported:
            raise ProviderUnavailable
        for address in (found.authorization_endpoint, found.end_session_endpoint):
            if address is not None:
                self._check(address)
        return found

    async def _fetch_keys(self) -> Mapping[str, PublicKey]:
        content = await self._get((await self.metadata()).jwks_uri)
        sets = content.get("keys") if isinstance(content, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        if not isinstance(sets, list):
            raise ProviderUnavailable
        read = (_public_key(it) for it in cast("list[object]", sets))
        return {key.kid: key for key in read if key is not None and key.kid is not None}

    async def _get(self, address: str) -> object:
        status, content = await self._ask("GET", address)
        if status != 200:
            raise ProviderUnavailable
        return content

    async def _ask(self, method: str, address: str, **more: Any) -> tuple[int, object]:
        self._check(address)
        try:
            async with (
                asyncio.timeout(PATIENCE),
                self._http.stream(method, address, follow_redirects=False, **more) as response,
            ):
                body = bytearray()
                async for part in response.aiter_bytes():
                    body += part
                    if len(body) > MOST_BYTES:
                        raise ProviderUnavailable
                if response.is_server_error:
                    raise ProviderUnavailable
                return response.status_code, httpx.Response(200, content=bytes(body)).json()
        except (httpx.HTTPError, TimeoutError, ValueError, RecursionError) as error:
            raise ProviderUnavailable from error

    def _check(self, address: str) -> None:
        """Refuse an address that could be overheard."""
        if urlsplit(address).scheme not in self._schemes:
            raise ProviderUnavailable


def _public_key(content: object) -> PublicKey | None:
    """Return a key that can check signatures; a weak or strange one, or a secret, is left out."""
    if not isinstance(content, dict):
        return None
    values = cast("dict[str, Any]", content)
    kind = _KINDS.get(str(values.get("kty")))
    if kind is None:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", SecurityWarning)
            return kind.import_key(values)
    except (JoseError, SecurityWarning, ValueError, TypeError):
        return None
