"""Whether the API lives, what it lacks, and its figures. No figure carries an identifier."""

import asyncio
import time
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import PlainTextResponse
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answers import HealthBody
from api.problems import RETRY_AFTER
from api.wiring import Parts, Wiring
from domain.reading import GlassState
from storage import break_glass, letter_book, undelivered
from storage import figures as storage_figures
from temporal_client.unreachable import UNREACHABLE

router = APIRouter(tags=["operation"])

_KEPT_FOR = 30.0
"""Seconds for which what was counted over all cases is told again."""
_PATIENCE = 2.0
"""Seconds in which a part has to answer."""
_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"})
"""Counted by name; a method can be any word, and so anybody's secret."""


class Figures:
    """The API's own metrics, in a registry of their own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "wederhoor_requests",
            "Requests answered",
            ["method", "route", "status"],
            registry=self.registry,
        )
        self.seconds = Histogram(
            "wederhoor_request_seconds",
            "How long requests took",
            ["method", "route"],
            registry=self.registry,
        )
        self.held_off = Counter(
            "wederhoor_requests_held_off",
            "Requests refused because too many came at once",
            ["route"],
            registry=self.registry,
        )
        self.undelivered = Gauge(
            "wederhoor_entries_undelivered",
            "Entries that no workflow was told of yet",
            registry=self.registry,
        )
        self.queued = Gauge(
            "wederhoor_letters_queued", "Letters that wait to be sent", registry=self.registry
        )
        self.break_glass = Gauge(
            "wederhoor_break_glass",
            "Requests of supervisors to read a case, by how far they have come",
            ["state"],
            registry=self.registry,
        )
        self.cases = self._gauge("wederhoor_cases", "Cases by stage", "stage")
        self.attentions = self._gauge(
            "wederhoor_cases_attention",
            "Cases that somebody should look at, by the most urgent reason",
            "reason",
        )
        self.letters = self._gauge(
            "wederhoor_letters", "Letters by how far they have come", "state"
        )
        self.oldest_unanswered = Gauge(
            "wederhoor_oldest_unanswered_entry_seconds",
            "Age of the oldest entry that no workflow has answered",
            registry=self.registry,
        )
        self.connections = self._gauge(
            "wederhoor_database_connections", "Connections to the database of this process", "state"
        )
        self._counted_at = -_KEPT_FOR

    def _gauge(self, name: str, what: str, label: str) -> Gauge:
        return Gauge(name, what, [label], registry=self.registry)

    @property
    def due(self) -> bool:
        """Tell whether all cases should be counted again, which takes longer than the rest."""
        return time.monotonic() - self._counted_at >= _KEPT_FOR

    def tell(self, counted: storage_figures.Figures) -> None:
        """Show what was counted over all cases."""
        for gauge, counts in (
            (self.cases, counted.cases),
            (self.attentions, counted.attentions),
            (self.letters, counted.letters),
        ):
            for label, count in counts.items():
                gauge.labels(label).set(count)
        self.oldest_unanswered.set(counted.oldest_unanswered.total_seconds())
        self._counted_at = time.monotonic()

    def forget(self) -> None:
        """Show that nothing could be counted."""
        for gauge in (self.cases, self.attentions, self.letters, self.break_glass):
            gauge.clear()
        for gauge in (self.undelivered, self.queued, self.oldest_unanswered):
            gauge.set(float("nan"))
        self._counted_at = -_KEPT_FOR


class Counting:
    """Counts requests by the template of their route, never by their path."""

    def __init__(self, app: ASGIApp, figures: Figures) -> None:
        self._app = app
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and count its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = getattr(scope.get("route"), "path", "none")
                method = scope["method"] if scope["method"] in _METHODS else "other"
                self._figures.requests.labels(method, route, str(message["status"])).inc()
                self._figures.seconds.labels(method, route).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, counted)


def _figures(request: Request) -> Figures:
    return request.app.state.figures


@router.get("/health/live")
async def live() -> HealthBody:
    """Tell that this process answers."""
    return HealthBody(status="ok", missing=[])


@router.get(
    "/health/ready",
    responses={503: {"model": HealthBody, "description": "Nothing works without a database."}},
)
async def ready(parts: Parts, response: Response) -> HealthBody:
    """Tell what is missing.

    Without its database the API can do nothing: 503. Without Temporal it still takes everything
    in and lets people read, and what arrives is delivered later: 200, ``degraded``.
    """
    missing: list[str] = []
    if not await _database_answers(parts):
        missing.append("database")
        response.status_code = 503
        response.headers["Retry-After"] = RETRY_AFTER
    if not await _temporal_answers(parts):
        missing.append("temporal")
    if "database" in missing:
        return HealthBody(status="unavailable", missing=missing)
    return HealthBody(status="degraded" if missing else "ok", missing=missing)


@router.get("/metrics", response_class=PlainTextResponse)
async def metrics(parts: Parts, figures: Annotated[Figures, Depends(_figures)]) -> Response:
    """Return the figures in Prometheus's text format."""
    try:
        async with parts.database.transaction() as session:
            figures.undelivered.set(await undelivered.backlog(session))
            figures.queued.set(await letter_book.queue_length(session))
            requests = await break_glass.counts(session)
            for state in GlassState:
                figures.break_glass.labels(state.value).set(requests.get(state, 0))
            if figures.due:
                figures.tell(await storage_figures.figures(session, parts.clock()))
    except (SQLAlchemyError, OSError):
        figures.forget()
    for state, count in parts.database.connections.items():
        figures.connections.labels(state).set(count)
    return Response(generate_latest(figures.registry), media_type=CONTENT_TYPE_LATEST)


async def _database_answers(parts: Wiring) -> bool:
    asked = asyncio.create_task(parts.database.check())
    await asyncio.wait({asked}, timeout=_PATIENCE)
    if not asked.done():
        asked.cancel()  # a database that hangs would not let us wait for that, either
        return False
    return not isinstance(asked.exception(), SQLAlchemyError | OSError)


async def _temporal_answers(parts: Wiring) -> bool:
    try:
        return await parts.temporal.service_client.check_health(
            timeout=timedelta(seconds=_PATIENCE)
        )
    except UNREACHABLE:
        return False
