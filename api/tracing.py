"""A span for each request, by the template of its route; what clients say of traces is ignored."""

from opentelemetry.context import Context
from opentelemetry.trace import SpanKind, StatusCode
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.wiring import Wiring
from telemetry.tracing import OFF
from telemetry.words import Attributes, Spans

_SERVER_ERRORS = 500


class TracedRequests:
    """Begins a trace at each request of people; those of machines about health are left out."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note what became of it."""
        if scope["type"] != "http" or scope["path"].startswith(("/health/", "/metrics")):
            await self._app(scope, receive, send)
            return
        kind = SpanKind.SERVER
        parts: Wiring | None = getattr(scope["app"].state, "wiring", None)
        tracing = parts.tracing if parts else OFF
        with tracing.span(Spans.REQUEST, kind, within=Context(), METHOD=scope["method"]) as span:

            async def traced(message: Message) -> None:
                if message["type"] == "http.response.start":
                    route = getattr(scope.get("route"), "path", "")
                    span.set_attribute(Attributes.ROUTE, route)
                    span.set_attribute(Attributes.STATUS, message["status"])
                    if message["status"] >= _SERVER_ERRORS:
                        span.set_status(StatusCode.ERROR)
                await send(message)

            await self._app(scope, receive, traced)
