"""Browsers that do not tell where a form comes from: nobody else's form opens a case in them."""

from collections.abc import AsyncIterator

import httpx
import pytest

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.system import System
from tests.api.answering import Clerk
from tests.api.cases_in_hand import Mediated
from tests.api.passing_by import Browser
from tests.api.visiting import SAME_ORIGIN, forms_of, main_forms_of

DUTCH = catalogue(Language.DUTCH)
CODE = "/nl/case/open"
VISIT = "wederhoor-visit"
OLDER: dict[str, str] = {}
UNTOLD = {"Origin": "null"}
"""What such a browser says of every form, since we send no referrer."""


@pytest.fixture
async def browser(system: System) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Browser(http)


@pytest.fixture
async def hostile(system: System) -> AsyncIterator[Browser]:
    """Another site, which asks for our pages by itself."""
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Browser(http)


async def sends_theirs(browser: Browser, theirs: httpx.Response, **filled: str) -> httpx.Response:
    """Send from a browser what another site found on a page that it was shown."""
    action, hidden = main_forms_of(theirs)[-1]
    return await browser.http.post(action or theirs.url.path, data=hidden | filled, headers=UNTOLD)


def assert_not_let_in(answer: httpx.Response, browser: Browser) -> None:
    assert answer.status_code == 403
    assert not {name for name in browser.http.cookies if not name.endswith(VISIT)}


class TestTheCodeOfACase:
    async def test_opens_it(self, browser: Browser, submitted: tuple[str, str]) -> None:
        page = await browser.opens(CODE, OLDER)
        [visit] = page.headers.get_list("set-cookie")
        assert visit.startswith(f"{VISIT}=")
        assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(visit.split("; "))
        assert "max-age" not in visit.lower()
        opened = await browser.sends(page, UNTOLD, receiptCode=submitted[1])
        assert opened.url.path == "/nl/case"
        assert list(browser.http.cookies) == ["wederhoor-case"]

    async def test_of_somebody_else_opens_nothing(
        self, browser: Browser, hostile: Browser, submitted: tuple[str, str]
    ) -> None:
        for headers in (OLDER, SAME_ORIGIN):
            theirs = await hostile.opens(CODE, headers)
            answer = await sends_theirs(browser, theirs, receiptCode=submitted[1])
            assert_not_let_in(answer, browser)
            browser.http.cookies.clear()

    async def test_of_somebody_else_opens_nothing_where_the_page_was_seen(
        self, browser: Browser, hostile: Browser, submitted: tuple[str, str]
    ) -> None:
        await browser.opens(CODE, OLDER)
        for headers in (OLDER, SAME_ORIGIN):
            theirs = await hostile.opens(CODE, headers)
            answer = await sends_theirs(browser, theirs, receiptCode=submitted[1])
            assert_not_let_in(answer, browser)

    async def test_is_asked_again_when_the_cookie_did_not_come_back(
        self, browser: Browser, submitted: tuple[str, str]
    ) -> None:
        page = await browser.opens(CODE, OLDER)
        browser.http.cookies.clear()
        again = await browser.sends(page, UNTOLD, receiptCode=submitted[1])
        assert again.status_code == 403
        assert DUTCH["problem.cookie-needed.detail"] in again.text
        opened = await browser.sends(again, UNTOLD, receiptCode=submitted[1])
        assert opened.url.path == "/nl/case"

    @pytest.mark.parametrize("path", ["/nl/case/lost-code", "/nl/case/two-codes"])
    async def test_that_was_lost_is_asked_for_by_ones_own_form(
        self, browser: Browser, hostile: Browser, path: str
    ) -> None:
        theirs = await hostile.opens(path, OLDER)
        assert VISIT in hostile.http.cookies
        assert_not_let_in(await sends_theirs(browser, theirs), browser)

    async def test_needs_no_cookie_where_the_browser_tells(
        self, browser: Browser, submitted: tuple[str, str]
    ) -> None:
        page = await browser.opens(CODE)
        assert not browser.http.cookies
        action, hidden = forms_of(page)[-1]
        sent = hidden | {"receiptCode": submitted[1]}
        answer = await browser.http.post(action, data=sent, headers=SAME_ORIGIN)
        assert answer.status_code == 303
        assert list(browser.http.cookies) == ["wederhoor-case"]


class TestTheLinkInALetter:
    async def test_lets_in(self, clerk: Clerk) -> None:
        page = await clerk.opens(clerk.letter, OLDER)
        assert (await clerk.sends(page, UNTOLD)).url.path == "/nl/institution"
        assert list(clerk.http.cookies) == ["wederhoor-institution"]

    async def test_of_somebody_else_opens_nothing(
        self, browser: Browser, hostile: Browser, mediated: Mediated
    ) -> None:
        for headers in (OLDER, SAME_ORIGIN):
            theirs = await hostile.opens(mediated.page, headers)
            answer = await sends_theirs(browser, theirs)
            assert_not_let_in(answer, browser)
            assert DUTCH["problem.cookie-needed.title"] in answer.text


class TestAPageThatOpensNothing:
    @pytest.mark.parametrize(
        "path",
        ["/nl", "/nl/help", "/nl/complaint", "/nl/topics", "/nl/guide", "/nl/institution/open"],
    )
    async def test_leaves_no_cookie(self, browser: Browser, path: str) -> None:
        assert (await browser.opens(path, OLDER)).status_code == 200
        assert not browser.http.cookies
