"""A supervisor in a real browser finds a stuck case in the Temporal UI, and frees it."""

import re
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page

from catalogues.texts import catalogue
from domain.languages import Language
from domain.waits import Attention
from launcher.system import System
from tests.system.journeys import World
from tests.system.test_desk import chromium
from workflows.saved_queries import QUERIES, SavedQuery, asking_for

__all__ = ["chromium"]

WORDS = catalogue(Language.ENGLISH)
ARTEFACTS = Path(__file__).parents[2] / "artefacts"
"""Where screenshots are kept for whoever wants to look."""
PATIENCE = 30_000
"""Milliseconds."""


class Supervision:
    """Somebody of the staff who looks at Temporal."""

    def __init__(self, system: System, page: Page) -> None:
        self._system = system
        self.page = page
        page.set_default_timeout(PATIENCE)

    async def signs_in_as(self, subject: str) -> None:
        """Sign in to the Temporal UI."""
        await self.page.goto(f"{self._system.temporal.ui_url}/auth/sso?returnUrl=/")
        await self.page.get_by_role("button", name=subject, exact=True).click()
        await self.page.wait_for_url(re.compile("/namespaces|/$"))

    async def opens(self, query: SavedQuery, workflow_id: str) -> None:
        """Open what a saved query finds, and there one workflow."""
        await self.page.goto(query.url(self._system.temporal.ui_url, "default"))
        await self.page.get_by_role("link", name=workflow_id).first.click()
        await self.page.wait_for_url(re.compile(re.escape(f"/{workflow_id}/")))

    async def photographs(self, name: str) -> None:
        """Keep what is on the screen."""
        ARTEFACTS.mkdir(exist_ok=True)
        await self.page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)


@pytest.fixture
def overdue() -> SavedQuery:
    [query] = [one for one in QUERIES if one.query == asking_for(Attention.INSTITUTION_SILENT)]
    return query


async def test_a_stuck_case_is_found_understood_and_moved(
    world: World, system: System, chromium: Browser, overdue: SavedQuery
) -> None:
    if system.temporal.server is None or system.temporal.server.kind != "stock":
        pytest.skip("the UI within the Temporal CLI has no sign-in")
    journey = await world.begins_at("awaiting_institution")
    await journey.until_passed("institution_replies")
    await journey.shows(attention="institution_silent")
    workflow_id = journey.workflow().id
    context = await chromium.new_context(viewport={"width": 1400, "height": 1000}, locale="en-GB")
    seen = Supervision(system, await context.new_page())
    await seen.signs_in_as("supervisor-1")

    await seen.opens(overdue, workflow_id)
    # Decoded: the arguments of the workflow can be read.
    await seen.page.get_by_text('"episode"').first.wait_for()
    await seen.photographs("supervisor-history")
    await seen.page.get_by_text("User Metadata").first.click()
    details = seen.page.frame_locator("iframe").last
    await details.get_by_text("the institution let its term pass").wait_for()
    await details.get_by_text("A signal from here carries no authority").wait_for()
    link = details.get_by_role("link", name="the case at the desk")
    desk = f"{system.api.url}/desk/cases/{journey.number}"
    assert await link.get_attribute("href") == desk
    await seen.photographs("supervisor-details")

    await seen.page.goto(desk)
    await seen.page.get_by_role("button", name="supervisor-1", exact=True).click()
    await seen.page.wait_for_url(desk)
    await seen.photographs("supervisor-desk")
    title = WORDS["decision.reassign"]
    form = seen.page.locator("details.decision", has_text=title).first
    await form.locator("summary").click()
    await form.get_by_label(WORDS["desk.item.reason"]).fill("Nobody proposes anything.")
    await form.get_by_role("button", name=title).click()
    await seen.page.get_by_role("heading", name=WORDS["desk.status.applied"]).wait_for()
    await seen.photographs("supervisor-decided")
    await context.close()

    await journey.shows(stage="finding_mediator", mediatorId=None)


async def test_a_mediator_sees_payloads_as_ciphertext(
    world: World, system: System, chromium: Browser, overdue: SavedQuery
) -> None:
    if system.temporal.server is None or system.temporal.server.kind != "stock":
        pytest.skip("the UI within the Temporal CLI has no sign-in")
    journey = await world.begins_at("awaiting_institution")
    await journey.until_passed("institution_replies")
    await journey.shows(attention="institution_silent")
    context = await chromium.new_context(viewport={"width": 1400, "height": 1000}, locale="en-GB")
    seen = Supervision(system, await context.new_page())
    await seen.signs_in_as("mediator-1")

    await seen.opens(overdue, journey.workflow().id)
    refused = seen.page.get_by_text("Codec Server could not connect").filter(visible=True)
    await refused.first.wait_for()
    await seen.photographs("mediator-history")

    assert await seen.page.get_by_text('"episode"').count() == 0
    await context.close()
