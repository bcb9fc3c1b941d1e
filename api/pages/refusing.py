"""A form that was refused is shown on its own page again, with all that was typed."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Message

from api.pages.forms import Form
from api.problems import Problem

type Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_REFUSED = "wederhoor.refused"
_TYPED = "wederhoor.typed"
_READ: dict[str, Handler] = {}
"""How the page at an address is read."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A form that was refused: why, and what stood in it."""

    problem: Problem
    form: Form


def remember(route: APIRoute, handler: Handler) -> None:
    """Remember how the page of a route is read, so that a form on it can be shown again."""
    if "GET" in (route.methods or ()):
        _READ[route.path] = handler


def is_shown_again(path: str) -> bool:
    """Tell whether there is a page at the path of a route."""
    return path in _READ


async def read_page(
    request: Request, path: str, scope: Mapping[str, object] | None = None
) -> Response:
    """Return the page of another route, as if this request had asked for it.

    Args:
        scope: what the request then has besides.
    """
    read = _READ[path]
    return await read(Request({**request.scope, **(scope or {}), "method": "GET"}, _nothing))


async def shown_again(
    request: Request, refused: Refused, path: str, parameters: Mapping[str, object] | None = None
) -> Response | None:
    """Return the page of a form that was refused; ``None`` when there is none.

    Args:
        path: of the route that shows the form.
        parameters: of its address, when they are not those of the request.
    """
    if not is_shown_again(path):
        return None
    more: dict[str, object] = {_REFUSED: refused}
    if parameters is not None:
        more["path_params"] = parameters
    answer = await read_page(request, path, more)
    if answer.status_code == 200:
        answer.status_code = refused.problem.status_code
    return answer


def refused_form(request: Request) -> Refused | None:
    """Return the form that was refused, while its page is shown again."""
    return request.scope.get(_REFUSED)


def note_form(request: Request, form: Form) -> None:
    """Note what a form says, for whoever needs it as it was typed."""
    request.scope[_TYPED] = form


def typed_form(request: Request) -> Form:
    """Return the form of a request as it was filled in."""
    return request.scope.get(_TYPED, {})


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}
