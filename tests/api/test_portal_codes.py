"""A new code as pages: shown until it was noted down, and had without the old one in two halves."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from api.floods import limits_of
from catalogues.texts import catalogue
from domain.case_number import draw_case_number
from domain.languages import SPOKEN, Language
from domain.lost_code import WAITING
from launcher.people import Json, Letterbox, eventually
from launcher.system import System
from storage.database import Database
from storage.time_offsets import move_time
from tests.api.at_their_case import Person, ends_sessions, kept, said_on
from tests.api.in_process import settings_of
from tests.api.passing_by import Browser
from tests.api.visiting import SAME_ORIGIN, main_forms_of

DUTCH = catalogue(Language.DUTCH)
HALF = r"(?m)^(?:[0-9A-Z]{5}-){4}[0-9A-Z]{6}$"


@pytest.fixture
async def passer_by(system: System) -> AsyncIterator[Browser]:
    """Somebody who has no code."""
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Browser(http)


def code_on(page: httpx.Response) -> str:
    [code] = re.findall('class="code">(.*?)<', page.text)
    return code


async def opens(http: httpx.AsyncClient, code: str) -> bool:
    answer = await http.post("/v1/sessions", json={"receiptCode": code})
    return answer.status_code == 201


class TestANewCode:
    async def test_takes_the_place_of_the_old_one_and_is_shown_until_it_was_noted_down(
        self, newcomer: Person, http: httpx.AsyncClient, database: Database
    ) -> None:
        had = await kept(database)
        shown = await newcomer.does("/new-code")
        assert shown.url.path == "/nl/case/new-code/shown"
        code = code_on(shown)
        assert code_on(await newcomer.at("/new-code/shown")) == code
        assert await opens(http, code)
        assert not await opens(http, newcomer.case.receipt_code)
        page = await newcomer.sends(shown)
        assert page.url.path == "/nl/case"
        assert await kept(database) == had
        assert (await newcomer.at("/new-code/shown")).url.path == "/nl"

    async def test_asked_for_twice_with_one_form_is_one_code(self, newcomer: Person) -> None:
        page = await newcomer.at("/new-code")
        first, second = [await newcomer.sends(page) for _ in range(2)]
        assert code_on(first) == code_on(second)

    async def test_is_sealed_under_a_cookie_of_its_own(
        self, newcomer: Person, database: Database
    ) -> None:
        page = await newcomer.at("/new-code")
        action, hidden = main_forms_of(page)[0]
        sent = await newcomer.http.post(action or page.url, data=hidden, headers=SAME_ORIGIN)
        code = code_on(await newcomer.opens(sent.headers["location"]))
        [cookie] = sent.headers.get_list("set-cookie")
        assert cookie.startswith("wederhoor-kept=")
        assert "HttpOnly" in cookie
        assert "max-age" not in cookie.lower()
        async with database.transaction() as session:
            sealed = (await session.scalars(text("SELECT sealed FROM drafts"))).all()
        assert sealed
        assert [it for it in sealed if code.encode() in it] == []

    async def test_survives_the_end_of_the_session(
        self, newcomer: Person, database: Database
    ) -> None:
        shown = await newcomer.does("/new-code")
        await ends_sessions(database, newcomer.case.case_number)
        again = await newcomer.at("/new-code/shown")
        assert code_on(again) == code_on(shown)
        assert (await newcomer.sends(again)).url.path == "/nl/case"

    async def test_is_shown_to_nobody_else(self, newcomer: Person, passer_by: Browser) -> None:
        await newcomer.does("/new-code")
        assert (await passer_by.opens("/nl/case/new-code/shown")).url.path == "/nl"


class TestALostCode:
    @pytest.fixture
    async def asked(self, passer_by: Browser, newcomer: Person) -> httpx.Response:
        page = await passer_by.opens("/nl/case/lost-code")
        number = newcomer.case.case_number
        return await passer_by.sends(page, caseNumber=number, email="iemand@post.example")

    async def request(self, person: Person) -> Json:
        async def ask() -> Json | None:
            return next(iter((await person.case.get(""))["codeRequests"]), None)

        return await eventually(ask, "nobody compared the request")

    async def test_is_asked_for_where_the_code_is(self, passer_by: Browser) -> None:
        page = await passer_by.opens("/nl/case/open")
        assert 'href="/nl/case/lost-code"' in page.text
        assert 'href="/nl/case/two-codes"' in (await passer_by.opens("/nl/case/lost-code")).text

    async def test_shows_the_first_half_until_it_was_noted_down(
        self, passer_by: Browser, asked: httpx.Response, database: Database
    ) -> None:
        assert asked.url.path == "/nl/case/lost-code/shown"
        assert DUTCH["lost_code.seen"] in said_on(asked)
        again = await passer_by.opens("/nl/case/lost-code/shown")
        assert code_on(again) == code_on(asked)
        had = await kept(database)
        assert (await passer_by.sends(again)).url.path == "/nl"
        assert await kept(database) == had - 1
        gone = await passer_by.opens("/nl/case/lost-code/shown")
        assert gone.url.path == "/nl/case/lost-code"

    async def test_tells_the_same_of_a_case_that_is_not_there(
        self, passer_by: Browser, asked: httpx.Response
    ) -> None:
        page = await passer_by.opens("/nl/case/lost-code")
        other = await passer_by.sends(
            page, caseNumber=draw_case_number(), email="niemand@post.example"
        )
        tokens = re.compile(r'name="form_token" value=".*?"')
        alike = {tokens.sub("", page.text.replace(code_on(page), "")) for page in (asked, other)}
        assert len(alike) == 1

    async def test_names_what_cannot_be_right_and_keeps_the_rest(self, passer_by: Browser) -> None:
        page = await passer_by.opens("/nl/case/lost-code")
        refused = await passer_by.sends(page, caseNumber="zonnebloem", email="iemand@post.example")
        assert refused.status_code == 400
        wrong = f"{DUTCH['portal.field.caseNumber']}: {DUTCH['problem.field.case-number']}"
        assert f'<a href="#caseNumber">{wrong}</a>' in refused.text
        assert 'value="iemand@post.example"' in refused.text

    async def test_is_stopped_by_whoever_has_the_old_one(
        self, newcomer: Person, asked: httpx.Response
    ) -> None:
        request = await self.request(newcomer)
        page = await newcomer.at()
        assert request["text"] in said_on(page)
        after = await newcomer.sends(page)
        assert after.url.path == "/nl/case"
        assert (await newcomer.case.get(""))["codeRequests"] == []
        assert DUTCH["portal.code_request"] not in said_on(after)

    async def test_comes_back_for_both_halves(
        self,
        newcomer: Person,
        passer_by: Browser,
        asked: httpx.Response,
        database: Database,
        letterbox: Letterbox,
    ) -> None:
        await self.request(newcomer)
        await move_time(database, newcomer.case.case_number, WAITING)

        async def half() -> str | None:
            found = [
                re.search(HALF, one["text"])
                for one in await letterbox.to("iemand@post.example", "tweede helft")
                if newcomer.case.case_number in one["text"]
            ]
            return next((it[0] for it in found if it), None)

        second = await eventually(half, "no second half came")
        page = await passer_by.opens("/nl/case/two-codes")
        wrong = await passer_by.sends(page, claimCode=second, letterCode=code_on(asked))
        assert wrong.status_code == 401
        assert DUTCH["problem.invalid-halves.title"] in said_on(wrong)
        shown = await passer_by.sends(wrong, claimCode=code_on(asked), letterCode=second)
        assert shown.url.path == "/nl/case/new-code/shown"
        assert not await opens(passer_by.http, newcomer.case.receipt_code)
        case = await passer_by.sends(shown)
        assert newcomer.case.case_number in case.text

    def test_is_slowed_like_the_routes_behind_its_pages(self, system: System) -> None:
        limits = limits_of(settings_of(system))
        for language in SPOKEN:
            for page, route in (
                ("lost-code", "/v1/lost-receipt-codes"),
                ("two-codes", "/v1/receipt-codes"),
            ):
                assert limits["POST", f"/{language}/case/{page}"] == limits["POST", route]
