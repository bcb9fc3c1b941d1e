"""A lost receipt code: a wait that can be seen and stopped, and two halves for a new one."""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import httpx
import pytest
from sqlalchemy import select

from domain.case_number import draw_case_number
from domain.letters import Letter
from domain.lost_code import MOST_AT_ONCE, USABLE, WAITING
from domain.receipt_code import draw_receipt_code, grouped, parse_receipt_code
from launcher.people import Complainant, Json, Letterbox, eventually
from launcher.system import System
from storage.database import Database
from storage.models import CodeRequestRow
from storage.time_offsets import move_time
from tests.api.cases_in_hand import session_of
from tests.api.costing import answers_to
from tests.api.in_process import in_process
from tests.api.observing import assert_problem, fresh_key, tables_with

PLACE = "/v1/lost-receipt-codes"
EXCHANGE = "/v1/receipt-codes"
ENGLISH = {"Accept-Language": "en"}
AN_HOUR = timedelta(hours=1)

type Send = Callable[[], Awaitable[httpx.Response]]


def address() -> str:
    """Return an address that no other test uses."""
    return f"iemand-{draw_case_number()}@post.example"


class Loser:
    """Somebody who lost their code, and a friend who still has it."""

    def __init__(self, http: httpx.AsyncClient, case: Complainant, email: str) -> None:
        self.http = http
        self.case = case
        self.email = email

    async def asks(self, **other: str) -> Json:
        body = {"caseNumber": self.case.case_number, "email": self.email, **other}
        return (await self.http.post(PLACE, json=body)).raise_for_status().json()

    async def shown(self, number: int = 1) -> list[Json]:
        """Return the requests that the case shows, once there are so many."""

        async def ask() -> list[Json] | None:
            requests = (await self.case.get(""))["codeRequests"]
            return requests if len(requests) == number else None

        return await eventually(ask, f"not {number} requests")

    async def exchanges(
        self, claim: str, half: str, key: dict[str, str] | None = None
    ) -> httpx.Response:
        body = {"claimCode": claim, "letterCode": half}
        return await self.http.post(EXCHANGE, json=body, headers=key or fresh_key())


@pytest.fixture
async def loser(http: httpx.AsyncClient) -> Loser:
    email = address()
    case = await Complainant.complains(http, "voorbeeldstad", email=email)
    return Loser(http, case, email)


async def half_in_letter(database: Database, letterbox: Letterbox, loser: Loser) -> str:
    """Let the wait pass; return the half that came by letter."""
    await loser.shown()
    await move_time(database, loser.case.case_number, WAITING)
    letter = await letterbox.letter(loser.email, "tweede helft")
    found = re.search(r"(?m)^(?:[0-9A-Z]{5}-){4}[0-9A-Z]{6}$", letter["text"])
    assert found is not None
    return found[0]


class TestAsking:
    async def test_anonymous_is_told_the_first_half_and_what_is_possible(
        self, loser: Loser
    ) -> None:
        response = await loser.http.post(
            PLACE,
            json={"caseNumber": loser.case.case_number, "email": loser.email},
            headers=ENGLISH,
        )

        assert response.status_code == 202
        assert "location" not in response.headers
        answer = response.json()
        assert grouped(parse_receipt_code(answer["claimCode"])) == answer["claimCode"]
        assert (answer["waitingDays"], answer["usableDays"]) == (3, 7)
        said = " ".join(answer["text"])
        assert "nobody can give you a new code: not we, either" in said
        assert "new complaint" in said

    async def test_costs_and_tells_the_same_whatever_is_true(
        self, system: System, loser: Loser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without = await Complainant.complains(loser.http, "voorbeeldstad")
        asked = {
            "the case and its address": (loser.case.case_number, loser.email),
            "another address": (loser.case.case_number, address()),
            "a case without an address": (without.case_number, loser.email),
            "no such case": (draw_case_number(), loser.email),
        }
        async with in_process(system) as here:
            await here.get("/v1/institutions")
            requests: dict[str, Send] = {
                name: partial(here.post, PLACE, json={"caseNumber": number, "email": email})
                for name, (number, email) in asked.items()
            }
            answers = await answers_to(monkeypatch, requests)

        # The claim alone differs, and is as long.
        alike = {
            (
                it.status,
                it.headers,
                re.sub(rb'"claimCode":"[0-9A-Z-]{30}"', b"", it.content),
                it.statements,
                it.keyed_hashes,
            )
            for it in answers.values()
        }
        assert len(alike) == 1
        assert len({it.content for it in answers.values()}) == len(answers)

    @pytest.mark.parametrize(
        ("field", "value"),
        [("caseNumber", "lusab-babad-q"), ("caseNumber", "zonnebloem"), ("email", "geen adres")],
    )
    async def test_names_the_field_that_cannot_be_right(
        self, http: httpx.AsyncClient, field: str, value: str
    ) -> None:
        body = {"caseNumber": "lusab-babad-w", "email": "iemand@post.example", field: value}

        response = await http.post(PLACE, json=body)

        problem = assert_problem(response, 400, "invalid-request", f"#/{field}")
        assert value not in str(problem["errors"])

    async def test_is_compared_with_the_address_in_any_spelling(self, loser: Loser) -> None:
        await loser.asks(email=loser.email.upper(), caseNumber=loser.case.case_number.upper())
        assert len(await loser.shown()) == 1

    async def test_with_another_address_leaves_nothing_behind(
        self, loser: Loser, database: Database
    ) -> None:
        await loser.asks(email=address())
        await loser.asks()
        await loser.shown()

        async def compared() -> bool | None:
            async with database.transaction() as session:
                rows = (await session.scalars(select(CodeRequestRow))).all()
            ours = [row for row in rows if row.case_number == loser.case.case_number]
            return True if [row.case_id is not None for row in ours] == [True] else None

        assert await eventually(compared, "a request of nobody was kept")

    async def test_fills_no_mailbox(self, loser: Loser, database: Database) -> None:
        for _ in range(MOST_AT_ONCE + 2):
            await loser.asks()
        await loser.shown(MOST_AT_ONCE)

        async def all_compared() -> bool | None:
            async with database.transaction() as session:
                waiting = select(CodeRequestRow.id).where(CodeRequestRow.case_id.is_(None))
                return None if (await session.scalars(waiting)).all() else True

        await eventually(all_compared, "requests wait for ever")
        assert len(await loser.shown(MOST_AT_ONCE)) == MOST_AT_ONCE


class TestWaiting:
    async def test_is_shown_to_whoever_still_has_the_code(self, loser: Loser) -> None:
        await loser.asks()

        [request] = await loser.shown()

        assert request.keys() == {
            "id",
            "askedAt",
            "letterOn",
            "letterWritten",
            "usableUntil",
            "text",
        }
        assert request["letterWritten"] is False
        assert "vroeg iemand om een nieuwe ontvangstcode" in request["text"]
        letters = await loser.case.get("/letters")
        assert Letter.NEW_RECEIPT_CODE not in {it["letter"] for it in letters["letters"]}

    async def test_is_not_over_an_hour_before(
        self, loser: Loser, database: Database, letterbox: Letterbox
    ) -> None:
        await loser.asks()
        await loser.shown()
        await move_time(database, loser.case.case_number, WAITING - AN_HOUR)
        other_email = address()
        other_case = await Complainant.complains(loser.http, "voorbeeldstad", email=other_email)
        other = Loser(loser.http, other_case, other_email)
        await other.asks()
        await half_in_letter(database, letterbox, other)  # the loop has been around since

        [request] = await loser.shown()

        assert request["letterWritten"] is False

    async def test_can_be_stopped(
        self, loser: Loser, database: Database, letterbox: Letterbox
    ) -> None:
        await loser.asks()
        claim = (await loser.asks())["claimCode"]
        first, second = await loser.shown(2)
        place = f"/v1/my-case/receipt-code-requests/{second['id']}"

        stopped = await loser.http.delete(place, headers=loser.case.headers)

        assert (stopped.status_code, stopped.content) == (204, b"")
        assert [it["id"] for it in await loser.shown()] == [first["id"]]
        again = await loser.http.delete(place, headers=loser.case.headers)
        assert_problem(again, 404, "not-found")
        half = await half_in_letter(database, letterbox, loser)
        assert_problem(await loser.exchanges(claim, half), 401, "invalid-halves")

    async def test_of_another_case_cannot_be_stopped(
        self, loser: Loser, mine: dict[str, str]
    ) -> None:
        await loser.asks()
        [request] = await loser.shown()

        response = await loser.http.delete(
            f"/v1/my-case/receipt-code-requests/{request['id']}", headers=mine
        )

        assert_problem(response, 404, "not-found")
        assert await loser.shown() == [request]

    async def test_ends_without_a_letter_when_the_address_was_taken_back(
        self, loser: Loser, database: Database, letterbox: Letterbox
    ) -> None:
        await loser.asks()
        await loser.shown()
        await loser.case.answer(await loser.case.sets("contact", {"email": address()}))

        await move_time(database, loser.case.case_number, WAITING)

        await loser.shown(0)
        assert not any(
            loser.email in it["envelope_to"] and "tweede helft" in it["text"]
            for it in await letterbox.all()
        )


class TestTheLetter:
    async def test_holds_its_half_and_neither_code_nor_claim(
        self, loser: Loser, database: Database, letterbox: Letterbox
    ) -> None:
        claim = (await loser.asks())["claimCode"]
        half = await half_in_letter(database, letterbox, loser)

        letter = await letterbox.letter(loser.email, half)
        assert letter["subject"] == "Er staat een bericht voor u klaar"
        for secret in (claim, loser.case.receipt_code, parse_receipt_code(claim)):
            assert secret not in str(letter)
        for secret in (claim, half):
            assert await tables_with(database, secret) == []
            assert await tables_with(database, parse_receipt_code(secret)) == []
        filed = (await loser.case.get("/letters"))["letters"][-1]
        assert filed["letter"] == Letter.NEW_RECEIPT_CODE
        assert half not in str(filed)
        assert "[[" not in str(filed)
        [request] = await loser.shown()
        assert request["letterWritten"] is True


class TestExchanging:
    async def test_gives_a_new_code_and_ends_everything_older(
        self, loser: Loser, database: Database, letterbox: Letterbox
    ) -> None:
        claim = (await loser.asks())["claimCode"]
        half = await half_in_letter(database, letterbox, loser)
        key = fresh_key()

        response = await loser.exchanges(claim, half, key)

        assert response.status_code == 201
        receipt = response.json()
        assert receipt["caseNumber"] == loser.case.case_number
        again = await loser.exchanges(claim, half, key)
        assert (again.status_code, again.content) == (201, response.content)
        old = await loser.http.post("/v1/sessions", json={"receiptCode": loser.case.receipt_code})
        assert_problem(old, 401, "invalid-receipt")
        assert (await loser.http.get("/v1/my-case", headers=loser.case.headers)).status_code == 401
        new = await session_of(loser.http, receipt["receiptWords"])
        mine = (await loser.http.get("/v1/my-case", headers=new)).json()
        assert (mine["caseNumber"], mine["codeRequests"]) == (loser.case.case_number, [])
        assert_problem(await loser.exchanges(claim, half), 401, "invalid-halves")
        for secret in (receipt["receiptCode"], parse_receipt_code(receipt["receiptCode"])):
            assert await tables_with(database, secret) == []

    async def test_is_refused_alike_whatever_is_wrong(
        self,
        system: System,
        loser: Loser,
        database: Database,
        letterbox: Letterbox,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        early_case = await Complainant.complains(loser.http, "voorbeeldstad", email=loser.email)
        early = (await Loser(loser.http, early_case, loser.email).asks())["claimCode"]
        claim = (await loser.asks())["claimCode"]
        half = await half_in_letter(database, letterbox, loser)
        unknown = grouped(draw_receipt_code())
        pairs = {
            "another half": (claim, unknown),
            "another claim": (unknown, half),
            "neither": (unknown, unknown),
            "before the letter": (early, half),
            "the same twice": (claim, claim),
            "no codes at all": ("zonnebloem", "narcis"),
        }
        async with in_process(system) as here:
            await here.get("/v1/institutions")
            requests: dict[str, Send] = {
                name: partial(
                    here.post,
                    EXCHANGE,
                    json={"claimCode": one, "letterCode": other},
                    headers=fresh_key(),
                )
                for name, (one, other) in pairs.items()
            }
            answers = await answers_to(monkeypatch, requests)

        assert set(answers.values()) == {answers["neither"]}
        assert answers["neither"].status == 401
        assert (await loser.exchanges(claim, half)).status_code == 201

    async def test_is_over_when_its_time_is(
        self, loser: Loser, database: Database, letterbox: Letterbox
    ) -> None:
        claim = (await loser.asks())["claimCode"]
        half = await half_in_letter(database, letterbox, loser)
        await move_time(database, loser.case.case_number, USABLE)

        response = await loser.exchanges(claim, half)

        assert_problem(response, 401, "invalid-halves")
        await loser.shown(0)

        async def forgotten() -> bool | None:
            async with database.transaction() as session:
                ours = select(CodeRequestRow.id).where(
                    CodeRequestRow.case_number == loser.case.case_number
                )
                return None if (await session.scalars(ours)).all() else True

        assert await eventually(forgotten, "a request whose time is over was kept")
