"""Break-glass at the desk in a real browser: every page of it, as two supervisors see them."""

from collections.abc import AsyncIterator, Sequence

import pytest
from playwright.async_api import Browser, Page

from api.pages.rendering import STYLE
from catalogues.texts import catalogue
from domain.languages import Language
from launcher.system import System
from tests.system.journeys import World
from tests.system.test_accessibility import (
    CUT_OFF,
    HEAVIEST,
    HEIGHT,
    TELLS,
    TOO_SMALL,
    TOO_WIDE,
    lost_by_keyboard,
    violations,
)
from tests.system.test_desk import SMALL, Desk, chromium

__all__ = ["chromium"]

DUTCH = catalogue(Language.DUTCH)
WHY = "Er is geklaagd over wat de bemiddelaar schreef."


class Supervisors:
    """Two of them in one case: the first one asks and reads, the second one answers."""

    def __init__(self, system: System, pages: Sequence[Page], number: str) -> None:
        self._first, self._second = (Desk(system, page) for page in pages)
        self._case = f"/desk/cases/{number}"

    async def everywhere(self) -> AsyncIterator[tuple[str, Page]]:
        """Ask, refused and not, answer, open and read; yield each page that is seen."""
        first, second = self._first.page, self._second.page
        await self._first.signs_in_as("supervisor-1", self._case)
        yield "the case", first
        await first.get_by_role("link", name=DUTCH["desk.glass.ask"]).click()
        yield "asking", first
        await _presses(first)
        yield "asking, refused", first
        await first.get_by_label(DUTCH["desk.glass.scope.story"]).check()
        await first.get_by_label(DUTCH["desk.item.reason"]).fill(WHY)
        await _presses(first)
        yield "asked", first
        await self._second.signs_in_as("supervisor-2")
        yield "the list, with a request", second
        told = DUTCH["desk.glass.in_list"].format(number=self._case.rpartition("/")[2])
        await second.get_by_role("link", name=told).click()
        await second.get_by_role("link", name=DUTCH["desk.glass.scope.story"]).click()
        yield "answering", second
        await _presses(second)
        yield "answering, refused", second
        await second.get_by_label(DUTCH["desk.glass.answer.true"], exact=True).check()
        await _presses(second)
        yield "answered", second
        await first.get_by_role("link", name=DUTCH["desk.glass.scope.story"]).click()
        yield "opening", first
        await _presses(first)
        yield "reading", first
        await second.goto(first.url)
        yield "reading, refused", second


async def _presses(page: Page) -> None:
    async with page.expect_navigation(wait_until="load"):
        await page.locator("main form button").click()


@pytest.fixture
async def number(world: World) -> str:
    """The number of a case in which something can be read."""
    return (await world.begins_at("awaiting_institution")).number


async def test_it_needs_no_script_and_tells_what_was_written(
    system: System, chromium: Browser, number: str
) -> None:
    contexts = [
        await chromium.new_context(viewport=SMALL, locale="nl-NL", java_script_enabled=False)
        for _ in range(2)
    ]
    pages = [await context.new_page() for context in contexts]
    complaints: list[str] = []
    for page in pages:
        page.on("console", lambda message: complaints.append(message.text))
    places: list[str] = []
    async for place, page in Supervisors(system, pages, number).everywhere():
        places.append(place)
        assert await page.locator("h1").count() == 1, place
        if place == "reading":
            await page.get_by_text("Ik kreeg geen rekening en geen reden.").wait_for()
    assert places[-1] == "reading, refused"
    assert [it for it in complaints if "Content Security Policy" in it] == []


async def test_every_page_of_it_can_be_used_by_everybody(
    system: System, chromium: Browser, number: str
) -> None:
    contexts = [await chromium.new_context(locale="nl-NL", bypass_csp=True) for _ in range(2)]
    pages = [await context.new_page() for context in contexts]
    style = await (await contexts[0].request.get(system.api.url + STYLE)).body()
    wrong: list[str] = []
    async for place, page in Supervisors(system, pages, number).everywhere():
        wrong += await violations(page)
        wrong += [f"{place}: {it}" for it in await lost_by_keyboard(page)]
        await page.set_viewport_size({"width": 320, "height": HEIGHT})
        small = await page.evaluate(TOO_SMALL)
        checks = {
            "heavy": len((await page.content()).encode()) + len(style) >= HEAVIEST,
            "title that tells": bool(TELLS.search(await page.title())),
            "number of the case in the title": number in await page.title(),
            "wide at 320": await page.evaluate(TOO_WIDE) > 0,
            **{f"small {it}": True for it in small},
            **{f"cut {it}": True for it in await page.evaluate(CUT_OFF)},
        }
        wrong += [f"{place}: {what}" for what, is_so in checks.items() if is_so]
    assert not wrong, "\n".join(wrong)
