"""A complaint comes in: what is answered, and that a retry changes nothing."""

import asyncio
from datetime import timedelta
from uuid import uuid1, uuid3, uuid4, uuid5

import httpx
import pytest
from sqlalchemy import text

from catalogues.receipt_words import read_receipt_code
from domain.case_number import parse_case_number
from domain.languages import Language
from domain.receipt_code import grouped, parse_receipt_code
from storage.database import Database
from tests.api.cases_in_hand import session_of
from tests.api.observing import COMPLAINT, HANDED_IN, assert_problem, fresh_key, held

NAMESPACE = uuid4()


class TestSubmittingAComplaint:
    async def test_anonymous_answers_202_with_a_receipt(self, http: httpx.AsyncClient) -> None:
        response = await http.post("/v1/complaints", json=COMPLAINT, headers=fresh_key())

        assert response.status_code == 202
        assert response.headers["location"] == "/v1/my-case/entries/1"
        assert response.headers["api-version"] == "1.0.0"
        assert response.headers["content-type"] == "application/json"
        receipt = response.json()
        assert receipt.keys() == HANDED_IN
        assert parse_case_number(receipt["caseNumber"]) == receipt["caseNumber"]
        assert grouped(parse_receipt_code(receipt["receiptCode"])) == receipt["receiptCode"]
        assert read_receipt_code(receipt["receiptWords"]) == parse_receipt_code(
            receipt["receiptCode"]
        )

    async def test_says_where_the_complaint_can_be_followed(self, http: httpx.AsyncClient) -> None:
        body = {**COMPLAINT, "email": "iemand@post.example"}
        response = await http.post("/v1/complaints", json=body, headers=fresh_key())
        headers = await session_of(http, response.json()["receiptCode"])

        entry = (await http.get(response.headers["location"], headers=headers)).json()

        assert (entry["number"], entry["kind"]) == (1, "complaint")
        assert entry["body"] == {"subject": COMPLAINT["subject"], "text": COMPLAINT["text"]}

    @pytest.mark.parametrize(
        "words",
        [
            "<script>alert(1)</script><img src=x onerror=alert(1)>",
            "{{7*7}} {% for x in y %} ${7*7} #{7*7} {0.__class__}",
            "'; DROP TABLE cases; --",
            '=HYPERLINK("http://x") +1 -1 @SUM(A1)',
            "Z\u0351\u036b\u0343\u032a\u0302\u036b\u033d\u034f\u0334 zalgo",
            "\u0645\u0631\u062d\u0628\u0627 \U0001f3f3\ufe0f\u200d\U0001f308 \u4f60\u597d",
        ],
    )
    async def test_keeps_texts_as_they_are(self, http: httpx.AsyncClient, words: str) -> None:
        body = {**COMPLAINT, "subject": words, "text": words}
        response = await http.post("/v1/complaints", json=body, headers=fresh_key())
        headers = await session_of(http, response.json()["receiptCode"])

        entry = (await http.get("/v1/my-case/entries/1", headers=headers)).json()

        assert entry["body"] == {"subject": words, "text": words}

    async def test_keeps_line_ends_in_the_text(self, http: httpx.AsyncClient) -> None:
        words = "Eerste regel\r\nBcc: iemand@post.example\r\n\r\n.\r\nLaatste\tregel\u202e"
        body = {**COMPLAINT, "text": words}
        response = await http.post("/v1/complaints", json=body, headers=fresh_key())
        headers = await session_of(http, response.json()["receiptCode"])

        entry = (await http.get("/v1/my-case/entries/1", headers=headers)).json()

        assert entry["body"]["text"] == words

    async def test_takes_the_longest_fields(self, http: httpx.AsyncClient) -> None:
        body = {**COMPLAINT, "subject": "s" * 200, "text": "\U0001f308" * 20_000}

        response = await http.post("/v1/complaints", json=body, headers=fresh_key())

        assert response.status_code == 202

    async def test_ignores_a_byte_order_mark(self, http: httpx.AsyncClient) -> None:
        content = b"\xef\xbb\xbf" + httpx.Request("POST", "http://x", json=COMPLAINT).content
        headers = fresh_key() | {"Content-Type": "application/json; charset=utf-8"}

        response = await http.post("/v1/complaints", content=content, headers=headers)

        assert response.status_code == 202

    async def test_refuses_an_institution_that_is_not_active(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        change = "UPDATE institutions SET active = :active WHERE id = 'voorbeeldzorg'"
        before = await held(database)
        async with database.transaction() as session:
            await session.execute(text(change), {"active": False})
        try:
            body = {**COMPLAINT, "institutionId": "voorbeeldzorg"}
            response = await http.post("/v1/complaints", json=body, headers=fresh_key())
            register = (await http.get("/v1/institutions")).json()["institutions"]
        finally:
            async with database.transaction() as session:
                await session.execute(text(change), {"active": True})

        problem = assert_problem(response, 400, "invalid-request", "#/institutionId")
        assert "kennen wij niet" in problem["errors"][0]["detail"]
        assert "voorbeeldzorg" not in {institution["id"] for institution in register}
        assert await held(database) == before


class TestTheKeyOfAComplaint:
    async def test_gives_a_retry_the_same_receipt(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        key = fresh_key()
        first = await http.post("/v1/complaints", json=COMPLAINT, headers=key)
        between = await held(database)

        shouted = {"Idempotency-Key": key["Idempotency-Key"].upper()}
        second = await http.post("/v1/complaints", json=COMPLAINT, headers=shouted)

        assert (second.status_code, second.content) == (202, first.content)
        assert second.headers["location"] == first.headers["location"]
        assert await held(database) == between

    async def test_refuses_another_body(self, http: httpx.AsyncClient, database: Database) -> None:
        key = fresh_key()
        await http.post("/v1/complaints", json=COMPLAINT, headers=key)
        between = await held(database)

        other = {**COMPLAINT, "text": "Iets anders."}
        response = await http.post("/v1/complaints", json=other, headers=key)

        assert_problem(response, 409, "conflict-idempotency")
        assert await held(database) == between

    async def test_opens_one_case_for_fifty_requests_at_once(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        key, before = fresh_key(), await held(database)

        answers = await asyncio.gather(
            *(http.post("/v1/complaints", json=COMPLAINT, headers=key) for _ in range(50))
        )

        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.content for answer in answers}) == 1
        after = await held(database)
        assert (after.cases, after.entries) == (before.cases + 1, before.entries + 1)
        assert after.keys == before.keys + 1

    async def test_is_forgotten_after_a_day(
        self, http: httpx.AsyncClient, database: Database
    ) -> None:
        key = fresh_key()
        first = await http.post("/v1/complaints", json=COMPLAINT, headers=key)
        async with database.transaction() as session:
            await session.execute(
                text("UPDATE idempotency_keys SET expires_at = expires_at - :day"),
                {"day": timedelta(days=1)},
            )

        second = await http.post("/v1/complaints", json=COMPLAINT, headers=key)

        assert second.status_code == 202
        assert second.json()["caseNumber"] != first.json()["caseNumber"]

    async def test_must_be_there(self, http: httpx.AsyncClient, database: Database) -> None:
        before = await held(database)

        response = await http.post("/v1/complaints", json=COMPLAINT)

        assert_problem(response, 400, "idempotency-key-required", "Idempotency-Key")
        assert await held(database) == before

    @pytest.mark.parametrize(
        "key",
        [
            "",
            "1",
            "geheim",
            "0" * 32,
            str(uuid1()),
            str(uuid3(NAMESPACE, "x")),
            str(uuid5(NAMESPACE, "x")),
            f"{uuid4()}0",
            f"{uuid4()}, {uuid4()}",
            "9" * 3000,
        ],
        ids=lambda key: key[:14],
    )
    async def test_must_be_a_random_uuid(
        self, http: httpx.AsyncClient, database: Database, key: str
    ) -> None:
        before = await held(database)

        headers = {"Idempotency-Key": key, "Accept-Language": "en"}
        response = await http.post("/v1/complaints", json=COMPLAINT, headers=headers)

        slug = "idempotency-key-required"
        assert_problem(response, 400, slug, "Idempotency-Key", language=Language.ENGLISH)
        assert await held(database) == before


class TestTheRegister:
    async def test_anonymous_lists_the_institutions(self, http: httpx.AsyncClient) -> None:
        institutions = (await http.get("/v1/institutions")).json()["institutions"]

        assert {
            "id": "voorbeeldstad",
            "kind": "municipality",
            "name": "Gemeente Voorbeeldstad",
        } in (institutions)
        names = [institution["name"] for institution in institutions]
        assert names == sorted(names, key=str.casefold)
