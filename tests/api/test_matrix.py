"""Who may do what: every route of the API for everybody who could call it.

The routes come from the OpenAPI document. One that stands there and not here fails a test, so
nobody adds a route without saying whom it is for.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from launcher.people import Complainant, Json, Letterbox, eventually
from launcher.system import System
from tests.api.cases_in_hand import (
    approved_request,
    first_letter,
    institution_session_of,
    mediated_case,
    session_of,
)
from tests.api.observing import bearer, fresh_key
from tests.api.publishing import publish_a_year
from tests.api.routes import (
    AVAILABLE,
    NEW_STAFF,
    OF_THE_CASE,
    PLANTED,
    ROUTES,
    SUITS,
    Answer,
    Caller,
    Route,
)

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH")


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
        path = route.path.replace("/entries/{number}", "/entries/{entry}")
        path = self.filled(
            path.replace("institution-case/letters/{", "institution-case/letters/{their_")
        )
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
            theirs = await institution_session_of(http, case.link)
            asker = await Complainant.asks(http)
            helper, another = [await mandate_of(http, mine) for _ in range(2)]
            headers = {
                Caller.NOBODY: {},
                Caller.STALE: bearer("x" * 43),
                Caller.COMPLAINANT: mine,
                Caller.OTHER_COMPLAINANT: await session_of(http, other.receipt_code),
                Caller.ASKER: await session_of(http, asker.receipt_code),
                Caller.REPRESENTATIVE: await session_of(http, helper["receiptCode"]),
                Caller.INSTITUTION: theirs,
                Caller.OTHER_INSTITUTION: await institution_session_of(http, other.link),
                Caller.MEDIATOR: bearer(token_for(case.mediator)),
                Caller.OTHER_MEDIATOR: bearer(token_for(case.other_mediator)),
                Caller.ADVISER: bearer(token_for("adviser-1")),
                Caller.SUPERVISOR: bearer(token_for("supervisor-1")),
                Caller.ADMINISTRATOR: bearer(token_for("administrator-1")),
                Caller.STRANGER: bearer(token_for("mediator-999")),
            }
            file = {"file": ("planten.txt", b"Een begonia.", "text/plain")}
            response = await http.post(
                "/v1/my-case/attachments", files=file, headers=mine | fresh_key()
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
                "mandate": str(another["number"]),
                "staff_id": await mediator_without_work(http, token_for),
                "entry": "1",
                "topic_id": "no_answer",
                "year": str(await publish_a_year(system)),
                "letter_id": await first_letter(http, "my-case", mine),
                "their_letter_id": await first_letter(http, "institution-case", theirs),
                "token": case.link.rpartition("/")[2],
                "receipt_code": case.receipt_code,
            }
            complainant = Complainant(http, case.number, case.receipt_code)
            await complainant.does("messages", {"text": PLANTED})
            return Stage(values, headers, {case.number, PLANTED})

    return asyncio.run(prepare())


async def mandate_of(http: httpx.AsyncClient, mine: dict[str, str]) -> Json:
    """Let somebody act for a complainant; return the number of that, and their code."""
    given = await http.post(
        "/v1/my-case/mandates", json={"name": "Hulpverlener"}, headers=mine | fresh_key()
    )
    return given.raise_for_status().json()


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
