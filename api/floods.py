"""Floods: slowed where they come from, never a closed door for everybody.

A request to one of the few routes that cost much and ask for no sign-in is counted by the network
that it comes from (/24 or /56), under a key that is drawn at random every day and kept in memory
alone. No address is stored, and nobody can tell afterwards who asked.

Above its limit, a network's requests wait. Only when as many as its room holds wait already, or one
has waited for long, is one refused with 429. Whatever comes from elsewhere is not delayed by that;
and a route has only so many requests at work at once, so that the others keep their connections.
"""

import asyncio
import hashlib
import hmac
import math
import secrets as randomness
import time
from collections import Counter
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import date
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.answering.addresses import OPEN
from api.desk.addresses import SIGN_IN, SIGNED_IN
from api.health import Figures
from api.portal.addresses import (
    CASE_OPEN,
    COMPLAINT,
    GUIDE_COMPLAINT,
    HALVES,
    INTO_COMPLAINT,
    LOST_CODE,
    QUESTION,
    at,
)
from api.problems import RETRY_AFTER, Problem, answer_to
from domain.clock import Clock
from domain.languages import SPOKEN
from settings.application import Settings

ROOM = 8
"""How many requests of one network wait at a time, for each route."""
ROOM_FOR_ALL = 500
"""How many requests wait at a time, wherever they come from."""
AT_WORK = 6
"""How many requests of one route are at work at a time, a third of all connections."""
PAUSE = 1.0
"""Seconds between two looks whether a waiting request may go on."""
LOOKS = 15

type IpAddress = IPv4Address | IPv6Address
type Network = IPv4Network | IPv6Network
type Route = tuple[str, str]
"""Method and path."""

NOWHERE = IPv4Address(0)
"""Where a request comes from that no network brought."""


def limits_of(settings: Settings) -> Mapping[Route, RateLimitItem]:
    """Return how often a network may ask for each route that is limited."""
    complaints = parse(settings.limit_complaints)
    sessions, lost = parse(settings.limit_sessions), parse(settings.limit_lost_codes)
    return {
        ("POST", "/v1/complaints"): complaints,
        ("POST", "/v1/questions"): complaints,
        ("POST", "/v1/my-case/complaint"): complaints,
        ("POST", "/v1/sessions"): sessions,
        ("POST", "/v1/institution-sessions"): sessions,
        ("POST", "/v1/receipt-codes"): sessions,
        ("POST", "/v1/lost-receipt-codes"): lost,
        ("GET", SIGN_IN): sessions,
        ("GET", SIGNED_IN): sessions,
        **{
            ("POST", at(address, language)): limit
            for language in SPOKEN
            for address, limit in (
                (COMPLAINT, complaints),
                (f"{COMPLAINT}/check", complaints),
                (GUIDE_COMPLAINT, complaints),
                (QUESTION, complaints),
                (f"{QUESTION}/check", complaints),
                (INTO_COMPLAINT, complaints),
                (CASE_OPEN, sessions),
                (HALVES, sessions),
                (OPEN, sessions),
                (LOST_CODE, lost),
            )
        },
    }


def address_of(scope: Scope, proxies: Sequence[Network]) -> IpAddress:
    """Return where a request comes from.

    ``X-Forwarded-For`` is read from its end, and believed only as far as trusted proxies wrote it.
    """
    peer = _parsed((scope.get("client") or ("",))[0]) or NOWHERE
    told = ",".join(Request(scope).headers.getlist("x-forwarded-for")).split(",")
    while told and any(peer in proxy for proxy in proxies):
        before = _parsed(told.pop().strip())
        if before is None:
            break
        peer = before
    return peer


def network_of(address: IpAddress) -> Network:
    """Return the network that an address is counted by: /24 or /56."""
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return ip_network((address, 24 if address.version == 4 else 56), strict=False)


def _parsed(text: str) -> IpAddress | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _counted_as(route: Route) -> Route:
    """Return what a route is counted as: a page counts the same in every language."""
    method, path = route
    language, _, rest = path.removeprefix("/").partition("/")
    return (method, f"/{rest}") if language in SPOKEN else route


class Gate:
    """Counts, lets through, lets wait.

    Args:
        clock: tells the day; each has a key of its own.
        pause: waits for some seconds.
    """

    def __init__(
        self,
        limits: Mapping[Route, RateLimitItem],
        clock: Clock,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._pause = pause
        self._counts = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._counts)
        self._waiting: Counter[tuple[Route, str]] = Counter()
        self._at_work = {route: asyncio.Semaphore(AT_WORK) for route in limits}
        self._day: date | None = None
        self._key = b""

    def has(self, route: Route) -> bool:
        """Tell whether a route is limited."""
        return route in self._limits

    async def admit(self, route: Route, network: Network) -> None:
        """Return when a request may go on, perhaps after a while.

        Raises:
            Problem: when it may not.
        """
        sender = self._sender(network)
        if not self._counted(route, sender):
            await self._wait_for_turn(route, sender)

    @asynccontextmanager
    async def work(self, route: Route) -> AsyncGenerator[None]:
        """Let a request be at work within this block; it waits while there are too many.

        Raises:
            Problem: when too many wait already.
        """
        if self._at_work[route].locked():
            if self.waiting() >= ROOM_FOR_ALL:
                raise Problem(503, "service-unavailable", headers={"Retry-After": RETRY_AFTER})
            self._waiting[route, ""] += 1
            try:
                await self._at_work[route].acquire()
            finally:
                self._leave(route, "")
        else:
            await self._at_work[route].acquire()
        try:
            yield
        finally:
            self._at_work[route].release()

    def waiting(self) -> int:
        """Return how many requests wait."""
        return self._waiting.total()

    async def _wait_for_turn(self, route: Route, sender: str) -> None:
        if self._waiting[route, sender] >= ROOM or self.waiting() >= ROOM_FOR_ALL:
            raise self._too_many(route, sender)
        self._waiting[route, sender] += 1
        try:
            for _ in range(LOOKS):
                await self._pause(PAUSE)
                if self._counted(route, sender):
                    return
        finally:
            self._leave(route, sender)
        raise self._too_many(route, sender)

    def _leave(self, route: Route, sender: str) -> None:
        self._waiting[route, sender] -= 1
        if not self._waiting[route, sender]:
            del self._waiting[route, sender]

    def _counted(self, route: Route, sender: str) -> bool:
        return self._limiter.hit(self._limits[route], *_counted_as(route), sender)

    def _too_many(self, route: Route, sender: str) -> Problem:
        counted = (*_counted_as(route), sender)
        until = self._limiter.get_window_stats(self._limits[route], *counted).reset_time
        seconds = max(1, math.ceil(until - time.time()))
        return Problem(429, "too-many-requests", headers={"Retry-After": str(seconds)})

    def _sender(self, network: Network) -> str:
        """Return what a network is called today."""
        today = self._clock().date()
        if today != self._day:
            self._day, self._key = today, randomness.token_bytes(32)
            self._counts.reset()
        return hmac.digest(self._key, str(network).encode(), hashlib.sha256).hex()


class Floods:
    """Lets every request to a limited route through the gate, before anything of it is read."""

    def __init__(
        self, app: ASGIApp, gate: Gate, proxies: Sequence[Network], figures: Figures
    ) -> None:
        self._app = app
        self._gate = gate
        self._proxies = proxies
        self._figures = figures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on when it may go on."""
        route = (scope.get("method", ""), scope.get("path", ""))
        if scope["type"] != "http" or not self._gate.has(route):
            await self._app(scope, receive, send)
            return
        try:
            await self._gate.admit(route, network_of(address_of(scope, self._proxies)))
        except Problem as problem:
            self._figures.held_off.labels(route[1]).inc()
            await answer_to(Request(scope), problem)(scope, receive, send)
            return
        async with AsyncExitStack() as until_answered:

            async def complete() -> Message:
                message = await receive()
                if message["type"] == "http.request" and not message.get("more_body", False):
                    # Not before: who sends slowly would keep others from working.
                    await until_answered.enter_async_context(self._gate.work(route))
                return message

            await self._app(scope, complete, send)
