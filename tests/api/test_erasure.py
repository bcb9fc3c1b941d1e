"""Asking to be erased: told plainly, confirmed, and taken back."""

import httpx
import pytest

from launcher.people import Complainant, Json
from storage.database import Database
from tests.api.handing_in import hand_in
from tests.api.observing import assert_problem, held


class TestWhatErasingMeans:
    @pytest.mark.parametrize(
        ("language", "words"), [("nl", "artikel 17 van de AVG"), ("en", "article 17 of the GDPR")]
    )
    async def test_is_said_in_the_language_of_the_complainant(
        self, http: httpx.AsyncClient, language: str, words: str
    ) -> None:
        complainant = await Complainant.complains(http, "voorbeeldstad", language=language)

        told = await complainant.get("/erasure")

        assert (told["asked"], told["erasedOn"]) == (False, None)
        assert len(told["text"]) == 7
        assert any(words in line for line in told["text"])
        assert any("7" in line for line in told["text"])

    async def test_needs_a_session(self, http: httpx.AsyncClient) -> None:
        assert_problem(await http.get("/v1/my-case/erasure"), 401, "unauthenticated")


class TestAsking:
    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({}, "#/confirm"),
            ({"confirm": False}, "#/confirm"),
            ({"confirm": "true"}, "#/confirm"),
            ({"confirm": 1}, "#/confirm"),
            ({"confirm": None}, "#/confirm"),
            ({"confirm": True, "reason": "x"}, "#/reason"),
        ],
    )
    async def test_has_to_be_confirmed(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mine: dict[str, str],
        body: Json,
        pointer: str,
    ) -> None:
        before = await held(database)

        response = await hand_in(http, "erasure-requests", body, mine)

        assert_problem(response, 400, "invalid-request", pointer)
        assert await held(database) == before

    async def test_is_shown_with_its_day_and_can_be_taken_back(
        self, http: httpx.AsyncClient
    ) -> None:
        complainant = await Complainant.complains(http, "voorbeeldstad")
        entry = await complainant.does("erasure-requests", {"confirm": True})
        assert (entry["kind"], entry["decision"]) == ("erasure_request", "request_erasure")

        asked = await complainant.get("/erasure")
        assert asked["asked"]
        assert asked["erasedOn"] is not None
        assert len(asked["text"]) == 8

        await complainant.does("erasure-cancellations", {})

        kept = await complainant.get("/erasure")
        assert (kept["asked"], kept["erasedOn"]) == (False, None)

    async def test_that_was_never_done_cannot_be_taken_back(self, http: httpx.AsyncClient) -> None:
        complainant = await Complainant.complains(http, "voorbeeldstad")

        entry = await complainant.does("erasure-cancellations", {})

        assert (entry["status"], entry["refusal"]) == ("refused", "not_now")
        assert not (await complainant.get("/erasure"))["asked"]
