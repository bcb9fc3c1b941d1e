"""Requests that come again: the same Idempotency-Key and body get the same answer."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from domain.clock import Clock
from domain.identifiers import CaseId, EntryNumber
from settings.secrets import Secrets
from storage import idempotency
from storage.idempotency import Answered


class KeyReused(Exception):
    """An Idempotency-Key came again with another body."""


@dataclass(frozen=True, slots=True)
class Request:
    """What makes a request the same as an earlier one: its key, and the body as it was sent."""

    key: str
    body: bytes


class Repeats:
    """Remembers answers within the transaction that gives them.

    Args:
        scope: what a key belongs to; two scopes may use the same key.
    """

    def __init__(
        self, session: AsyncSession, secrets: Secrets, clock: Clock, request: Request, scope: str
    ) -> None:
        self._session = session
        self._secrets = secrets
        self._clock = clock
        self._request = request
        self._lookup = secrets.idempotency_lookup(scope + request.key)

    async def earlier(self) -> Answered | None:
        """Return the answer that this request got before, if any.

        Raises:
            KeyReused: when the key was used with another body.
        """
        earlier = await idempotency.earlier_answer(self._session, self._lookup, self._clock())
        if earlier is not None and earlier.body_mac != self._secrets.body_mac(self._request.body):
            raise KeyReused
        return earlier

    async def remember(
        self, case: CaseId, entry: EntryNumber, secret_answer: bytes | None = None
    ) -> None:
        """Keep the answer of this request.

        Args:
            entry: the newest entry of the case.
            secret_answer: kept sealed; only this key can open it again.
        """
        sealed = None
        if secret_answer is not None:
            sealed = self._secrets.seal_answer(self._request.key, secret_answer)
        answered = Answered(self._secrets.body_mac(self._request.body), case, entry, sealed)
        await idempotency.remember(self._session, self._lookup, answered, self._clock())

    def opened(self, sealed: bytes) -> bytes:
        """Return a secret answer that was kept under this key."""
        return self._secrets.open_answer(self._request.key, sealed)
