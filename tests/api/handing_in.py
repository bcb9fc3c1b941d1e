"""Handing something in as a complainant."""

import httpx

from launcher.people import Json, eventually

BODIES: dict[str, Json] = {
    "safety": {"safe": True},
    "feedback": {"text": "Goed."},
    "reopening-requests": {"text": "Er is iets nieuws."},
    "messages": {"text": "Een bericht"},
    "consents": {"consent": False},
    "responses": {"accept": True},
    "withdrawals": {},
    "erasure-requests": {"confirm": True},
    "erasure-cancellations": {},
    "contact": {"email": None},
    "identity": {"name": None},
    "language": {"language": "nl"},
}
PUTS = {"contact", "identity", "language"}


async def hand_in(
    http: httpx.AsyncClient, what: str, body: Json, headers: dict[str, str]
) -> httpx.Response:
    method = "PUT" if what in PUTS else "POST"
    return await http.request(method, f"/v1/my-case/{what}", json=body, headers=headers)


async def settled(http: httpx.AsyncClient, location: str, headers: dict[str, str]) -> Json:
    async def ask() -> Json | None:
        entry = (await http.get(location, headers=headers)).raise_for_status().json()
        return entry if entry["status"] in {"applied", "refused"} else None

    return await eventually(ask, f"no answer beside {location}")
