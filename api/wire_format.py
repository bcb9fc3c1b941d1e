"""How requests are read: strict JSON, of a bounded size, in the media type that we understand."""

import json
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.allowances import UPLOAD, Allowance, allowance_of
from api.problems import FILE_TOO_LARGE, FieldError, Problem, answer_to

API_VERSION = "1.0.0"
"""Stands in every answer's ``API-Version`` header (NLGov API Design Rules, core/semver)."""

_HEADERS = {
    "API-Version": API_VERSION,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


class _Unreadable(ValueError):
    pass


class StrictRequest(Request):
    """A request whose body is one JSON object without surprises."""

    async def json(self) -> Any:
        """Return the body.

        Raises:
            Problem: when it is no JSON in UTF-8, repeats a key, holds NaN, or is nested without
                end.
        """
        if not hasattr(self, "_strict_json"):
            self._strict_json = _parse(await self.body())
        return self._strict_json


def _parse(body: bytes) -> Any:
    try:
        return json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_without_repetition,
            parse_constant=_refuse_constant,
        )
    except (ValueError, RecursionError) as error:
        raise Problem(400, "malformed-json", [FieldError("#", "type")]) from error


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise _Unreadable("a key is repeated")
    return content


def _refuse_constant(name: str) -> NoReturn:
    raise _Unreadable(f"{name} is not JSON")


class StrictRoute(APIRoute):
    """A route that reads its body strictly."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of this route."""
        handle = super().get_route_handler()

        async def strictly(request: Request) -> Response:
            if request.method in {"POST", "PUT", "PATCH"}:
                media_type = request.headers.get("content-type", "").partition(";")[0]
                if media_type.strip().lower() != "application/json":
                    raise Problem(415, "unsupported-media-type")
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly


class Picture(Response):
    """An SVG that draws itself and does nothing else."""

    media_type = "image/svg+xml"

    def __init__(self, svg: str, status_code: int = 200) -> None:
        policy = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
        super().__init__(svg, status_code, policy)


class BoundedBodies:
    """Refuses a body that is larger than its allowance, however it is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its bytes."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request, allowance = Request(scope), allowance_of(scope)
        length = request.headers.get("content-length", "")
        if length.isdecimal() and int(length) > allowance.body:
            answer = answer_to(request, _too_large(allowance))
            await answer(scope, receive, send)
            return
        received = 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > allowance.body:
                raise _too_large(allowance)
            return message

        await self._app(scope, counted, send)


def _too_large(allowance: Allowance) -> Problem:
    return Problem(413, "payload-too-large", [FILE_TOO_LARGE] if allowance is UPLOAD else [])


class StandardHeaders:
    """Adds to every answer what every answer of ours says."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)
