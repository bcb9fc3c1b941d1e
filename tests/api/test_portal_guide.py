"""The guide as pages: what it is, whom to turn to, a letter, and on to a complaint."""

import html
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from catalogues.texts import catalogue
from domain.institutions import InstitutionKind
from domain.languages import Language
from domain.situations import Happened, Wish
from launcher.system import System
from storage.database import Database
from tests.api.observing import held
from tests.api.passing_by import Browser
from tests.api.visiting import words_of

DUTCH = catalogue(Language.DUTCH)
BANK = InstitutionKind.BANK_BUSINESS
DECISION = {
    "happened": "decision",
    "kind": "municipality",
    "wish": "change_decision",
    "decidedOn__day": "20",
    "decidedOn__month": "2",
    "decidedOn__year": "2026",
}
TREATMENT = {
    "happened": "treatment",
    "kind": "municipality",
    "happenedOn__day": "3",
    "happenedOn__month": "11",
    "happenedOn__year": "2026",
}


@pytest.fixture
async def browser(system: System) -> AsyncIterator[Browser]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Browser(http)


async def asks(browser: Browser, language: str = "nl", **answered: str) -> httpx.Response:
    return await browser.sends(await browser.opens(f"/{language}/guide"), None, **answered)


class TestTheQuestions:
    async def test_offer_everything_that_can_be_answered(self, browser: Browser) -> None:
        page = await browser.opens("/nl/guide")
        for choice in (*Happened, *InstitutionKind, *Wish):
            assert f'value="{choice}"' in page.text

    async def test_need_no_more_than_what_happened(self, browser: Browser) -> None:
        assert (await asks(browser, happened="treatment")).status_code == 200
        refused = await asks(browser, kind="police", happenedOn__day="3")
        assert refused.status_code == 400
        assert 'href="#happened"' in refused.text
        assert 'href="#happenedOn"' in refused.text
        assert 'value="police" checked' in refused.text

    async def test_can_be_answered_anew(self, browser: Browser) -> None:
        page = await browser.sends(await asks(browser, **DECISION))
        assert 'value="decision" checked' in page.text
        assert 'value="municipality" checked' in page.text
        assert 'name="decidedOn:year" inputmode="numeric"' in page.text
        assert 'value="2026"' in page.text


class TestAnAnswer:
    async def test_says_what_it_is_until_when_and_what_to_write(self, browser: Browser) -> None:
        words = words_of(await asks(browser, **DECISION))
        assert DUTCH["nature.objection"] in words
        assert "Bezwaar maken kon tot en met 3 april 2026 (Awb 6:7)." in words
        assert "Ik maak bezwaar tegen uw besluit" in words
        assert DUTCH["portal.guide.hand_in"] not in words

    @pytest.mark.parametrize(
        ("answered", "said"),
        [
            ({"happened": "decision", "decidedOn": "1-8-2020"}, "Bezwaar maken kon tot en met"),
            ({"happened": "treatment", "happenedOn": "1-3-2020"}, "De instelling mag"),
            (
                {"happened": "treatment", "complainedOn": "1-4-2020"},
                "De instelling hoorde te antwoorden tot en met",
            ),
            (
                {"happened": "treatment", "complainedOn": "1-4-2020", "answeredOn": "1-6-2020"},
                "Naar de volgende instantie kon tot en met 1 juni 2021",
            ),
        ],
    )
    async def test_never_says_of_a_day_that_has_passed_that_something_is_possible_until_then(
        self, browser: Browser, answered: dict[str, str], said: str
    ) -> None:
        days = {
            f"{name}__{part}": number
            for name, it in answered.items()
            for part, number in zip(("day", "month", "year"), it.split("-"), strict=False)
            if name != "happened"
        }
        page = await asks(browser, happened=answered["happened"], kind="police", **days)
        words = words_of(page)
        assert said in words
        assert "Die dag is voorbij." in words
        assert "kan tot en met" not in words

    async def test_says_who_else_helps_with_a_number(self, browser: Browser) -> None:
        page = await asks(browser, happened="discrimination", kind="municipality")
        assert DUTCH["side_route.discrimination_help"] in html.unescape(page.text)
        assert 'href="tel:0800' in page.text.partition("<main")[2]

    @pytest.mark.parametrize("kind", ["", "operator", "police"])
    async def test_gives_numbers_and_no_letter_to_somebody_who_met_violence(
        self, browser: Browser, kind: str
    ) -> None:
        page = await asks(browser, happened="crime", kind=kind)
        words = words_of(page)
        assert DUTCH["nature.report"] in words
        assert DUTCH["portal.help.nothing_reported"] in words
        main = page.text.partition("<main")[2]
        for number in ("0800-0188", "0900-0101", "0800-7000"):
            assert f'<a href="tel:{number.replace("-", "")}">{number}</a>' in main
        assert "/guide/letter" not in main
        assert "/guide/complaint" not in main

    async def test_shows_the_way_to_report_beside_a_complaint(self, browser: Browser) -> None:
        page = await asks(browser, happened="treatment", kind="police", wish="punishment")
        words = words_of(page)
        assert DUTCH["nature.complaint"] in words
        assert DUTCH["side_route.report_to_police"] in words

    @pytest.mark.parametrize("kind", InstitutionKind)
    @pytest.mark.parametrize("language", Language)
    async def test_offers_the_complaint_where_we_mediate_alone(
        self, browser: Browser, kind: InstitutionKind, language: Language
    ) -> None:
        body = {"happened": "treatment", "kind": kind}
        told = (await browser.http.post("/v1/guide", json=body)).json()
        page = await asks(browser, language, **body)
        assert ("/guide/complaint" in page.text) is (told["mediation"] and bool(told["draft"]))

    async def test_keeps_nothing(self, browser: Browser, database: Database) -> None:
        before = await held(database)
        page = await asks(browser, **TREATMENT)
        await browser.sends(page, to="/nl/guide/letter")
        assert await held(database) == before
        assert not browser.http.cookies


class TestTheLetter:
    async def test_is_saved_as_text(self, browser: Browser) -> None:
        page = await asks(browser, **TREATMENT)
        letter = await browser.sends(page, to="/nl/guide/letter")
        assert letter.headers["content-disposition"] == 'attachment; filename="letter.txt"'
        assert letter.headers["content-type"] == "text/plain; charset=utf-8"
        assert letter.text.startswith(f"{DUTCH['draft.complaint']}\n\nGeachte heer, mevrouw,\n")

    async def test_has_room_for_a_name_and_address_where_the_institution_needs_them(
        self, browser: Browser
    ) -> None:
        page = await asks(browser, **TREATMENT)
        assert DUTCH["anonymous.needs_name"] in words_of(page)
        for told in (page, await browser.sends(page, to="/nl/guide/letter")):
            assert "[uw naam en adres]" in told.text
            assert DUTCH["draft.complaint.your_name"] not in told.text

    async def test_is_in_dutch_for_the_institution_and_in_the_language_of_its_reader(
        self, browser: Browser
    ) -> None:
        page = await asks(browser, language="hu", **TREATMENT)
        hungarian = catalogue(Language.HUNGARIAN)["draft.complaint"]
        assert '<div class="card" lang="nl">' in page.text
        for subject in (DUTCH["draft.complaint"], hungarian):
            assert f"<strong>{subject}</strong>" in page.text
        letter = await browser.sends(page, to="/hu/guide/letter")
        assert letter.text.startswith(DUTCH["draft.complaint"])
        assert hungarian in letter.text

    async def test_is_there_only_where_one_helps(self, browser: Browser) -> None:
        page = await asks(browser, happened="crime", kind="other", wish="punishment")
        assert "/guide/letter" not in page.text
        refused = await browser.sends(page, to="/nl/guide/letter")
        assert refused.status_code == 404


class TestHandingItIn:
    async def test_begins_a_complaint_with_the_letter_and_the_days(self, browser: Browser) -> None:
        page = await asks(browser, **TREATMENT)
        first = await browser.sends(page, to="/nl/guide/complaint")
        assert first.url.path == "/nl/complaint/safety"
        kind = await browser.sends(first)
        assert kind.url.path == "/nl/complaint/kind"
        assert 'value="municipality" checked' in kind.text
        happened = await browser.opens("/nl/complaint/happened")
        assert 'value="11"' in happened.text
        story = await browser.opens("/nl/complaint/story")
        assert "Hierbij dien ik een klacht in." in story.text
        assert DUTCH["draft.complaint.your_name"] in story.text
        assert DUTCH["draft.complaint.name_and_address"] not in story.text
        assert f'value="{DUTCH["draft.complaint"]}"' in story.text

    async def test_leaves_open_with_whom_it_was_where_nobody_said(self, browser: Browser) -> None:
        page = await asks(browser, happened="treatment")
        await browser.sends(page, to="/nl/guide/complaint")
        kind = await browser.opens("/nl/complaint/kind")
        assert 'name="kind"' in kind.text
        assert "checked" not in kind.text.partition("<main")[2]

    async def test_takes_the_day_of_a_decision_along(self, browser: Browser) -> None:
        page = await asks(browser, **(DECISION | {"happened": "discrimination"}))
        await browser.sends(page, to="/nl/guide/complaint")
        about = await browser.opens("/nl/complaint/about")
        assert 'value="decision" checked' in about.text
        decided = await browser.opens("/nl/complaint/decided")
        assert 'value="20"' in decided.text

    @pytest.mark.parametrize(
        "answered",
        [{"happened": "treatment", "kind": "landlord"}, DECISION],
        ids=["landlord", "objection"],
    )
    async def test_is_refused_where_we_do_not_mediate(
        self, browser: Browser, answered: dict[str, str]
    ) -> None:
        page = await asks(browser, **answered)
        refused = await browser.sends(page, to="/nl/guide/complaint")
        assert refused.status_code == 404
        assert not browser.http.cookies


@pytest.mark.parametrize("language", Language)
class TestABusinessAccount:
    """The law gives no way to Kifid for it, so nothing on this route may speak of one."""

    async def test_is_never_promised_kifid_by_the_guide(
        self, browser: Browser, language: Language
    ) -> None:
        for happened in Happened:
            for wish in Wish:
                page = await asks(browser, language, happened=happened, wish=wish, kind=BANK)
                assert page.status_code == 200
                assert "kifid" not in page.text.lower()
                if "/guide/letter" in page.text:
                    letter = await browser.sends(page, to=f"/{language}/guide/letter")
                    assert "kifid" not in letter.text.lower()

    async def test_is_never_promised_kifid_by_the_complaint(
        self, browser: Browser, language: Language
    ) -> None:
        page = await asks(browser, language, happened="refusal", kind=BANK)
        page = await browser.sends(page, to=f"/{language}/guide/complaint")
        walked: list[str] = []
        while page.url.path != f"/{language}/case":
            walked.append(page.url.path.rpartition("/")[2])
            assert page.status_code == 200, walked
            assert "kifid" not in page.text.lower()
            page = await browser.sends(page, None, **_answers_to(page, walked[-1]))
        assert "kifid" not in page.text.lower()
        assert walked[0] == "safety"
        assert {"institution", "story", "check", "receipt"} <= {*walked}

    async def test_is_never_promised_kifid_by_its_topic(
        self, browser: Browser, language: Language
    ) -> None:
        page = await browser.opens(f"/{language}/topics/business_account_refused")
        assert page.status_code == 200
        assert "kifid" not in page.text.lower()


def _answers_to(page: httpx.Response, step: str) -> dict[str, str]:
    match step:
        case "kind":
            return {"kind": BANK}
        case "institution":
            [*_, first] = re.findall(r'<option value="(.+?)"', page.text)
            return {"institutionId": first}
        case "story":
            return {"text": "x", "subject": "y"}
        case _:
            return {}
