"""A question to an adviser as pages: a few things asked, a code, and the way back."""

import html
from collections.abc import AsyncIterator

import httpx
import pytest

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.people import Json, eventually
from launcher.system import System
from tests.api.observing import bearer
from tests.api.passing_by import Browser, answers_everything
from tests.api.visiting import words_of

DUTCH = catalogue(Language.DUTCH)
ASKED = "Mag de bank mijn rekening sluiten?\n<b>Echt</b>"


@pytest.fixture
async def browser(system: System) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Browser(http)


async def asks(browser: Browser, language: str) -> httpx.Response:
    """Answer everything; return the overview of answers."""
    page = await browser.sends(await browser.opens(f"/{language}/question"))
    page = await browser.sends(page, safety="not_safe")
    page = await browser.sends(page, question=ASKED)
    page = await browser.sends(page, kind="bank_business")
    return await browser.sends(page)


async def at_ones_question(browser: Browser) -> httpx.Response:
    """Ask a question, and open its case."""
    return await browser.sends(await browser.sends(await asks(browser, "nl")))


class TestAsking:
    @pytest.mark.parametrize("language", Language)
    async def test_gives_a_code_and_the_way_back(
        self, browser: Browser, language: Language
    ) -> None:
        check = await asks(browser, language)
        assert html.escape(ASKED, quote=False) in check.text
        receipt = await browser.sends(check)
        assert receipt.url.path == f"/{language}/question/receipt"
        assert catalogue(language)["portal.question.what_next"] in receipt.text
        [code] = [it for it in receipt.text.split("<dd") if it.startswith(' class="code"')]
        case = await browser.sends(receipt)
        assert case.status_code == 200
        assert case.url.path == f"/{language}/case"

        body = {"receiptCode": code.partition(">")[2].partition("<")[0]}
        session = (await browser.http.post("/v1/sessions", json=body)).json()

        async def in_danger() -> Json | None:
            mine = await browser.http.get("/v1/my-case", headers=bearer(session["token"]))
            return told if (told := mine.json())["inDanger"] else None

        told = await eventually(in_danger, "the case knows that it is not safe")
        assert (told["matter"], told["aboutKind"]) == ("question", "bank_business")
        assert told["language"] == language

    async def test_needs_the_question_alone(self, browser: Browser) -> None:
        first = await browser.sends(await browser.opens("/nl/question"))
        asked = await browser.sends(first)
        refused = await browser.sends(asked)
        assert refused.status_code == 400
        assert 'href="#question"' in refused.text
        page = await browser.sends(asked, question="Mag dat?")
        page = await browser.sends(await browser.sends(page))
        assert page.url.path == "/nl/question/check"
        assert (await browser.sends(page)).url.path == "/nl/question/receipt"

    async def test_is_offered_where_the_institution_is_not_in_the_list(
        self, browser: Browser
    ) -> None:
        page = await browser.sends(await browser.opens("/nl/complaint"))
        page = await browser.sends(page, safety="safe")
        page = await browser.sends(page, kind="municipality")
        main = page.text.partition("<main")[2].partition("</main>")[0]
        assert 'href="/nl/question"' in main
        assert DUTCH["portal.step.institution.not_listed"] in main


class TestAComplaintThatIsBeingWritten:
    async def test_is_never_sent_as_a_question(self, browser: Browser) -> None:
        await answers_everything(browser)
        page = await browser.opens("/nl/question/check")
        assert page.url.path == "/nl/question"
        page = await browser.opens("/nl/complaint/check")
        assert page.url.path == "/nl/complaint/check"


class TestAQuestionOfOnesOwn:
    async def test_becomes_a_complaint_with_a_code_of_its_own(self, browser: Browser) -> None:
        case = await at_ones_question(browser)
        assert DUTCH["portal.do.more"] in words_of(case)
        assert DUTCH["portal.do.message"] not in words_of(case)
        page = await browser.opens("/nl/case/complaint")
        refused = await browser.sends(page)
        assert refused.status_code == 400
        receipt = await browser.sends(page, institutionId="voorbeeldstad", subject="Geen antwoord")
        assert receipt.url.path == "/nl/case/new-code/shown"
        complaint = await browser.sends(receipt)
        assert complaint.url.path == "/nl/case"
        assert "Gemeente Voorbeeldstad" in complaint.text
        assert DUTCH["portal.do.message"] in words_of(complaint)
        entries = await browser.opens("/nl/case/entries")
        assert html.escape(ASKED, quote=False) in entries.text

    async def test_has_no_dossier_to_take_along(self, browser: Browser) -> None:
        case = await at_ones_question(browser)
        assert 'href="/nl/case/export"' in case.text
        assert 'href="/nl/case/dossier' not in case.text
        for path in ("/nl/case/dossier", "/nl/case/dossier/pdf"):
            page = await browser.opens(path)
            assert page.status_code == 404
            assert DUTCH["problem.no-dossier.detail"] in words_of(page)

    async def test_that_is_a_complaint_cannot_become_one(
        self, browser: Browser, submitted: tuple[str, str]
    ) -> None:
        await browser.sends(await browser.opens("/nl/case/open"), receiptCode=submitted[1])
        assert (await browser.opens("/nl/case/complaint")).status_code == 404

    async def test_can_be_withdrawn(self, browser: Browser) -> None:
        await at_ones_question(browser)
        page = await browser.opens("/nl/case/retract")
        told = await browser.sends(page)
        assert DUTCH["portal.sent.applied"] in words_of(told)
