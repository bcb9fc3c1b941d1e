"""The institution's session: exchanged for a link, for one case, for what was addressed to it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import update

from launcher.people import Complainant, Institution, Letterbox, Office, settled
from settings.secrets import token_hash
from storage.database import Database
from storage.models import InstitutionSessionRow
from tests.api.cases_in_hand import (
    IN_CONFIDENCE,
    NOTE,
    TO_THE_INSTITUTION,
    Mediated,
    mediated_case,
    session_of,
)
from tests.api.observing import assert_problem, bearer

CASE = "/v1/institution-case"
SAYING = ("replies", "extensions", "objections", "corrections")


async def opened(http: httpx.AsyncClient, mediated: Mediated) -> dict[str, str]:
    token = mediated.link.rpartition("/")[2]
    response = await http.post("/v1/institution-sessions", json={"token": token})
    assert response.status_code == 201
    return bearer(response.json()["token"])


@pytest.fixture
async def institution(http: httpx.AsyncClient, mediated: Mediated) -> dict[str, str]:
    return await opened(http, mediated)


@pytest.fixture
async def fresh(
    http: httpx.AsyncClient, token_for: Callable[[str], str], letterbox: Letterbox
) -> Mediated:
    """A case of one's own, to answer in."""
    return await mediated_case(http, token_for, letterbox)


class TestASession:
    async def test_is_given_for_the_token_of_a_link(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        token = mediated.link.rpartition("/")[2]

        response = await http.post("/v1/institution-sessions", json={"token": token})

        assert response.status_code == 201
        assert token not in response.text
        expires = datetime.fromisoformat(response.json()["expiresAt"])
        assert expires - datetime.now(UTC) <= timedelta(hours=1)

    @pytest.mark.parametrize("token", ["x", "a" * 43, "../my-case", "Ünbekannt"])
    async def test_is_not_given_for_another_token(
        self, http: httpx.AsyncClient, token: str
    ) -> None:
        response = await http.post("/v1/institution-sessions", json={"token": token})

        assert_problem(response, 404, "reply-link-invalid")
        assert token not in response.text or token == "x"

    @pytest.mark.parametrize("token", ["", "a" * 101, None, 5, ["a"]])
    async def test_is_not_given_for_something_that_is_no_token(
        self, http: httpx.AsyncClient, token: object
    ) -> None:
        response = await http.post("/v1/institution-sessions", json={"token": token})

        assert_problem(response, 400, "invalid-request", "#/token")

    async def test_is_needed_for_every_route(self, http: httpx.AsyncClient) -> None:
        for path in (CASE, f"{CASE}/entries/1"):
            assert_problem(await http.get(path), 401, "unauthenticated")
        for what in SAYING:
            response = await http.post(f"{CASE}/{what}", json={"text": "x"})
            assert_problem(response, 401, "unauthenticated")

    async def test_is_no_session_of_anybody_else(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        mine = await session_of(http, mediated.receipt_code)
        for headers in (mine, mediator, bearer(mediated.link.rpartition("/")[2])):
            assert_problem(await http.get(CASE, headers=headers), 401, "unauthenticated")

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
        institution = await opened(http, fresh)
        complainant = Complainant(http, fresh.number, fresh.receipt_code)
        await complainant.does("withdrawals", {})
        await complainant.reaches("closed")

        async def refused() -> bool:
            return (await http.get(CASE, headers=institution)).status_code == 401

        for _ in range(100):
            if await refused():
                break
        assert await refused()


class TestWhatItReads:
    async def test_is_what_was_addressed_to_it_and_nothing_else(
        self, http: httpx.AsyncClient, mediated: Mediated, institution: dict[str, str]
    ) -> None:
        response = await http.get(CASE, headers=institution)

        assert response.status_code == 200
        assert response.json()["caseNumber"] == mediated.number
        assert TO_THE_INSTITUTION in response.text
        for hidden in (IN_CONFIDENCE, NOTE, "Anna Voorbeeld", "iemand@post.example"):
            assert hidden not in response.text

    async def test_is_the_same_as_by_the_link(
        self, http: httpx.AsyncClient, mediated: Mediated, institution: dict[str, str]
    ) -> None:
        by_session = (await http.get(CASE, headers=institution)).json()
        by_link = (await http.get(mediated.link)).json()

        assert by_session == by_link

    async def test_does_not_hold_entries_of_others(
        self, http: httpx.AsyncClient, institution: dict[str, str]
    ) -> None:
        numbers = [
            entry["number"]
            for entry in (await http.get(CASE, headers=institution)).json()["entries"]
        ]
        for number in set(range(1, max(numbers) + 3)) - set(numbers):
            response = await http.get(f"{CASE}/entries/{number}", headers=institution)
            assert_problem(response, 404, "not-found")


class TestWhatItSays:
    async def test_is_answered_and_read_by_both_sides(
        self, http: httpx.AsyncClient, fresh: Mediated, office: Office
    ) -> None:
        institution = await opened(http, fresh)
        complainant = Complainant(http, fresh.number, fresh.receipt_code)
        for what in ("corrections", "extensions", "replies", "objections"):
            response = await http.post(
                f"{CASE}/{what}", json={"text": f"Dit zijn {what}."}, headers=institution
            )
            assert response.status_code == 202
            location = response.headers["Location"]
            entry = await settled(http, location, institution)
            assert entry["status"] == "applied"
            number = location.rpartition("/")[2]
            mine = await complainant.get(f"/entries/{number}")
            assert mine["body"] == {"text": f"Dit zijn {what}."}
            assert mine["title"] == entry["title"]
            theirs = await office.member(fresh.mediator).get(
                f"/v1/cases/{fresh.number}/entries/{number}"
            )
            assert theirs["body"] == mine["body"]

    async def test_may_take_no_more_time_than_the_law_gives(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        institution = await opened(http, fresh)
        for until in ("2020-01-01", "2099-12-31"):
            response = await http.post(
                f"{CASE}/extensions",
                json={"text": "Meer tijd.", "until": until},
                headers=institution,
            )
            entry = await settled(http, response.headers["Location"], institution)
            assert (entry["status"], entry["refusal"]) == ("refused", "not_allowed")
            assert entry["refusalText"]

    @pytest.mark.parametrize("until", ["gisteren", "2027-02-29", 5, "2027-13-01", ""])
    async def test_names_a_day_that_exists(
        self, http: httpx.AsyncClient, institution: dict[str, str], until: object
    ) -> None:
        response = await http.post(
            f"{CASE}/extensions", json={"text": "x", "until": until}, headers=institution
        )

        assert_problem(response, 400, "invalid-request", "#/until")

    @pytest.mark.parametrize("what", SAYING)
    @pytest.mark.parametrize("text", ["", "   ", "a\x00b", None, 7, "a" * 20_001])
    async def test_has_words_that_can_be_read(
        self, http: httpx.AsyncClient, institution: dict[str, str], what: str, text: object
    ) -> None:
        response = await http.post(f"{CASE}/{what}", json={"text": text}, headers=institution)

        assert_problem(response, 400, "invalid-request", "#/text")

    @pytest.mark.parametrize("what", SAYING)
    async def test_holds_no_receipt_code_and_nothing_unasked(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        institution: dict[str, str],
        what: str,
    ) -> None:
        told = {"text": f"De code is {mediated.receipt_code}."}
        response = await http.post(f"{CASE}/{what}", json=told, headers=institution)
        assert_problem(response, 400, "invalid-request", "#/text")
        response = await http.post(
            f"{CASE}/{what}", json={"text": "x", "verdict": "guilty"}, headers=institution
        )
        assert_problem(response, 400, "invalid-request", "#/verdict")


class TestTheLinkItself:
    async def test_still_reads_and_answers(self, http: httpx.AsyncClient, fresh: Mediated) -> None:
        letter = {"text": f"Zie /v1/institution-replies/{fresh.link.rpartition('/')[2]}"}
        entry = await Institution(http, letter["text"]).replies("Langs de kortste weg.")

        assert entry["status"] == "applied"
