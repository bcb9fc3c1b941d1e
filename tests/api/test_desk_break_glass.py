"""Break-glass at the desk: asking, answering as the second person, and reading, as pages."""

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from catalogues.texts import catalogue
from domain.languages import Language
from domain.reading import READABLE_FOR, UNANSWERED_FOR
from launcher.system import System
from storage.database import Database
from tests.api.breaking_glass import AN_INSTANT, ANNA, Supervision, newcomer, supervision
from tests.api.cases_in_hand import IN_CONFIDENCE, NOTE, REASON, session_of
from tests.api.observing import fresh_key, held
from tests.api.visiting import SAME_ORIGIN, Visitor, main_forms_of, path_of, words_of

__all__ = ["newcomer", "supervision"]

DUTCH = catalogue(Language.DUTCH)
STORY = DUTCH["desk.glass.scope.story"]
READS = "Toezichthouder Een"
ASKED = {"scope": "story", "reason": REASON}


class Desk:
    """Two supervisors at the desk, who look at one case."""

    def __init__(self, visitor: Visitor, supervision: Supervision) -> None:
        self._visitor = visitor
        self.http = visitor.http
        self.api = supervision
        self.case = f"/desk/cases/{supervision.case.number}"
        self.path = f"{self.case}/break-glass"

    async def as_(self, subject: str) -> None:
        await self._visitor.signs_in(subject)

    async def reads(self, path: str, status: int = 200) -> httpx.Response:
        page = await self.http.get(path)
        assert page.status_code == status, page.text
        return page

    async def sends(
        self, path: str, filled: dict[str, str], headers: dict[str, str] = SAME_ORIGIN
    ) -> httpx.Response:
        """Fill in the one form on a page, and send it."""
        [(action, hidden)] = main_forms_of(await self.reads(path))
        return await self.http.post(action, data=hidden | filled, headers=headers)

    async def follows(self, sent: httpx.Response) -> httpx.Response:
        assert sent.status_code == 303, sent.text
        return await self.reads(sent.headers["location"])

    async def asks(self) -> str:
        """Let the first supervisor ask for the story; return the address of the request."""
        await self.as_("supervisor-1")
        await self.follows(await self.sends(self.path, ASKED))
        return f"{self.path}/{(await self.api.requests())[-1]['id']}"

    async def answers(self, request: str, approve: str) -> httpx.Response:
        await self.as_("supervisor-2")
        return await self.sends(request, {"approve:boolean": approve})

    async def opened(self) -> str:
        """Let the first one open the story, with the approval of the second; return the address."""
        request = await self.asks()
        await self.answers(request, "true")
        await self.as_("supervisor-1")
        await self.follows(await self.sends(request, {}))
        return f"{request}/texts"


@pytest.fixture
async def desk(system: System, supervision: Supervision) -> AsyncIterator[Desk]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Desk(Visitor(system, http), supervision)


@asynccontextmanager
async def supervising_too(database: Database, subject: str) -> AsyncGenerator[None]:
    """Let a mediator be a supervisor as well, for a while."""

    async def have(roles: str) -> None:
        change = "UPDATE staff_members SET roles = CAST(:roles AS text[]) WHERE subject = :subject"
        async with database.transaction() as session:
            await session.execute(text(change), {"roles": roles, "subject": subject})

    await have("{mediator,supervisor}")
    try:
        yield
    finally:
        await have("{mediator}")


def says(page: httpx.Response, *keys: str, **values: object) -> None:
    """Assert that a page says these words."""
    for key in keys:
        assert DUTCH[key].format(**values) in words_of(page), key


class TestAPage:
    async def test_runs_no_script_is_kept_nowhere_and_has_no_number_in_its_title(
        self, desk: Desk
    ) -> None:
        texts = await desk.opened()
        for path in (desk.path, texts.removesuffix("/texts"), texts):
            page = await desk.reads(path)
            assert page.headers["cache-control"] == "no-store"
            assert page.headers["content-security-policy"].startswith("default-src 'none';")
            assert "script" not in page.text
            assert "://" not in page.text
            assert desk.api.case.number not in page.text.partition("</title>")[0]


class TestTheCase:
    async def test_says_which_requests_there_are_and_who_has_to_act(self, desk: Desk) -> None:
        await desk.as_("supervisor-1")
        page = await desk.reads(desk.case)
        says(page, "desk.glass", "desk.glass.none", "desk.glass.ask")
        assert f'href="{desk.path}"' in page.text

        request = await desk.asks()
        page = await desk.reads(desk.case)
        says(page, "break_glass.asked", "desk.glass.asked_by", "desk.glass.answer_until")
        assert f'href="{request}">{STORY}' in page.text
        assert REASON not in page.text.partition('id="entries"')[2]

        await desk.as_("supervisor-2")
        page = await desk.reads(desk.case)
        says(page, "desk.glass.waits_for_you")
        assert READS in words_of(page)
        assert 'href="#glass"' in page.text.partition("<h2")[0]

    async def test_says_nothing_of_it_to_a_mediator(self, desk: Desk) -> None:
        request = await desk.asks()
        await desk.as_(desk.api.case.mediator)
        assert "break-glass" not in (await desk.reads(desk.case)).text
        for path in (desk.path, request, f"{request}/texts"):
            says(await desk.reads(path, 403), "problem.forbidden.title")

    async def test_of_a_supervisor_themselves_is_read_and_not_asked_for(
        self, desk: Desk, database: Database
    ) -> None:
        request = await desk.asks()
        mediator = desk.api.case.mediator
        async with supervising_too(database, mediator):
            await desk.as_(mediator)
            page = await desk.reads(desk.path)
            says(page, "desk.glass.theirs", "break_glass.asked")
            assert main_forms_of(page) == []
            page = await desk.reads(request)
            says(page, "problem.break-glass-second-person.detail")
            assert main_forms_of(page) == []


class TestTheList:
    async def test_tells_whoever_can_answer_while_they_can(
        self, desk: Desk, database: Database
    ) -> None:
        async def is_told(subject: str) -> bool:
            await desk.as_(subject)
            return f'href="{desk.path}"' in (await desk.reads("/desk")).text

        await desk.asks()
        await desk.asks()
        assert await is_told("supervisor-2")
        assert (await desk.reads("/desk")).text.count(f'href="{desk.path}"') == 1
        assert not await is_told("supervisor-1")
        mediator = desk.api.case.mediator
        assert not await is_told(mediator)
        async with supervising_too(database, mediator):
            assert not await is_told(mediator)
        await desk.api.advance(UNANSWERED_FOR + AN_INSTANT)
        assert not await is_told("supervisor-2")

    async def test_tells_nobody_once_it_was_answered(self, desk: Desk) -> None:
        request = await desk.asks()
        await desk.answers(request, "false")
        assert desk.path not in (await desk.reads("/desk")).text


class TestAsking:
    async def test_is_the_request_of_the_api(self, desk: Desk) -> None:
        await desk.asks()
        [asked] = await desk.api.requests()
        assert (asked["scope"], asked["reason"], asked["state"]) == ("story", REASON, "asked")

    async def test_says_what_is_missing_beside_the_field_and_keeps_the_rest(
        self, desk: Desk, database: Database
    ) -> None:
        await desk.as_("supervisor-1")
        before = await held(database)
        page = await desk.sends(desk.path, {"scope": "identity"})
        assert page.status_code == 400
        says(page, "problem.field.missing")
        assert 'href="#glass-reason"' in page.text
        assert 'value="identity" checked' in page.text
        page = await desk.sends(desk.path, {"reason": "Om <b> te begrijpen."})
        assert 'href="#glass-scope"' in page.text
        assert "Om &lt;b&gt; te begrijpen.</textarea>" in page.text
        assert (await held(database)).entries == before.entries

    async def test_twice_with_one_form_asks_once(self, desk: Desk) -> None:
        await desk.as_("supervisor-1")
        [(action, hidden)] = main_forms_of(await desk.reads(desk.path))
        sent = hidden | ASKED
        for _ in range(2):
            await desk.follows(await desk.http.post(action, data=sent, headers=SAME_ORIGIN))
        assert len(await desk.api.requests()) == 1

    @pytest.mark.parametrize(
        ("headers", "more"),
        [({}, {}), ({"Sec-Fetch-Site": "cross-site"}, {}), (SAME_ORIGIN, {"form_token": "x" * 43})],
    )
    async def test_from_a_page_of_somebody_else_is_refused(
        self, desk: Desk, headers: dict[str, str], more: dict[str, str]
    ) -> None:
        await desk.as_("supervisor-1")
        [(action, hidden)] = main_forms_of(await desk.reads(desk.path))
        sent = hidden | ASKED | more
        answer = await desk.http.post(action, data=sent, headers=headers)
        assert answer.status_code == 403
        assert await desk.api.requests() == []


class TestAnswering:
    async def test_says_before_the_button_what_follows(self, desk: Desk) -> None:
        request = await desk.asks()
        await desk.as_("supervisor-2")
        page = await desk.reads(request)
        says(page, "desk.glass.answer.true.then", name=READS, minutes=15)
        says(page, "desk.glass.answer.false.then", "desk.glass.answer.either")
        before = words_of(page).partition(DUTCH["desk.glass.answer.button"])[0]
        assert DUTCH["desk.glass.answer.either"] in before
        assert REASON in before

    async def test_with_yes_lets_the_first_one_read(self, desk: Desk) -> None:
        request = await desk.asks()
        page = await desk.follows(await desk.answers(request, "true"))
        says(page, "break_glass.approved", "desk.glass.answered_by")
        assert main_forms_of(page) == []
        [asked] = await desk.api.requests()
        assert asked["state"] == "approved"

    async def test_with_no_lets_nobody_read(self, desk: Desk) -> None:
        request = await desk.asks()
        page = await desk.follows(await desk.answers(request, "false"))
        says(page, "break_glass.refused")
        await desk.as_("supervisor-1")
        assert main_forms_of(await desk.reads(request)) == []
        says(await desk.reads(f"{request}/texts", 409), "problem.break-glass-not-approved.detail")

    async def test_needs_a_yes_or_a_no(self, desk: Desk) -> None:
        request = await desk.asks()
        await desk.as_("supervisor-2")
        page = await desk.sends(request, {"reason": "Misschien."})
        assert page.status_code == 400
        assert 'href="#glass-approve"' in page.text
        assert "Misschien.</textarea>" in page.text

    async def test_of_ones_own_request_is_refused_in_words(self, desk: Desk) -> None:
        request = await desk.asks()
        page = await desk.reads(request)
        says(page, "problem.break-glass-second-person.detail")
        assert main_forms_of(page) == []
        page = await _answers_with_another_form(desk, request)
        assert page.status_code == 403
        says(page, "problem.break-glass-second-person.detail")
        assert page.headers["content-type"].startswith("text/html")

    async def test_of_an_answered_request_says_so_on_its_page(self, desk: Desk) -> None:
        request = await desk.asks()
        await desk.as_("supervisor-2")
        [(action, hidden)] = main_forms_of(await desk.reads(request))
        answered = await desk.api.answers(
            request.rpartition("/")[2], desk.api.second, approve=False
        )
        assert answered.status_code == 202
        late = hidden | {"approve:boolean": "true"}
        page = await desk.http.post(action, data=late, headers=SAME_ORIGIN)
        assert page.status_code == 409
        says(page, "problem.break-glass-answered.title", "break_glass.refused")

    async def test_after_a_day_comes_too_late(self, desk: Desk) -> None:
        request = await desk.asks()
        await desk.as_("supervisor-2")
        [(action, hidden)] = main_forms_of(await desk.reads(request))
        await desk.api.advance(UNANSWERED_FOR + AN_INSTANT)
        sent = hidden | {"approve:boolean": "true"}
        page = await desk.http.post(action, data=sent, headers=SAME_ORIGIN)
        assert page.status_code == 409
        says(page, "problem.break-glass-expired.title", "break_glass.expired")
        assert main_forms_of(page) == []

    async def test_is_not_asked_for_somebody_who_supervises_no_more(
        self,
        desk: Desk,
        newcomer: tuple[Callable[[list[str]], Awaitable[None]], dict[str, str]],
    ) -> None:
        now_have, headers = newcomer
        identifier = await desk.api.asks(headers=headers)
        await now_have([])
        await desk.as_("supervisor-2")
        page = await desk.reads(f"{desk.path}/{identifier}")
        says(page, "break_glass.asker_left")
        assert main_forms_of(page) == []
        page = await _answers_with_another_form(desk, f"{desk.path}/{identifier}")
        assert page.status_code == 409
        says(page, "problem.break-glass-asker-left.title", "break_glass.asker_left")


class TestReading:
    async def test_shows_the_story_and_its_files_and_is_noted_once(self, desk: Desk) -> None:
        mine = await session_of(desk.http, desk.api.case.receipt_code)
        file = {"file": ("planten.txt", b"Een begonia.", "text/plain")}
        await desk.http.post("/v1/my-case/attachments", files=file, headers=mine | fresh_key())
        texts = await desk.opened()
        page = await desk.reads(texts)
        assert IN_CONFIDENCE in words_of(page)
        assert NOTE in words_of(page)
        assert ANNA not in page.text
        says(page, "desk.glass.until")
        address = page.text.partition("attachments/")[2].partition('"')[0]
        copy = await desk.reads(f"{texts.removesuffix('texts')}attachments/{address}")
        assert copy.content == b"Een begonia."
        kinds = [step["kind"] for step in await desk.api.steps()]
        assert kinds.count("break_glass_read") == 1

    async def test_shows_who_it_is_and_no_more(self, desk: Desk) -> None:
        identifier = await desk.api.approved("identity")
        await desk.as_("supervisor-1")
        page = await desk.follows(await desk.sends(f"{desk.path}/{identifier}", {}))
        assert ANNA in words_of(page)
        assert IN_CONFIDENCE not in page.text

    async def test_goes_on_a_page_at_a_time(self, desk: Desk) -> None:
        texts = await desk.opened()
        page = await desk.reads(f"{texts}?limit=1")
        assert 'href="?after=1&amp;limit=1"' in page.text

    async def test_begins_with_a_form_and_never_with_a_link(self, desk: Desk) -> None:
        identifier = await desk.api.approved()
        request = f"{desk.path}/{identifier}"
        await desk.as_("supervisor-1")
        for below in ("texts", f"attachments/{uuid4()}"):
            sent = await desk.http.get(f"{request}/{below}")
            assert path_of(sent) == request
        says(await desk.follows(sent), "desk.glass.open.then", "desk.glass.yours_to_read")
        refused = await desk.sends(request, {}, {"Sec-Fetch-Site": "cross-site"})
        assert refused.status_code == 403
        assert (await desk.api.requests())[-1]["state"] == "approved"

    async def test_is_for_whoever_asked_alone(self, desk: Desk) -> None:
        texts = await desk.opened()
        await desk.as_("supervisor-2")
        page = await desk.reads(texts, 403)
        says(page, "problem.forbidden.title")
        assert IN_CONFIDENCE not in page.text

    async def test_ends_after_a_quarter_of_an_hour(self, desk: Desk) -> None:
        texts = await desk.opened()
        says(await desk.reads(texts.removesuffix("/texts")), "desk.glass.read_on")
        await desk.api.advance(READABLE_FOR + AN_INSTANT)
        page = await desk.reads(texts, 409)
        says(page, "problem.break-glass-expired.detail")
        assert IN_CONFIDENCE not in page.text
        page = await desk.reads(texts.removesuffix("/texts"))
        says(page, "break_glass.expired")

    async def test_of_a_request_that_is_not_there_finds_nothing(self, desk: Desk) -> None:
        await desk.as_("supervisor-1")
        for path in (f"{desk.path}/{uuid4()}", f"{desk.path}/{uuid4()}/texts", f"{desk.path}/x"):
            says(await desk.reads(path, 404), "problem.not-found.title")


async def _answers_with_another_form(desk: Desk, request: str) -> httpx.Response:
    """Send a yes with the form of another page, as the page of the request offers none."""
    [(_, hidden)] = main_forms_of(await desk.reads(desk.path))
    sent = hidden | {"approve:boolean": "true"}
    return await desk.http.post(request, data=sent, headers=SAME_ORIGIN)
