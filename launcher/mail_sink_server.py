"""The mail sink's process: SMTP and the page, on 127.0.0.1.

``python -m launcher.mail_sink_server --smtp-port N --http-port N --store DIR [--faults]``
"""

import argparse
import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from launcher import mail_sink_page
from launcher.mail_sink_smtp import serve_smtp
from launcher.mail_sink_store import LetterStore

_PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
# What a letter may do: look like itself. No script, no request to anywhere, no origin.
_LETTER_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:"


class _Pages:
    def __init__(self, store: LetterStore) -> None:
        self._store = store

    def routes(self) -> list[Route]:
        return [
            Route("/", self.index),
            Route("/health", self.health),
            Route("/style.css", self.style),
            Route("/letters.json", self.as_json),
            Route("/letters", self.clear, methods=["DELETE"]),
            Route("/letters/{id}", self.letter),
            Route("/letters/{id}/html", self.letter_html),
            Route("/letters/{id}/source", self.letter_source),
        ]

    def index(self, _request: Request) -> Response:
        return HTMLResponse(mail_sink_page.list_page(list(self._store.letters())))

    def health(self, _request: Request) -> Response:
        return PlainTextResponse("ok")

    def style(self, _request: Request) -> Response:
        return Response(mail_sink_page.STYLE, media_type="text/css")

    def as_json(self, request: Request) -> Response:
        asked = request.query_params
        found = self._store.find(asked.get("to"), asked.get("containing", ""))
        return JSONResponse([letter.as_json() for letter in found])

    def clear(self, _request: Request) -> Response:
        self._store.clear()
        return Response(status_code=204)

    def letter(self, request: Request) -> Response:
        letter = self._store.letter(request.path_params["id"])
        if letter is None:
            return HTMLResponse(mail_sink_page.missing_page(), status_code=404)
        return HTMLResponse(mail_sink_page.letter_page(letter))

    def letter_html(self, request: Request) -> Response:
        letter = self._store.letter(request.path_params["id"])
        if letter is None:
            return PlainTextResponse("There is no such letter", status_code=404)
        return HTMLResponse(letter.html, headers={"Content-Security-Policy": _LETTER_POLICY})

    def letter_source(self, request: Request) -> Response:
        letter = self._store.letter(request.path_params["id"])
        if letter is None:
            return PlainTextResponse("There is no such letter", status_code=404)
        return PlainTextResponse(letter.message.as_string())


async def _guarded(
    request: Request, call_next: Callable[[Request], Awaitable[Response]]
) -> Response:
    response = await call_next(request)
    response.headers.setdefault("Content-Security-Policy", _PAGE_POLICY)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


def pages(store: LetterStore) -> Starlette:
    """Make the web application over a store."""
    return Starlette(
        routes=_Pages(store).routes(),
        middleware=[
            # A page elsewhere must not read the letters through a name that points here.
            Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"]),
            Middleware(BaseHTTPMiddleware, dispatch=_guarded),
        ],
    )


async def _serve(arguments: argparse.Namespace) -> None:
    store = LetterStore(arguments.store)
    smtp = await serve_smtp(store, arguments.smtp_port, faults=arguments.faults)
    config = uvicorn.Config(
        pages(store),
        host="127.0.0.1",
        port=arguments.http_port,
        access_log=False,
        log_level="warning",
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    try:
        await uvicorn.Server(config).serve()
    finally:
        smtp.close()


def main() -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="launcher.mail_sink_server")
    parser.add_argument("--smtp-port", type=int, required=True)
    parser.add_argument("--http-port", type=int, required=True)
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--faults", action="store_true")
    asyncio.run(_serve(parser.parse_args()))


if __name__ == "__main__":
    main()
