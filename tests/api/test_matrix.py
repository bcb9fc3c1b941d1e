"""Who may do what: every route of the API for everybody who could call it.

The routes come from the OpenAPI document. One that stands there and not here fails a test, so
nobody adds a route without saying whom it is for.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

import httpx
import pytest

from launcher.people import Complainant, Json, Letterbox, eventually
from launcher.system import System
from tests.api.cases_in_hand import (
    approved_request,
    institution_session_of,
    mediated_case,
    session_of,
)
from tests.api.observing import COMPLAINT, WHY, bearer, fresh_key

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


class Caller(StrEnum):
    """Who calls, as they stand to one case."""

    NOBODY = "nobody"
    STALE = "somebody with a session that never was"
    COMPLAINANT = "the complainant"
    OTHER_COMPLAINANT = "another complainant"
    ASKER = "somebody who asked a question"
    INSTITUTION = "the institution"
    OTHER_INSTITUTION = "the institution of another case"
    MEDIATOR = "the mediator"
    OTHER_MEDIATOR = "another mediator"
    ADVISER = "an adviser"
    SUPERVISOR = "a supervisor"
    ADMINISTRATOR = "an administrator"
    STRANGER = "somebody who signed in and is not in the register"


OF_THE_CASE = {Caller.COMPLAINANT, Caller.INSTITUTION, Caller.MEDIATOR, Caller.SUPERVISOR}


class Answer(IntEnum):
    """How a call is answered, whatever else it says."""

    SERVED = 200
    WHO_ARE_YOU = 401
    FORBIDDEN = 403
    HIDDEN = 404
    CONFLICT = 409


def only(**answers: Answer) -> dict[Caller, Answer]:
    """Return these answers, by names of callers, and 401 for everybody else."""
    return dict.fromkeys(Caller, Answer.WHO_ARE_YOU) | {
        Caller[name.upper()]: answer for name, answer in answers.items()
    }


PUBLIC = dict.fromkeys(Caller, Answer.SERVED)
MINE = only(complainant=Answer.SERVED, other_complainant=Answer.SERVED, asker=Answer.SERVED)
MY_LETTER = only(complainant=Answer.SERVED, other_complainant=Answer.HIDDEN, asker=Answer.HIDDEN)
MY_QUESTION = only(
    complainant=Answer.CONFLICT, other_complainant=Answer.CONFLICT, asker=Answer.SERVED
)
ADDRESSED = only(institution=Answer.SERVED, other_institution=Answer.SERVED)
STAFF = only(
    mediator=Answer.SERVED,
    other_mediator=Answer.SERVED,
    adviser=Answer.SERVED,
    supervisor=Answer.SERVED,
    administrator=Answer.SERVED,
    stranger=Answer.FORBIDDEN,
)
ASSIGNED = STAFF | dict.fromkeys(
    (Caller.OTHER_MEDIATOR, Caller.ADVISER, Caller.ADMINISTRATOR), Answer.HIDDEN
)
READERS = STAFF | {Caller.ADMINISTRATOR: Answer.FORBIDDEN}
MEDIATORS = STAFF | dict.fromkeys((Caller.SUPERVISOR, Caller.ADMINISTRATOR), Answer.FORBIDDEN)
SUPERVISORS = STAFF | dict.fromkeys(
    (Caller.MEDIATOR, Caller.OTHER_MEDIATOR, Caller.ADVISER), Answer.FORBIDDEN
)
ADMINISTRATORS = SUPERVISORS | {Caller.SUPERVISOR: Answer.FORBIDDEN}
BOTH_HALVES = only()
"""Whoever has both halves of a new code; nobody of these."""
THE_MEDIATOR = ASSIGNED | {Caller.SUPERVISOR: Answer.FORBIDDEN}

SUPERVISION = only(
    mediator=Answer.FORBIDDEN,
    other_mediator=Answer.FORBIDDEN,
    adviser=Answer.FORBIDDEN,
    supervisor=Answer.SERVED,
    administrator=Answer.FORBIDDEN,
    stranger=Answer.FORBIDDEN,
)
THE_SECOND_PERSON = SUPERVISION | {Caller.SUPERVISOR: Answer.FORBIDDEN}
"""Another supervisor than the one who asked; nobody of these."""

PLANTED = "Dit staat in geen andere zaak."
TEXT = {"text": "Wie mag dit schrijven?"}
AVAILABLE: Json = {"workingDays": [1, 2, 3, 4, 5], "absences": [], "conflicts": []}
SUITS: Json = {"institutionKinds": [], "regions": [], "capacity": 0}
NEW_STAFF: Json = {
    "subject": "adviser-of-the-matrix",
    "name": "Adviseur",
    "address": "adviseur@wederhoor.example",
    "roles": ["adviser"],
    "languages": ["nl"],
}


@dataclass(frozen=True)
class Route:
    """A route: who may call it, and with which body or file."""

    method: str
    path: str
    answers: dict[Caller, Answer]
    body: Json | None = None
    file: bytes | None = None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


ROUTES = [
    Route("GET", "/health/live", PUBLIC),
    Route("GET", "/health/ready", PUBLIC),
    Route("GET", "/metrics", PUBLIC),
    Route("GET", "/v1/institutions", PUBLIC),
    Route("GET", "/v1/helplines", PUBLIC),
    Route("GET", "/v1/side-routes", PUBLIC),
    Route("GET", "/v1/guide", PUBLIC),
    Route("POST", "/v1/guide", PUBLIC, {"happened": "treatment"}),
    Route("GET", "/v1/topics", PUBLIC),
    Route("GET", "/v1/topics/{topic_id}", PUBLIC),
    Route("POST", "/v1/topics/search", PUBLIC, {"words": "besluit"}),
    Route("GET", "/v1/my-case", MINE),
    Route("GET", "/v1/my-case/timeline", MINE),
    Route("GET", "/v1/my-case/dossier", MINE),
    Route("GET", "/v1/my-case/entries", MINE),
    Route("GET", "/v1/my-case/entries/{number}", MINE),
    Route("GET", "/v1/my-case/letters", MINE),
    Route("GET", "/v1/my-case/letters/{letter_id}", MY_LETTER),
    Route("GET", "/v1/my-case/erasure", MINE),
    Route("GET", "/v1/my-case/attachments", MINE),
    Route("GET", "/v1/my-case/attachments/{attachment_id}", MY_LETTER),
    Route("GET", "/v1/cases/{number}/attachments", THE_MEDIATOR),
    Route("GET", "/v1/cases/{number}/attachments/{attachment_id}", THE_MEDIATOR),
    Route("GET", "/v1/my-availability", MEDIATORS),
    Route("PUT", "/v1/my-availability", MEDIATORS, AVAILABLE),
    Route("GET", "/v1/staff/{staff_id}/availability", ADMINISTRATORS),
    Route("PUT", "/v1/staff/{staff_id}/availability", ADMINISTRATORS, AVAILABLE | SUITS),
    Route("POST", "/v1/staff/{staff_id}/hand-over", SUPERVISORS, WHY),
    Route("GET", "/v1/cases", READERS),
    Route("GET", "/v1/cases/counts", READERS),
    Route("POST", "/v1/cases/search", READERS, {"words": "voorbeeld"}),
    Route("GET", "/v1/my-digest", STAFF),
    Route("PUT", "/v1/my-digest", STAFF, {"wanted": True}),
    Route("GET", "/v1/cases/{number}", ASSIGNED),
    Route("GET", "/v1/cases/{number}/timeline", ASSIGNED),
    Route("GET", "/v1/cases/{number}/entries", ASSIGNED),
    Route("GET", "/v1/cases/{number}/entries/{entry}", ASSIGNED),
    Route("GET", "/v1/cases/{number}/break-glass", SUPERVISION),
    Route("GET", "/v1/cases/{number}/break-glass/{glass_id}/entries", SUPERVISION),
    Route("GET", "/v1/cases/{number}/break-glass/{glass_id}/attachments", SUPERVISION),
    Route(
        "GET",
        "/v1/cases/{number}/break-glass/{glass_id}/attachments/{attachment_id}",
        SUPERVISION,
    ),
    Route(
        "POST",
        "/v1/cases/{number}/break-glass",
        SUPERVISION,
        {"scope": "story", "reason": "Wie mag dit vragen?"},
    ),
    Route(
        "POST",
        "/v1/cases/{number}/break-glass/{glass_id}/approval",
        THE_SECOND_PERSON,
        {"approve": True},
    ),
    Route("GET", "/v1/staff", ADMINISTRATORS),
    Route("POST", "/v1/staff", ADMINISTRATORS, NEW_STAFF),
    Route("PATCH", "/v1/staff/{staff_id}", ADMINISTRATORS, {}),
    Route("GET", "/v1/institution-case", ADDRESSED),
    Route("GET", "/v1/institution-case/entries/{number}", ADDRESSED),
    # Whoever has the link is let in by it.
    Route("GET", "/v1/institution-replies/{token}", PUBLIC),
    Route("GET", "/v1/institution-replies/{token}/entries/{number}", PUBLIC),
    Route("POST", "/v1/institution-replies/{token}", PUBLIC, TEXT),
    Route("POST", "/v1/institution-sessions", PUBLIC, {"token": "{token}"}),
    Route("POST", "/v1/sessions", PUBLIC, {"receiptCode": "{receipt_code}"}),
    Route("POST", "/v1/complaints", PUBLIC, COMPLAINT),
    Route("POST", "/v1/questions", PUBLIC, {"text": "Wie mag dit vragen?"}),
    Route("POST", "/v1/my-case/complaint", MY_QUESTION, {"institutionId": "voorbeeldstad"}),
    Route("PUT", "/v1/my-case/contact", MINE, {"email": None}),
    Route("PUT", "/v1/my-case/identity", MINE, {"name": None}),
    Route("PUT", "/v1/my-case/language", MINE, {"language": "nl"}),
    Route("POST", "/v1/my-case/messages", MINE, TEXT),
    Route("POST", "/v1/my-case/safety", MINE, {"safe": True}),
    Route("POST", "/v1/my-case/feedback", MINE, TEXT),
    Route("POST", "/v1/my-case/consents", MINE, {"consent": True}),
    Route("POST", "/v1/my-case/responses", MINE, {"accept": False}),
    Route("POST", "/v1/institution-case/replies", ADDRESSED, TEXT),
    Route("POST", "/v1/institution-case/extensions", ADDRESSED, TEXT),
    Route("POST", "/v1/institution-case/objections", ADDRESSED, TEXT),
    Route("POST", "/v1/institution-case/corrections", ADDRESSED, TEXT),
    Route(
        "POST",
        "/v1/cases/{number}/entries",
        THE_MEDIATOR | {Caller.ADMINISTRATOR: Answer.FORBIDDEN},
        TEXT | {"audience": "mediator_only"},
    ),
    Route(
        "POST",
        "/v1/cases/{number}/decisions",
        ASSIGNED,
        {"decision": "reopen_case", **WHY},
    ),
    Route("POST", "/v1/my-case/attachments", MINE, file=b"Wie mag dit sturen?"),
    Route(
        "POST",
        "/v1/lost-receipt-codes",
        PUBLIC,
        {"caseNumber": "{number}", "email": "iemand@post.example"},
    ),
    Route(
        "POST",
        "/v1/receipt-codes",
        BOTH_HALVES,
        {"claimCode": "{receipt_code}", "letterCode": "{receipt_code}"},
    ),
    Route("DELETE", "/v1/my-case/receipt-code-requests/{request_id}", MY_LETTER),
    Route("POST", "/v1/my-case/receipt-codes", MINE, {}),
    # Afterwards the case has another mediator.
    Route("POST", "/v1/my-case/mediator-objection", MINE, WHY),
    # Last: afterwards the case is over, and then nobody is signed in.
    Route("POST", "/v1/my-case/withdrawals", MINE, {}),
    Route("POST", "/v1/my-case/erasure-requests", MINE, {"confirm": True}),
    Route("POST", "/v1/my-case/erasure-cancellations", MINE, {}),
    Route("DELETE", "/v1/sessions/current", MINE),
]


@dataclass
class Stage:
    """One case and everybody who might call."""

    values: dict[str, str]
    headers: dict[Caller, dict[str, str]]
    secrets: set[str] = field(default_factory=set[str])

    def filled(self, words: str) -> str:
        for name, value in self.values.items():
            words = words.replace(f"{{{name}}}", value)
        return words

    async def calls(self, http: httpx.AsyncClient, route: Route, caller: Caller) -> httpx.Response:
        path = self.filled(route.path.replace("/entries/{number}", "/entries/{entry}"))
        body = route.body and {
            name: self.filled(value) if isinstance(value, str) else value
            for name, value in route.body.items()
        }
        headers = self.headers[caller] | ({} if route.method == "GET" else fresh_key())
        if route.file is not None:
            sent = {"file": ("vraag.txt", route.file, "text/plain")}
            return await http.request(route.method, path, files=sent, headers=headers)
        return await http.request(route.method, path, json=body, headers=headers)


@pytest.fixture(scope="module")
def stage(system: System, token_for: Callable[[str], str]) -> Stage:
    async def prepare() -> Stage:
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            letterbox = Letterbox(system.mail.page_url)
            case, other = [await mediated_case(http, token_for, letterbox) for _ in range(2)]
            while case.mediator == other.mediator:
                other = await mediated_case(http, token_for, letterbox)
            mine = await session_of(http, case.receipt_code)
            asker = await Complainant.asks(http)
            letters = (await http.get("/v1/my-case/letters", headers=mine)).json()["letters"]
            headers = {
                Caller.NOBODY: {},
                Caller.STALE: bearer("x" * 43),
                Caller.COMPLAINANT: mine,
                Caller.OTHER_COMPLAINANT: await session_of(http, other.receipt_code),
                Caller.ASKER: await session_of(http, asker.receipt_code),
                Caller.INSTITUTION: await institution_session_of(http, case.link),
                Caller.OTHER_INSTITUTION: await institution_session_of(http, other.link),
                Caller.MEDIATOR: bearer(token_for(case.mediator)),
                Caller.OTHER_MEDIATOR: bearer(token_for(case.other_mediator)),
                Caller.ADVISER: bearer(token_for("adviser-1")),
                Caller.SUPERVISOR: bearer(token_for("supervisor-1")),
                Caller.ADMINISTRATOR: bearer(token_for("administrator-1")),
                Caller.STRANGER: bearer(token_for("mediator-999")),
            }
            sent = {"file": ("planten.txt", b"Een begonia.", "text/plain")}
            response = await http.post(
                "/v1/my-case/attachments", files=sent, headers=mine | fresh_key()
            )
            assert response.status_code == 202, response.text
            attached = (await http.get("/v1/my-case/attachments", headers=mine)).json()
            lost = {"caseNumber": case.number, "email": "iemand@post.example"}
            assert (await http.post("/v1/lost-receipt-codes", json=lost)).status_code == 202

            async def asked() -> str | None:
                shown = (await http.get("/v1/my-case", headers=mine)).json()["codeRequests"]
                return shown[0]["id"] if shown else None

            glass_id = await approved_request(http, token_for, case.number)
            values = {
                "glass_id": glass_id,
                "attachment_id": attached["attachments"][0]["id"],
                "request_id": await eventually(asked, "nobody compared the request"),
                "number": case.number,
                "staff_id": await mediator_without_work(http, token_for),
                "entry": "1",
                "topic_id": "no_answer",
                "letter_id": letters[0]["id"],
                "token": case.link.rpartition("/")[2],
                "receipt_code": case.receipt_code,
            }
            complainant = Complainant(http, case.number, case.receipt_code)
            await complainant.does("messages", {"text": PLANTED})
            return Stage(values, headers, {case.number, PLANTED})

    return asyncio.run(prepare())


async def mediator_without_work(http: httpx.AsyncClient, token_for: Callable[[str], str]) -> str:
    """Return the id of a mediator who is never asked, so that no case is taken from anybody."""
    administrator = bearer(token_for("administrator-1"))
    somebody = NEW_STAFF | {"subject": "mediator-of-the-matrix", "roles": ["mediator"]}
    hired = await http.post("/v1/staff", json=somebody, headers=administrator)
    identifier = hired.raise_for_status().json()["id"]
    path = f"/v1/staff/{identifier}/availability"
    response = await http.put(path, json=AVAILABLE | SUITS, headers=administrator)
    response.raise_for_status()
    return identifier


def cells(*, served: bool) -> list[tuple[Route, Caller]]:
    return [
        (route, caller)
        for route in ROUTES
        for caller, answer in route.answers.items()
        if (answer is Answer.SERVED) == served
    ]


def names(value: object) -> str:
    return value.name if isinstance(value, Route) else str(value)


class TestTheMatrix:
    async def test_has_every_route_of_the_document_and_no_other(
        self, http: httpx.AsyncClient
    ) -> None:
        document = (await http.get("/v1/openapi.json")).json()
        documented = {
            f"{method.upper()} {path}"
            for path, operations in document["paths"].items()
            for method in operations
            if method.upper() in METHODS
        }
        assert documented == {route.name for route in ROUTES}

    def test_answers_every_caller_on_every_route(self) -> None:
        assert all(set(route.answers) == set(Caller) for route in ROUTES)


class TestWhoMayNot:
    @pytest.mark.parametrize(("route", "caller"), cells(served=False), ids=names)
    async def test_is_told_so_and_learns_nothing(
        self, http: httpx.AsyncClient, stage: Stage, route: Route, caller: Caller
    ) -> None:
        response = await stage.calls(http, route, caller)

        assert response.status_code == route.answers[caller], response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert not any(secret in response.text for secret in stage.secrets)


class TestWhoMay:
    @pytest.mark.parametrize(("route", "caller"), cells(served=True), ids=names)
    async def test_is_served_and_never_with_anything_of_another_case(
        self, http: httpx.AsyncClient, stage: Stage, route: Route, caller: Caller
    ) -> None:
        response = await stage.calls(http, route, caller)

        assert response.status_code in {200, 201, 202, 204}, response.text
        by_its_own_token = {"{token}", "{receipt_code}"}
        if caller not in OF_THE_CASE and not any(
            token in f"{route.path}{route.body}" for token in by_its_own_token
        ):
            assert not any(secret in response.text for secret in stage.secrets)
