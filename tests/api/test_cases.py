"""What the staff sees: a mediator their own cases, a supervisor every case's course."""

import httpx
import pytest

from domain.case_number import draw_case_number
from launcher.people import Json
from storage.database import Database
from tests.api.cases_in_hand import IN_CONFIDENCE, NOTE, TO_THE_INSTITUTION, Mediated
from tests.api.observing import assert_problem, fresh_key, held


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
