"""Which page of another origin may ask the codec: the Temporal UI, and no other."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.problems import Problem, render
from catalogues.texts import best_language

_HEADERS = ("Authorization", "Authorization-Extras", "Content-Type", "X-Namespace")
"""What the Temporal UI sends (ui-server 2.54, ``codec-server`` requests)."""


def origin_of(url: str) -> str:
    """Return the origin of a page's address, as browsers write it."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


class CodecOrigin(CORSMiddleware):
    """Cross-origin requests (Fetch Standard) to one path, from one page.

    Args:
        path: where the codec is; everything else is not for pages of another origin.
        ui_url: the address of the Temporal UI.
        with_cookies: whether the page may send the cookie of the sign-in for development.
    """

    def __init__(self, app: ASGIApp, path: str, ui_url: str, *, with_cookies: bool) -> None:
        super().__init__(
            app,
            allow_origins=[origin_of(ui_url)],
            allow_methods=["POST"],
            allow_headers=_HEADERS,
            allow_credentials=with_cookies,
        )
        self._below = f"{path}/"

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return whether the request may follow; a refusal is a problem, as every one of ours."""
        response = super().preflight_response(request_headers)
        if response.status_code == 200:
            return response
        language = best_language(request_headers.get("accept-language"))
        return render(Problem(403, "forbidden"), language)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "http" and scope["path"].startswith(self._below):
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)
