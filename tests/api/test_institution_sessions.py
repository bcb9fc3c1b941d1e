"""The institution's session: exchanged for a link, for one case, and no longer than that."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select, update

from domain.identifiers import CaseId
from launcher.people import Complainant, Office, eventually, settled
from settings.secrets import token_hash
from storage import access
from storage.database import Database
from storage.models import CaseRow, InstitutionSessionRow, Lifecycle
from tests.api.cases_in_hand import Mediated, institution_session_of, session_of
from tests.api.observing import assert_problem, bearer, held, tables_with

CASE = "/v1/institution-case"


class TestASession:
    async def test_is_given_for_the_token_of_a_link(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        token = mediated.link.rpartition("/")[2]

        response = await http.post("/v1/institution-sessions", json={"token": token})

        assert response.status_code == 201
        assert token not in response.text
        left = datetime.fromisoformat(response.json()["expiresAt"]) - datetime.now(UTC)
        assert timedelta(minutes=59) < left <= timedelta(hours=1)

    async def test_is_stored_only_as_a_hash(
        self, database: Database, institution: dict[str, str]
    ) -> None:
        token = institution["Authorization"].removeprefix("Bearer ")

        assert await tables_with(database, token) == []
        assert await tables_with(database, token_hash(token).hex()) == ["institution_sessions"]

    @pytest.mark.parametrize("token", ["x", "a" * 43, "../my-case", "Ünbekannt", "a\x00b"])
    async def test_is_not_given_for_another_token(
        self, http: httpx.AsyncClient, token: str
    ) -> None:
        response = await http.post("/v1/institution-sessions", json={"token": token})

        assert_problem(response, 404, "reply-link-invalid")
        assert token not in response.text or token == "x"

    @pytest.mark.parametrize("token", ["", "zonnebloem" * 11, None, 5, ["zonnebloem"]])
    async def test_is_not_given_for_something_that_is_no_token(
        self, http: httpx.AsyncClient, token: object
    ) -> None:
        response = await http.post("/v1/institution-sessions", json={"token": token})

        assert_problem(response, 400, "invalid-request", "#/token")
        assert "zonnebloem" not in response.text

    async def test_is_given_for_a_token_alone(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        token = mediated.link.rpartition("/")[2]
        body = {"token": token, "caseNumber": mediated.number}

        assert_problem(
            await http.post("/v1/institution-sessions", json=body),
            400,
            "invalid-request",
            "#/caseNumber",
        )
        assert_problem(
            await http.post("/v1/institution-sessions", json={}), 400, "invalid-request", "#/token"
        )

    async def test_is_not_given_for_what_opens_another_door(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        mine = await session_of(http, mediated.receipt_code)
        for headers in (mine, bearer(mediated.receipt_code), bearer(mediated.number)):
            token = headers["Authorization"].removeprefix("Bearer ")
            response = await http.post("/v1/institution-sessions", json={"token": token})
            assert_problem(response, 404, "reply-link-invalid")
            assert token not in response.text

    async def test_is_needed_for_every_route_and_nobody_elses_will_do(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        mediator: dict[str, str],
        supervisor: dict[str, str],
    ) -> None:
        mine = await session_of(http, mediated.receipt_code)
        link = bearer(mediated.link.rpartition("/")[2])
        document = (await http.get("/v1/openapi.json")).json()
        routes = [
            (method, path.format(number=1, letter_id=uuid4()))
            for path, item in document["paths"].items()
            for method in item
            if path.startswith(CASE)
        ]
        assert len(routes) == 8
        before = await held(database)

        for method, path in routes:
            body = None if method == "get" else {"text": "x"}
            for headers in ({}, mine, mediator, supervisor, link):
                response = await http.request(method.upper(), path, json=body, headers=headers)
                assert_problem(response, 401, "unauthenticated")
                assert response.headers["www-authenticate"] == "Bearer"
        assert await held(database) == before

    async def test_of_one_case_shows_and_touches_no_other(
        self,
        http: httpx.AsyncClient,
        database: Database,
        institution: dict[str, str],
        mediated: Mediated,
        fresh: Mediated,
    ) -> None:
        other = await institution_session_of(http, fresh.link)
        response = await http.post(
            f"{CASE}/corrections", json={"text": "Alleen in die zaak."}, headers=other
        )
        entry = await settled(http, response.headers["Location"], other)

        theirs = await http.get(CASE, headers=other)
        ours = await http.get(CASE, headers=institution)

        assert theirs.json()["caseNumber"] == fresh.number
        assert ours.json()["caseNumber"] == mediated.number
        assert "Alleen in die zaak." in theirs.text
        assert "Alleen in die zaak." not in ours.text
        elsewhere = await http.get(f"{CASE}/entries/{entry['number']}", headers=institution)
        assert "Alleen in die zaak." not in elsewhere.text

    async def test_opens_nothing_of_the_complainant_or_the_staff(
        self, http: httpx.AsyncClient, mediated: Mediated, institution: dict[str, str]
    ) -> None:
        for path in ("/v1/my-case", "/v1/cases", f"/v1/cases/{mediated.number}"):
            response = await http.get(path, headers=institution)
            assert_problem(response, 401, "unauthenticated")

    async def test_ends_after_an_hour(
        self, http: httpx.AsyncClient, institution: dict[str, str], database: Database
    ) -> None:
        token = institution["Authorization"].removeprefix("Bearer ")
        async with database.transaction() as session:
            await session.execute(
                update(InstitutionSessionRow)
                .where(InstitutionSessionRow.token_hash == token_hash(token))
                .values(expires_at=datetime.now(UTC) - timedelta(seconds=1))
            )

        assert_problem(await http.get(CASE, headers=institution), 401, "unauthenticated")

    async def test_ends_with_the_case(self, http: httpx.AsyncClient, fresh: Mediated) -> None:
        institution = await institution_session_of(http, fresh.link)
        complainant = Complainant(http, fresh.number, fresh.receipt_code)
        await complainant.does("withdrawals", {})
        await complainant.reaches("closed")

        async def refused() -> httpx.Response | None:
            response = await http.get(CASE, headers=institution)
            return response if response.status_code == 401 else None

        assert_problem(
            await eventually(refused, "the session went on after the case"), 401, "unauthenticated"
        )
        response = await http.post(
            f"{CASE}/replies", json={"text": "Te laat."}, headers=institution
        )
        assert_problem(response, 401, "unauthenticated")
        token = fresh.link.rpartition("/")[2]
        response = await http.post("/v1/institution-sessions", json={"token": token})
        assert_problem(response, 404, "reply-link-invalid")
        assert token not in response.text

    async def test_that_slipped_in_while_the_case_closed_opens_nothing(
        self, http: httpx.AsyncClient, database: Database, fresh: Mediated
    ) -> None:
        complainant = Complainant(http, fresh.number, fresh.receipt_code)
        await complainant.does("withdrawals", {})
        await complainant.reaches("closed")
        now, token = datetime.now(UTC), "zonnebloem"
        closed = select(CaseRow.lifecycle).where(CaseRow.number == fresh.number)

        async def is_closed() -> bool | None:
            async with database.transaction() as session:
                return True if await session.scalar(closed) is Lifecycle.CLOSED else None

        await eventually(is_closed, "the case was not closed in the file")
        async with database.transaction() as session:
            case = (
                await session.scalars(select(CaseRow).where(CaseRow.number == fresh.number))
            ).one()
            await access.add_institution_session(
                session, token_hash(token), CaseId(case.id), now, now + timedelta(hours=1)
            )

        assert_problem(await http.get(CASE, headers=bearer(token)), 401, "unauthenticated")

    async def test_does_not_come_back_when_the_case_is_reopened(
        self, http: httpx.AsyncClient, fresh: Mediated, office: Office
    ) -> None:
        institution = await institution_session_of(http, fresh.link)
        complainant = Complainant(http, fresh.number, fresh.receipt_code)
        await office.member(fresh.mediator).decides(
            fresh.number, "close_case", outcome="not_settled"
        )
        await complainant.reaches("closed")

        entry = await office.supervisor.decides(fresh.number, "reopen_case")

        assert entry["status"] == "applied"

        async def reopened() -> bool | None:
            mine = await complainant.get("")
            return True if mine["stage"]["code"] != "closed" else None

        await eventually(reopened, "the case was not reopened")
        assert_problem(await http.get(CASE, headers=institution), 401, "unauthenticated")
        body = {"token": fresh.link.rpartition("/")[2]}
        response = await http.post("/v1/institution-sessions", json=body)
        assert_problem(response, 404, "reply-link-invalid")
