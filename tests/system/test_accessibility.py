"""Every page in a real browser: for axe, for the eye, the keyboard, large letters and paper."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from typing import Any, Literal

import httpx
import pytest
from axe_playwright_python.async_playwright import Axe  # pyright: ignore[reportMissingTypeStubs]
from playwright.async_api import Browser, BrowserContext, Page, Route

from api.pages.rendering import STYLE
from domain.languages import SPOKEN, Language
from launcher.people import Letterbox
from launcher.system import System
from tests.api.cases_in_hand import mediated_case
from tests.api.publishing import publish_a_year
from tests.system.journeys import World
from tests.system.surfing import Surfer
from tests.system.test_desk import Desk, chromium

__all__ = ["chromium"]

WIDTHS = (320, 1100)
COLOURS: tuple[Literal["light", "dark"], ...] = ("light", "dark")
HEIGHT = 800
HEAVIEST = 50_000
"""Bytes of a page with its style."""
OF_INSTITUTIONS = re.compile(r"/[a-z]{2}/(institution|reply)\b")
"""Pages that need no way out, nor help: those of somebody at work."""
RULES: dict[str, Any] = {
    "runOnly": {
        "type": "tag",
        "values": [
            *("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"),
            "best-practice",
        ],
    },
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
}

TELLS = re.compile(r"(?i)se[kx]|prostit|hoer(?!en)|escort|slachtoffer|victim|traffick|mensenhandel")
"""What a title never says: it stands in the history of the browser, and on its tab."""

TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
CUT_OFF = """
[...document.querySelectorAll("body *")].filter(it => {
  const style = getComputedStyle(it);
  const cuts = style.overflowX !== "visible" || style.overflowY !== "visible";
  const cut = it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1;
  const scrolls = it.matches(".wide[tabindex='0']");  // a table of figures (WCAG 1.4.10)
  return cuts && cut && !scrolls && !it.matches(".unseen, textarea, input, select");
}).map(it => it.outerHTML.slice(0, 120))
"""
TOO_SMALL = """
[...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
.filter(it => {
  const box = it.getBoundingClientRect();
  const inText = it.tagName === "A" && getComputedStyle(it).display === "inline"
    && it.parentElement.textContent.trim() !== it.textContent.trim();
  const shown = box.width > 0 && it.type !== "hidden" && !it.matches(".skip");
  return shown && !inText && (box.height < 24 || box.width < 24);
}).map(it => it.outerHTML.slice(0, 120))
"""
REACHABLE = """
(() => {
  const groups = new Set();
  const stops = "a[href], button, input, select, textarea, summary, [tabindex='0']";
  return [...document.querySelectorAll(stops)]
  .filter(it => {
    if (it.type === "hidden" || it.disabled || !it.checkVisibility()) return false;
    if (it.type !== "radio") return true;
    const fresh = !groups.has(it.name);
    groups.add(it.name);
    return fresh;
  }).length;
})()
"""
FOCUSED = """
(() => {
  const it = document.activeElement;
  if (!it || it === document.body || it === document.documentElement) return null;
  const style = getComputedStyle(it);
  const box = it.getBoundingClientRect();
  return {
    what: it.outerHTML.slice(0, 120),
    outlined: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
    inWindow: box.width > 0 && box.right > 0 && box.left < innerWidth
      && box.bottom > 0 && box.top < innerHeight,
  };
})()
"""
WITHOUT_BORDER = """
[...document.querySelectorAll("main button, header button, input, select, textarea, .summary")]
.filter(it => {
  const style = getComputedStyle(it);
  const native = it.type === "radio" || it.type === "checkbox" || it.type === "hidden";
  return !native && (style.borderTopStyle === "none" || parseFloat(style.borderTopWidth) < 1);
}).map(it => it.outerHTML.slice(0, 120))
"""
IN_PRINT = """
[...document.querySelectorAll("nav, footer, form, button, .skip, .danger")]
.filter(it => it.checkVisibility()).map(it => it.outerHTML.slice(0, 120))
"""

every_language = pytest.mark.parametrize("language", SPOKEN)
latin_and_cyrillic = pytest.mark.parametrize("language", [Language.DUTCH, Language.BULGARIAN])
"""axe looks at marks, not at words; the cheap checks look at every language."""


@pytest.fixture(scope="module", autouse=True)
def published(system: System) -> None:
    """A year of figures is out, so that their pages are looked at, too."""
    asyncio.run(publish_a_year(system))


@pytest.fixture(scope="module")
def reply_token(system: System, token_for: Callable[[str], str]) -> str:
    """The token of the link in a letter to an institution."""

    async def prepare() -> str:
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            letterbox = Letterbox(system.mail.page_url)
            return (await mediated_case(http, token_for, letterbox)).link.rpartition("/")[2]

    return asyncio.run(prepare())


@pytest.fixture
async def context(chromium: Browser) -> AsyncIterator[BrowserContext]:
    """A browser in which axe may run; the pages have no script of their own."""
    context = await chromium.new_context(
        viewport={"width": WIDTHS[1], "height": HEIGHT}, locale="nl-NL", bypass_csp=True
    )
    yield context
    await context.close()


async def violations(page: Page) -> list[str]:
    """What axe finds, narrow and wide, light and dark."""
    found: list[str] = []
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": HEIGHT})
        for colours in COLOURS:
            await page.emulate_media(color_scheme=colours)
            results = await Axe().run(page, options=RULES)  # pyright: ignore[reportUnknownMemberType]
            if results.violations_count:
                found.append(f"{page.url}, {width}, {colours}: {results.generate_report()}")
    return found


class TestAxe:
    @latin_and_cyrillic
    async def test_finds_nothing_on_a_page_for_people(
        self, system: System, context: BrowserContext, language: Language, reply_token: str
    ) -> None:
        surfer = Surfer(await context.new_page(), system.api.url, language)
        found: list[str] = []
        async for _ in surfer.everywhere(reply_token):
            found += await violations(surfer.page)
        assert not found, "\n".join(found)

    async def test_finds_nothing_at_the_desk(
        self, world: World, system: System, context: BrowserContext
    ) -> None:
        far, fresh = await world.begins_at("awaiting_institution"), await world.begins()
        identifier, _ = await world.office.asked(fresh.number)
        found: list[str] = []
        for subject, number in (
            (f"mediator-{identifier[-1]}", fresh.number),
            ("supervisor-1", far.number),
        ):
            await context.clear_cookies()
            desk = Desk(system, await context.new_page())
            await desk.signs_in_as(subject)
            found += await violations(desk.page)
            await desk.page.goto(f"{system.api.url}/desk/cases/{number}")
            await desk.page.eval_on_selector_all("details", "all => all.map(it => it.open = true)")
            found += await violations(desk.page)
            await desk.page.goto(f"{system.api.url}/desk/cases/none")
            found += await violations(desk.page)
        assert not found, "\n".join(found)


class TestAPage:
    @every_language
    async def test_fits_is_light_and_says_what_it_is(
        self, system: System, context: BrowserContext, language: Language, reply_token: str
    ) -> None:
        page = await context.new_page()
        surfer = Surfer(page, system.api.url, language)
        style = await (await context.request.get(system.api.url + STYLE)).body()
        titles: dict[tuple[bool, str], str] = {}
        wrong: list[str] = []
        async for place in surfer.everywhere(reply_token):
            html = await page.content()
            title = await page.title()
            told = (place.startswith("for somebody"), title)  # in another case of the same minute
            checks = {
                "heavy": len(html.encode()) + len(style) >= HEAVIEST,
                "language": await page.get_attribute("html", "lang") != language,
                "title that tells": bool(TELLS.search(title)),
                f"title of {titles.get(told)}": titles.setdefault(told, _path(page)) != _path(page),
                "no heading": await page.locator("h1").count() != 1,
            }
            if not OF_INSTITUTIONS.search(page.url):
                checks["no way out"] = await page.locator("header .leave").count() != 1
                checks["no help"] = await page.locator('header a[href^="tel:"]').count() != 1
            await page.set_viewport_size({"width": 320, "height": HEIGHT})
            checks["wide at 320"] = await page.evaluate(TOO_WIDE) > 0
            checks |= {f"small {it}": True for it in await page.evaluate(TOO_SMALL)}
            await page.set_viewport_size({"width": 640, "height": HEIGHT})
            await page.add_style_tag(content="html { font-size: 200% }")
            checks["wide with large letters"] = await page.evaluate(TOO_WIDE) > 0
            checks |= {f"cut {it}": True for it in await page.evaluate(CUT_OFF)}
            wrong += [f"{place}: {what}" for what, is_so in checks.items() if is_so]
        assert not wrong, "\n".join(wrong)
        assert not surfer.complaints
        assert len(titles) > 30

    async def test_is_reached_by_keyboard_alone_and_shows_where_one_is(
        self, system: System, context: BrowserContext, reply_token: str
    ) -> None:
        surfer = Surfer(await context.new_page(), system.api.url, Language.DUTCH)
        wrong: list[str] = []
        async for place in surfer.everywhere(reply_token):
            wrong += [f"{place}: {it}" for it in await lost_by_keyboard(surfer.page)]
        assert not wrong, "\n".join(wrong)

    async def test_skips_to_what_it_is_about(self, system: System, context: BrowserContext) -> None:
        page = await context.new_page()
        for path in ("", "/guide", "/topics/police"):
            await page.goto(f"{system.api.url}/nl{path}")
            await page.keyboard.press("Tab")
            assert await page.locator(".skip").is_visible()
            await page.keyboard.press("Enter")
            await page.keyboard.press("Tab")
            assert await page.evaluate("!!document.activeElement.closest('main')")

    async def test_shows_its_parts_in_the_colours_of_the_reader(
        self, system: System, context: BrowserContext, reply_token: str
    ) -> None:
        page = await context.new_page()
        surfer = Surfer(page, system.api.url, Language.DUTCH)
        await page.emulate_media(forced_colors="active")
        wrong: list[str] = []
        async for place in surfer.everywhere(reply_token):
            assert await page.evaluate("matchMedia('(forced-colors: active)').matches")
            wrong += [f"{place}: {it}" for it in await page.evaluate(WITHOUT_BORDER)]
            await page.keyboard.press("Tab")
            focused = await page.evaluate(FOCUSED)
            wrong += [] if focused["outlined"] else [f"{place}: {focused['what']}"]
        assert not wrong, "\n".join(wrong)

    async def test_prints_what_it_is_about_and_no_more(
        self, system: System, context: BrowserContext, reply_token: str
    ) -> None:
        page = await context.new_page()
        surfer = Surfer(page, system.api.url, Language.DUTCH)
        wrong: list[str] = []
        codes = 0
        async for place in surfer.everywhere(reply_token):
            await page.emulate_media(media="print")
            wrong += [f"{place}: {it}" for it in await page.evaluate(IN_PRINT)]
            wrong += [] if await page.locator("h1").is_visible() else [place]
            if place.endswith("receipt"):
                for it in _ON_PAPER:
                    for shown in await page.locator(f".receipt .{it}").all():
                        assert await shown.is_visible()
                codes += await page.locator(".receipt .code").count()
            await page.emulate_media(media="screen")
        assert not wrong, "\n".join(wrong)
        assert codes == 4


_ON_PAPER = ("number", "code", "words")


_REFUSED = "net::ERR_FAILED"
"""What the browser says of a picture that it was not given."""


async def test_everything_works_without_scripts_and_without_pictures(
    system: System, chromium: Browser, reply_token: str
) -> None:
    context = await chromium.new_context(
        viewport={"width": 320, "height": HEIGHT}, locale="nl-NL", java_script_enabled=False
    )
    asked: list[str] = []

    async def refuse(route: Route) -> None:
        asked.append(route.request.resource_type)
        if route.request.resource_type in {"image", "font", "script", "media"}:
            await route.abort()
        else:
            await route.continue_()

    await context.route("**/*", refuse)
    surfer = Surfer(await context.new_page(), system.api.url, Language.DUTCH)
    places = [place async for place in surfer.everywhere(reply_token)]
    assert {
        *("complaint: receipt", "question: receipt", "/nl/case", "guide, answered"),
        "institution: correction, told",
    } <= {*places}
    assert [it for it in surfer.complaints if _REFUSED not in it] == []
    assert {*asked} <= {"document", "stylesheet", "image"}
    await context.close()


def _path(page: Page) -> str:
    """Where it is, but for a code of what became of it."""
    return re.sub(r"#.*", "", page.url)


async def lost_by_keyboard(page: Page) -> list[str]:
    """What Tab does not reach, or reaches without showing it."""
    await page.wait_for_load_state("load")
    await page.evaluate("scrollTo(0, 0)")  # a form sent again from where it stood keeps its place
    expected: int = await page.evaluate(REACHABLE)
    wrong: list[str] = []
    reached: list[str] = []
    while True:
        await page.keyboard.press("Tab")
        focused = await page.evaluate(FOCUSED)
        if focused is None or focused["what"] in reached[:1]:
            break
        reached.append(focused["what"])
        if not (focused["outlined"] and focused["inWindow"]):
            wrong.append(f"not shown: {focused['what']}")
    if len(reached) != expected:
        wrong.append(f"{len(reached)} of {expected} reached: {reached}")
    return wrong
