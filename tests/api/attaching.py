"""Handing in files, and everything that a file could leave behind."""

import asyncio

import httpx
from sqlalchemy import text

from launcher.people import Json
from launcher.system import System
from storage.database import Database
from tests.api.observing import held

PATH = "/v1/my-case/attachments"
NOTE = ("notitie.txt", b"Wat er gebeurde.", "text/plain")

type File = tuple[str, bytes, str]


async def send(
    http: httpx.AsyncClient, headers: dict[str, str], file: File = NOTE, **more: str
) -> httpx.Response:
    return await http.post(PATH, files={"file": file}, headers=headers | more)


async def sent(http: httpx.AsyncClient, headers: dict[str, str], file: File = NOTE) -> Json:
    response = await send(http, headers, file)
    assert response.status_code == 202, response.text
    return response.json()["attachment"]


async def all_held(system: System, database: Database) -> object:
    """Return how much there is of everything a file could leave behind."""
    folder = system.state_dir / "attachments"
    async with database.transaction() as session:
        rows = await session.scalar(text("SELECT count(*) FROM attachments"))
    objects = await asyncio.to_thread(lambda: {path.name for path in folder.iterdir()})
    return await held(database), rows, objects
