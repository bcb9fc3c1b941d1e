"""Somebody of an institution at the pages to which its letter leads."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import httpx
from sqlalchemy import func, select, update

from launcher.people import Json
from launcher.system import System
from storage.database import Database
from storage.models import InstitutionSessionRow
from tests.api.cases_in_hand import Mediated, institution_session_of
from tests.api.passing_by import Browser
from tests.api.visiting import words_of


class Clerk(Browser):
    """Somebody who opens the link of a letter in a browser."""

    def __init__(self, http: httpx.AsyncClient, mediated: Mediated) -> None:
        super().__init__(http)
        self.letter = mediated.page
        self._link = mediated.link

    async def comes_in(self) -> httpx.Response:
        """Open the link, and press the button."""
        return await self.sends(await self.opens(self.letter))

    async def at(self, path: str = "") -> httpx.Response:
        """Open a page of the case."""
        return await self.opens(f"/nl/institution{path}")

    async def says(self, path: str, /, **filled: str) -> httpx.Response:
        """Fill a form in and send it; return the page that tells what became of it."""
        return await self.sends(await self.at(path), **filled)

    async def entry(self, page: httpx.Response) -> Json:
        """Return the entry that a page tells of, as the API shows it."""
        assert page.status_code == 200, words_of(page)
        [number] = re.findall(r"^/nl/institution/entries/([0-9]+)$", page.url.path)
        response = await self.http.get(f"{self._link}/entries/{number}")
        return response.raise_for_status().json()


@asynccontextmanager
async def clerk_of(system: System, mediated: Mediated) -> AsyncGenerator[Clerk]:
    """Let somebody of the institution of a case have a browser."""
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Clerk(http, mediated)


async def addressed_to(http: httpx.AsyncClient, mediated: Mediated) -> Json:
    """Return what the API shows the institution."""
    headers = await institution_session_of(http, mediated.link)
    response = await http.get("/v1/institution-case", headers=headers)
    return response.raise_for_status().json()


async def awaited_of(http: httpx.AsyncClient, mediated: Mediated) -> list[Json]:
    """Return what the API says is awaited of the institution."""
    return (await addressed_to(http, mediated))["awaited"]


async def sessions(database: Database) -> int:
    """Count the sessions of institutions."""
    async with database.transaction() as session:
        return (await session.scalar(select(func.count()).select_from(InstitutionSessionRow))) or 0


async def ends_sessions(database: Database) -> None:
    """Let every hour be over."""
    async with database.transaction() as session:
        await session.execute(
            update(InstitutionSessionRow).values(
                expires_at=datetime.now(UTC) - timedelta(seconds=1)
            )
        )
