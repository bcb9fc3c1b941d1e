"""What somebody is still writing: on our side, not on their device, and not for us to read.

It is sealed under a key that follows from the cookie of the browser, which we keep as a hash only.
"""

import json
import secrets as randomness
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from uuid import uuid4

from domain.clock import Clock
from domain.padding import padded, unpadded
from settings.secrets import Secrets, token_hash
from storage import drafts
from storage.database import Database
from storage.persistence import keep_doing

LIFETIME = timedelta(hours=1)
"""After the last answer; then whatever was written is gone."""


def _new_key() -> str:
    return str(uuid4())


@dataclass(frozen=True, slots=True)
class Draft:
    """What was answered so far.

    Attributes:
        answers: by the name of the field.
        seen: the questions that were answered or passed over.
        key: the Idempotency-Key under which it is handed in, so that this happens once.
        receipt: what was handed out for it, until its owner noted it down.
        form: which form it belongs to.
    """

    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    key: str = field(default_factory=_new_key)
    seen: Sequence[str] = ()
    receipt: Mapping[str, str] | None = None
    form: str = ""


class Drafts:
    """Keeps drafts, each for an hour after its last change."""

    def __init__(self, database: Database, clock: Clock, secrets: Secrets) -> None:
        self._database = database
        self._clock = clock
        self._secrets = secrets

    async def begin(self, draft: Draft) -> str:
        """Begin a draft; return the token by which its owner comes back."""
        token = randomness.token_urlsafe(32)
        await self.keep(token, draft)
        return token

    async def read(self, token: str) -> Draft | None:
        """Return a draft that was not given up."""
        async with self._database.transaction() as session:
            sealed = await drafts.sealed_draft(session, token_hash(token), self._clock())
        if sealed is None:
            return None
        return Draft(**json.loads(unpadded(self._secrets.open_draft(token, sealed))))

    async def keep(self, token: str, draft: Draft) -> None:
        """Keep a draft as it is now."""
        sealed = self._secrets.seal_draft(token, padded(json.dumps(asdict(draft)).encode()))
        expires_at = self._clock() + LIFETIME
        async with self._database.transaction() as session:
            await drafts.keep(session, token_hash(token), sealed, expires_at)

    async def forget(self, token: str) -> None:
        """Destroy a draft."""
        async with self._database.transaction() as session:
            await drafts.forget(session, token_hash(token))


class DraftSweep:
    """Destroys drafts whose time is over, whether or not anybody comes by."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def run(self, pause: float = 60.0) -> None:
        """Do it for ever, every ``pause`` seconds."""
        await keep_doing(self.sweep, pause, "drafts_paused")

    async def sweep(self) -> None:
        """Do it once."""
        async with self._database.transaction() as session:
            await drafts.forget_given_up(session, self._clock())
