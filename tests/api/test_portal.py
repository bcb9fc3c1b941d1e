"""Pages for people: no script, no account, the language of the address, and a way out."""

import asyncio
import html
import re
from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import text

from api.floods import limits_of
from catalogues.texts import catalogue
from delivery.drafts import DraftSweep
from domain.clock import system_clock
from domain.languages import SPOKEN, Language
from launcher.people import eventually
from launcher.system import System
from storage.database import Database
from tests.api.in_process import settings_of
from tests.api.observing import held
from tests.api.passing_by import STORY, Browser, answers_everything
from tests.api.publishing import YEAR, publish_a_year
from tests.api.visiting import SAME_ORIGIN, forms_of, words_of

DUTCH, ENGLISH = catalogue(Language.DUTCH), catalogue(Language.ENGLISH)
PAGES = [
    *("/nl", "/en", "/nl/help", "/nl/complaint", "/nl/case/open", "/nl/guide", "/nl/topics"),
    "/nl/question",
    *("/nl/topics/police", "/nl/about", "/nl/privacy", "/nl/accessibility"),
    *("/nl/figures", f"/nl/figures/{YEAR}"),
]


@pytest.fixture(scope="module", autouse=True)
def published(system: System) -> None:
    asyncio.run(publish_a_year(system))


@pytest.fixture
async def browser(system: System) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Browser(http)


async def drafts(database: Database) -> list[bytes]:
    async with database.transaction() as session:
        return list((await session.scalars(text("SELECT sealed FROM drafts"))).all())


def answers_on(page: httpx.Response) -> str:
    return html.unescape(words_of(page))


class TestAPage:
    @pytest.mark.parametrize("path", PAGES)
    async def test_runs_no_script_and_loads_nothing_from_elsewhere(
        self, browser: Browser, path: str
    ) -> None:
        page = await browser.opens(path)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        policy = page.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; style-src 'self'; img-src 'self';")
        assert "frame-ancestors 'none'" in policy
        assert "<script" not in page.text
        assert "://" not in page.text

    @pytest.mark.parametrize("path", PAGES)
    async def test_offers_help_and_a_way_out_before_anything_else(
        self, browser: Browser, path: str
    ) -> None:
        page = await browser.opens(path)
        before, _, _ = page.text.partition("<main")
        assert 'action="/leave"' in before
        assert 'href="tel:112"' in before
        assert f'href="/{path[1:3]}/help"' in before

    @pytest.mark.parametrize("path", PAGES)
    async def test_has_a_title_that_tells_a_passer_by_nothing(
        self, browser: Browser, path: str
    ) -> None:
        page = await browser.opens(path)
        [title] = re.findall("<title>(.*)</title>", page.text)
        assert title.endswith(" - Wederhoor")
        assert "seks" not in title.lower()
        assert "sex" not in title.lower()

    async def test_weighs_little(self, browser: Browser) -> None:
        style = await browser.opens("/style.css")
        for path in PAGES:
            page = await browser.opens(path)
            assert len(page.content) + len(style.content) < 50_000

    async def test_leaves_no_cookie_until_somebody_begins(self, browser: Browser) -> None:
        for path in PAGES:
            assert "set-cookie" not in (await browser.opens(path)).headers

    async def test_that_does_not_exist_says_so_as_a_page(self, browser: Browser) -> None:
        page = await browser.opens("/en/nowhere/at/all")
        assert page.status_code == 404
        assert ENGLISH["problem.not-found.title"] in page.text


class TestTheLanguage:
    @pytest.mark.parametrize("wanted", ["nl", "en"])
    async def test_of_the_first_page_is_that_of_the_browser(
        self, browser: Browser, wanted: str
    ) -> None:
        answer = await browser.http.get("/", headers={"Accept-Language": wanted})
        assert answer.headers["location"] == f"/{wanted}"

    async def test_of_every_other_page_is_that_of_its_address(self, browser: Browser) -> None:
        page = await browser.http.get("/en/complaint", headers={"Accept-Language": "nl"})
        assert 'lang="en"' in page.text
        assert ENGLISH["portal.complaint.lead"] in page.text
        assert 'href="/nl/complaint"' in page.text


class TestLeaving:
    async def test_goes_to_a_site_that_everybody_visits_and_has_the_browser_forget(
        self, browser: Browser, database: Database
    ) -> None:
        before = await drafts(database)
        await browser.sends(await browser.opens("/nl/complaint"))
        assert len(await drafts(database)) == len(before) + 1
        away = await browser.leaves()
        assert away.status_code == 303
        assert away.headers["location"] == "https://www.knmi.nl/"
        assert away.headers["clear-site-data"] == '"cache", "cookies", "storage"'

        async def is_forgotten() -> bool | None:
            return len(await drafts(database)) == len(before) or None

        await eventually(is_forgotten, "the draft is forgotten")
        assert not browser.http.cookies

    async def test_ends_the_session_of_a_case(
        self, browser: Browser, submitted: tuple[str, str]
    ) -> None:
        page = await browser.sends(await browser.opens("/nl/case/open"), receiptCode=submitted[1])
        assert page.url.path == "/nl/case"
        kept = dict(browser.http.cookies)
        await browser.leaves()
        browser.http.cookies.update(kept)

        async def is_closed() -> bool | None:
            return (await browser.opens("/nl/case")).url.path == "/nl/case/open" or None

        await eventually(is_closed, "the session ends once its owner is away")

    async def test_may_be_followed_by_the_forms_of_every_page(self, browser: Browser) -> None:
        policy = (await browser.opens("/nl")).headers["content-security-policy"]
        assert "form-action 'self' https://www.knmi.nl;" in policy


class TestAComplaint:
    async def test_is_sent_and_opens_with_its_code(self, browser: Browser) -> None:
        page = await answers_everything(browser)
        assert page.url.path == "/nl/complaint/check"
        for words in ("Gemeente Voorbeeldstad", "3-2-2026", "Uitgelachen", "iemand@post.example"):
            assert words in answers_on(page)
        assert html.escape(STORY.partition("\n")[2]) in page.text
        receipt = await browser.sends(page)
        assert receipt.url.path == "/nl/complaint/receipt"
        [code] = re.findall('<dd class="code">(.*?)</dd>', receipt.text)
        case = await browser.sends(receipt)
        assert case.url.path == "/nl/case"
        assert "Gemeente Voorbeeldstad" in case.text
        token = (await browser.http.post("/v1/sessions", json={"receiptCode": code})).json()
        mine = {"Authorization": f"Bearer {token['token']}"}
        entries = (await browser.http.get("/v1/my-case/entries", headers=mine)).json()["entries"]
        assert entries[0]["body"] == {"subject": "Uitgelachen", "text": STORY}
        told = (await browser.http.get("/v1/my-case", headers=mine)).json()
        assert told["language"] == "nl"
        assert told["newsByMail"] is True

    async def test_is_sent_once_however_often_it_is_asked(
        self, browser: Browser, database: Database
    ) -> None:
        page = await answers_everything(browser)
        before = await held(database)
        first = await browser.sends(page)
        second = await browser.sends(page)
        assert (await held(database)).cases == before.cases + 1
        assert second.text == first.text

    @pytest.mark.parametrize(
        ("kind", "following"), [("municipality", "decided"), ("bank_business", "before")]
    )
    async def test_asks_for_the_day_of_a_decision_where_one_can_object_to_it(
        self, browser: Browser, kind: str, following: str
    ) -> None:
        page = await browser.sends(await browser.opens("/en/complaint"))
        page = await browser.sends(page)
        page = await browser.sends(page, kind=kind)
        choices = re.findall('<option value="(.+?)"', page.text)
        page = await browser.sends(page, institutionId=choices[0])
        page = await browser.sends(page, about="decision")
        page = await browser.sends(page)
        assert page.url.path == f"/en/complaint/{following}"
        shown = await browser.opens("/en/complaint/decided")
        assert (ENGLISH["portal.step.decided"] in shown.text) == (following == "decided")

    async def test_needs_few_answers(self, browser: Browser) -> None:
        page = await browser.sends(await browser.opens("/en/complaint"))
        page = await browser.sends(page)
        page = await browser.sends(page, kind="police")
        choices = re.findall('<option value="(.+?)"', page.text)
        page = await browser.sends(page, institutionId=choices[0])
        for _ in range(3):
            page = await browser.sends(page)
        page = await browser.sends(page, text="They laughed.", subject="Laughed at")
        page = await browser.sends(page)
        assert page.url.path == "/en/complaint/check"
        assert answers_on(page).count(ENGLISH["portal.not_answered"]) == 6
        receipt = await browser.sends(page)
        assert receipt.url.path == "/en/complaint/receipt"
        assert (await browser.sends(receipt)).url.path == "/en/case"

    async def test_shows_its_receipt_until_it_was_noted_down(self, browser: Browser) -> None:
        receipt = await browser.sends(await answers_everything(browser))
        again = await browser.opens("/nl/complaint/receipt")
        assert again.text == receipt.text
        for path in ("check", "story"):
            assert (await browser.opens(f"/nl/complaint/{path}")).url.path.endswith("/receipt")
        await browser.sends(receipt)
        assert (await browser.opens("/nl/complaint/receipt")).url.path == "/nl/complaint"


class TestAQuestion:
    async def test_comes_again_with_what_is_wrong_and_what_was_typed(
        self, browser: Browser
    ) -> None:
        await browser.sends(await browser.opens("/nl/complaint"))
        page = await browser.opens("/nl/complaint/happened")
        refused = await browser.sends(
            page, happenedOn__day="31", happenedOn__month="2", happenedOn__year="2026"
        )
        assert refused.status_code == 400
        wrong = f"{DUTCH['portal.field.happenedOn']}: {DUTCH['problem.field.day']}"
        assert f'<a href="#happenedOn">{wrong}</a>' in refused.text
        assert 'id="happenedOn" name="happenedOn:day"' in refused.text
        assert 'value="31"' in refused.text

    async def test_keeps_a_text_that_was_refused(self, browser: Browser) -> None:
        await browser.sends(await browser.opens("/nl/complaint"))
        page = await browser.opens("/nl/complaint/story")
        refused = await browser.sends(page, text=STORY, subject="\u0007")
        assert refused.status_code == 400
        assert html.escape(STORY, quote=True) in refused.text

    async def test_refuses_a_receipt_code(
        self, browser: Browser, submitted: tuple[str, str]
    ) -> None:
        await browser.sends(await browser.opens("/nl/complaint"))
        page = await browser.opens("/nl/complaint/story")
        refused = await browser.sends(page, text=f"Mijn code is {submitted[1]}", subject="Code")
        assert refused.status_code == 400
        assert DUTCH["problem.field.contains-receipt-code"] in answers_on(refused)

    async def test_can_be_answered_anew_and_asks_only_what_no_longer_fits(
        self, browser: Browser
    ) -> None:
        await answers_everything(browser)
        page = await browser.opens("/nl/complaint/kind")
        assert re.search('value="municipality" checked', page.text)
        again = await browser.sends(page, kind="police")
        assert again.url.path == "/nl/complaint/institution"
        choices = re.findall('<option value="(.+?)"', again.text)
        check = await browser.sends(again, institutionId=choices[0])
        assert check.url.path == "/nl/complaint/check"

    async def test_of_an_institution_that_does_not_exist_is_refused_at_the_end(
        self, browser: Browser, database: Database
    ) -> None:
        page = await answers_everything(browser)
        other = await browser.opens("/nl/complaint/institution")
        page = await browser.sends(other, institutionId="nowhere")
        before = await held(database)
        refused = await browser.sends(page)
        assert refused.status_code == 400
        assert DUTCH["problem.field.unknown-institution"] in answers_on(refused)
        assert await held(database) == before

    async def test_that_nobody_asks_does_not_exist(self, browser: Browser) -> None:
        await browser.sends(await browser.opens("/nl/complaint"))
        assert (await browser.opens("/nl/complaint/name")).status_code == 404

    async def test_without_a_draft_leads_to_the_beginning(self, browser: Browser) -> None:
        for path in ("story", "check", "receipt"):
            assert (await browser.opens(f"/nl/complaint/{path}")).url.path == "/nl/complaint"


class TestAForm:
    @pytest.mark.parametrize(
        "headers",
        [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}],
        ids=str,
    )
    async def test_of_somebody_else_is_refused(
        self, browser: Browser, database: Database, headers: dict[str, str]
    ) -> None:
        page = await answers_everything(browser)
        before = await held(database)
        assert (await browser.sends(page, headers)).status_code == 403
        assert await held(database) == before

    @pytest.mark.parametrize("headers", [{}, {"Origin": "null"}], ids=str)
    async def test_of_an_old_telephone_counts_by_its_token(
        self, browser: Browser, headers: dict[str, str]
    ) -> None:
        page = await answers_everything(browser)
        assert (await browser.sends(page, headers, form_token="x")).status_code == 403
        assert (await browser.sends(page, headers)).url.path.endswith("/receipt")

    async def test_belongs_to_one_browser(self, browser: Browser, system: System) -> None:
        await browser.sends(await browser.opens("/nl/complaint"))
        page = await browser.opens("/nl/complaint/story")
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            other = Browser(http)
            await other.sends(await other.opens("/nl/complaint"))
            stolen = await other.sends(page, text="x", subject="x")
        assert stolen.status_code == 403

    async def test_is_slowed_like_the_route_behind_it(self, system: System) -> None:
        limits = limits_of(settings_of(system))
        for language in SPOKEN:
            for path in (
                *("complaint", "complaint/check", "guide/complaint"),
                *("question", "question/check", "case/open"),
            ):
                assert ("POST", f"/{language}/{path}") in limits


class TestADraft:
    async def test_is_sealed_under_the_cookie_of_its_browser(
        self, browser: Browser, database: Database
    ) -> None:
        before = await drafts(database)
        await answers_everything(browser)
        [sealed] = set(await drafts(database)) - set(before)
        for word in (b"uitgelachen", b"voorbeeldstad", b"iemand@post.example"):
            assert word not in sealed.lower()
        async with database.transaction() as session:
            hashes = (await session.scalars(text("SELECT token_hash FROM drafts"))).all()
        [token] = [it for name, it in browser.http.cookies.items() if name.endswith("draft")]
        assert token.encode() not in hashes

    async def test_is_gone_after_an_hour(self, browser: Browser, database: Database) -> None:
        await answers_everything(browser)
        async with database.transaction() as session:
            await session.execute(
                text("UPDATE drafts SET expires_at = expires_at - interval '1 hour'")
            )
        assert (await browser.opens("/nl/complaint/check")).url.path == "/nl/complaint"
        await DraftSweep(database, system_clock).sweep()
        assert await drafts(database) == []

    async def test_is_known_by_a_cookie_that_no_script_reads_and_no_disk_keeps(
        self, browser: Browser
    ) -> None:
        page = await browser.opens("/nl/complaint")
        action, hidden = forms_of(page)[-1]
        answer = await browser.http.post(action, data=hidden, headers=SAME_ORIGIN)
        [cookie] = answer.headers.get_list("set-cookie")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "expires" not in cookie.lower()
        assert "max-age" not in cookie.lower()


class TestComingBack:
    @pytest.mark.parametrize("code", ["", "wrong", "0000-0000-0000-0000-0000-0000-00"])
    async def test_with_a_wrong_code_asks_again(self, browser: Browser, code: str) -> None:
        page = await browser.sends(await browser.opens("/nl/case/open"), receiptCode=code)
        assert page.status_code in {400, 401}
        assert "set-cookie" not in page.headers
        assert "portal.code" not in page.text
        assert DUTCH["portal.code"] in page.text

    async def test_goes_to_the_language_of_the_case(
        self, browser: Browser, submitted: tuple[str, str]
    ) -> None:
        page = await browser.sends(await browser.opens("/en/case/open"), receiptCode=submitted[1])
        assert page.url.path == "/nl/case"
