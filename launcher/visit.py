"""A visit to a running system: everything that demo, benchmark and recordings need to use it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import httpx
from temporalio.client import Client

from identity.development import DevelopmentIssuer
from launcher.people import Letterbox, Office
from launcher.system import System
from settings.application import DEVELOPMENT_ISSUER
from settings.secrets import load_secrets
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visitor has in hand."""

    http: httpx.AsyncClient
    office: Office
    letterbox: Letterbox
    temporal: Client
    database: Database
    issuer: DevelopmentIssuer

    def token_for(self, subject: str) -> str:
        """Return a token of a staff member."""
        return self.issuer.issue(subject, datetime.now(UTC))


@asynccontextmanager
async def visiting(system: System) -> AsyncGenerator[Visit]:
    """Open everything for as long as the block runs."""
    secrets = load_secrets(system.secrets_dir, may_create=False)
    issuer = DevelopmentIssuer(secrets.signing_key(), DEVELOPMENT_ISSUER)
    temporal = await system.temporal_client()
    database = Database(system.postgres.url)
    try:
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            office = Office(http, lambda subject: issuer.issue(subject, datetime.now(UTC)))
            letterbox = Letterbox(system.mail.page_url)
            yield Visit(http, office, letterbox, temporal, database, issuer)
    finally:
        await database.close()
