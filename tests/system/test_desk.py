"""The desk in a real browser without scripts, wide and as small as an old telephone."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize, async_playwright

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.system import System
from tests.system.journeys import World

WORDS = catalogue(Language.ENGLISH)
CHROMIUM = shutil.which("chromium")
WIDE: ViewportSize = {"width": 1024, "height": 768}
SMALL: ViewportSize = {"width": 320, "height": 640}
BACKGROUNDS = {"light": "rgb(251, 249, 245)", "dark": "rgb(20, 25, 27)"}


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


class Desk:
    """Somebody of the staff in front of a screen."""

    def __init__(self, system: System, page: Page) -> None:
        self.url = system.api.url
        self.page = page

    async def signs_in_as(self, subject: str, path: str = "/desk") -> None:
        """Open a page, choose who to be where that is asked, and arrive there."""
        await self.page.goto(self.url + path)
        await self.page.get_by_role("button", name=subject, exact=True).click()
        await self.page.wait_for_url(self.url + path)

    async def decides(self, title: str, **filled: str) -> None:
        """Open a form, fill it in, and send it."""
        form = self.page.locator("details.decision", has_text=title).first
        await form.locator("summary").click()
        for label, words in filled.items():
            await form.get_by_label(WORDS[f"desk.item.{label}"]).fill(words)
        await form.get_by_role("button", name=title).click()

    async def background(self) -> str:
        """Return the colour behind everything, which the style sheet sets."""
        return await self.page.evaluate("getComputedStyle(document.body).backgroundColor")

    async def is_wider_than_its_window(self) -> bool:
        """Tell whether anybody has to scroll sideways (WCAG 1.4.10)."""
        # Playwright evaluates even where the page itself may run no script.
        wide: int = await self.page.evaluate("document.documentElement.scrollWidth")
        window = self.page.viewport_size
        assert window is not None
        return wide > window["width"]


@pytest.mark.parametrize(
    ("size", "colours"), [(WIDE, "light"), (SMALL, "dark")], ids=["wide", "small-and-dark"]
)
async def test_a_mediator_declines_a_case_without_scripts(
    world: World,
    system: System,
    chromium: Browser,
    tmp_path: Path,
    size: ViewportSize,
    colours: Literal["light", "dark"],
) -> None:
    journey = await world.begins()
    identifier, _ = await world.office.asked(journey.number)
    context = await chromium.new_context(
        viewport=size, locale="en-GB", java_script_enabled=False, color_scheme=colours
    )
    desk = Desk(system, await context.new_page())
    console: list[str] = []
    desk.page.on("console", lambda message: console.append(message.text))

    await desk.signs_in_as(f"mediator-{identifier[-1]}", f"/desk/cases/{journey.number}")
    await desk.page.locator("details.decision summary").first.click()
    await desk.page.screenshot(path=tmp_path / "case.png", full_page=True)
    assert not await desk.is_wider_than_its_window()
    assert await desk.background() == BACKGROUNDS[colours]

    await desk.decides(WORDS["decision.decline_case"], reason="I know somebody there.")
    await desk.page.get_by_role("heading", name=WORDS["desk.status.applied"]).wait_for()
    await desk.page.screenshot(path=tmp_path / "decision.png", full_page=True)

    await desk.page.get_by_role("button", name=WORDS["desk.sign_out"]).click()
    await desk.page.get_by_role("heading", name=WORDS["desk.signed_out"]).wait_for()
    assert [message for message in console if "Content Security Policy" in message] == []
