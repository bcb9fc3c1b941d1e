"""A complainant's entries: all of their own, once each, and nobody else's."""

from uuid import uuid4

import httpx
import pytest

from launcher.people import Json
from storage.database import Database
from tests.api.cases_in_hand import IN_CONFIDENCE, NOTE, Mediated, session_of
from tests.api.handing_in import BODIES, hand_in
from tests.api.observing import assert_problem, fresh_key, held


class TestReadingMyEntries:
    async def test_pages_through_all_of_them_in_order(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        headers = await session_of(http, mediated.receipt_code)
        whole = (await http.get("/v1/my-case/entries?limit=100", headers=headers)).json()
        assert whole["next"] is None

        found: list[Json] = []
        following = "/v1/my-case/entries?limit=2"
        while following:
            page = (await http.get(following, headers=headers)).raise_for_status().json()
            assert len(page["entries"]) <= 2
            found += page["entries"]
            following = page["next"]

        numbers = [entry["number"] for entry in found]
        assert numbers == sorted(set(numbers))
        assert numbers == [entry["number"] for entry in whole["entries"]]
        assert len(numbers) > 4

    async def test_begins_after_a_number(self, http: httpx.AsyncClient, mediated: Mediated) -> None:
        headers = await session_of(http, mediated.receipt_code)

        page = (await http.get("/v1/my-case/entries?after=1&limit=1", headers=headers)).json()
        beyond = (await http.get("/v1/my-case/entries?after=2147483646", headers=headers)).json()

        assert page["entries"][0]["number"] == 2
        assert page["next"] == "/v1/my-case/entries?after=2&limit=1"
        assert beyond == {"entries": [], "next": None}

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("after=-1", "after"),
            ("after=2147483648", "after"),
            ("after=99999999999999999999", "after"),
            ("after=x", "after"),
            ("after=%00", "after"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=-1", "limit"),
            ("limit=1e3", "limit"),
            ("limit=", "limit"),
        ],
    )
    async def test_names_the_parameter_that_is_wrong(
        self, http: httpx.AsyncClient, mine: dict[str, str], query: str, parameter: str
    ) -> None:
        response = await http.get(f"/v1/my-case/entries?{query}", headers=mine)

        assert_problem(response, 400, "invalid-request", parameter)

    @pytest.mark.parametrize(
        "number",
        ["0", "-1", "100000", "2147483647", "2147483648", "9" * 30, "9" * 5000, "x", "1.5", "%00"],
        ids=lambda number: number[:12],
    )
    async def test_finds_no_entry_that_does_not_exist(
        self, http: httpx.AsyncClient, mine: dict[str, str], number: str
    ) -> None:
        response = await http.get(f"/v1/my-case/entries/{number}", headers=mine)

        assert_problem(response, 404, "not-found")

    async def test_shows_nothing_of_another_complainant(
        self, http: httpx.AsyncClient, mine: dict[str, str], mediated: Mediated
    ) -> None:
        theirs = await session_of(http, mediated.receipt_code)
        whole = (await http.get("/v1/my-case/entries?limit=100", headers=theirs)).json()
        mine_whole = (await http.get("/v1/my-case/entries?limit=100", headers=mine)).text
        letters = (await http.get("/v1/my-case/letters", headers=theirs)).json()["letters"]

        assert IN_CONFIDENCE in str(whole)
        assert IN_CONFIDENCE not in mine_whole
        assert letters
        for letter in letters:
            own = await http.get(f"/v1/my-case/letters/{letter['id']}", headers=theirs)
            assert own.json() == letter
            other = await http.get(f"/v1/my-case/letters/{letter['id']}", headers=mine)
            assert_problem(other, 404, "not-found")

    async def test_hides_the_notes_of_the_mediator(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        path = f"/v1/cases/{mediated.number}/entries?limit=100"
        theirs = (await http.get(path, headers=mediator)).json()["entries"]
        (note,) = [it for it in theirs if it["body"] and it["body"].get("text") == NOTE]
        headers = await session_of(http, mediated.receipt_code)

        whole = await http.get("/v1/my-case/entries?limit=100", headers=headers)
        one = await http.get(f"/v1/my-case/entries/{note['number']}", headers=headers)

        assert NOTE not in whole.text
        assert_problem(one, 404, "not-found")

    @pytest.mark.parametrize("letter", ["x", "0", str(uuid4()), "..%2F.."])
    async def test_finds_no_letter_that_does_not_exist(
        self, http: httpx.AsyncClient, mine: dict[str, str], letter: str
    ) -> None:
        assert_problem(
            await http.get(f"/v1/my-case/letters/{letter}", headers=mine), 404, "not-found"
        )


class TestTheKeyOfAnEntry:
    async def test_gives_a_retry_the_same_entry(
        self, http: httpx.AsyncClient, database: Database, mine: dict[str, str]
    ) -> None:
        headers = mine | fresh_key()
        for what, body in BODIES.items():
            if what in {"withdrawals", "erasure-requests"}:
                continue
            headers |= fresh_key()
            first = await hand_in(http, what, body, headers)
            between = await held(database)

            second = await hand_in(http, what, body, headers)

            assert (second.status_code, second.content) == (202, first.content)
            assert second.headers["location"] == first.headers["location"]
            assert await held(database) == between

    async def test_refuses_another_body(
        self, http: httpx.AsyncClient, database: Database, mine: dict[str, str]
    ) -> None:
        headers = mine | fresh_key()
        await hand_in(http, "messages", {"text": "Het een"}, headers)
        between = await held(database)

        response = await hand_in(http, "messages", {"text": "Het ander"}, headers)

        assert_problem(response, 409, "conflict-idempotency")
        assert await held(database) == between

    async def test_refuses_another_address(
        self, http: httpx.AsyncClient, database: Database, mediated: Mediated
    ) -> None:
        headers = fresh_key()
        mine = await session_of(http, mediated.receipt_code)
        await hand_in(http, "messages", {"text": "Dank u."}, headers | mine)
        between = await held(database)

        response = await http.post(mediated.link, json={"text": "Dank u."}, headers=headers)

        assert_problem(response, 409, "conflict-idempotency")
        assert await held(database) == between

    async def test_belongs_to_one_case(
        self, http: httpx.AsyncClient, mine: dict[str, str], mediated: Mediated
    ) -> None:
        key, theirs = fresh_key(), await session_of(http, mediated.receipt_code)
        await hand_in(http, "messages", {"text": "Van mij"}, mine | key)

        response = await hand_in(http, "messages", {"text": "Van een ander"}, theirs | key)

        assert response.status_code == 202
        entry = (await http.get(response.headers["location"], headers=theirs)).json()
        assert entry["body"] == {"text": "Van een ander"}

    async def test_must_be_a_random_uuid(
        self, http: httpx.AsyncClient, database: Database, mine: dict[str, str]
    ) -> None:
        before = await held(database)

        for what, body in BODIES.items():
            response = await hand_in(http, what, body, mine | {"Idempotency-Key": "1"})
            assert_problem(response, 400, "idempotency-key-required", "Idempotency-Key")
        assert await held(database) == before
