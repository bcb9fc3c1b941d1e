"""Helping somebody as pages: handing in for them, and their list of who may help."""

import re
from collections.abc import AsyncIterator

import httpx
import pytest

from catalogues.texts import catalogue
from domain.languages import SPOKEN, Language
from launcher.system import System
from storage.database import Database
from tests.api.at_their_case import Person, kept, said_on
from tests.api.passing_by import Browser
from tests.api.test_portal_codes import code_on, opens
from tests.api.visiting import main_forms_of

DUTCH = catalogue(Language.DUTCH)
NAME, ORGANISATION = "Joke van de Lijn", "Hulplijn <Voorbeeld>"
ONLY_THEIRS = (
    "/consents/contact",
    "/erasure",
    "/new-code",
    "/helpers",
    "/dossier",
    "/dossier/pdf",
    "/export",
)


@pytest.fixture
async def helper(system: System) -> AsyncIterator[Browser]:
    """Somebody who helps others, with a browser."""
    async with httpx.AsyncClient(base_url=system.api.url, timeout=60) as http:
        yield Browser(http)


@pytest.fixture
async def person(system: System) -> AsyncIterator[Browser]:
    """Whoever is helped, with another one."""
    async with httpx.AsyncClient(base_url=system.api.url, timeout=60) as http:
        yield Browser(http)


async def begins(browser: Browser, form: str, language: str = "nl") -> httpx.Response:
    start = await browser.opens(f"/{language}/{form}")
    assert 'name="for" value="somebody"' in start.text
    return await browser.sends(start, **{"for": "somebody"})


async def says_who(browser: Browser, page: httpx.Response) -> httpx.Response:
    return await browser.sends(
        page, name=NAME, organisation=ORGANISATION, form="spoken", confirmed__boolean="true"
    )


async def asks_for_somebody(browser: Browser, language: str = "nl") -> httpx.Response:
    """Ask a question for somebody else; return the receipt."""
    page = await says_who(browser, await begins(browser, "question", language))
    page = await browser.sends(page, safety="not_said")
    page = await browser.sends(page, question="Mag dat?")
    page = await browser.sends(page)
    return await browser.sends(await browser.sends(page))


async def asks_for_oneself(browser: Browser) -> httpx.Response:
    """Ask a question; return the overview of answers."""
    page = await browser.sends(await browser.opens("/nl/question"))
    page = await browser.sends(page, safety="not_said")
    page = await browser.sends(page, question="Mag dat?")
    return await browser.sends(await browser.sends(page))


async def complains_for_somebody(browser: Browser) -> httpx.Response:
    """Complain for somebody else; return the overview of answers."""
    page = await says_who(browser, await begins(browser, "complaint"))
    for answers in (
        {"safety": "safe"},
        {"kind": "municipality"},
        {"institutionId": "voorbeeldstad"},
        {"about": "conduct"},
        {},
        {},
        {"text": "Zij werd uitgelachen.", "subject": "Uitgelachen"},
    ):
        page = await browser.sends(page, **answers)
    return await browser.sends(page)


def codes_on(page: httpx.Response) -> list[str]:
    return re.findall('class="code">(.*?)<', page.text)


class TestHandingInForSomebody:
    async def test_can_be_taken_back_and_loses_nothing(self, helper: Browser) -> None:
        check = await asks_for_oneself(helper)
        for_whom = await helper.sends(check, **{"for": "somebody"})
        assert 'name="for" value="myself"' in for_whom.text
        checked = await helper.sends(for_whom, name=NAME, **{"for": "myself"})
        assert checked.url.path == "/nl/question/check"
        assert "Mag dat?" in said_on(checked)
        assert NAME not in said_on(checked)
        assert len(codes_on(await helper.sends(checked))) == 1

    async def test_can_be_said_last_too_as_after_the_guide(self, helper: Browser) -> None:
        check = await asks_for_oneself(helper)
        asked = await helper.sends(check, **{"for": "somebody"})
        assert asked.url.path == "/nl/question/helper"
        checked = await says_who(helper, asked)
        assert checked.url.path == "/nl/question/check"
        assert "Mag dat?" in said_on(checked)
        assert 'value="somebody"' not in checked.text
        assert len(codes_on(await helper.sends(checked))) == 2

    async def test_asks_first_who_does_so_and_is_needed_for_everything_else(
        self, helper: Browser
    ) -> None:
        page = await begins(helper, "complaint")
        assert page.url.path == "/nl/complaint/helper"
        assert DUTCH["portal.step.helper.help"] in said_on(page)
        assert DUTCH["portal.for_somebody"] not in said_on(page)
        page = await helper.opens("/nl/complaint/safety")
        assert DUTCH["portal.for_somebody"] in said_on(page)
        check = await helper.opens("/nl/complaint/check")
        assert check.url.path == "/nl/complaint/helper"

    async def test_is_not_asked_of_whoever_writes_for_themselves(self, helper: Browser) -> None:
        page = await helper.sends(await helper.opens("/nl/complaint"))
        assert page.url.path == "/nl/complaint/safety"
        assert DUTCH["portal.for_somebody"] not in said_on(page)
        assert (await helper.opens("/nl/complaint/helper")).url.path != "/nl/complaint/helper"

    async def test_without_the_word_of_that_person_goes_no_further(self, helper: Browser) -> None:
        page = await begins(helper, "question")
        again = await helper.sends(page, name=NAME, form="written")
        assert again.status_code == 400
        assert 'id="confirmed-error"' in again.text
        assert NAME in again.text

    async def test_shows_the_codes_of_both_and_goes_on_with_that_of_the_helper(
        self, helper: Browser, person: Browser
    ) -> None:
        check = await complains_for_somebody(helper)
        assert NAME in said_on(check)
        assert ORGANISATION in said_on(check)
        assert f"{DUTCH['portal.field.confirmed']} {DUTCH['portal.yes_no.true']}" in said_on(check)
        receipt = await helper.sends(check)
        assert receipt.url.path == "/nl/complaint/receipt"
        theirs, own = codes_on(receipt)
        assert DUTCH["portal.receipt.theirs"] in said_on(receipt)
        assert DUTCH["portal.receipt.nobody"] not in said_on(receipt)
        case = await helper.sends(receipt)
        assert DUTCH["portal.helping"] in said_on(case)
        seen = await person.comes_back(theirs)
        assert DUTCH["portal.helping"] not in said_on(seen)
        assert f"{NAME}, {ORGANISATION}" in said_on(seen)
        assert DUTCH["portal.helping"] in said_on(await person.comes_back(own))

    @pytest.mark.parametrize("language", SPOKEN)
    async def test_works_in_every_language(self, helper: Browser, language: Language) -> None:
        receipt = await asks_for_somebody(helper, language)
        assert receipt.url.path == f"/{language}/question/receipt"
        assert len(codes_on(receipt)) == 2
        case = await helper.sends(receipt)
        assert catalogue(language)["portal.helping"] in said_on(case)

    async def test_shows_one_code_to_whoever_writes_for_themselves(self, helper: Browser) -> None:
        page = await helper.sends(await helper.opens("/nl/question"))
        page = await helper.sends(page, safety="not_said")
        page = await helper.sends(page, question="Mag dat?")
        receipt = await helper.sends(await helper.sends(await helper.sends(page)))
        assert len(codes_on(receipt)) == 1


class TestTheCaseOfSomebodyElse:
    async def test_offers_a_helper_what_a_helper_may_do(self, helper: Browser) -> None:
        case = await helper.sends(await asks_for_somebody(helper))
        links = set(re.findall(r'href="/nl/case/([a-z/-]+)"', case.text))
        assert {"more", "safety", "attachments", "letters", "entries"} <= links
        assert links.isdisjoint(
            {"retract", "contact", "erasure", "new-code", "helpers", "complaint", "export"}
        )
        assert "/nl/case/language" not in case.text

    async def test_takes_a_message_and_says_who_wrote_it(
        self, helper: Browser, person: Browser
    ) -> None:
        receipt = await asks_for_somebody(helper)
        theirs = codes_on(receipt)[0]
        await helper.sends(receipt)
        sent = await helper.sends(await helper.opens("/nl/case/more"), text="Nog iets namens haar.")
        assert f"{DUTCH['portal.helper']} ·" in said_on(sent)
        await person.comes_back(theirs)
        entries = await person.opens("/nl/case/entries")
        assert "Nog iets namens haar." in entries.text
        assert f"{DUTCH['portal.helper']} ·" in said_on(entries)
        assert f"{DUTCH['portal.you']} ·" not in said_on(entries)

    async def test_tells_a_helper_what_the_person_wrote_themselves(
        self, helper: Browser, person: Browser
    ) -> None:
        receipt = await asks_for_somebody(helper)
        await helper.sends(receipt)
        await person.comes_back(codes_on(receipt)[0])
        await person.sends(await person.opens("/nl/case/safety"), safe__boolean="false")
        for reader in (helper, person):
            entries = said_on(await reader.opens("/nl/case/entries"))
            assert f"{DUTCH['portal.decided.report_danger']} {DUTCH['portal.you']} ·" in entries

    async def test_says_whose_word_it_is_that_somebody_is_not_safe(
        self, helper: Browser, person: Browser
    ) -> None:
        receipt = await asks_for_somebody(helper)
        await helper.sends(receipt)
        await helper.sends(await helper.opens("/nl/case/safety"), safe__boolean="false")
        await person.comes_back(codes_on(receipt)[0])
        entries = said_on(await person.opens("/nl/case/entries"))
        assert DUTCH["portal.decided.report_danger"] not in entries
        assert f"{DUTCH['entry.safety']} {DUTCH['portal.helper']} ·" in entries

    @pytest.mark.parametrize("path", ONLY_THEIRS)
    async def test_keeps_the_pages_of_that_person_closed(self, helper: Browser, path: str) -> None:
        await helper.sends(await helper.sends(await complains_for_somebody(helper)))
        page = await helper.opens(f"/nl/case{path}")
        assert page.status_code == 403
        assert DUTCH["problem.for-the-complainant.detail"] in said_on(page)

    @pytest.mark.parametrize("name", ["withdrawal", "contact", "identity", "mediator"])
    async def test_has_no_form_for_what_that_person_decides(
        self, helper: Browser, name: str
    ) -> None:
        await helper.sends(await helper.sends(await complains_for_somebody(helper)))
        page = await helper.opens(f"/nl/case/{name}")
        assert DUTCH["problem.for-the-complainant.detail"] in said_on(page)
        assert main_forms_of(page) == []


class TestWhoHelps:
    async def test_is_let_in_by_a_code_that_is_shown_until_it_was_passed_on(
        self, newcomer: Person, http: httpx.AsyncClient, database: Database
    ) -> None:
        had = await kept(database)
        page = await newcomer.at("/helpers")
        assert DUTCH["portal.helpers.none"] in said_on(page)
        shown = await newcomer.sends(page, name=NAME, organisation=ORGANISATION)
        assert shown.url.path == "/nl/case/helpers/code"
        code = code_on(shown)
        assert code_on(await newcomer.at("/helpers/code")) == code
        assert await opens(http, code)
        assert await opens(http, newcomer.case.receipt_code)
        assert (await newcomer.at("/new-code/shown")).url.path == "/nl"
        page = await newcomer.sends(shown)
        assert page.url.path == "/nl/case/helpers"
        assert f"{NAME}, {ORGANISATION}" in said_on(page)
        assert await kept(database) == had
        assert (await newcomer.at("/helpers/code")).url.path == "/nl/case/helpers"

    async def test_needs_a_name(self, newcomer: Person) -> None:
        page = await newcomer.does("/helpers", organisation=ORGANISATION)
        assert page.status_code == 400
        assert 'id="name-error"' in page.text

    async def test_that_was_stopped_may_get_the_post_while_there_is_any(
        self, newcomer: Person
    ) -> None:
        asked = DUTCH["portal.helpers.stopped.post"]
        shown = await newcomer.does("/helpers", name=NAME)
        page = await newcomer.sends(shown)
        assert asked not in said_on(page)
        await newcomer.sends(page, None, 0)
        page = await newcomer.at("/helpers")
        assert asked in said_on(page)
        assert 'href="/nl/case/contact"' in page.text
        await newcomer.sends(await newcomer.at("/contact"), None, 1)
        assert asked not in said_on(await newcomer.at("/helpers"))

    async def test_can_be_stopped_at_once(self, newcomer: Person, http: httpx.AsyncClient) -> None:
        shown = await newcomer.does("/helpers", name=NAME)
        page = await newcomer.sends(shown)
        told = await newcomer.sends(page, None, 0)
        entry = await newcomer.entry(told)
        assert (entry["kind"], entry["status"]) == ("mandate_revoked", "applied")
        assert not await opens(http, code_on(shown))
        page = await newcomer.at("/helpers")
        assert DUTCH["portal.helpers.stopped"] in said_on(page)
        assert len(main_forms_of(page)) == 1
        assert NAME not in said_on(await newcomer.at())
