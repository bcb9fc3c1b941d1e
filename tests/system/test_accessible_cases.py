"""What axe finds on pages that a case has later: a proposal, the end, codes, and decisions."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.system import System
from tests.system.journeys import World
from tests.system.surfing import Surfer
from tests.system.test_accessibility import violations
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
    journey = await world.begins()
    identifier, _ = await world.office.asked(journey.number)
    await journey.goes_to("hearing_both_sides")
    desk = Desk(system, await context.new_page())
    await desk.signs_in_as(f"mediator-{identifier[-1]}")
    found: list[str] = []
    async for page in _decides(desk, f"{desk.url}/desk/cases/{journey.number}"):
        found += await violations(page)
    assert not found, "\n".join(found)


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
    yield page
