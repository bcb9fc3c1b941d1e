"""A browser at the desk: cookies, redirects and forms, without a window."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import httpx

from launcher.system import System

SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


class _Forms(HTMLParser):
    """Reads the hidden fields of every form, by where it leads and what it decides."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.found.append((given.get("action", ""), {}))
        if tag == "input" and given.get("type") == "hidden":
            self.found[-1][1][given["name"]] = given["value"]


def forms_of(page: httpx.Response) -> list[tuple[str, dict[str, str]]]:
    """Return the forms on a page: where each leads, and its hidden fields."""
    return _forms_in(page.text)


def main_forms_of(page: httpx.Response) -> list[tuple[str, dict[str, str]]]:
    """Return the forms of a page that stand between what is on every page."""
    return _forms_in(page.text.partition("<main")[2].partition("</main>")[0])


def _forms_in(text: str) -> list[tuple[str, dict[str, str]]]:
    reader = _Forms()
    reader.feed(text)
    return reader.found


def decisions_on(page: httpx.Response) -> list[str]:
    """Return what a page offers to decide."""
    return [fields["decision"] for _, fields in forms_of(page) if "decision" in fields]


class Visitor:
    """Somebody of the staff with a browser."""

    def __init__(self, system: System, http: httpx.AsyncClient) -> None:
        self._system = system
        self.http = http

    async def is_sent_away(self, path: str = "/desk/sign-in") -> httpx.URL:
        """Ask to sign in; return where at the provider the browser is sent."""
        sent = await self.http.get(path)
        while sent.headers["location"].startswith("/"):
            sent = await self.http.get(sent.headers["location"])
        assert sent.status_code == 303, sent.text
        return httpx.URL(sent.headers["location"])

    async def is_sent_back(self, subject: str, path: str = "/desk/sign-in") -> str:
        """Choose who to be at the provider; return where the browser is sent with the code."""
        address = await self.is_sent_away(path)
        chosen = await self.http.post(address, data={"subject": subject}, headers=SAME_ORIGIN)
        assert chosen.status_code == 303, chosen.text
        return chosen.headers["location"]

    async def signs_in(self, subject: str, path: str = "/desk/sign-in") -> httpx.Response:
        """Sign in, and return the answer that begins the session."""
        return await self.http.get(await self.is_sent_back(subject, path))

    async def decides(
        self, number: str, decision: str, headers: dict[str, str] | None = None, **filled: str
    ) -> httpx.Response:
        """Fill a form in and send it; return the answer to that."""
        page = await self.http.get(f"/desk/cases/{number}")
        [(action, hidden)] = [
            form for form in forms_of(page) if form[1].get("decision") == decision
        ]
        used = SAME_ORIGIN if headers is None else headers
        return await self.http.post(action, data=hidden | filled, headers=used)

    def cookie(self, answer: httpx.Response, name: str) -> str:
        """Return how an answer sets a cookie."""
        [line] = [
            line for line in answer.headers.get_list("set-cookie") if line.startswith(f"{name}=")
        ]
        return line


def path_of(answer: httpx.Response) -> str:
    """Return where an answer sends the browser, within our own pages."""
    return urlsplit(answer.headers["location"]).path


def words_of(page: httpx.Response) -> str:
    """Return what a page says, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())
