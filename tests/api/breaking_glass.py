"""Two supervisors who look at one case."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update
from temporalio.client import Client

from domain.languages import Language
from launcher import time_travel
from launcher.people import Json, eventually
from storage.database import Database
from storage.models import StaffRow
from tests.api.cases_in_hand import (
    REASON,
    Mediated,
    approved_request,
    session_of,
)
from tests.api.observing import bearer

ANNA = "Anna Voorbeeld"
AN_INSTANT = timedelta(minutes=1)


class Supervision:
    """A case, and two supervisors who look at it."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        case: Mediated,
        token_for: Callable[[str], str],
        advance: Callable[[timedelta], Awaitable[None]],
    ) -> None:
        self.http = http
        self.case = case
        self.token_for = token_for
        self.advance = advance
        self.path = f"/v1/cases/{case.number}/break-glass"
        self.first = bearer(token_for("supervisor-1"))
        self.second = bearer(token_for("supervisor-2"))

    async def asks(self, scope: str = "story", headers: dict[str, str] | None = None) -> str:
        body = {"scope": scope, "reason": REASON}
        response = await self.http.post(self.path, json=body, headers=headers or self.first)
        assert response.status_code == 202, response.text
        return (await self.requests())[-1]["id"]

    async def answers(
        self, identifier: str, headers: dict[str, str], *, approve: bool = True, **more: str
    ) -> httpx.Response:
        body = {"approve": approve, **more}
        return await self.http.post(
            f"{self.path}/{identifier}/approval", json=body, headers=headers
        )

    async def approved(self, scope: str = "story") -> str:
        return await approved_request(self.http, self.token_for, self.case.number, scope)

    async def reads(
        self, identifier: str, headers: dict[str, str] | None = None, what: str = "entries"
    ) -> httpx.Response:
        return await self.http.get(
            f"{self.path}/{identifier}/{what}", headers=headers or self.first
        )

    async def requests(self) -> list[Json]:
        response = await self.http.get(self.path, headers=self.second)
        return response.raise_for_status().json()["requests"]

    async def steps(self) -> list[Json]:
        """Return the steps as the complainant sees them, once all were answered."""
        headers = await session_of(self.http, self.case.receipt_code)

        async def ask() -> list[Json] | None:
            response = await self.http.get("/v1/my-case/entries", headers=headers)
            entries = response.raise_for_status().json()["entries"]
            everything = await self.http.get(
                f"/v1/cases/{self.case.number}/entries", headers=self.first
            )
            steps = [it for it in everything.json()["entries"] if "break_glass" in it["kind"]]
            seen = [it for it in entries if "break_glass" in it["kind"]]
            return seen if len(seen) == len(steps) else None

        return await eventually(ask, "the complainant did not see every step")


@pytest.fixture
def supervision(
    http: httpx.AsyncClient,
    fresh: Mediated,
    token_for: Callable[[str], str],
    temporal: Client,
    database: Database,
) -> Supervision:
    async def advance(delta: timedelta) -> None:
        await time_travel.advance(temporal, database, fresh.number, delta)

    return Supervision(http, fresh, token_for, advance)


@pytest.fixture
async def newcomer(
    database: Database, token_for: Callable[[str], str]
) -> AsyncIterator[tuple[Callable[[list[str]], Awaitable[None]], dict[str, str]]]:
    """A third supervisor whose roles can be changed, and their header."""
    identifier, subject = uuid4(), f"supervisor-{uuid4()}"
    row = StaffRow(
        id=identifier,
        subject=subject,
        name="Toezichthouder Drie",
        address="supervisor-3@wederhoor.example",
        roles=["supervisor"],
        language=Language.DUTCH,
        languages=["nl"],
        active=True,
    )
    async with database.transaction() as session:
        session.add(row)

    async def now_have(roles: list[str]) -> None:
        async with database.transaction() as session:
            await session.execute(
                update(StaffRow).where(StaffRow.id == identifier).values(roles=roles)
            )

    yield now_have, bearer(token_for(subject))
    await now_have([])
