"""Cases that are ready to be read and written by the tests of the API."""

from collections.abc import Callable
from dataclasses import dataclass

import httpx

from launcher.people import Complainant, Institution, Letterbox, Office, eventually
from tests.api.observing import bearer

IN_CONFIDENCE = "Dit vertel ik alleen de bemiddelaar."
NOTE = "Een aantekening voor mijzelf."
REASON = "Er is geklaagd over de bemiddelaar."
TO_THE_INSTITUTION = "Kunt u dit uitleggen?"


@dataclass(frozen=True)
class Mediated:
    """A case with a mediator, whose institution has a letter.

    Attributes:
        link: where the API answers for the link in the letter.
        page: where that link leads.
    """

    number: str
    receipt_code: str
    mediator: str
    other_mediator: str
    link: str
    page: str


async def mediated_case(
    http: httpx.AsyncClient,
    token_for: Callable[[str], str],
    letterbox: Letterbox,
    institution: str = "voorbeelddienst",
    **more: object,
) -> Mediated:
    """Bring a case so far that everybody has written something in it."""
    complainant = await Complainant.complains(
        http, institution, email="iemand@post.example", **more
    )
    office, number = Office(http, token_for), complainant.case_number
    identifier, mediator = await office.asked(number)
    await mediator.decides(number, "accept_case")
    await complainant.does("consents", {"consent": True})
    letter = await letterbox.letter(f"klachten@{institution}.example", number)
    await complainant.reaches("awaiting_institution", "institution_replies")
    await complainant.does("messages", {"text": IN_CONFIDENCE})
    await complainant.answer(await complainant.sets("identity", {"name": "Anna Voorbeeld"}))
    await mediator.writes(number, NOTE, "mediator_only")
    await mediator.writes(number, TO_THE_INSTITUTION, "institution")
    subjects = {f"mediator-{digit}" for digit in "12"}
    subject = f"mediator-{identifier[-1]}"
    addressed = Institution(http, letter["text"])

    async def is_told() -> bool | None:
        return TO_THE_INSTITUTION in (await http.get(addressed.link)).text or None

    await eventually(is_told, "the mediator's letter has left")
    (other,) = subjects - {subject}
    return Mediated(
        number, complainant.receipt_code, subject, other, addressed.link, addressed.page
    )


async def session_of(http: httpx.AsyncClient, receipt_code: str) -> dict[str, str]:
    """Return the header that opens the complainant's case."""
    response = await http.post("/v1/sessions", json={"receiptCode": receipt_code})
    return bearer(response.raise_for_status().json()["token"])


async def institution_session_of(http: httpx.AsyncClient, link: str) -> dict[str, str]:
    """Return the header that opens the institution's side of the case of a reply link."""
    body = {"token": link.rpartition("/")[2]}
    response = await http.post("/v1/institution-sessions", json=body)
    return bearer(response.raise_for_status().json()["token"])


async def first_letter(http: httpx.AsyncClient, side: str, headers: dict[str, str]) -> str:
    """Return the id of the first letter to a side (``my-case``, ``institution-case``)."""

    async def ask() -> str | None:
        response = await http.get(f"/v1/{side}/letters", headers=headers)
        letters = response.raise_for_status().json()["letters"]
        return letters[0]["id"] if letters else None

    return await eventually(ask, f"no letter in {side}")


async def approved_request(
    http: httpx.AsyncClient,
    token_for: Callable[[str], str],
    number: str,
    scope: str = "story",
) -> str:
    """Let supervisor-1 read a case, with the approval of supervisor-2; return the request's id."""
    path = f"/v1/cases/{number}/break-glass"
    first, second = (bearer(token_for(f"supervisor-{digit}")) for digit in "12")
    body = {"scope": scope, "reason": REASON}
    (await http.post(path, json=body, headers=first)).raise_for_status()
    requests = (await http.get(path, headers=first)).json()["requests"]
    identifier = requests[-1]["id"]
    response = await http.post(
        f"{path}/{identifier}/approval", json={"approve": True}, headers=second
    )
    response.raise_for_status()
    return identifier
