"""From the first page to the end, in every language, in a real browser without scripts."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page

from catalogues.texts import catalogue
from domain.languages import SPOKEN, Language
from launcher.people import Complainant, Institution
from launcher.system import System
from tests.system.journeys import Journey, World
from tests.system.surfing import Surfer
from tests.system.test_desk import SMALL, WIDE, Desk, chromium

__all__ = ["chromium"]

ENGLISH = catalogue(Language.ENGLISH)
PICTURES = Path(__file__).parents[2] / "artefacts" / "walks"
WITH_LETTERS = {"propose_outcome", "answer_question"}
"""Decisions whose letters can be looked at before they go."""
ANSWER = "Ja, dat mag u vragen. — Да, можете. — Igen, megteheti."

every_language = pytest.mark.parametrize("language", SPOKEN)


class Passer(Surfer):
    """Somebody with an old telephone, who reads one language."""

    _taken = 0

    async def door(self, name: str) -> None:
        """Go through a door of the first page."""
        await self.page.get_by_role("link", name=self.says(f"portal.door.{name}")).first.click()

    def says(self, key: str) -> str:
        """Return words in the language of this reader."""
        return catalogue(self.language)[key]

    async def sees(self, key: str) -> None:
        """Wait until a page shows some words."""
        await self.page.get_by_text(self.says(key)).first.wait_for()

    async def looks(self, name: str) -> None:
        """Take a picture for whoever looks at them."""
        Passer._taken += 1
        path = PICTURES / self.language / f"{Passer._taken:03d}-{name.replace(' ', '-')}.png"
        await self.page.screenshot(path=path, full_page=True)

    async def hands_in(self, form: str, world: World) -> Complainant:
        """Fill a form in, to the case; return who they are to us."""
        number = code = ""
        async for place in self.writes(form):
            if "refused" in place:
                continue
            await self.looks(place)
            if place.endswith("receipt"):
                number = await self.page.locator(".receipt .number").inner_text()
                code = await self.page.locator(".receipt .code").inner_text()
        assert number, "there was no receipt"
        return Complainant(world.http, number, code)

    async def is_at_the_case(self, path: str = "") -> None:
        """Open a page of the case."""
        await self.opens(f"/{self.language}/case{path}")


async def telephone(chromium: Browser) -> BrowserContext:
    return await chromium.new_context(
        viewport=SMALL, locale="fr-FR", java_script_enabled=False, color_scheme="light"
    )


async def at_the_desk(chromium: Browser, system: System, subject: str, path: str) -> Desk:
    context = await chromium.new_context(viewport=WIDE, locale="en-GB", java_script_enabled=False)
    desk = Desk(system, await context.new_page())
    await desk.signs_in_as(subject, path)
    return desk


async def picture_of(page: Page, language: Language, name: str) -> None:
    await page.screenshot(path=PICTURES / language / f"desk-{name}.png", full_page=True)


async def decides(desk: Desk, number: str, decision: str, **filled: str) -> None:
    """Open a form at the desk, look at its preview, and decide."""
    await desk.page.goto(f"{desk.url}/desk/cases/{number}/decide/{decision}")
    for name, value in filled.items():
        field = desk.page.locator(f'main [name="{name}"]')
        if await field.evaluate("it => it.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)
    if decision in WITH_LETTERS:
        await desk.page.get_by_role("button", name=ENGLISH["desk.preview"]).click()
        await desk.page.get_by_text(ENGLISH["desk.preview.nothing_happened"]).wait_for()
    title = ENGLISH[f"decision.{decision}"]
    await desk.page.get_by_role("button", name=title, exact=True).click()
    await desk.page.get_by_role("heading", name=ENGLISH["desk.status.applied"]).wait_for()


async def at_the_institution(
    chromium: Browser, system: System, institution: Institution, language: Language
) -> None:
    """Open the link of the letter, and answer."""
    context = await telephone(chromium)
    clerk = Passer(await context.new_page(), system.api.url, language)
    await clerk.opens(f"/{language}/{institution.page.partition('/')[2].partition('/')[2]}")
    await clerk.looks("link in a letter")
    await clerk.presses()
    await clerk.sees("answering.awaited.institution_replies")
    await clerk.looks("what is asked of the institution")
    await clerk.opens(f"/{language}/institution/reply")
    await clerk.fills_in({"text": "Dit is onze kant."})
    await clerk.looks("answer of the institution")
    await clerk.presses()
    await clerk.sees("portal.sent.applied")
    await clerk.looks("what comes after the answer")
    assert not clerk.complaints


@every_language
async def test_a_complaint_is_heard_from_the_first_page_to_its_closure(
    world: World, system: System, chromium: Browser, language: Language
) -> None:
    context = await telephone(chromium)
    person = Passer(await context.new_page(), system.api.url, language)
    await person.opens(f"/{language}")
    await person.looks("first page")
    await person.door("complaint")
    await person.looks("before the first question")
    complainant = await person.hands_in("complaint", world)
    journey = Journey(world, complainant, "klachten@voorbeeldstad.example")
    assert (await complainant.get(""))["language"] == language

    identifier, _ = await world.office.asked(journey.number)
    subject = f"mediator-{identifier[-1]}"
    desk = await at_the_desk(chromium, system, subject, f"/desk/cases/{journey.number}")
    await decides(desk, journey.number, "accept_case")
    await complainant.reaches("awaiting_consent", "complainant_consents")

    await person.is_at_the_case()
    await person.looks("asked for consent")
    await person.is_at_the_case("/consents/contact")
    await person.looks("consent")
    await person.presses()
    await person.sees("portal.sent.applied")

    await complainant.reaches("awaiting_institution", "institution_replies")
    await person.is_at_the_case()
    await person.sees("stage.awaiting_institution")
    await person.looks("waiting for the institution")
    await at_the_institution(chromium, system, await journey.institution(), language)
    await complainant.reaches("hearing_both_sides", "mediator_proposes")

    await desk.page.goto(f"{desk.url}/desk/cases/{journey.number}")
    await picture_of(desk.page, language, "case")
    await decides(
        desk, journey.number, "propose_outcome", outcome="settled", reason="Er komt een gesprek."
    )
    await complainant.reaches("outcome_proposed", "complainant_responds")

    await person.is_at_the_case("/response")
    await person.looks("proposal")
    await person.page.get_by_label(person.says("portal.proposal.true")).check()
    await person.presses()
    await person.sees("portal.sent.applied")
    await complainant.reaches("closed")
    await person.is_at_the_case()
    await person.sees("outcome.settled")
    await person.looks("closed")
    assert not person.complaints


@every_language
async def test_a_question_gets_its_answer(
    world: World, system: System, chromium: Browser, language: Language
) -> None:
    context = await telephone(chromium)
    person = Passer(await context.new_page(), system.api.url, language)
    await person.opens(f"/{language}")
    await person.door("question")
    asker = await person.hands_in("question", world)
    await asker.reaches("awaiting_adviser", "adviser_answers")
    await person.is_at_the_case()
    await person.looks("waiting for the adviser")

    desk = await at_the_desk(chromium, system, "adviser-1", f"/desk/cases/{asker.case_number}")
    await picture_of(desk.page, language, "question")
    await decides(desk, asker.case_number, "answer_question", text=ANSWER)

    await asker.reaches("answered", "complainant_follows_up")
    await person.is_at_the_case("/letters")
    await person.page.get_by_role("link", name=person.says("letter.answer")).first.click()
    await person.page.get_by_text(ANSWER).first.wait_for()
    await person.looks("the answer")
    assert not person.complaints
