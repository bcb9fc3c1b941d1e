"""Institutions at work: their desks, and how one answers by a session."""

from typing import Self

import httpx
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import InstitutionId
from domain.letters import Contact
from launcher.people import Institution, Json, settled
from storage import directory


class InstitutionAtItsDesk:
    """An institution that exchanged its reply link for a session."""

    def __init__(self, http: httpx.AsyncClient, headers: dict[str, str]) -> None:
        self._http = http
        self._headers = headers

    @classmethod
    async def opens(cls, http: httpx.AsyncClient, institution: Institution) -> Self:
        """Exchange the link's token."""
        token = institution.link.rpartition("/")[2]
        response = await http.post("/v1/institution-sessions", json={"token": token})
        session = response.raise_for_status().json()["token"]
        return cls(http, {"Authorization": f"Bearer {session}"})

    async def reads(self) -> Json:
        """Read what was addressed to it."""
        response = await self._http.get("/v1/institution-case", headers=self._headers)
        return response.raise_for_status().json()

    async def says(self, what: str, text: str, **more: str) -> Json:
        """Say something; return the entry once it was answered."""
        response = await self._http.post(
            f"/v1/institution-case/{what}", json={"text": text, **more}, headers=self._headers
        )
        location = response.raise_for_status().headers["Location"]
        return await settled(self._http, location, self._headers)


async def desk_of(session: AsyncSession, institution: str) -> dict[Contact, str]:
    """Return where letters to each desk of an institution go."""
    row = await directory.institution(session, InstitutionId(institution))
    assert row is not None
    return {contact: directory.desk_address(row, contact) for contact in Contact}
