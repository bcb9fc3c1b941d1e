"""Lists, counts and the search: what needs the reader, and nothing of anybody else."""

import asyncio
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest

from domain.languages import Language
from launcher.people import Complainant, Json, Office
from storage.database import Database
from storage.models import StaffRow
from tests.api.cases_in_hand import IN_CONFIDENCE, NOTE, TO_THE_INSTITUTION, Mediated
from tests.api.observing import assert_problem, bearer

ASKED = "mediator_accepts"


async def pages(http: httpx.AsyncClient, first: str, headers: dict[str, str]) -> list[str]:
    """Return the case numbers of all pages."""
    found: list[str] = []
    following = first
    while following:
        page = (await http.get(following, headers=headers)).raise_for_status().json()
        found += [case["caseNumber"] for case in page["cases"]]
        following = page["next"]
    return found


class TestListingCases:
    async def test_anonymous_is_not_let_in(self, http: httpx.AsyncClient) -> None:
        assert_problem(await http.get("/v1/cases"), 401, "unauthenticated")

    async def test_shows_a_supervisor_every_case_once(
        self,
        http: httpx.AsyncClient,
        supervisor: dict[str, str],
        mediated: Mediated,
        office: Office,
        submitted: tuple[str, str],
    ) -> None:
        cases = await asyncio.gather(
            *(Complainant.complains(http, "voorbeeldstad") for _ in range(5))
        )
        # A case that moves meanwhile could stand elsewhere in the second list.
        await asyncio.gather(*(case.reaches("finding_mediator", ASKED) for case in cases))
        await office.asked(submitted[0])

        numbers = await pages(http, "/v1/cases?limit=7", supervisor)

        assert len(numbers) == len(set(numbers))
        assert {mediated.number, submitted[0]} <= set(numbers)
        assert numbers == await pages(http, "/v1/cases?limit=100", supervisor)

    async def test_shows_a_mediator_only_their_own(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        stranger: dict[str, str],
        offered: tuple[str, dict[str, str]],
    ) -> None:
        assert mediated.number in await pages(http, "/v1/cases", mediator)
        assert mediated.number not in await pages(http, "/v1/cases", stranger)
        assert offered[0] in await pages(http, "/v1/cases", offered[1])

    async def test_keeps_its_filter_over_the_pages(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], mediated: Mediated
    ) -> None:
        for filters, is_there in (
            ("stage=awaiting_institution", True),
            ("stage=closed", False),
            ("stage=awaiting_institution&attention=letter_failed", False),
        ):
            numbers = await pages(http, f"/v1/cases?limit=1&{filters}", supervisor)
            assert (mediated.number in numbers) is is_there
        response = await http.get("/v1/cases?limit=1&stage=finding_mediator", headers=supervisor)
        assert response.json()["next"].endswith("&limit=1&stage=finding_mediator")

    @pytest.mark.parametrize(
        ("query", "parameter"),
        [
            ("stage=asleep", "stage"),
            ("stage=", "stage"),
            ("attention=none", "attention"),
            ("limit=0", "limit"),
            ("limit=101", "limit"),
            ("limit=x", "limit"),
            ("stage=closed&stage=asleep", "stage"),
            ("institution=", "institution"),
            ("institutionKind=circus", "institutionKind"),
            ("mediator=me", "mediator"),
            ("waitingFor=godot", "waitingFor"),
            ("dueBefore=tomorrow", "dueBefore"),
            ("overdue=perhaps", "overdue"),
            ("needsMe=perhaps", "needsMe"),
            ("danger=perhaps", "danger"),
            ("reopened=perhaps", "reopened"),
            ("closed=perhaps", "closed"),
            ("sorted=byName", "sorted"),
            ("after=%00", "after"),
            ("after=1", "after"),
            ("after=", "after"),
            ("after=%C3%A9", "after"),
            (f"after={'x' * 201}", "after"),
            (f"after={'A' * 100}", "after"),
        ],
    )
    async def test_names_the_parameter_that_is_wrong(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], query: str, parameter: str
    ) -> None:
        response = await http.get(f"/v1/cases?{query}", headers=supervisor)

        assert_problem(response, 400, "invalid-request", parameter)

    async def test_goes_on_only_for_who_read_the_page_before_and_only_where_that_ended(
        self,
        http: httpx.AsyncClient,
        supervisor: dict[str, str],
        stranger: dict[str, str],
        mediated: Mediated,
    ) -> None:
        page = (await http.get("/v1/cases?limit=1", headers=supervisor)).json()
        address = page["next"]
        assert mediated.number not in address
        after = address.partition("after=")[2].partition("&")[0]
        flipped = after[:40] + ("A" if after[40] != "A" else "B") + after[41:]

        assert (await http.get(address, headers=supervisor)).status_code == 200
        for path, headers in (
            (address, stranger),
            (address.replace(after, flipped), supervisor),
        ):
            response = await http.get(path, headers=headers)
            assert_problem(response, 400, "invalid-request", "after")

    async def test_says_what_needs_the_reader(
        self,
        http: httpx.AsyncClient,
        offered: tuple[str, dict[str, str]],
        supervisor: dict[str, str],
    ) -> None:
        number, headers = offered
        mine = await http.get("/v1/cases?needsMe=true&limit=100", headers=headers)
        case = {case["caseNumber"]: case for case in mine.json()["cases"]}[number]
        assert [need["code"] for need in case["needs"]] == ["answer_offer"]
        assert case["needs"][0]["text"] == "Neem de zaak aan of wijs deze af"
        assert case["needsUntil"] == case["dueAt"]

        seen = (await http.get(f"/v1/cases/{number}", headers=supervisor)).json()
        assert (seen["needs"], seen["needsUntil"]) == ([], None)
        assert number not in await pages(http, "/v1/cases?needsMe=true", supervisor)

    async def test_takes_several_values_of_a_filter_and_keeps_them_over_the_pages(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], mediated: Mediated
    ) -> None:
        filters = "institutionKind=national_service&institutionKind=police&danger=false"
        address = f"/v1/cases?limit=1&{filters}&stage=awaiting_institution&stage=received"
        numbers = await pages(http, address, supervisor)
        assert mediated.number in numbers
        response = await http.get(address, headers=supervisor)
        for case in response.json()["cases"]:
            assert case["institution"]["kind"] == "national_service"
        assert mediated.number not in await pages(
            http, "/v1/cases?institutionKind=police", supervisor
        )

    async def test_is_not_for_an_administrator_and_shows_an_adviser_nothing_of_others(
        self,
        http: httpx.AsyncClient,
        database: Database,
        token_for: Callable[[str], str],
        mediated: Mediated,
    ) -> None:
        for role, status in (("administrator", 403), ("adviser", 200)):
            headers = bearer(token_for(await a_colleague(database, role)))
            answers = [
                await http.get("/v1/cases", headers=headers),
                await http.get("/v1/cases/counts", headers=headers),
                await http.post("/v1/cases/search", json={"words": "dienst"}, headers=headers),
            ]
            assert [answer.status_code for answer in answers] == [status] * 3
            assert not any(mediated.number in answer.text for answer in answers)
            if status == 403:
                assert_problem(answers[0], 403, "forbidden")
            else:
                assert answers[0].json() == {"cases": [], "next": None}
                assert set(answers[1].json()["stages"].values()) == {0}


async def a_colleague(database: Database, role: str) -> str:
    """Put somebody with one role into the register; return their subject."""
    subject = f"{role}-of-the-lists"
    row = StaffRow(
        id=uuid4(),
        subject=subject,
        name="Collega",
        address="collega@wederhoor.example",
        roles=[role],
        language=Language.DUTCH,
        languages=["nl"],
        active=True,
        capacity=0,
    )
    async with database.transaction() as session:
        session.add(row)
    return subject


class TestCountingCases:
    async def test_agrees_with_the_lists(
        self,
        http: httpx.AsyncClient,
        supervisor: dict[str, str],
        mediator: dict[str, str],
        mediated: Mediated,
    ) -> None:
        for headers in (supervisor, mediator):
            counts = (await http.get("/v1/cases/counts", headers=headers)).json()
            for name, values, filtered in (
                ("stage", counts["stages"], "stage"),
                ("waiting for", counts["waitingFor"], "waitingFor"),
                ("attention", counts["attentions"], "attention"),
            ):
                for value, count in values.items():
                    if value != "closed":
                        found = await pages(http, f"/v1/cases?{filtered}={value}", headers)
                        assert len(found) == count, (name, value)
            assert counts["needsMe"] == len(await pages(http, "/v1/cases?needsMe=true", headers))
        assert counts["stages"]["awaiting_institution"] >= 1


class TestSearchingCases:
    async def search(
        self, http: httpx.AsyncClient, headers: dict[str, str], words: str, **more: object
    ) -> list[str]:
        """Return the numbers on all pages of a search."""
        found: list[str] = []
        after: str | None = None
        while True:
            place = {} if after is None else {"after": after}
            body = {"words": words, "limit": 2, **more, **place}
            response = await http.post("/v1/cases/search", json=body, headers=headers)
            page = response.raise_for_status().json()
            found += [case["caseNumber"] for case in page["cases"]]
            after = page["after"]
            if after is None:
                return found

    @pytest.mark.parametrize(
        "words",
        [
            "voorbeelddienst",
            "VOORBEELDD",
            "Voorbeéldd",
            "rijksdienst",
            "national",
            "instelling wachten",
            "waiting voorbeelddienst",
        ],
    )
    async def test_finds_by_the_name_the_kind_and_the_stage_in_both_languages(
        self, http: httpx.AsyncClient, mediator: dict[str, str], mediated: Mediated, words: str
    ) -> None:
        assert mediated.number in await self.search(http, mediator, words)

    async def test_finds_a_case_by_its_number_or_a_part_of_it(
        self, http: httpx.AsyncClient, mediator: dict[str, str], mediated: Mediated
    ) -> None:
        one, two, check = mediated.number.split("-")
        for words in (
            mediated.number,
            f"{one} {two} {check}",
            one[:3],
            two,
            f"{two[:4]} voorbeelddienst",
        ):
            assert mediated.number in await self.search(http, mediator, words), words

    @pytest.mark.parametrize("words", ["niemand", "voorbeelddienst gesloten", "voorbeelddienst x9"])
    async def test_finds_nothing_where_one_word_fits_nothing(
        self, http: httpx.AsyncClient, mediator: dict[str, str], mediated: Mediated, words: str
    ) -> None:
        assert mediated.number not in await self.search(http, mediator, words)

    async def test_finds_no_word_that_somebody_wrote(
        self, http: httpx.AsyncClient, mediator: dict[str, str], mediated: Mediated
    ) -> None:
        for written in (IN_CONFIDENCE, NOTE, TO_THE_INSTITUTION, "Anna Voorbeeld", "Rekening"):
            assert await self.search(http, mediator, written) == []

    async def test_finds_nothing_of_somebody_else(
        self, http: httpx.AsyncClient, stranger: dict[str, str], mediated: Mediated
    ) -> None:
        assert mediated.number not in await self.search(http, stranger, mediated.number)

    async def test_can_be_narrowed_down_like_a_list(
        self, http: httpx.AsyncClient, mediator: dict[str, str], mediated: Mediated
    ) -> None:
        found = await self.search(http, mediator, "voorbeelddienst", stage=["awaiting_institution"])
        assert mediated.number in found
        assert mediated.number not in await self.search(
            http, mediator, "voorbeelddienst", stage=["outcome_proposed"]
        )

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({}, "#/words"),
            ({"words": ""}, "#/words"),
            ({"words": " & | ! : * "}, "#/words"),
            ({"words": "x"}, "#/words"),
            ({"words": "een twee drie vier vijf zes zeven acht negen"}, "#/words"),
            ({"words": "x" * 201}, "#/words"),
            ({"words": "dienst", "stage": ["asleep"]}, "#/stage/0"),
            ({"words": "dienst", "after": "x"}, "#/after"),
            ({"words": "dienst", "text": "x"}, "#/text"),
        ],
    )
    async def test_names_the_field_that_is_wrong(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], body: Json, where: str
    ) -> None:
        response = await http.post("/v1/cases/search", json=body, headers=supervisor)

        assert_problem(response, 400, "invalid-request", where)
