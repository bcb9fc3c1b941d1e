"""Somebody with a browser on the pages for people, without a window."""

from dataclasses import dataclass

import httpx

from tests.api.visiting import SAME_ORIGIN, main_forms_of

TYPED = {"Sec-Fetch-Site": "none"}
"""What a browser tells of an address that somebody typed; an older one tells nothing."""


@dataclass
class Browser:
    """A browser that follows where it is sent."""

    http: httpx.AsyncClient

    async def opens(self, path: str, headers: dict[str, str] | None = None) -> httpx.Response:
        """Open a page."""
        told = TYPED if headers is None else headers
        return await self.http.get(path, headers=told, follow_redirects=True)

    async def comes_back(self, code: str) -> httpx.Response:
        """Open the case of a code."""
        return await self.sends(await self.opens("/nl/case/open"), receiptCode=code)

    async def sends(
        self,
        page: httpx.Response,
        headers: dict[str, str] | None = None,
        form: int = -1,
        /,
        *,
        to: str | None = None,
        **filled: str,
    ) -> httpx.Response:
        """Fill the form of a page in, and send it; ``a__b`` is the field ``a:b``.

        Args:
            to: where the button leads that is pressed, if that is elsewhere than the form.
        """
        action, hidden = main_forms_of(page)[form]
        data = hidden | {name.replace("__", ":"): value for name, value in filled.items()}
        sent = SAME_ORIGIN if headers is None else headers
        answer = await self.http.post(to or action or page.url, data=data, headers=sent)
        return await self.opens(answer.headers["location"]) if answer.is_redirect else answer

    async def leaves(self) -> httpx.Response:
        """Press the button to leave at once."""
        return await self.http.post("/leave", headers=SAME_ORIGIN)


STORY = "Aan het loket werd ik uitgelachen.\n<b>Echt</b> {{7*7}}"


async def answers_everything(browser: Browser, language: str = "nl") -> httpx.Response:
    """Answer every question of a complaint; return the overview of answers."""
    page = await browser.opens(f"/{language}/complaint")
    page = await browser.sends(page)
    page = await browser.sends(page, safety="safe")
    page = await browser.sends(page, kind="municipality")
    page = await browser.sends(page, institutionId="voorbeeldstad")
    page = await browser.sends(page, about="decision")
    page = await browser.sends(
        page, happenedOn__day="3", happenedOn__month="2", happenedOn__year="2026"
    )
    page = await browser.sends(page)
    page = await browser.sends(page, handledBefore__boolean="false")
    page = await browser.sends(page, text=STORY, subject="Uitgelachen")
    return await browser.sends(page, email="iemand@post.example")
