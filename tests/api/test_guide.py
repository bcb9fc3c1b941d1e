"""The guide over the API: in the reader's language, without keeping anything."""

import json
from datetime import UTC, datetime
from itertools import product

import httpx
import pytest

from domain.institutions import InstitutionKind
from domain.languages import Language
from domain.situations import Happened, Wish
from launcher.people import Json
from launcher.system import System
from storage.database import Database
from tests.api.in_process import in_process
from tests.api.observing import assert_problem, held
from tests.never_said import NEVER

CALLED_SO = "victim_support"
"""Slachtofferhulp: what an organisation is called is not ours to say otherwise."""

OUR_PROMISE = (
    "If the complaint goes through us, we ask for an answer within 6 weeks after our letter."
)


async def asks(http: httpx.AsyncClient, body: Json, language: str = "nl") -> Json:
    response = await http.post("/v1/guide", json=body, headers={"Accept-Language": language})
    return response.raise_for_status().json()


class TestTheQuestions:
    @pytest.mark.parametrize("language", ["nl", "en"])
    async def test_are_listed_in_the_language_of_the_reader(
        self, http: httpx.AsyncClient, language: str
    ) -> None:
        response = await http.get("/v1/guide", headers={"Accept-Language": language})
        body = response.raise_for_status().json()
        assert [one["code"] for one in body["happened"]] == [one.value for one in Happened]
        assert [one["code"] for one in body["wishes"]] == [one.value for one in Wish]


class TestAnAnswer:
    async def test_says_what_it_is_until_when_and_what_to_write(
        self, http: httpx.AsyncClient
    ) -> None:
        body = {
            "happened": "decision",
            "kind": "municipality",
            "wish": "change_decision",
            "decidedOn": "2026-02-20",
        }
        answer = await asks(http, body)
        assert answer["nature"] == "objection"
        assert "Een klacht verandert een besluit niet" in answer["natureText"]
        [deadline] = answer["deadlines"]
        assert deadline["day"] == "2026-04-03"
        assert deadline["text"].startswith("Bezwaar maken kon tot en met 3 april 2026 (Awb 6:7).")
        assert answer["draft"]["text"].startswith("Geachte heer, mevrouw,")
        assert not answer["mediation"]

    @pytest.mark.parametrize(
        ("now", "over", "said"),
        [
            (datetime(2026, 9, 12, 21, 59, tzinfo=UTC), False, "You can object until"),
            (datetime(2026, 9, 12, 22, 0, tzinfo=UTC), True, "You could object until"),
        ],
    )
    async def test_says_after_the_end_of_a_last_day_that_it_has_passed(
        self, system: System, now: datetime, over: bool, said: str
    ) -> None:
        """Midnight in Amsterdam is 22:00 UTC in summer."""
        async with in_process(system, lambda: now) as http:
            body = {"happened": "decision", "kind": "police", "decidedOn": "2026-08-01"}
            [deadline] = (await asks(http, body, "en"))["deadlines"]
        assert (deadline["day"], deadline["over"]) == ("2026-09-12", over)
        assert deadline["text"].startswith(f"{said} 12 September 2026, that day included")
        assert ("Ask for advice soon" in deadline["text"]) is over

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            (
                {"kind": "bank_business", "complainedOn": "2026-02-02"},
                "No law sets a time to answer.",
            ),
            (
                {"kind": "bank_business"},
                f"No law sets a time to answer. {OUR_PROMISE}",
            ),
        ],
    )
    async def test_says_where_no_law_sets_a_time(
        self, http: httpx.AsyncClient, body: Json, said: str
    ) -> None:
        [deadline] = (await asks(http, {"happened": "refusal"} | body, "en"))["deadlines"]
        assert (deadline["day"], deadline["over"], deadline["text"]) == (None, False, said)
        assert (deadline["source"] is None) == ("complainedOn" in body)

    async def test_counts_from_the_day_on_which_the_institution_gets_the_complaint(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = await asks(http, {"happened": "treatment", "kind": "care_institution"}, "en")
        [deadline] = answer["deadlines"]
        assert deadline["text"].endswith("This day holds if the institution gets it today.")

    async def test_needs_no_more_than_what_happened(self, http: httpx.AsyncClient) -> None:
        answer = await asks(http, {"happened": "treatment"}, "en")
        assert answer["nature"] == "complaint"
        assert answer["anonymity"].startswith("You need not give us a name.")

    async def test_names_numbers_that_help_with_a_crime_alone(
        self, http: httpx.AsyncClient
    ) -> None:
        answer = await asks(http, {"happened": "crime"}, "en")
        assert (answer["nature"], answer["draft"], answer["mediation"]) == ("report", None, False)
        response = await http.get("/v1/helplines?danger=true", headers={"Accept-Language": "en"})
        assert answer["helplines"] == response.json()["helplines"]
        assert (await asks(http, {"happened": "treatment"}))["helplines"] == []

    async def test_keeps_nothing(self, http: httpx.AsyncClient, database: Database) -> None:
        before = await held(database)
        await asks(http, {"happened": "crime"})
        assert await held(database) == before

    async def test_never_speaks_of_kifid_about_a_business_account(
        self, http: httpx.AsyncClient
    ) -> None:
        for happened in Happened:
            for wish in Wish:
                for language in ("nl", "en"):
                    body = {"happened": happened, "wish": wish, "kind": "bank_business"}
                    response = await http.post(
                        "/v1/guide", json=body, headers={"Accept-Language": language}
                    )
                    assert response.status_code == 200
                    assert "kifid" not in response.text.lower()

    @pytest.mark.parametrize("language", Language)
    async def test_judges_nobody_and_names_no_exit_programme(
        self, http: httpx.AsyncClient, language: Language
    ) -> None:
        asked = [
            *({"happened": happened} for happened in Happened),
            *({"happened": "treatment", "wish": wish} for wish in Wish),
        ]
        for kind, body in product(InstitutionKind, asked):
            answer = await asks(http, body | {"kind": kind}, language)
            lines = [one for one in answer["helplines"] if one["code"] != CALLED_SO]
            answer |= {"helplines": lines}
            assert not NEVER.search(json.dumps(answer, ensure_ascii=False)), body

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({}, "#/happened"),
            ({"happened": "nothing"}, "#/happened"),
            ({"happened": "crime", "kind": "shop"}, "#/kind"),
            ({"happened": "crime", "decidedOn": "yesterday"}, "#/decidedOn"),
            ({"happened": "crime", "name": "Anna"}, "#/name"),
        ],
    )
    async def test_names_the_field_that_is_wrong(
        self, http: httpx.AsyncClient, body: Json, where: str
    ) -> None:
        assert_problem(await http.post("/v1/guide", json=body), 400, "invalid-request", where)
