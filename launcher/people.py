"""People who use a running system over HTTP, as the demo and the tests play them."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Any, Self
from uuid import uuid4

import httpx

from domain.decision_forms import FORMS, Item
from domain.entries import Decision
from mail.letter import REPLY_PAGES

type Json = dict[str, Any]

_PATIENCE = 120.0
"""Seconds to wait for something that should happen almost at once."""


_SUBJECTS = {
    "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001": "mediator-1",
    "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0002": "mediator-2",
}
"""Who is who in ``storage/examples.toml``."""


_REASON = "Zo gaat deze zaak het best verder."


class NotInTime(AssertionError):
    """What should have happened did not."""


async def eventually[T](
    ask: Callable[[], Awaitable[T | None]], what: str, within: float = _PATIENCE
) -> T:
    """Ask again and again until there is an answer.

    Raises:
        NotInTime: when there is none within that many seconds.
    """
    deadline = time.monotonic() + within
    while True:
        answer = await ask()
        if answer is not None:
            return answer
        if time.monotonic() > deadline:
            raise NotInTime(what)
        await asyncio.sleep(0.05)


async def settled(http: httpx.AsyncClient, location: str, headers: dict[str, str]) -> Json:
    """Return the entry at a location once it was answered."""

    async def ask() -> Json | None:
        response = await http.get(location, headers=headers)
        if response.status_code >= 500:
            return None
        entry: Json = response.raise_for_status().json()
        return entry if entry["status"] in {"applied", "refused"} else None

    return await eventually(ask, f"no answer beside the entry at {location}")


class Complainant:
    """Somebody with a receipt code and nothing else."""

    def __init__(self, http: httpx.AsyncClient, case_number: str, receipt_code: str) -> None:
        self._http = http
        self.case_number = case_number
        self.receipt_code = receipt_code
        self.headers: dict[str, str] = {}

    @classmethod
    async def complains(cls, http: httpx.AsyncClient, institution: str, **more: Any) -> Self:
        """Submit a complaint and keep the receipt."""
        body = {
            "institutionId": institution,
            "subject": "Rekening geweigerd",
            "text": "Ik kreeg geen rekening en geen reden.",
            **more,
        }
        return await cls._comes_with(http, "/v1/complaints", body)

    @classmethod
    async def asks(cls, http: httpx.AsyncClient, **more: Any) -> Self:
        """Ask a question and keep the receipt."""
        body = {"text": "Mag de bank mijn rekening zomaar opzeggen?", **more}
        return await cls._comes_with(http, "/v1/questions", body)

    async def turns_into_complaint(self, institution: str, **more: Any) -> Self:
        """Turn one's question into a complaint and keep the receipt of that."""
        if not self.headers:
            await self.comes_back()
        body = {"institutionId": institution, **more}
        return await self._comes_with(self._http, "/v1/my-case/complaint", body, self.headers)

    @classmethod
    async def _comes_with(
        cls,
        http: httpx.AsyncClient,
        path: str,
        body: Json,
        headers: Mapping[str, str] = MappingProxyType({}),
    ) -> Self:
        sent = {"Idempotency-Key": str(uuid4()), **headers}
        response = await http.post(path, json=body, headers=sent)
        receipt = response.raise_for_status().json()
        return cls(http, receipt["caseNumber"], receipt["receiptCode"])

    async def comes_back(self) -> None:
        """Open a session with the receipt code."""
        response = await self._http.post("/v1/sessions", json={"receiptCode": self.receipt_code})
        token = response.raise_for_status().json()["token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str) -> Json:
        """Read something of one's own case."""
        if not self.headers:
            await self.comes_back()
        response = await self._http.get(f"/v1/my-case{path}", headers=self.headers)
        return response.raise_for_status().json()

    async def sends(self, what: str, body: Json) -> str:
        """POST something; return its location."""
        return await self._hands_in("POST", what, body)

    async def sets(self, what: str, body: Json) -> str:
        """PUT something; return its location."""
        return await self._hands_in("PUT", what, body)

    async def does(self, what: str, body: Json) -> Json:
        """POST something; return the entry once it was answered."""
        return await self.answer(await self.sends(what, body))

    async def lets_in(self, name: str) -> Json:
        """Let somebody act in one's case; return the entry once it was answered."""
        key = {"Idempotency-Key": str(uuid4())}
        response = await self._http.post(
            "/v1/my-case/mandates", json={"name": name}, headers=self.headers | key
        )
        return await self.answer(response.raise_for_status().headers["Location"])

    async def lets_out(self, mandate: int) -> Json:
        """End a mandate; return the entry once it was answered."""
        response = await self._http.delete(f"/v1/my-case/mandates/{mandate}", headers=self.headers)
        return await self.answer(response.raise_for_status().headers["Location"])

    async def answer(self, location: str) -> Json:
        """Return the entry at a location once it was answered."""
        return await settled(self._http, location, self.headers)

    async def reaches(self, stage: str, waiting_for: str | None = None) -> Json:
        """Wait until the case is in a stage, and return it."""

        async def ask() -> Json | None:
            case = await self.get("")
            if case["stage"]["code"] != stage:
                return None
            waits = case["waitingFor"] and case["waitingFor"]["code"]
            return case if waiting_for is None or waits == waiting_for else None

        return await eventually(ask, f"case {self.case_number} did not reach {stage}")

    async def _hands_in(self, method: str, what: str, body: Json) -> str:
        if not self.headers:
            await self.comes_back()
        response = await self._http.request(
            method, f"/v1/my-case/{what}", json=body, headers=self.headers
        )
        return response.raise_for_status().headers["Location"]


class StaffMember:
    """A mediator, an adviser or a supervisor with a token."""

    def __init__(self, http: httpx.AsyncClient, token: str) -> None:
        self._http = http
        self.headers = {"Authorization": f"Bearer {token}"}

    async def get(self, path: str) -> Json:
        """Read something."""
        response = await self._http.get(path, headers=self.headers)
        return response.raise_for_status().json()

    async def sends(self, case_number: str, what: str, body: Json) -> str:
        """POST something in a case; return its location."""
        response = await self._http.post(
            f"/v1/cases/{case_number}/{what}", json=body, headers=self.headers
        )
        return response.raise_for_status().headers["Location"]

    async def decides(self, case_number: str, decision: str, **more: str) -> Json:
        """Decide; return the entry once it was answered. Where a reason belongs, give one."""
        body = {"decision": decision, **more}
        if decision in FORMS and FORMS[Decision(decision)].takes(Item.REASON):
            body = {"reason": _REASON, **body}
        location = await self.sends(case_number, "decisions", body)
        return await settled(self._http, location, self.headers)

    async def writes(self, case_number: str, text: str, audience: str) -> Json:
        """Write a message; return the entry once it was answered."""
        body = {"text": text, "audience": audience}
        location = await self.sends(case_number, "entries", body)
        return await settled(self._http, location, self.headers)


class Office:
    """Everybody of the staff, by what the register calls them.

    Args:
        token_for: issues a token for a subject.
    """

    def __init__(self, http: httpx.AsyncClient, token_for: Callable[[str], str]) -> None:
        self._http = http
        self._token_for = token_for
        self.supervisor = self.member("supervisor-1")
        self.adviser = self.member("adviser-1")

    def member(self, subject: str) -> StaffMember:
        """Return a staff member who has signed in."""
        return StaffMember(self._http, self._token_for(subject))

    async def asked(
        self, case_number: str, other_than: str | None = None
    ) -> tuple[str, StaffMember]:
        """Wait until a mediator is asked to take a case; return their id, and them.

        Args:
            other_than: the id of a mediator who was asked before.
        """

        async def ask() -> str | None:
            case = await self.supervisor.get(f"/v1/cases/{case_number}")
            offered = case["offeredId"]
            return offered if offered != other_than else None

        found = await eventually(ask, f"nobody was asked to take {case_number}")
        return found, self.member(_SUBJECTS[found])


class Institution:
    """An institution that has a letter, and in it a reply link.

    Attributes:
        page: where the link in the letter leads.
        link: where the API answers for it.
    """

    def __init__(self, http: httpx.AsyncClient, letter_text: str) -> None:
        self._http = http
        found = re.search(rf"/[a-z]+/{REPLY_PAGES}/([\w-]+)", letter_text)
        if found is None:
            raise NotInTime("the letter has no reply link")
        self.page = found[0]
        self.link = f"/v1/institution-replies/{found[1]}"

    async def reads(self) -> Json:
        """Read what was addressed to it."""
        return (await self._http.get(self.link)).raise_for_status().json()

    async def replies(self, text: str) -> Json:
        """Answer; return the entry once it was answered."""
        response = await self._http.post(self.link, json={"text": text})
        return await settled(self._http, response.raise_for_status().headers["Location"], {})


class Letterbox:
    """The letters that the mail sink received."""

    def __init__(self, page_url: str) -> None:
        self._url = page_url.rstrip("/")

    async def all(self) -> list[Json]:
        """Return every letter, newest first."""
        return await self._ask({})

    async def to(self, address: str, containing: str = "") -> list[Json]:
        """Return the letters to an address whose text contains something, newest first."""
        return await self._ask({"to": address, "containing": containing})

    async def _ask(self, about: dict[str, str]) -> list[Json]:
        async with httpx.AsyncClient(timeout=_PATIENCE) as http:
            response = await http.get(f"{self._url}/letters.json", params=about)
        return response.raise_for_status().json()

    async def find(self, letter_id: str) -> Json | None:
        """Return the mail that announces or carries a letter of the case file, once it came."""
        for letter in await self.all():
            if letter["message_id"].strip("<>").partition("@")[0] == letter_id:
                return letter
        return None

    async def letter(self, to: str, containing: str, within: float = _PATIENCE) -> Json:
        """Wait for a letter to an address whose text contains something; return the newest."""

        async def ask() -> Json | None:
            return next(iter(await self.to(to, containing)), None)

        return await eventually(ask, f"no letter to {to} with {containing!r}", within)
