"""One browser, several people and several windows: nobody finds what somebody else left."""

import html
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from catalogues.texts import catalogue
from domain.languages import Language
from domain.policy.model import Purpose
from launcher.people import Complainant, eventually
from launcher.system import System
from storage.database import Database
from tests.api.passing_by import STORY, Browser, answers_everything
from tests.api.visiting import SAME_ORIGIN, forms_of, words_of

DUTCH = catalogue(Language.DUTCH)


@pytest.fixture
async def browser(system: System) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Browser(http)


async def kept(database: Database) -> int:
    async with database.transaction() as session:
        return (await session.execute(text("SELECT count(*) FROM drafts"))).scalar_one()


class TestACode:
    async def test_is_forgotten_once_its_owner_came_in_with_it(self, browser: Browser) -> None:
        receipt = await browser.sends(await answers_everything(browser))
        code = receipt.text.partition('<dd class="code">')[2].partition("<")[0]
        case = await browser.sends(await browser.opens("/nl/case/open"), receiptCode=code)
        assert case.url.path == "/nl/case"
        again = await browser.opens("/nl/complaint/check")
        assert code not in again.text
        assert again.url.path == "/nl/complaint"

    async def test_that_nobody_noted_down_comes_before_anything_new(self, browser: Browser) -> None:
        receipt = await browser.sends(await answers_everything(browser))
        begun = await browser.sends(await browser.opens("/nl/question"))
        assert begun.url.path == "/nl/complaint/receipt"
        assert begun.text == receipt.text


class TestLeaving:
    async def test_waits_for_nothing_and_forgets_afterwards(
        self, browser: Browser, database: Database
    ) -> None:
        before = await kept(database)
        await browser.sends(await browser.opens("/nl/complaint"))
        async with database.transaction() as session:
            await session.execute(text("LOCK TABLE drafts IN ACCESS EXCLUSIVE MODE"))
            away = await browser.leaves()
            assert away.headers["location"] == "https://www.knmi.nl/"
            assert not browser.http.cookies

        async def forgotten() -> bool | None:
            return await kept(database) == before or None

        await eventually(forgotten, "the draft is forgotten")


class TestAFormOfACase:
    async def test_is_kept_for_nobody_who_never_had_the_case_open(
        self, browser: Browser, database: Database
    ) -> None:
        token = next(
            hidden["form_token"]
            for _, hidden in forms_of(await browser.opens("/nl/case/open"))
            if "form_token" in hidden
        )
        before = await kept(database)
        form = {"form_token": token, "case_mark": "x", "text": STORY}
        answer = await browser.http.post("/nl/case/message", data=form, headers=SAME_ORIGIN)
        assert answer.status_code == 401
        assert html.escape(STORY, quote=True) in answer.text
        assert await kept(database) == before

    @pytest.mark.parametrize("purpose", Purpose)
    async def test_can_be_read_in_another_language(
        self, browser: Browser, submitted: tuple[str, str], purpose: Purpose
    ) -> None:
        await browser.sends(await browser.opens("/nl/case/open"), receiptCode=submitted[1])
        page = await browser.opens(f"/nl/case/consents/{purpose}")
        if page.status_code == 404:
            return  # this institution needs no such consent
        switch = [hidden for action, hidden in forms_of(page) if action.endswith("/language")]
        assert {hidden["page"] for hidden in switch} == {f"/case/consents/{purpose}"}
        answer = await browser.http.post(
            "/nl/case/language", data=switch[0] | {"language": "nl"}, headers=SAME_ORIGIN
        )
        assert answer.status_code == 303


class TestAQuestionOfAForm:
    async def test_that_is_not_asked_any_more_leads_on(self, browser: Browser) -> None:
        await answers_everything(browser)
        about = await browser.opens("/nl/complaint/about")
        await browser.sends(about, about="conduct")
        page = await browser.opens("/nl/complaint/decided")
        assert page.url.path == "/nl/complaint/check"

    async def test_answered_too_late_gives_the_words_back(
        self, browser: Browser, database: Database
    ) -> None:
        await browser.sends(await browser.opens("/nl/complaint"))
        page = await browser.opens("/nl/complaint/story")
        async with database.transaction() as session:
            await session.execute(text("DELETE FROM drafts"))
        late = await browser.sends(page, text=STORY, subject="Uitgelachen")
        assert html.escape(STORY, quote=True) in late.text
        assert DUTCH["portal.complaint.know.kept"] in words_of(late)

    async def test_is_sent_once_in_whatever_language(
        self, browser: Browser, database: Database
    ) -> None:
        check = await answers_everything(browser)
        receipt = await browser.sends(check)
        async with database.transaction() as session:  # as if the answer had been lost
            kept_before = (await session.execute(text("SELECT count(*) FROM cases"))).scalar_one()
        english = await browser.opens("/en/complaint/check")
        assert english.url.path == "/en/complaint/receipt"
        code = receipt.text.partition('<dd class="code">')[2].partition("<")[0]
        assert code in english.text
        async with database.transaction() as session:
            assert (
                await session.execute(text("SELECT count(*) FROM cases"))
            ).scalar_one() == kept_before


class TestAnAddress:
    @pytest.mark.parametrize(
        "path",
        ["/nl/figures/" + "9" * 5000, "/v1/figures/" + "9" * 5000, "/v1/figures/0.csv"],
        ids=["page", "json", "csv"],
    )
    async def test_with_a_year_that_never_was_is_not_found(
        self, browser: Browser, path: str
    ) -> None:
        assert (await browser.opens(path)).status_code == 404

    async def test_of_older_entries_looks_no_further_than_the_case(self, browser: Browser) -> None:
        mine = await Complainant.complains(browser.http, "voorbeeldstad")
        await browser.sends(await browser.opens("/nl/case/open"), receiptCode=mine.receipt_code)
        page = await browser.opens("/nl/case/entries?before=2147483646")
        assert page.status_code == 200
        assert DUTCH["entry.complaint"] in words_of(page)
