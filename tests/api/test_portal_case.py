"""A case as pages: what the API shows and does, by forms without scripts, and nothing more."""

import re
from collections.abc import AsyncIterator
from datetime import date

import httpx
import pytest

from api import my_case
from api.application import create_app
from api.portal.case import course_of
from catalogues.texts import catalogue, text, written_date
from domain.languages import Language
from domain.stages import Stage
from launcher.people import Complainant, Office, eventually
from launcher.system import System
from tests.api.at_their_case import Person, at_their_case, said_on
from tests.api.cases_in_hand import Mediated
from tests.api.in_process import settings_of
from tests.api.passing_by import Browser
from tests.api.visiting import Visitor

DUTCH, ENGLISH = catalogue(Language.DUTCH), catalogue(Language.ENGLISH)
PAGES = [
    "",
    "/entries",
    "/entries/1",
    "/letters",
    "/dossier",
    "/attachments",
    "/message",
    "/response",
    "/referral",
    "/feedback",
    "/safety",
    "/identity",
    "/contact",
    "/mediator",
    "/withdrawal",
    "/consents/contact",
    "/erasure",
    "/new-code",
]


class TestAPage:
    @pytest.mark.parametrize("path", PAGES)
    async def test_is_shown_and_loads_nothing_from_elsewhere(
        self, reader: Person, mediated: Mediated, path: str
    ) -> None:
        page = await reader.at(path)
        assert (page.status_code, page.url.path) == (200, f"/nl/case{path}")
        assert page.headers["cache-control"] == "no-store"
        assert page.headers["referrer-policy"] == "no-referrer"
        assert "<script" not in page.text
        before, _, _ = page.text.partition("<main")
        assert 'action="/leave"' in before
        assert 'href="tel:112"' in before
        [title] = re.findall("<title>(.*)</title>", page.text)
        assert mediated.number not in title
        assert "sek" not in title.lower()
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page.text)
        assert [it for it in addresses if "://" in it or mediated.number in it] == []

    async def test_weighs_little(self, reader: Person) -> None:
        style = await reader.opens("/style.css")
        for path in PAGES:
            page = await reader.at(path)
            assert len(page.content) + len(style.content) < 50_000, path

    @pytest.mark.parametrize("path", PAGES)
    async def test_without_a_session_asks_for_the_code(self, system: System, path: str) -> None:
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            page = await Browser(http).opens(f"/nl/case{path}")
        assert page.url.path == "/nl/case/open"
        assert DUTCH["portal.code.ended"] not in said_on(page)

    async def test_of_another_case_does_not_exist(self, reader: Person, newcomer: Person) -> None:
        letters = (await reader.case.get("/letters"))["letters"]
        for path in (f"/letters/{letters[0]['id']}", "/entries/999", "/consents/police_copy"):
            assert (await newcomer.at(path)).status_code == 404
        assert (await reader.at(f"/letters/{letters[0]['id']}")).status_code == 200

    async def test_never_opens_by_a_token_of_the_api(
        self, http: httpx.AsyncClient, mine: dict[str, str]
    ) -> None:
        page = await http.get("/nl/case", headers=mine)
        assert page.headers["location"] == "/nl/case/open"


class TestTheCase:
    async def test_says_what_the_api_says(self, reader: Person) -> None:
        page = said_on(await reader.at())
        told = await reader.case.get("")
        wait = told["waitingFor"]
        for words in (
            told["caseNumber"],
            told["institution"]["name"],
            told["stage"]["text"],
            wait["text"],
            wait["why"],
            wait["ifNobodyActs"],
            *told["timeline"],
            *told["notices"],
            *told["referral"]["text"],
            *(one["title"] for one in told["consents"]),
        ):
            assert " ".join(words.split()) in page

    @pytest.mark.parametrize("language", [Language.DUTCH, Language.ENGLISH])
    async def test_speaks_to_whoever_reads_it(self, writer: Person, language: Language) -> None:
        case = writer.case
        await case.answer(await case.sets("language", {"language": language}))
        page = said_on(await writer.opens(f"/{language}/case"))
        words = catalogue(language)
        assert words["wait.complainant_consents.own"].casefold() in page.casefold()
        then = words["wait.institution_replies.then.own"]
        assert then.rpartition("{due}")[2] in page
        for somebody_else in ("indiener", "complainant"):
            assert somebody_else not in page.casefold()
        picture = await writer.opens(f"/{language}/case/timeline")
        assert "indiener" not in picture.text
        assert "complainant" not in picture.text

    async def test_draws_its_clocks(self, reader: Person) -> None:
        page = await reader.at()
        [source] = re.findall('<img class="timeline" src="(.*?)"', page.text)
        picture = await reader.opens(source)
        assert picture.headers["content-type"] == "image/svg+xml"

    async def test_tells_done_now_and_next(self, reader: Person) -> None:
        page = await reader.at()
        states = re.findall(r'<li class="(done|now|next)"', page.text)
        assert states == ["done"] * 3 + ["now"] + ["next"] * 3

    async def test_links_to_what_is_possible_and_to_nothing_else(
        self, reader: Person, newcomer: Person
    ) -> None:
        for person in (reader, newcomer):
            told = await person.case.get("")
            links = re.findall(r'href="/nl/case/([\w-]+)"', (await person.at()).text)
            assert {"message", "safety", "identity", "contact", "withdrawal", "new-code"} <= {
                *links
            }
            assert ("mediator" in links) is told["mayObjectToMediator"]
            assert not {"response", "referral", "feedback"} & {*links}

    async def test_shows_numbers_to_call_in_danger(self, newcomer: Person) -> None:
        assert DUTCH["portal.case.not_safe"] not in said_on(await newcomer.at())
        await newcomer.does("/safety", safe__boolean="false")
        page = await newcomer.at()
        assert DUTCH["portal.case.not_safe"] in said_on(page)
        for line in (await newcomer.case.get(""))["helplines"]:
            assert line["number"] in page.text

    async def test_says_of_no_letter_that_it_waits_once_it_is_safe(
        self, system: System, http: httpx.AsyncClient
    ) -> None:
        case = await Complainant.complains(http, "voorbeeldstad", intake={"safety": "not_safe"})
        async with at_their_case(system, case.case_number, case.receipt_code) as person:
            await person.case.reaches("finding_mediator")
            warned = await person.at()
            assert DUTCH["notice.danger"] in said_on(warned)
            assert DUTCH["portal.case.not_safe"] in said_on(warned)
            await person.does("/safety", safe__boolean="true")
            page = said_on(await person.at())
            assert DUTCH["notice.danger"] not in page
            assert DUTCH["portal.case.not_safe"] not in page
            assert (await person.case.get(""))["notices"] == []  # papers are made of this, too

    async def test_without_an_institution_is_shown_all_the_same(
        self, reader: Person, system: System
    ) -> None:
        """A question has none."""
        told = my_case.MyCaseBody.model_validate(await reader.case.get(""))
        app = create_app(settings_of(system))
        app.dependency_overrides[my_case.read_my_case] = lambda: told.model_copy(
            update={"institution": None}
        )
        transport = httpx.ASGITransport(app)
        cookies = reader.http.cookies
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=transport, base_url="http://wederhoor.example", cookies=dict(cookies)
            ) as http,
        ):
            page = await http.get("/nl/case")
        assert page.status_code == 200
        assert f'<p class="lead">{told.stage.text}</p>' in page.text

    async def test_that_was_closed_says_what_is_still_possible(self, newcomer: Person) -> None:
        told = await newcomer.does("/withdrawal", reason="Het is opgelost.")
        assert (await newcomer.entry(told))["body"] == {"text": "Het is opgelost."}
        await newcomer.case.reaches("closed")
        page = await newcomer.at()
        assert DUTCH["outcome.withdrawn"] in said_on(page)
        links = {*re.findall(r'href="/nl/case/([\w-]+)"', page.text)}
        assert {"feedback", "reopening", "contact", "safety", "erasure"} <= links
        assert not {"message", "withdrawal", "identity", "consents"} & links
        until = (await newcomer.case.get(""))["reopening"]["until"]
        words = text(
            Language.DUTCH,
            "portal.case.reopen",
            day=written_date(date.fromisoformat(until), Language.DUTCH),
        )
        assert words in said_on(page)
        for path in ("/message", "/withdrawal"):
            assert DUTCH["portal.do.not_now"] in said_on(await newcomer.at(path))
        back = await newcomer.does("/feedback", text="Ik ben gehoord.")
        assert (await newcomer.entry(back))["body"] == {"text": "Ik ben gehoord."}

    async def test_that_is_to_be_opened_again_says_who_answers_until_when(
        self, newcomer: Person
    ) -> None:
        await newcomer.does("/withdrawal")
        await newcomer.case.reaches("closed")
        asked = await newcomer.entry(await newcomer.does("/reopening", text="Toch weer."))
        assert (asked["kind"], asked["status"]) == ("reopening_request", "applied")
        page = await newcomer.at()
        told = (await newcomer.case.get(""))["reopening"]
        days = {"day": told["askedOn"], "until": told["answerBy"]}
        written = {
            name: written_date(date.fromisoformat(day), Language.DUTCH)
            for name, day in days.items()
        }
        assert text(Language.DUTCH, "portal.case.reopening", **written) in said_on(page)
        assert "/nl/case/reopening" not in page.text
        assert DUTCH["portal.do.not_now"] in said_on(await newcomer.at("/reopening"))


class TestInDanger:
    @pytest.fixture
    async def unsafe(
        self, system: System, http: httpx.AsyncClient, office: Office
    ) -> AsyncIterator[Person]:
        """Somebody who is asked for consent, and says not to be safe."""
        case = await Complainant.complains(http, "voorbeeldstad")
        _, mediator = await office.asked(case.case_number)
        await mediator.decides(case.case_number, "accept_case")
        await case.reaches("awaiting_consent", "complainant_consents")
        await case.does("safety", {"safe": False})
        async with at_their_case(system, case.case_number, case.receipt_code) as person:
            yield person

    async def test_says_since_when_time_stands_still_and_names_no_day_as_the_last(
        self, unsafe: Person, office: Office
    ) -> None:
        told = (await unsafe.case.get(""))["waitingFor"]
        assert (told["code"], told["until"]) == ("complainant_consents", None)
        assert told["ifNobodyActs"] == DUTCH["why.nothing_while_paused"]
        since = written_date(date.fromisoformat(told["stillSince"]), Language.DUTCH)
        page = said_on(await unsafe.at())
        waiting, _, _ = page.partition(DUTCH["portal.case.waiting"])[2].partition(
            DUTCH["portal.case.can_do"]
        )
        assert text(Language.DUTCH, "portal.case.still", day=since) in waiting
        assert told["ifNobodyActs"] in waiting
        for late in ("portal.case.waiting.until", "portal.case.why_this_day"):
            assert DUTCH[late] not in waiting
        assert "uiterlijk" not in waiting
        known = await office.supervisor.get(f"/v1/cases/{unsafe.case.case_number}")
        assert (known["dueAt"], known["stillSince"]) == (None, told["stillSince"])

    async def test_is_said_at_the_desk_in_the_place_of_a_day(
        self, unsafe: Person, system: System, http: httpx.AsyncClient
    ) -> None:
        told = (await unsafe.case.get(""))["waitingFor"]
        since = written_date(date.fromisoformat(told["stillSince"]), Language.DUTCH)
        still = f"{DUTCH['desk.due']} {text(Language.DUTCH, 'timeline.state.paused', day=since)}"
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as browser:
            visitor = Visitor(system, browser)
            await visitor.signs_in("supervisor-1")
            number = unsafe.case.case_number
            listed = await visitor.http.get("/desk?danger=true&limit=100")
            [item] = [it for it in listed.text.split("<li>") if f"/desk/cases/{number}" in it]
            case = await visitor.http.get(f"/desk/cases/{number}")
        assert still in " ".join(re.sub("<[^>]*>", " ", item).split())
        assert still in said_on(case)
        assert "<time" not in item
        clocks = case.text.partition('id="clocks"')[2].partition("<ul>")[0]
        assert DUTCH["wait.complainant_consents"] in clocks
        assert "<time" not in clocks

    async def test_says_that_the_first_letter_waits_and_not_that_an_answer_is_awaited(
        self, unsafe: Person
    ) -> None:
        await unsafe.case.does("consents", {"consent": True})
        await unsafe.case.reaches("awaiting_institution", "institution_replies")
        page = said_on(await unsafe.at())
        assert DUTCH["portal.case.letter_waits"] in page
        assert page.count(DUTCH["portal.case.letter_waits.stage"]) == 2  # and in the course
        assert DUTCH["stage.awaiting_institution"] not in page
        assert DUTCH["wait.institution_replies"] not in page
        await unsafe.case.does("safety", {"safe": True})

        async def has_a_clock() -> bool | None:
            return bool((await unsafe.case.get(""))["clocks"]) or None

        await eventually(has_a_clock, "the letter did not leave")
        page = said_on(await unsafe.at())
        assert DUTCH["portal.case.letter_waits"] not in page
        assert DUTCH["wait.institution_replies"] in page


class TestTheCourse:
    @pytest.fixture
    async def told(self, reader: Person) -> my_case.MyCaseBody:
        return my_case.MyCaseBody.model_validate(await reader.case.get(""))

    def test_of_a_closed_case_claims_no_step_that_may_not_have_been(
        self, told: my_case.MyCaseBody
    ) -> None:
        closed = told.stage.model_copy(update={"code": Stage.CLOSED})
        course = course_of(told.model_copy(update={"stage": closed}))
        assert course == [("done", Stage.RECEIVED), ("now", Stage.CLOSED)]

    def test_leaves_out_the_institution_where_we_never_write_to_it(
        self, told: my_case.MyCaseBody
    ) -> None:
        found = told.stage.model_copy(update={"code": Stage.FINDING_MEDIATOR})
        course = course_of(told.model_copy(update={"stage": found, "consents": []}))
        assert Stage.AWAITING_INSTITUTION not in {stage for _, stage in course}
