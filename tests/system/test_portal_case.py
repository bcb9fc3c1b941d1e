"""A case in a real browser without scripts, from the first message to looking back."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.system import System
from tests.system.journeys import Journey, World
from tests.system.test_desk import SMALL, WIDE, Desk, chromium

__all__ = ["chromium"]

WORDS = catalogue(Language.DUTCH)
PICTURES = Path(__file__).parents[2] / "artefacts" / "portal-case"


class Screen(Desk):
    """Somebody in front of the pages of their case, who is shown to whoever looks at pictures."""

    def __init__(self, system: System, page: Page, name: str) -> None:
        super().__init__(system, page)
        self._case = f"{system.api.url}/nl/case"
        self._pictures = PICTURES / name
        self._taken = 0

    async def opens(self, path: str = "") -> None:
        """Open a page of the case."""
        await self.page.goto(self._case + path)
        await self.looks(path.strip("/").replace("/", "-") or "case")

    async def presses(self, key: str) -> None:
        """Press a button, by the key of its words."""
        await self.page.locator("main").get_by_role("button", name=WORDS[key], exact=True).click()
        await self.looks(f"after-{key}")

    async def writes(self, path: str, label: str, words: str, button: str) -> None:
        """Write something on a page and send it, until it is told that it is done."""
        await self.opens(path)
        await self.page.get_by_label(WORDS[label]).fill(words)
        await self.presses(button)
        await self.is_told("portal.sent.applied")

    async def is_told(self, key: str) -> None:
        """Wait until the page says something."""
        await self.page.get_by_text(WORDS[key]).first.wait_for()

    async def looks(self, name: str) -> None:
        """Take a picture; nobody has to scroll sideways."""
        self._taken += 1
        path = self._pictures / f"{self._taken:02d}-{name}.png"
        await self.page.screenshot(path=path, full_page=True)
        assert not await self.is_wider_than_its_window(), name


async def hears_the_institution(journey: Journey) -> None:
    await journey.complainant.reaches("awaiting_institution", "institution_replies")
    await journey.hears_the_institution()
    await journey.gets_a_proposal()


@pytest.mark.parametrize(
    ("size", "colours"), [(WIDE, "light"), (SMALL, "dark")], ids=["wide", "small-and-dark"]
)
async def test_a_case_goes_from_a_message_to_looking_back_without_scripts(
    world: World,
    system: System,
    chromium: Browser,
    size: ViewportSize,
    colours: Literal["light", "dark"],
) -> None:
    journey = await world.begins()
    context = await chromium.new_context(
        viewport=size, locale="nl-NL", java_script_enabled=False, color_scheme=colours
    )
    screen = Screen(system, await context.new_page(), colours)
    console: list[str] = []
    screen.page.on("console", lambda message: console.append(message.text))

    await screen.opens()
    code = screen.page.get_by_label(WORDS["portal.field.receiptCode"])
    await code.fill(journey.complainant.receipt_code)
    await screen.presses("portal.code.open")
    await screen.writes(
        "/message", "portal.field.message", "Wat kan ik doen?", "portal.do.message.button"
    )

    await journey.is_accepted()
    await screen.opens()
    await screen.page.get_by_role("link", name=WORDS["purpose.contact"]).first.click()
    await screen.presses("portal.consent.give")
    await screen.is_told("portal.sent.applied")

    await hears_the_institution(journey)
    await screen.opens()
    await screen.page.locator("a.go").click()
    await screen.page.get_by_label(WORDS["portal.proposal.true"]).check()
    await screen.presses("portal.do.response.button")
    await screen.is_told("portal.sent.applied")

    await journey.complainant.reaches("closed")
    await screen.opens()
    await screen.is_told("outcome.settled")
    await screen.writes(
        "/feedback", "portal.field.own_words", "Ik ben gehoord.", "portal.do.feedback.button"
    )
    entries = (await journey.complainant.get("/entries"))["entries"]
    assert [(one["kind"], one["status"]) for one in entries if one["author"] == "complainant"] == [
        ("complaint", "applied"),
        ("message", "applied"),
        ("consent", "applied"),
        ("response", "applied"),
        ("feedback", "applied"),
    ]

    await screen.page.get_by_role("button", name=WORDS["portal.stop"]).click()
    await screen.page.get_by_role("heading", name=WORDS["portal.home.title"]).wait_for()
    await screen.opens()
    await screen.is_told("portal.code")
    assert [message for message in console if "Content Security Policy" in message] == []
