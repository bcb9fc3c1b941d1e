"""Somebody at the pages of their own case, and what is behind those pages."""

import html
import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
from sqlalchemy import text

from launcher.people import Complainant, Json
from launcher.system import System
from storage.database import Database
from tests.api.passing_by import Browser
from tests.api.visiting import words_of

WRITTEN = "Eerst dit.\n<script>alert(1)</script> {{7*7}} & “zo”"


class Person(Browser):
    """Somebody at the pages of their own case."""

    def __init__(self, http: httpx.AsyncClient, case: Complainant) -> None:
        super().__init__(http)
        self.case = case

    async def at(self, path: str = "") -> httpx.Response:
        """Open a page of the case."""
        return await self.opens(f"/nl/case{path}")

    async def does(self, path: str, form: int = 0, /, **filled: str) -> httpx.Response:
        """Fill a form of a page in and send it; return the page that tells what became of it."""
        return await self.sends(await self.at(path), None, form, **filled)

    async def entry(self, page: httpx.Response) -> Json:
        """Return the entry that a page tells of, as the API shows it."""
        assert page.status_code == 200, words_of(page)
        [number] = re.findall(r"^/nl/case/entries/([0-9]+)$", page.url.path)
        return await self.case.get(f"/entries/{number}")


@asynccontextmanager
async def at_their_case(system: System, number: str, code: str) -> AsyncGenerator[Person]:
    """Let somebody come in with their code."""
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        case = Complainant(http, number, code)
        await case.comes_back()
        person = Person(http, case)
        await person.comes_back(code)
        yield person


async def ends_sessions(database: Database, number: str) -> None:
    """Let fifteen minutes pass for every session of a case."""
    query = """
        UPDATE sessions SET expires_at = expires_at - interval '15 minutes'
        WHERE case_id = (SELECT id FROM cases WHERE number = :number)
    """
    async with database.transaction() as session:
        await session.execute(text(query), {"number": number})


async def kept(database: Database) -> int:
    async with database.transaction() as session:
        return await session.scalar(text("SELECT count(*) FROM drafts")) or 0


def said_on(page: httpx.Response) -> str:
    return html.unescape(words_of(page))
