"""What the staff sees: a mediator their own cases, a supervisor every case's course."""

import asyncio

import httpx
import pytest

from domain.case_number import draw_case_number
from launcher.people import Complainant, Json
from storage.database import Database
from tests.api.cases_in_hand import IN_CONFIDENCE, NOTE, TO_THE_INSTITUTION, Mediated
from tests.api.observing import assert_problem, fresh_key, held


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
        submitted: tuple[str, str],
    ) -> None:
        await asyncio.gather(*(Complainant.complains(http, "voorbeeldstad") for _ in range(5)))

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
            ("after=lusab-babad-x", "after"),
            ("after=%00", "after"),
            ("after=1", "after"),
            ("after=", "after"),
            (f"after={'x' * 21}", "after"),
            (f"after={draw_case_number()}", "after"),
        ],
    )
    async def test_names_the_parameter_that_is_wrong(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], query: str, parameter: str
    ) -> None:
        response = await http.get(f"/v1/cases?{query}", headers=supervisor)

        assert_problem(response, 400, "invalid-request", parameter)

    async def test_does_not_begin_after_a_case_of_somebody_else(
        self, http: httpx.AsyncClient, mediated: Mediated, stranger: dict[str, str]
    ) -> None:
        response = await http.get(f"/v1/cases?after={mediated.number}", headers=stranger)

        assert_problem(response, 400, "invalid-request", "after")


class TestReadingACase:
    async def test_tells_its_course(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        case = (await http.get(f"/v1/cases/{mediated.number}", headers=mediator)).json()

        assert case["caseNumber"] == mediated.number
        assert case["waitingFor"] == "institution_replies"
        assert case["mediatorId"].endswith(mediated.mediator[-1])
        assert (case["offeredId"], case["contacted"], case["consent"]) == (None, True, True)

    async def test_of_somebody_else_looks_as_if_it_did_not_exist(
        self, http: httpx.AsyncClient, mediated: Mediated, stranger: dict[str, str]
    ) -> None:
        for rest in ("", "/entries", "/entries/1"):
            theirs = await http.get(f"/v1/cases/{mediated.number}{rest}", headers=stranger)
            nobodys = await http.get(f"/v1/cases/{draw_case_number()}{rest}", headers=stranger)

            assert_problem(theirs, 404, "not-found")
            assert theirs.content == nobodys.content

    @pytest.mark.parametrize(
        "number", ["x", "lusab-babad-x", "%00", "..%2F..", "1", "x" * 5000, "%E2%80%AE", "%FF"]
    )
    async def test_finds_none_under_nonsense(
        self, http: httpx.AsyncClient, supervisor: dict[str, str], number: str
    ) -> None:
        assert_problem(await http.get(f"/v1/cases/{number}", headers=supervisor), 404, "not-found")


class TestReadingTheEntriesOfACase:
    async def test_shows_the_mediator_every_text(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        path = f"/v1/cases/{mediated.number}/entries?limit=100"

        shown = (await http.get(path, headers=mediator)).text

        for words in (IN_CONFIDENCE, NOTE, TO_THE_INSTITUTION, "Anna Voorbeeld"):
            assert words in shown

    async def test_shows_a_supervisor_the_course_without_texts(
        self, http: httpx.AsyncClient, mediated: Mediated, supervisor: dict[str, str]
    ) -> None:
        path = f"/v1/cases/{mediated.number}/entries"

        shown = (await http.get(f"{path}?limit=100", headers=supervisor)).json()["entries"]

        assert [entry["number"] for entry in shown] == list(range(1, len(shown) + 1))
        assert {entry["body"] for entry in shown} == {None}
        one = (await http.get(f"{path}/1", headers=supervisor)).json()
        assert (one["kind"], one["body"]) == ("complaint", None)

    async def test_shows_a_mediator_who_was_asked_the_course_without_texts(
        self, http: httpx.AsyncClient, offered: tuple[str, dict[str, str]]
    ) -> None:
        number, headers = offered

        case = await http.get(f"/v1/cases/{number}", headers=headers)
        shown = (await http.get(f"/v1/cases/{number}/entries", headers=headers)).json()["entries"]

        assert case.status_code == 200
        assert shown[0]["kind"] == "complaint"
        assert {entry["body"] for entry in shown} == {None}

    async def test_speaks_the_language_of_the_reader(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        path = f"/v1/cases/{mediated.number}/entries/1"

        english = await http.get(path, headers=mediator | {"Accept-Language": "en"})
        dutch = await http.get(path, headers=mediator)

        assert (english.json()["title"], dutch.json()["title"]) == ("Complaint", "Klacht")

    @pytest.mark.parametrize("entry", ["0", "-1", "99999", "2147483648", "9" * 400, "x"])
    async def test_finds_no_entry_that_does_not_exist(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        entry: str,
    ) -> None:
        path = f"/v1/cases/{mediated.number}/entries/{entry}"

        assert_problem(await http.get(path, headers=mediator), 404, "not-found")


class TestWritingAsAMediator:
    async def test_is_not_for_a_supervisor(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        supervisor: dict[str, str],
    ) -> None:
        before = await held(database)

        body = {"text": "x", "audience": "complainant"}
        path = f"/v1/cases/{mediated.number}/entries"
        response = await http.post(path, json=body, headers=supervisor)

        assert_problem(response, 403, "forbidden")
        assert await held(database) == before

    async def test_is_not_for_a_stranger(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        stranger: dict[str, str],
    ) -> None:
        before = await held(database)

        body = {"text": "x", "audience": "complainant"}
        path = f"/v1/cases/{mediated.number}/entries"
        response = await http.post(path, json=body, headers=stranger)

        assert_problem(response, 404, "not-found")
        assert await held(database) == before

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({"text": "x"}, "#/audience"),
            ({"audience": "complainant"}, "#/text"),
            ({"text": "", "audience": "complainant"}, "#/text"),
            ({"text": "x", "audience": "everybody"}, "#/audience"),
            ({"text": "x", "audience": None}, "#/audience"),
            ({"text": "x", "audience": "complainant", "kind": "decision"}, "#/kind"),
        ],
    )
    async def test_names_the_field_that_is_wrong(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        mediator: dict[str, str],
        body: Json,
        where: str,
    ) -> None:
        path = f"/v1/cases/{mediated.number}/entries"

        response = await http.post(path, json=body, headers=mediator)

        assert_problem(response, 400, "invalid-request", where)

    async def test_gives_a_retry_the_same_entry(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        mediator: dict[str, str],
    ) -> None:
        path, headers = f"/v1/cases/{mediated.number}/entries", mediator | fresh_key()
        body = {"text": "Een notitie", "audience": "mediator_only"}
        first = await http.post(path, json=body, headers=headers)
        between = await held(database)

        second = await http.post(path, json=body, headers=headers)
        other = await http.post(path, json=body | {"audience": "complainant"}, headers=headers)

        assert first.headers["location"] == second.headers["location"]
        assert first.headers["location"].startswith(path)
        entry = (await http.get(first.headers["location"], headers=mediator)).json()
        assert entry["body"] == {"text": "Een notitie"}
        assert_problem(other, 409, "conflict-idempotency")
        assert await held(database) == between
