"""The institution's side: it sees what was addressed to it, and nothing else."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from launcher.people import Complainant, Institution, Letterbox, Office
from launcher.system import System
from settings.secrets import token_hash
from storage.database import Database
from tests.api.cases_in_hand import (
    IN_CONFIDENCE,
    NOTE,
    TO_THE_INSTITUTION,
    Mediated,
    mediated_case,
    session_of,
)
from tests.api.handing_in import settled
from tests.api.observing import assert_problem, bearer, fresh_key, held, tables_with

REPLY = "Wij hebben het opnieuw bekeken."


@pytest.fixture(scope="session")
def replying(system: System, token_for: Callable[[str], str]) -> Mediated:
    """A case of its own, since a reply moves it on."""

    async def prepare() -> Mediated:
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            return await mediated_case(http, token_for, Letterbox(system.mail.page_url))

    return asyncio.run(prepare())


class TestReadingWhatWasAddressed:
    @pytest.mark.parametrize("token", ["x", "%00", "A" * 43, "x" * 5000, "%FF"])
    async def test_anonymous_with_another_token_finds_nothing(
        self, http: httpx.AsyncClient, database: Database, token: str
    ) -> None:
        before = await held(database)
        path = f"/v1/institution-replies/{token}"

        assert_problem(await http.get(path), 404, "reply-link-invalid")
        assert_problem(await http.post(path, json={"text": REPLY}), 404, "reply-link-invalid")
        assert_problem(await http.get(f"{path}/entries/1"), 404, "reply-link-invalid")
        assert await held(database) == before

    async def test_shows_the_complaint_and_messages_to_it(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        shown = (await http.get(mediated.link)).json()

        assert shown["caseNumber"] == mediated.number
        assert shown["institution"]["id"] == "voorbeelddienst"
        assert shown["entries"][0]["kind"] == "complaint"
        texts = [entry["body"]["text"] for entry in shown["entries"]]
        assert TO_THE_INSTITUTION in texts

    async def test_shows_nothing_that_was_not_addressed_to_it(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        shown = await http.get(mediated.link)

        assert {entry["kind"] for entry in shown.json()["entries"]} <= {
            "complaint",
            "message",
            "institution_reply",
        }
        for words in (IN_CONFIDENCE, NOTE, "iemand@post.example", "Anna Voorbeeld"):
            assert words not in shown.text
        path = f"/v1/cases/{mediated.number}/entries?limit=100"
        entries = (await http.get(path, headers=mediator)).json()["entries"]
        visible = {entry["number"] for entry in shown.json()["entries"]}
        hidden = {entry["number"] for entry in entries} - visible
        assert len(hidden) >= 5
        for number in hidden:
            response = await http.get(f"{mediated.link}/entries/{number}")
            assert_problem(response, 404, "not-found")

    async def test_pages(self, http: httpx.AsyncClient, mediated: Mediated) -> None:
        whole = (await http.get(f"{mediated.link}?limit=100")).json()

        first = (await http.get(f"{mediated.link}?limit=1")).json()
        rest = (await http.get(first["next"] + "00")).json()

        assert whole["next"] is None
        assert first["entries"] + rest["entries"] == whole["entries"]

    @pytest.mark.parametrize("number", ["0", "-1", "99999", "x", "9" * 400])
    async def test_finds_no_entry_that_does_not_exist(
        self, http: httpx.AsyncClient, mediated: Mediated, number: str
    ) -> None:
        response = await http.get(f"{mediated.link}/entries/{number}")

        assert_problem(response, 404, "not-found")


class TestReplying:
    async def test_is_read_by_both_sides(
        self, http: httpx.AsyncClient, replying: Mediated, token_for: Callable[[str], str]
    ) -> None:
        response = await http.post(replying.link, json={"text": REPLY}, headers=fresh_key())

        assert response.status_code == 202
        number = response.json()["number"]
        assert response.headers["location"] == f"{replying.link}/entries/{number}"
        mediator = bearer(token_for(replying.mediator))
        complainant = await session_of(http, replying.receipt_code)
        for path, headers in (
            (response.headers["location"], {}),
            (f"/v1/my-case/entries/{number}", complainant),
            (f"/v1/cases/{replying.number}/entries/{number}", mediator),
        ):
            entry = await settled(http, path, headers)
            assert (entry["kind"], entry["body"]) == ("institution_reply", {"text": REPLY})

    async def test_twice_with_one_key_replies_once(
        self, http: httpx.AsyncClient, database: Database, replying: Mediated
    ) -> None:
        key = fresh_key()
        first = await http.post(replying.link, json={"text": REPLY}, headers=key)
        between = await held(database)

        second = await http.post(replying.link, json={"text": REPLY}, headers=key)
        other = await http.post(replying.link, json={"text": "Nee."}, headers=key)

        assert first.headers["location"] == second.headers["location"]
        assert_problem(other, 409, "conflict-idempotency")
        assert await held(database) == between

    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({}, "#/text"),
            ({"text": "\u200b"}, "#/text"),
            ({"text": None}, "#/text"),
            ({"text": "x" * 20_001}, "#/text"),
            ({"text": "x", "audience": "mediator_only"}, "#/audience"),
        ],
    )
    async def test_names_the_field_that_is_wrong(
        self,
        http: httpx.AsyncClient,
        database: Database,
        replying: Mediated,
        body: dict[str, object],
        where: str,
    ) -> None:
        before = await held(database)

        response = await http.post(replying.link, json=body)

        assert_problem(response, 400, "invalid-request", where)
        assert await held(database) == before


class TestTheReplyLink:
    async def test_is_stored_only_as_a_hash(self, database: Database, mediated: Mediated) -> None:
        token = mediated.link.rpartition("/")[2]

        assert await tables_with(database, token_hash(token).hex()) == ["reply_links"]

    async def test_is_dead_once_the_case_is_closed(
        self,
        http: httpx.AsyncClient,
        database: Database,
        office: Office,
        letterbox: Letterbox,
    ) -> None:
        complainant = await Complainant.complains(http, "voorbeeldbank-zakelijk")
        number = complainant.case_number
        _, mediator = await office.asked(number)
        await mediator.decides(number, "accept_case")
        await complainant.does("consents", {"consent": True})
        letter = await letterbox.letter("klachten@voorbeeldbank.example", number)
        link = Institution(http, letter["text"]).link
        assert (await http.get(link)).status_code == 200
        await complainant.does("withdrawals", {})
        await complainant.reaches("closed")
        before = await held(database)

        assert_problem(await http.get(link), 404, "reply-link-invalid")
        response = await http.post(link, json={"text": REPLY})
        assert_problem(response, 404, "reply-link-invalid")
        assert await held(database) == before
