"""The pages for institutions: in by the link of a letter, reading, answering, and out again."""

import html
import re
from datetime import date

import httpx
import pytest

from api.floods import limits_of
from catalogues.texts import catalogue, written_date
from domain.languages import SPOKEN, Language
from launcher.people import Complainant, Letterbox, eventually
from launcher.system import System
from storage.database import Database
from tests.api.answering import Clerk, awaited_of, sessions
from tests.api.at_their_case import said_on
from tests.api.cases_in_hand import IN_CONFIDENCE, NOTE, TO_THE_INSTITUTION, Mediated
from tests.api.in_process import settings_of
from tests.api.observing import held
from tests.api.visiting import SAME_ORIGIN, main_forms_of

DUTCH = catalogue(Language.DUTCH)
PLACES = ["", "/entries", "/letters", "/reply", "/extension", "/correction", "/objection"]
COOKIE = "wederhoor-institution"


class TestTheLink:
    async def test_in_a_letter_leads_to_a_page_in_the_language_of_the_institution(
        self, clerk: Clerk, mediated: Mediated, letterbox: Letterbox, system: System
    ) -> None:
        address = "klachten@voorbeelddienst.example"
        letter = await letterbox.letter(address, mediated.number)
        [link] = re.findall(rf"{re.escape(system.api.url)}(/nl/reply/\S+)", letter["text"])
        page = await clerk.opens(link)
        assert page.status_code == 200
        assert 'lang="nl"' in page.text
        assert DUTCH["answering.link.lead"] in said_on(page)
        assert mediated.number in said_on(await clerk.sends(page))

    async def test_changes_nothing_and_tells_nothing_of_the_case_when_it_is_opened(
        self, clerk: Clerk, mediated: Mediated, database: Database
    ) -> None:
        before, open_before = await held(database), await sessions(database)
        page = await clerk.opens(clerk.letter)
        assert await held(database) == before
        assert await sessions(database) == open_before
        assert "set-cookie" not in page.headers
        assert mediated.number not in page.text
        assert "Voorbeelddienst" not in page.text
        assert len(main_forms_of(page)) == 1

    async def test_is_exchanged_for_a_session_at_addresses_without_a_token(
        self, clerk: Clerk, database: Database
    ) -> None:
        before = await sessions(database)
        [(action, hidden)] = main_forms_of(await clerk.opens(clerk.letter))
        answer = await clerk.http.post(action, data=hidden, headers=SAME_ORIGIN)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/nl/institution"
        [cookie] = answer.headers.get_list("set-cookie")
        assert cookie.startswith(f"{COOKIE}=")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert "max-age" not in cookie.lower()
        assert await sessions(database) == before + 1
        token = clerk.letter.rpartition("/")[2]
        for path in PLACES:
            page = await clerk.at(path)
            assert page.status_code == 200
            assert token not in page.text

    async def test_of_a_form_of_somebody_else_opens_nothing(
        self, clerk: Clerk, database: Database
    ) -> None:
        page = await clerk.opens(clerk.letter)
        before = await sessions(database)
        assert (await clerk.sends(page, {"Sec-Fetch-Site": "cross-site"})).status_code == 403
        assert await sessions(database) == before

    async def test_that_is_wrong_or_over_is_told_by_the_same_page(
        self, clerk: Clerk, writing: Clerk, fresh: Mediated
    ) -> None:
        over = await writing.opens(writing.letter)
        complainant = Complainant(writing.http, fresh.number, fresh.receipt_code)
        await complainant.does("withdrawals", {})
        await complainant.reaches("closed")

        async def is_over() -> httpx.Response | None:
            page = await writing.opens(writing.letter)
            return page if page.status_code == 404 else None

        ended = await eventually(is_over, "the link ends with the case")
        unknown = await clerk.opens(f"/nl/reply/{'a' * 43}")
        assert unknown.status_code == 404
        assert DUTCH["problem.reply-link-invalid.title"] in said_on(unknown)
        assert (await clerk.opens("/nl/reply/x")).text.replace(
            "/reply/x", f"/reply/{'a' * 43}"
        ) == unknown.text
        assert said_on(ended) == said_on(unknown)
        pressed = await writing.sends(over)
        assert pressed.status_code == 404
        assert DUTCH["problem.reply-link-invalid.detail"] in said_on(pressed)
        assert "set-cookie" not in pressed.headers

    async def test_is_slowed_like_the_route_behind_it(self, system: System) -> None:
        limits = limits_of(settings_of(system))
        behind = limits["POST", "/v1/institution-sessions"]
        for language in SPOKEN:
            assert limits["POST", f"/{language}/institution/open"] == behind


class TestAPage:
    @pytest.mark.parametrize("path", PLACES)
    async def test_runs_no_script_is_not_kept_and_loads_nothing_from_elsewhere(
        self, clerk: Clerk, path: str
    ) -> None:
        await clerk.comes_in()
        page = await clerk.at(path)
        assert page.status_code == 200
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert page.headers["content-security-policy"].startswith("default-src 'none';")
        assert "form-action 'self';" in page.headers["content-security-policy"]
        assert "<script" not in page.text
        assert "://" not in page.text

    @pytest.mark.parametrize("path", PLACES)
    async def test_is_there_in_every_language(self, clerk: Clerk, path: str) -> None:
        await clerk.comes_in()
        for language in SPOKEN:
            page = await clerk.opens(f"/{language}/institution{path}")
            assert page.status_code == 200
            assert f'lang="{language}"' in page.text
            assert 'href="/en/institution' in page.text
            assert html.escape(catalogue(language)["answering.case"], quote=False) in page.text

    @pytest.mark.parametrize("path", PLACES)
    async def test_is_for_whoever_came_in(self, clerk: Clerk, path: str) -> None:
        page = await clerk.at(path)
        assert page.status_code == 401
        assert DUTCH["answering.closed.again"] in said_on(page)

    async def test_does_not_open_by_what_opens_another_door(
        self, clerk: Clerk, mediated: Mediated
    ) -> None:
        await clerk.comes_back(mediated.receipt_code)
        [mine] = [it for name, it in clerk.http.cookies.items() if name.endswith("case")]
        clerk.http.cookies.set(COOKIE, mine)
        assert (await clerk.at()).status_code == 401
        clerk.http.cookies.clear()
        await clerk.comes_in()
        clerk.http.cookies.set("wederhoor-case", clerk.http.cookies[COOKIE])
        assert (await clerk.opens("/nl/case")).url.path == "/nl/case/open"

    async def test_cookie_opens_nothing_at_the_api(self, clerk: Clerk) -> None:
        await clerk.comes_in()
        assert (await clerk.http.get("/v1/institution-case")).status_code == 401

    async def test_of_an_entry_or_letter_of_others_does_not_exist(self, clerk: Clerk) -> None:
        await clerk.comes_in()
        seen = re.findall(
            r'href="/nl/institution/entries/([0-9]+)"', (await clerk.at("/entries")).text
        )
        others = set(range(1, 8)) - {int(number) for number in seen}
        assert seen
        assert others
        for number in others:
            assert (await clerk.at(f"/entries/{number}")).status_code == 404
        unknown = "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001"
        for path in (f"/letters/{unknown}", f"/letters/{unknown}/pdf", "/letters/x"):
            page = await clerk.at(path)
            assert page.status_code == 404
            assert DUTCH["problem.not-found.title"] in said_on(page)


class TestTheCase:
    async def test_tells_what_is_asked_until_when_and_why(
        self, clerk: Clerk, mediated: Mediated
    ) -> None:
        await clerk.comes_in()
        page = await clerk.at()
        [awaited] = await awaited_of(clerk.http, mediated)
        told = said_on(page)
        assert mediated.number in told
        assert DUTCH[f"answering.awaited.{awaited['code']}"] in told
        last_day = date.fromisoformat(awaited["lastDay"])
        assert written_date(last_day, Language.DUTCH) in told
        assert awaited["why"]
        for sentence in awaited["why"]:
            assert sentence in told
        for said in (TO_THE_INSTITUTION, "Rekening geweigerd", "Ik kreeg geen rekening"):
            assert said in told

    async def test_tells_nothing_that_was_not_addressed_to_it(self, clerk: Clerk) -> None:
        await clerk.comes_in()
        for path in PLACES:
            page = await clerk.at(path)
            for hidden in (IN_CONFIDENCE, NOTE, "Anna Voorbeeld", "iemand@post.example"):
                assert hidden not in page.text

    async def test_has_the_letters_to_read_and_on_paper(
        self, clerk: Clerk, mediated: Mediated
    ) -> None:
        await clerk.comes_in()
        page = await clerk.at("/letters")
        letters = re.findall(r'"/nl/institution(/letters/[0-9a-f-]{36})"', page.text)
        read = await clerk.at(letters[-1])
        assert DUTCH["letter.complaint_to_institution.subject"] in said_on(read)
        assert DUTCH["letter.complaint_to_institution.law"] in said_on(read)
        assert mediated.link.rpartition("/")[2] not in read.text
        paper = await clerk.at(f"{letters[-1]}/pdf")
        assert paper.headers["content-type"] == "application/pdf"
        assert paper.content.startswith(b"%PDF")
