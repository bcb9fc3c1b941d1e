"""Somebody with a real browser who opens every page, one after the other."""

import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field

from playwright.async_api import Page

from domain.languages import Language

_STORY = "Aan het loket werd ik uitgelachen.\n\nDaarna hoorde ik niets meer."


@dataclass
class Surfer:
    """Opens pages, follows links and fills forms in.

    Attributes:
        complaints: what the browser complained of, but for pages that were refused on purpose.
    """

    page: Page
    url: str
    language: Language
    complaints: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        self.page.on("console", lambda message: self._note(message.text, message.type))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _note(self, words: str, kind: str) -> None:
        # Chromium reports every answer that is a refusal, which is what a form with errors is.
        refused = re.search(r"status of 4\d\d", words)
        if kind in {"error", "warning"} and not refused:
            self.complaints.append(words)

    async def everywhere(self, reply_token: str) -> AsyncIterator[str]:
        """Open every page and every form with errors; yield what is open.

        Args:
            reply_token: of the link in a letter to an institution.
        """
        async for place in self.follows_links():
            yield place
        for form in ("complaint", "question"):
            async for place in self.writes(form):
                yield place
            async for place in self.follows_links(f"/{self.language}/case"):
                yield place
        async for place in self.lets_somebody_help():
            yield place
        async for place in self.writes("question", for_somebody=True):
            yield f"for somebody, {place}"
        async for place in self.follows_links(f"/{self.language}/case"):
            yield f"for somebody, {place}"
        for path, answers in (
            ("guide", {"happened": "decision", "kind": "municipality"}),
            ("topics", {"words": "zakelike rekning"}),
            ("case/open", {"receiptCode": "not a code"}),
        ):
            await self.opens(f"/{self.language}/{path}")
            await self.presses()
            yield f"{path}, refused"
            await self.fills_in(answers)
            await self.presses()
            yield f"{path}, answered"
        async for place in self.answers(reply_token):
            yield place
        await self.opens(f"/{self.language}/nothing-here")
        yield "nothing here"

    async def answers(self, reply_token: str) -> AsyncIterator[str]:
        """Come in by the link of a letter, look around, say something, and stop."""
        own = f"/{self.language}"
        await self.opens(f"{own}/reply/{reply_token}")
        yield "reply"
        await self.presses()
        async for place in self.follows_links(f"{own}/institution"):
            yield place
        for name in ("reply", "extension", "objection", "correction"):
            await self.opens(f"{own}/institution/{name}")
            await self.presses()
            yield f"institution: {name}, refused"
        await self.fills_in({"text": _STORY})
        await self.presses()
        yield "institution: correction, told"
        async with self.page.expect_navigation(wait_until="load"):
            await self.page.locator("header form button").click()
        yield "institution: stopped"
        await self.opens(f"{own}/reply/unknown")
        yield "reply, unknown"

    async def follows_links(self, start: str = "") -> AsyncIterator[str]:
        """Open a page, and whatever is linked from it, in this language."""
        start = start or f"/{self.language}"
        queue, seen = [start], {start}
        while queue:
            path = queue.pop(0)
            if not await self._is_a_page(path):
                continue
            await self.opens(path)
            for link in await self._links():
                if link not in seen and not self._was_seen_from_home(link, start):
                    seen.add(link)
                    queue.append(link)
            yield path

    def _was_seen_from_home(self, link: str, start: str) -> bool:
        return start != f"/{self.language}" and not link.startswith(start)

    async def lets_somebody_help(self) -> AsyncIterator[str]:
        """Give somebody a code of their own in the case that is open."""
        path = "case/helpers"
        await self.opens(f"/{self.language}/{path}")
        await self.presses()
        yield f"{path}, refused"
        await self.fills_in({"name": "Joke", "organisation": "Hulplijn"})
        await self.presses()
        yield f"{path}, code"
        await self.presses()
        yield f"{path}, with somebody"

    async def writes(self, form: str, *, for_somebody: bool = False) -> AsyncIterator[str]:
        """Fill a form in from its first page to the case; yield every page, refused ones too."""
        await self.opens(f"/{self.language}/{form}")
        await self.presses(1 if for_somebody else 0)
        while not self._is_at("case"):
            step = self.page.url.rpartition("/")[2]
            yield f"{form}: {step}"
            for refused in _REFUSED.get(step, ()):
                await self.fills_in(refused)
                await self.presses()
                yield f"{form}: {step}, refused"
            await self.fills_in(_ANSWERS.get(step, {}))
            await self.presses()

    async def opens(self, path: str) -> None:
        """Go to a page of this portal."""
        await self.page.goto(self.url + path)

    async def presses(self, place: int = 0) -> None:
        """Press a button of what the page is about, the first one unless said otherwise."""
        async with self.page.expect_navigation(wait_until="load"):
            await self.page.locator("main form button").nth(place).click()

    async def fills_in(self, answers: Mapping[str, str]) -> None:
        """Fill fields in, by name."""
        for name, value in answers.items():
            found = self.page.locator(f'main [name="{name}"]')
            match await found.first.evaluate("it => it.type ?? ''"):
                case "radio":
                    await self.page.locator(f'main [name="{name}"][value="{value}"]').check()
                case "checkbox":
                    await found.check()
                case "select-one":
                    await found.select_option(index=int(value))
                case _:
                    await found.fill(value)

    def _is_at(self, name: str) -> bool:
        return self.page.url == f"{self.url}/{self.language}/{name}"

    async def _links(self) -> list[str]:
        found: list[str] = await self.page.eval_on_selector_all(
            "a[href]", "links => links.map(link => link.href.split('#')[0])"
        )
        here = [it.removeprefix(self.url) for it in found if it.startswith(self.url)]
        own = f"/{self.language}"
        return [it for it in here if it == own or it.startswith(f"{own}/")]

    async def _is_a_page(self, path: str) -> bool:
        """Tell a page from a file that is saved."""
        answer = await self.page.context.request.get(self.url + path)
        return answer.headers["content-type"].startswith("text/html")


_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "helper": {"name": "Joke", "form": "spoken", "confirmed:boolean": "true"},
    "kind": {"kind": "municipality"},
    "institution": {"institutionId": "1"},
    "about": {"about": "decision"},
    "happened": {"happenedOn:day": "3"},
    "story": {"text": _STORY, "subject": "Uitgelachen"},
    "asked": {"question": _STORY},
    "about_kind": {"kind": "police"},
    "news": {"email": ""},
}
_REFUSED: Mapping[str, list[Mapping[str, str]]] = {
    "helper": [{}],
    "kind": [{}],
    "institution": [{}],
    "happened": [
        {"happenedOn:day": "31", "happenedOn:month": "2", "happenedOn:year": "2026"},
    ],
    "story": [{}],
    "asked": [{}],
    "news": [{"email": "nobody"}],
}
