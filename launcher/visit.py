"""A visit to a running system: everything that demo, benchmark and recordings need to use it."""

from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from temporalio.client import Client

from launcher.people import Letterbox, Office
from launcher.staff_tokens import tokens_of
from launcher.system import System
from storage.database import Database


@dataclass(frozen=True, slots=True)
class Visit:
    """What a visitor has in hand."""

    http: httpx.AsyncClient
    office: Office
    letterbox: Letterbox
    temporal: Client
    database: Database
    token_for: Callable[[str], str]
    """Gives a token of a staff member, by subject."""


@asynccontextmanager
async def visiting(system: System) -> AsyncGenerator[Visit]:
    """Open everything for as long as the block runs."""
    token_for = tokens_of(system.state_dir)
    temporal = await system.temporal_client()
    database = Database(system.postgres.url)
    try:
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            office = Office(http, token_for)
            letterbox = Letterbox(system.mail.page_url)
            yield Visit(http, office, letterbox, temporal, database, token_for)
    finally:
        await database.close()
