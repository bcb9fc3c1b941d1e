"""What the institution reads and says by its session: only what was addressed to it."""

from datetime import date, timedelta

import httpx
import pytest

from catalogues.texts import text
from domain.languages import Language
from launcher.people import Complainant, Institution, Office, settled
from storage.database import Database
from tests.api.cases_in_hand import (
    IN_CONFIDENCE,
    NOTE,
    TO_THE_INSTITUTION,
    Mediated,
    institution_session_of,
)
from tests.api.observing import assert_problem, fresh_key, held

CASE = "/v1/institution-case"
KINDS = {
    "replies": "institution_reply",
    "extensions": "institution_extension",
    "objections": "institution_objection",
    "corrections": "institution_correction",
}
SAYING = tuple(KINDS)


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

    async def test_comes_in_pages(
        self, http: httpx.AsyncClient, institution: dict[str, str]
    ) -> None:
        whole = (await http.get(f"{CASE}?limit=100", headers=institution)).json()
        first = (await http.get(f"{CASE}?limit=1", headers=institution)).json()

        assert first["next"].startswith(f"{CASE}?after=")
        rest = (await http.get(f"{first['next']}00", headers=institution)).json()

        assert first["entries"] + rest["entries"] == whole["entries"]

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
        institution = await institution_session_of(http, fresh.link)
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
            assert (mine["kind"], mine["author"]) == (KINDS[what], "institution")
            assert mine["title"] == entry["title"] == text(Language.DUTCH, f"entry.{KINDS[what]}")
            theirs = await office.member(fresh.mediator).get(
                f"/v1/cases/{fresh.number}/entries/{number}"
            )
            assert theirs["body"] == mine["body"]

    async def test_is_named_in_the_language_of_who_reads(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        institution = await institution_session_of(http, fresh.link)
        complainant = Complainant(http, fresh.number, fresh.receipt_code)
        await complainant.answer(await complainant.sets("language", {"language": "en"}))
        response = await http.post(
            f"{CASE}/objections", json={"text": "Wij doen niet mee."}, headers=institution
        )
        entry = await settled(http, response.headers["Location"], institution)

        mine = await complainant.get(f"/entries/{entry['number']}")

        assert entry["title"] == text(Language.DUTCH, "entry.institution_objection")
        assert mine["title"] == text(Language.ENGLISH, "entry.institution_objection")

    async def test_twice_with_one_key_is_said_once(
        self, http: httpx.AsyncClient, database: Database, fresh: Mediated
    ) -> None:
        headers = await institution_session_of(http, fresh.link) | fresh_key()
        first = await http.post(f"{CASE}/corrections", json={"text": "Eens."}, headers=headers)
        between = await held(database)

        second = await http.post(f"{CASE}/corrections", json={"text": "Eens."}, headers=headers)
        changed = await http.post(f"{CASE}/corrections", json={"text": "Nee."}, headers=headers)
        elsewhere = await http.post(f"{CASE}/replies", json={"text": "Eens."}, headers=headers)

        assert (first.status_code, second.status_code) == (202, 202)
        assert second.headers["location"] == first.headers["location"]
        assert_problem(changed, 409, "conflict-idempotency")
        assert_problem(elsewhere, 409, "conflict-idempotency")
        assert await held(database) == between


class TestMoreTime:
    async def test_once_is_its_own_and_again_is_the_complainants_to_give(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        institution = await institution_session_of(http, fresh.link)
        complainant = Complainant(http, fresh.number, fresh.receipt_code)

        async def last_day() -> date:
            [clock] = [
                one
                for one in (await complainant.get(""))["clocks"]
                if one["code"] == "institution_replies"
            ]
            return date.fromisoformat(clock["lastDay"])

        async def extends(until: date) -> tuple[str, str | None]:
            response = await http.post(
                f"{CASE}/extensions",
                json={"text": "Wij wachten op een stuk.", "until": until.isoformat()},
                headers=institution,
            )
            entry = await settled(http, response.headers["Location"], institution)
            refused = entry["refusal"]
            wanted = text(Language.DUTCH, f"refusal.{refused}") if refused else None
            assert entry["refusalText"] == wanted
            return entry["status"], refused

        first = await last_day()
        assert await extends(first) == ("refused", "not_allowed")
        assert await extends(first + timedelta(days=3)) == ("applied", None)
        assert await last_day() == first + timedelta(days=3)
        assert await extends(first + timedelta(days=6)) == ("refused", "needs_consent")
        assert await last_day() == first + timedelta(days=3)
        await complainant.does("consents", {"consent": True, "purpose": "further_extension"})
        assert await extends(first + timedelta(days=6)) == ("applied", None)
        assert await last_day() == first + timedelta(days=6)

    async def test_may_be_no_more_than_the_law_gives(
        self, http: httpx.AsyncClient, fresh: Mediated
    ) -> None:
        institution = await institution_session_of(http, fresh.link)
        for until in ("2020-01-01", "2099-12-31"):
            response = await http.post(
                f"{CASE}/extensions",
                json={"text": "Meer tijd.", "until": until},
                headers=institution,
            )
            entry = await settled(http, response.headers["Location"], institution)
            assert (entry["status"], entry["refusal"]) == ("refused", "not_allowed")
            assert entry["refusalText"]

    @pytest.mark.parametrize(
        "until",
        [
            *("gisteren", "2027-02-29", "2027-13-01", "", "9999-12-31", "0001-01-01", "2027-1-1"),
            *("2027-01-01T00:00:00Z", "1798761600", 1798761600, 0, 5, True, ["2027-01-01"]),
        ],
        ids=str,
    )
    async def test_is_until_a_day_that_exists(
        self, http: httpx.AsyncClient, institution: dict[str, str], until: object
    ) -> None:
        response = await http.post(
            f"{CASE}/extensions", json={"text": "x", "until": until}, headers=institution
        )

        assert_problem(response, 400, "invalid-request", "#/until")


class TestBadWords:
    @pytest.mark.parametrize("what", SAYING)
    @pytest.mark.parametrize("words", ["", "   ", "a\x00b", "\u200b", None, 7, "a" * 20_001])
    async def test_are_named_by_their_field(
        self, http: httpx.AsyncClient, institution: dict[str, str], what: str, words: object
    ) -> None:
        response = await http.post(f"{CASE}/{what}", json={"text": words}, headers=institution)

        assert_problem(response, 400, "invalid-request", "#/text")

    @pytest.mark.parametrize("what", SAYING)
    async def test_are_a_receipt_code_and_what_nobody_asked(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        institution: dict[str, str],
        what: str,
    ) -> None:
        told = {"text": f"De code is {mediated.receipt_code}."}
        response = await http.post(f"{CASE}/{what}", json=told, headers=institution)
        assert_problem(response, 400, "invalid-request", "#/text")
        assert mediated.receipt_code not in response.text
        response = await http.post(
            f"{CASE}/{what}", json={"text": "x", "verdict": "guilty"}, headers=institution
        )
        assert_problem(response, 400, "invalid-request", "#/verdict")


class TestTheLinkItself:
    async def test_still_reads_and_answers(self, http: httpx.AsyncClient, fresh: Mediated) -> None:
        entry = await Institution(http, f"Zie {fresh.page}").replies("Langs de kortste weg.")

        assert entry["status"] == "applied"
