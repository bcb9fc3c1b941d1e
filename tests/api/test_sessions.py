"""Coming back with a receipt code."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from domain.receipt_code import draw_receipt_code, grouped
from settings.secrets import token_hash
from storage.database import Database
from tests.api.observing import assert_problem, bearer, held, tables_with

TYPED: list[Callable[[str], str]] = [
    lambda code: code.lower(),
    lambda code: code.replace("-", ""),
    lambda code: code.replace("-", " "),
    lambda code: f"  {code.replace('-', ' - ')}\n",
    lambda code: " ".join(code.replace("-", "").lower()),
    lambda code: code.replace("0", "O").replace("1", "I"),
    lambda code: code.replace("0", "o").replace("1", "l"),
]
"""How people type a code."""

ENGLISH = {"Accept-Language": "en"}


async def opened(http: httpx.AsyncClient, code: object) -> httpx.Response:
    return await http.post("/v1/sessions", json={"receiptCode": code})


def another(code: str) -> str:
    """Return the code with its last character changed."""
    return code[:-1] + ("0" if code[-1] != "0" else "2")


class TestOpeningASession:
    async def test_anonymous_opens_it_with_the_code_alone(
        self, http: httpx.AsyncClient, submitted: tuple[str, str]
    ) -> None:
        number, code = submitted

        response = await opened(http, code)

        assert response.status_code == 201
        assert response.json().keys() == {"token", "expiresAt"}
        headers = bearer(response.json()["token"])
        assert (await http.get("/v1/my-case", headers=headers)).json()["caseNumber"] == number
        ends = datetime.fromisoformat(response.json()["expiresAt"]) - datetime.now(UTC)
        assert ends <= timedelta(minutes=15)

    @pytest.mark.parametrize("typed", TYPED)
    async def test_reads_the_code_as_people_type_it(
        self, http: httpx.AsyncClient, submitted: tuple[str, str], typed: Callable[[str], str]
    ) -> None:
        assert (await opened(http, typed(submitted[1]))).status_code == 201

    async def test_answers_every_wrong_code_alike(
        self, http: httpx.AsyncClient, database: Database, submitted: tuple[str, str]
    ) -> None:
        before = await held(database)
        number, code = submitted
        wrong = [
            another(code),
            grouped(draw_receipt_code()),
            code[:-1],
            code + "0",
            code.replace("-", "_"),
            number,
            "zonnebloem",
            "U" * 26,
            "0" * 26,
            "' OR 1=1 --",
            "-",
        ]

        answers = [await opened(http, it) for it in wrong]

        assert_problem(answers[0], 401, "invalid-receipt")
        assert {answer.status_code for answer in answers} == {401}
        assert len({answer.content for answer in answers}) == 1
        assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
        assert await held(database) == before

    @pytest.mark.parametrize("value", [None, 1, True, [], {}, "", "0" * 301, "\ud800"])
    async def test_names_the_field_that_is_no_code(
        self, http: httpx.AsyncClient, value: object
    ) -> None:
        content = json.dumps({"receiptCode": value}).encode()
        headers = {"Content-Type": "application/json"}

        response = await http.post("/v1/sessions", content=content, headers=headers)

        assert_problem(response, 400, "invalid-request", "#/receiptCode")

    async def test_keeps_only_a_hash_of_the_token(
        self, http: httpx.AsyncClient, database: Database, submitted: tuple[str, str]
    ) -> None:
        token = (await opened(http, submitted[1])).json()["token"]

        assert await tables_with(database, token_hash(token).hex()) == ["sessions"]
        assert await tables_with(database, token) == []


class TestLeaving:
    async def test_ends_this_session_and_no_other(
        self, http: httpx.AsyncClient, submitted: tuple[str, str]
    ) -> None:
        here, there = [bearer((await opened(http, submitted[1])).json()["token"]) for _ in "ab"]

        left = await http.delete("/v1/sessions/current", headers=here)

        assert (left.status_code, left.content) == (204, b"")
        assert left.headers["cache-control"] == "no-store"
        assert (await http.get("/v1/my-case", headers=here)).status_code == 401
        assert (await http.get("/v1/my-case", headers=there)).status_code == 200

    async def test_anonymous_cannot(self, http: httpx.AsyncClient) -> None:
        assert_problem(await http.delete("/v1/sessions/current"), 401, "unauthenticated")


class TestASession:
    async def test_ends(
        self, http: httpx.AsyncClient, database: Database, submitted: tuple[str, str]
    ) -> None:
        token = (await opened(http, submitted[1])).json()["token"]
        assert (await http.get("/v1/my-case", headers=bearer(token))).status_code == 200
        async with database.transaction() as session:
            await session.execute(
                text("UPDATE sessions SET expires_at = now() WHERE token_hash = :hash"),
                {"hash": token_hash(token)},
            )

        response = await http.get("/v1/my-case", headers=bearer(token) | ENGLISH)

        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"

    async def test_that_ended_long_ago_is_forgotten_at_the_next_one(
        self, http: httpx.AsyncClient, database: Database, submitted: tuple[str, str]
    ) -> None:
        token = (await opened(http, submitted[1])).json()["token"]
        async with database.transaction() as session:
            await session.execute(
                text(
                    "UPDATE sessions SET expires_at = now() - interval '1 hour'"
                    " WHERE token_hash = :hash"
                ),
                {"hash": token_hash(token)},
            )

        await opened(http, submitted[1])

        assert await tables_with(database, token_hash(token).hex()) == []
