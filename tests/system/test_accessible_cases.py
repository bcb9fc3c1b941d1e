"""What axe finds on pages that a case has later: a proposal, the end, codes, and decisions."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from api.pages.rendering import STYLE
from catalogues.texts import catalogue
from domain.languages import Language
from launcher.system import System
from tests.system.journeys import World
from tests.system.surfing import Surfer
from tests.system.test_accessibility import (
    CUT_OFF,
    HEAVIEST,
    HEIGHT,
    IN_PRINT,
    TOO_SMALL,
    TOO_WIDE,
    WITHOUT_BORDER,
    lost_by_keyboard,
    violations,
)
from tests.system.test_desk import WIDE, Desk, chromium

__all__ = ["chromium"]

DUTCH = catalogue(Language.DUTCH)
CASE = "/nl/case"


@pytest.fixture
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A browser in which axe may run; the pages have no script of their own."""
    context = await chromium.new_context(viewport=WIDE, locale="nl-NL", bypass_csp=True)
    yield context
    await context.close()


async def test_axe_finds_nothing_in_a_case_until_after_its_end(
    world: World, system: System, context: BrowserContext
) -> None:
    journey = await world.begins_at("outcome_proposed")
    surfer = Surfer(await context.new_page(), system.api.url, Language.DUTCH)
    await surfer.opens(f"{CASE}/open")
    await surfer.fills_in({"receiptCode": journey.complainant.receipt_code})
    await surfer.presses()
    found: list[str] = []
    seen: set[str] = set()
    async for place in surfer.follows_links(CASE):
        seen.add(place)
        found += await violations(surfer.page)
    assert f"{CASE}/response" in seen

    await surfer.opens(f"{CASE}/safety")
    await surfer.fills_in({"safe:boolean": "false"})
    await surfer.presses()
    await journey.shows(inDanger=True)
    await surfer.opens(CASE)
    found += await violations(surfer.page)

    await surfer.opens(f"{CASE}/response")
    await surfer.fills_in({"accept:boolean": "true"})
    await surfer.presses()
    await journey.shows(stage="closed")
    for path in ("", "/feedback", "/reopening"):
        await surfer.opens(f"{CASE}{path}")
        assert await surfer.page.locator("main form").count() or not path, path
        found += await violations(surfer.page)
    assert not found, "\n".join(found)


async def test_axe_finds_nothing_where_codes_are_given(
    world: World, system: System, context: BrowserContext
) -> None:
    journey = await world.begins(email="iemand@post.example")
    surfer = Surfer(await context.new_page(), system.api.url, Language.DUTCH)
    found: list[str] = []
    await surfer.opens(f"{CASE}/lost-code")
    await surfer.fills_in({"caseNumber": journey.number, "email": "iemand@post.example"})
    await surfer.presses()
    assert surfer.page.url.endswith("/lost-code/shown")
    found += await violations(surfer.page)

    await surfer.opens(f"{CASE}/open")
    await surfer.fills_in({"receiptCode": journey.complainant.receipt_code})
    await surfer.presses()
    await surfer.opens(f"{CASE}/new-code")
    await surfer.presses()
    assert surfer.page.url.endswith("/new-code/shown")
    found += await violations(surfer.page)
    assert not found, "\n".join(found)


async def test_axe_finds_nothing_where_somebody_decides(
    world: World, system: System, context: BrowserContext
) -> None:
    found: list[str] = []
    async for page in _at_the_desk(world, system, await context.new_page()):
        found += await violations(page)
    assert not found, "\n".join(found)


async def test_the_desk_is_for_everybody_with_large_letters_colours_keys_or_paper(
    world: World, system: System, context: BrowserContext
) -> None:
    style = await (await context.request.get(system.api.url + STYLE)).body()
    wrong: list[str] = []
    async for page in _at_the_desk(world, system, await context.new_page()):
        found = await lost_by_keyboard(page)
        if len((await page.content()).encode()) + len(style) >= HEAVIEST:
            found.append("heavy")
        await page.emulate_media(forced_colors="active")
        found += await page.evaluate(WITHOUT_BORDER)
        await page.emulate_media(forced_colors="none", media="print")
        found += await page.evaluate(IN_PRINT)
        await page.emulate_media(media="screen")
        await page.set_viewport_size({"width": 320, "height": HEIGHT})
        found += ["wide at 320"] if await page.evaluate(TOO_WIDE) > 0 else []
        found += await page.evaluate(TOO_SMALL)
        await page.set_viewport_size({"width": 640, "height": HEIGHT})
        large = await page.add_style_tag(content="html { font-size: 200% }")
        found += ["wide with large letters"] if await page.evaluate(TOO_WIDE) > 0 else []
        found += await page.evaluate(CUT_OFF)
        await large.evaluate("it => it.remove()")
        await page.set_viewport_size(WIDE)
        wrong += [f"{page.url}: {it}" for it in found]
    assert not wrong, "\n".join(wrong)


async def test_the_desk_needs_neither_scripts_nor_pictures(
    world: World, system: System, chromium: Browser
) -> None:
    context = await chromium.new_context(locale="nl-NL", java_script_enabled=False)
    await context.route(
        "**/*",
        lambda route: (
            route.abort() if route.request.resource_type in WITHOUT else route.continue_()
        ),
    )
    places = [page.url async for page in _at_the_desk(world, system, await context.new_page())]
    assert places[-1].endswith("/desk/signed-out")
    await context.close()


WITHOUT = {"image", "font", "script", "media"}


async def _at_the_desk(world: World, system: System, page: Page) -> AsyncIterator[Page]:
    """Show what somebody sees at the desk from the list of cases to the end of a decision."""
    journey = await world.begins()
    identifier, _ = await world.office.asked(journey.number)
    await journey.goes_to("hearing_both_sides")
    desk = Desk(system, page)
    await desk.signs_in_as(f"mediator-{identifier[-1]}")
    yield page
    await page.goto(f"{desk.url}/desk/cases/{journey.number}")
    yield page
    async for seen in _decides(desk, f"{desk.url}/desk/cases/{journey.number}"):
        yield seen


async def _decides(desk: Desk, case: str) -> AsyncIterator[Page]:
    """Propose an outcome, refused first, then looked at before it goes; sign out."""
    page, title = desk.page, DUTCH["decision.propose_outcome"]
    await page.goto(f"{case}/decide/propose_outcome")
    yield page
    await page.get_by_role("button", name=title, exact=True).click()
    await page.get_by_role("alert").wait_for()
    yield page
    await page.locator('main [name="outcome"]').select_option(index=1)
    await page.locator('main [name="reason"]').fill("Zo is het voor beide kanten goed.")
    await page.get_by_role("button", name=DUTCH["desk.preview"]).click()
    await page.get_by_text(DUTCH["desk.preview.nothing_happened"]).wait_for()
    yield page
    await page.get_by_role("button", name=title, exact=True).click()
    await page.get_by_role("heading", name=DUTCH["desk.status.applied"]).wait_for()
    yield page
    await page.get_by_role("button", name=DUTCH["desk.sign_out"]).click()
    await page.wait_for_url("**/desk/signed-out")
    yield page
