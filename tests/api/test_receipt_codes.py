"""A new receipt code for whoever has the old one."""

import httpx
import pytest

from domain.receipt_code import parse_receipt_code
from launcher.people import Complainant
from storage.database import Database
from tests.api.cases_in_hand import session_of
from tests.api.observing import assert_problem, fresh_key, tables_with

PLACE = "/v1/my-case/receipt-codes"


@pytest.fixture
async def somebody(http: httpx.AsyncClient) -> Complainant:
    complainant = await Complainant.complains(http, "voorbeeldstad", language="en")
    await complainant.comes_back()
    return complainant


async def opens(http: httpx.AsyncClient, code: str) -> bool:
    return (await http.post("/v1/sessions", json={"receiptCode": code})).status_code == 201


class TestTheWordsOfAReceipt:
    async def test_open_the_case_like_the_code(self, http: httpx.AsyncClient) -> None:
        body = {"institutionId": "voorbeeldstad", "subject": "Een rekening", "text": "Tekst."}
        receipt = (await http.post("/v1/complaints", json=body, headers=fresh_key())).json()

        for typed in (receipt["receiptWords"], receipt["receiptWords"].upper().replace(" ", "-")):
            headers = await session_of(http, typed)
            mine = (await http.get("/v1/my-case", headers=headers)).json()
            assert mine["caseNumber"] == receipt["caseNumber"]

    async def test_are_refused_in_a_message(self, http: httpx.AsyncClient) -> None:
        body = {"institutionId": "voorbeeldstad", "subject": "Een rekening", "text": "Tekst."}
        receipt = (await http.post("/v1/complaints", json=body, headers=fresh_key())).json()
        headers = await session_of(http, receipt["receiptCode"])
        said = {"text": f"Mijn woorden zijn: {receipt['receiptWords']}, zoals u weet."}

        response = await http.post("/v1/my-case/messages", json=said, headers=headers)

        assert_problem(response, 400, "invalid-request", "#/text")


class TestReplacingAReceiptCode:
    async def test_lets_the_new_one_open_the_case_and_the_old_one_nothing(
        self, http: httpx.AsyncClient, somebody: Complainant
    ) -> None:
        response = await http.post(PLACE, json={}, headers=somebody.headers | fresh_key())

        assert response.status_code == 201
        receipt = response.json()
        assert receipt.keys() == {"caseNumber", "receiptCode", "receiptWords"}
        assert receipt["caseNumber"] == somebody.case_number
        assert await opens(http, receipt["receiptCode"])
        assert await opens(http, receipt["receiptWords"])
        assert not await opens(http, somebody.receipt_code)

    async def test_ends_every_other_session_of_the_case_alone(
        self, http: httpx.AsyncClient, somebody: Complainant, mine: dict[str, str]
    ) -> None:
        elsewhere = await session_of(http, somebody.receipt_code)

        await http.post(PLACE, json={}, headers=somebody.headers | fresh_key())

        assert (await http.get("/v1/my-case", headers=elsewhere)).status_code == 401
        assert (await http.get("/v1/my-case", headers=somebody.headers)).status_code == 200
        assert (await http.get("/v1/my-case", headers=mine)).status_code == 200

    async def test_answers_a_retry_with_the_same_code_and_stores_it_nowhere(
        self, http: httpx.AsyncClient, somebody: Complainant, database: Database
    ) -> None:
        key = somebody.headers | fresh_key()
        first = await http.post(PLACE, json={}, headers=key)
        again = await http.post(PLACE, json={}, headers=key)

        assert (again.status_code, again.content) == (first.status_code, first.content)
        code = first.json()["receiptCode"]
        for secret in (code, parse_receipt_code(code), first.json()["receiptWords"]):
            assert await tables_with(database, secret) == []

    async def test_needs_a_key_so_that_a_lost_answer_is_not_a_lost_case(
        self, http: httpx.AsyncClient, somebody: Complainant
    ) -> None:
        response = await http.post(PLACE, json={}, headers=somebody.headers)

        assert_problem(response, 400, "idempotency-key-required", "Idempotency-Key")
        assert await opens(http, somebody.receipt_code)

    async def test_anonymous_cannot(self, http: httpx.AsyncClient) -> None:
        assert_problem(await http.post(PLACE, json={}, headers=fresh_key()), 401, "unauthenticated")
