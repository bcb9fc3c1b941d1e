"""What the operator sees, and what every address of the API has in common."""

import asyncio
import re

import httpx
import pytest
from fastapi.routing import APIRoute

from api.application import create_app
from api.desk import break_glass as desk_break_glass
from api.desk import cases as desk_cases
from api.desk import sign_in as desk_sign_in
from api.portal.routers import PAGES
from settings.application import Environment, Settings
from storage.database import Database
from tests.api.cases_in_hand import Mediated, session_of
from tests.api.observing import COMPLAINT, assert_problem, fresh_key, held

UNVERSIONED = {"/health/live", "/health/ready", "/metrics"}
BESIDE_THE_DOCUMENT = {
    *("/v1/openapi.json", "/v1/docs", "/codec/encode", "/codec/decode"),
    *("/development/sign-in/.well-known/openid-configuration", "/development/sign-in/keys"),
    *("/development/sign-in/authorize", "/development/sign-in/token"),
    "/development/sign-in/sign-out",
}
PAGE_ROUTES = {
    route.path
    for router in (*PAGES, desk_break_glass.router, desk_cases.router, desk_sign_in.router)
    for route in router.routes
    if isinstance(route, APIRoute)
}


async def operations(http: httpx.AsyncClient) -> list[tuple[str, str]]:
    document = (await http.get("/v1/openapi.json")).json()
    return [
        (method.upper(), re.sub(r"{\w+}", "1", path))
        for path, item in document["paths"].items()
        for method in item
    ]


class TestHealth:
    async def test_anonymous_learns_that_it_lives(self, http: httpx.AsyncClient) -> None:
        response = await http.get("/health/live")

        assert (response.status_code, response.json()) == (200, {"status": "ok", "missing": []})

    async def test_anonymous_learns_that_nothing_is_missing(self, http: httpx.AsyncClient) -> None:
        response = await http.get("/health/ready")

        assert (response.status_code, response.json()) == (200, {"status": "ok", "missing": []})


class TestTheFigures:
    async def test_hold_nothing_of_a_case(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        mine, key = await session_of(http, mediated.receipt_code), fresh_key()
        await http.get("/v1/my-case/entries/1", headers=mine)
        await http.get(f"/v1/cases/{mediated.number}/entries/1", headers=mediator)
        await http.get(f"{mediated.link}/entries/1")
        await http.get(f"/{mediated.number}")
        await http.post("/v1/complaints", json=COMPLAINT, headers=key)

        response = await http.get("/metrics")

        assert response.headers["content-type"].startswith("text/plain")
        for secret in (
            mediated.number,
            mediated.receipt_code,
            mediated.link.rpartition("/")[2],
            mine["Authorization"].removeprefix("Bearer "),
            mediator["Authorization"].removeprefix("Bearer "),
            key["Idempotency-Key"],
            "127.0.0.1",
        ):
            assert secret not in response.text

    async def test_name_routes_by_their_template(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        await http.get(f"{mediated.link}/entries/1")
        await http.get("/nothing/here")

        figures = (await http.get("/metrics")).text

        routes = set(re.findall(r'wederhoor_requests_total{.*route="([^"]*)"', figures))
        assert {"/institution-replies/{token}/entries/{number}", "none"} <= routes
        document = (await http.get("/v1/openapi.json")).json()
        templates = {path.removeprefix("/v1") for path in document["paths"]}
        assert routes <= templates | BESIDE_THE_DOCUMENT | PAGE_ROUTES | {"none"}

    async def test_name_no_method_that_somebody_made_up(self, http: httpx.AsyncClient) -> None:
        await http.request("ZONNEBLOEM", "/v1/institutions")

        figures = (await http.get("/metrics")).text

        assert "ZONNEBLOEM" not in figures
        assert 'method="other"' in figures


def settings() -> Settings:
    return Settings.model_validate(
        {
            "environment": Environment.DEVELOPMENT,
            "database_url": "postgresql+psycopg://nowhere",
            "secrets_dir": "/nowhere",
            "erasure_ledger": "/nowhere",
            "public_url": "http://nowhere",
            "smtp_host": "nowhere",
        }
    )


class TestEveryAddress:
    async def test_is_unknown_with_a_slash_at_the_end(self, http: httpx.AsyncClient) -> None:
        for method, path in await operations(http):
            assert_problem(await http.request(method, f"{path}/"), 404, "not-found")

    async def test_refuses_methods_that_it_does_not_have(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        known = await operations(http)
        before = await held(database)

        for path in {path for _, path in known}:
            here = {method for method, other in known if other == path}
            for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - here:
                response = await http.request(method, path)
                if method == "GET" and path.endswith("/search"):
                    assert response.status_code in {401, 404}  # a case, or a topic, of that name
                    continue
                assert_problem(response, 405, "method-not-allowed")
                assert set(re.split(r",\s*", response.headers["allow"])) <= here
            head = await http.head(path)
            assert (head.status_code, head.content) == (405, b"")
        assert await held(database) == before

    @pytest.mark.parametrize(
        "path", ["/nowhere", "/v1", "/v2/institutions", "/V1/institutions", "/v1/%00", "/xx/help"]
    )
    async def test_that_does_not_exist_is_a_problem(
        self, http: httpx.AsyncClient, path: str
    ) -> None:
        for method in ("GET", "POST", "DELETE"):
            assert_problem(await http.request(method, path), 404, "not-found")

    async def test_says_what_every_answer_says(self, http: httpx.AsyncClient) -> None:
        for path in (*UNVERSIONED, "/v1/institutions", "/v1/openapi.json", "/v1/docs", "/none"):
            headers = (await http.get(path)).headers
            assert headers["api-version"] == "1.0.0"
            assert headers["cache-control"] == "no-store"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"
            assert "server" not in headers

    async def test_believes_no_forwarding_header(self, http: httpx.AsyncClient) -> None:
        headers = {
            "X-Forwarded-For": "192.0.2.1",
            "X-Forwarded-Host": "elders.example",
            "X-Forwarded-Proto": "https",
            "Forwarded": "for=192.0.2.1;host=elders.example",
            "Host": "elders.example",
        }
        response = await http.post("/v1/complaints", json=COMPLAINT, headers=headers | fresh_key())

        assert response.headers["location"] == "/v1/my-case/entries/1"


class TestAnErrorOfOurs:
    async def test_is_a_problem_that_tells_nothing(self) -> None:
        app = create_app(
            settings()
        )  # its parts were never made, so every route that needs one fails
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as broken:
            response = await broken.get("/v1/institutions?secret=zonnebloem")

            assert_problem(response, 500, "internal-error")
            assert "zonnebloem" not in response.text
            figures = app.state.figures
            counted = figures.registry.get_sample_value(
                "wederhoor_requests_total",
                {"method": "GET", "route": "/institutions", "status": "500"},
            )
            assert counted == 1


class TestManyAtOnce:
    async def test_are_all_answered(self, http: httpx.AsyncClient) -> None:
        answers = await asyncio.gather(*(http.get("/v1/institutions") for _ in range(60)))

        assert {answer.status_code for answer in answers} == {200}
