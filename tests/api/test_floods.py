"""Floods are slowed where they come from; everybody else goes on."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import Any

import httpx
import pytest
from limits import RateLimitItem, parse
from starlette.types import Message, Receive, Scope, Send

from api import floods
from api.floods import AT_WORK, LOOKS, ROOM, Floods, Gate, Route, address_of, limits_of, network_of
from api.health import Figures
from api.problems import Problem
from launcher.people import eventually
from launcher.system import System
from tests.api.in_process import in_process, settings_of
from tests.api.observing import COMPLAINT, assert_problem, fresh_key

SESSIONS: Route = ("POST", "/v1/sessions")
COMPLAINTS: Route = ("POST", "/v1/complaints")
LIMITS: dict[Route, RateLimitItem] = {SESSIONS: parse("3/hour"), COMPLAINTS: parse("3/hour")}
HERE, ELSEWHERE = ip_network("198.51.100.0/24"), ip_network("203.0.113.0/24")
CODE = {"receiptCode": "zonnebloem"}


class Calendar:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Pauses:
    """Pauses that last until a test ends them."""

    def __init__(self) -> None:
        self.begun = 0
        self._ends: list[asyncio.Event] = []

    async def __call__(self, seconds: float) -> None:
        assert seconds == floods.PAUSE
        self.begun += 1
        end = asyncio.Event()
        self._ends.append(end)
        await end.wait()

    def end(self) -> None:
        """End the pauses that there are."""
        ends, self._ends = self._ends, []
        for end in ends:
            end.set()


async def no_pause(_: float) -> None:
    await asyncio.sleep(0)


async def passes(gate: Gate, route: Route = SESSIONS, network: floods.Network = HERE) -> None:
    await gate.admit(route, network)


async def works(gate: Gate) -> None:
    async with gate.work(SESSIONS):
        pass


async def exhaust(gate: Gate, route: Route = SESSIONS, network: floods.Network = HERE) -> None:
    for _ in range(3):
        await passes(gate, route, network)


async def reached(what: Callable[[], int], number: int) -> None:
    async def ask() -> bool | None:
        return True if what() == number else None

    await eventually(ask, f"never {number}")


class TestTheGate:
    async def test_lets_as_many_through_as_the_limit_says_without_a_pause(self) -> None:
        pauses = Pauses()
        await exhaust(Gate(LIMITS, Calendar(), pauses))
        assert pauses.begun == 0

    async def test_counts_a_page_the_same_in_every_language(self) -> None:
        pages: list[Route] = [("POST", f"/{language}/case/open") for language in ("nl", "en", "hu")]
        elsewhere: Route = ("POST", "/xx/case/open")
        limit = parse("3/hour")
        gate = Gate(dict.fromkeys((*pages, elsewhere), limit), Calendar(), no_pause)
        for page in pages:
            await passes(gate, page)
        with pytest.raises(Problem):
            await passes(gate, pages[0])
        await passes(gate, elsewhere)

    async def test_lets_the_next_one_wait_until_there_is_room_again(self) -> None:
        pauses, calendar = Pauses(), Calendar()
        gate = Gate(LIMITS, calendar, pauses)
        await exhaust(gate)

        late = asyncio.create_task(passes(gate))
        await reached(lambda: pauses.begun, 1)
        assert gate.waiting() == 1
        pauses.end()
        await reached(lambda: pauses.begun, 2)  # there is none yet, so it waits on
        late.cancel()
        with pytest.raises(asyncio.CancelledError):
            await late
        assert gate.waiting() == 0

    async def test_refuses_with_a_time_to_come_back_when_the_wait_is_in_vain(self) -> None:
        gate = Gate(LIMITS, Calendar(), no_pause)
        await exhaust(gate)

        with pytest.raises(Problem) as refused:
            await passes(gate)

        assert (refused.value.status_code, refused.value.slug) == (429, "too-many-requests")
        assert refused.value.headers is not None
        assert 0 < int(refused.value.headers["Retry-After"]) <= 3600
        assert gate.waiting() == 0

    async def test_refuses_at_once_when_the_room_is_full(self) -> None:
        pauses = Pauses()
        gate = Gate(LIMITS, Calendar(), pauses)
        await exhaust(gate)
        waiting = [asyncio.create_task(passes(gate)) for _ in range(ROOM)]
        await reached(gate.waiting, ROOM)

        with pytest.raises(Problem) as refused:
            await passes(gate)

        assert refused.value.status_code == 429
        assert pauses.begun == ROOM
        for _ in range(LOOKS):
            pauses.end()
            await asyncio.sleep(0.01)
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(result) for result in results] == [Problem] * ROOM

    async def test_delays_nobody_from_elsewhere_and_no_other_route(self) -> None:
        pauses = Pauses()
        gate = Gate(LIMITS, Calendar(), pauses)
        await exhaust(gate)
        waiting = asyncio.create_task(passes(gate))
        await reached(gate.waiting, 1)

        await exhaust(gate, network=ELSEWHERE)
        await exhaust(gate, route=COMPLAINTS)

        assert pauses.begun == 1
        waiting.cancel()

    async def test_has_only_so_many_at_work_and_lets_the_others_follow(self) -> None:
        gate = Gate({SESSIONS: parse("100/hour")}, Calendar(), no_pause)
        async with AsyncExitStack() as work:
            for _ in range(AT_WORK):
                await work.enter_async_context(gate.work(SESSIONS))
            next_one = asyncio.create_task(works(gate))
            await reached(gate.waiting, 1)
            assert not next_one.done()
        await next_one
        assert gate.waiting() == 0

    async def test_says_that_it_is_busy_when_too_many_wait_for_work(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(floods, "ROOM_FOR_ALL", 0)
        gate = Gate({SESSIONS: parse("100/hour")}, Calendar(), no_pause)
        async with AsyncExitStack() as work:
            for _ in range(AT_WORK):
                await work.enter_async_context(gate.work(SESSIONS))
            with pytest.raises(Problem) as refused:
                await works(gate)
        assert (refused.value.status_code, refused.value.headers) == (503, {"Retry-After": "5"})

    async def test_keeps_no_address_and_calls_a_network_otherwise_every_day(self) -> None:
        calendar, hashed = Calendar(), list[str]()
        gate = Gate({SESSIONS: parse("1/hour")}, calendar, no_pause)
        counts = gate._counts  # pyright: ignore[reportPrivateUsage]
        for _ in range(2):
            await passes(gate)  # the second one would have to wait under the same name
            hashed += list(counts.events)
            calendar.now += timedelta(days=1)

        assert len(set(hashed)) == 2
        assert not any("198.51" in name for name in hashed)


def scope_of(peer: str | None, *forwarded: str) -> Scope:
    headers = [(b"x-forwarded-for", it.encode("latin-1")) for it in forwarded]
    return {"type": "http", "headers": headers, "client": (peer, 1) if peer else None}


PROXIES = (ip_network("10.0.0.0/8"), ip_network("2001:db8:1::/48"))


class TestTheAddress:
    @pytest.mark.parametrize(
        ("peer", "forwarded", "address"),
        [
            ("198.51.100.7", [], "198.51.100.7"),
            ("198.51.100.7", ["192.0.2.1"], "198.51.100.7"),
            ("10.0.0.1", ["192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", ["203.0.113.9, 192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", ["203.0.113.9", "192.0.2.1"], "192.0.2.1"),
            ("10.0.0.1", ["203.0.113.9, 192.0.2.1, 10.2.2.2"], "192.0.2.1"),
            ("2001:db8:1::5", ["2001:db8:2::7"], "2001:db8:2::7"),
            ("10.0.0.1", ["zonnebloem"], "10.0.0.1"),
            ("10.0.0.1", ["203.0.113.9, \xff, 10.2.2.2"], "10.2.2.2"),
            ("10.0.0.1", [], "10.0.0.1"),
            ("10.0.0.1", [""], "10.0.0.1"),
            ("testclient", [], "0.0.0.0"),
            (None, ["192.0.2.1"], "0.0.0.0"),
        ],
    )
    def test_is_the_last_one_that_no_proxy_of_ours_has(
        self, peer: str | None, forwarded: list[str], address: str
    ) -> None:
        assert address_of(scope_of(peer, *forwarded), PROXIES) == ip_address(address)

    @pytest.mark.parametrize(
        ("address", "network"),
        [
            ("198.51.100.7", "198.51.100.0/24"),
            ("2001:db8:1:2ff::7", "2001:db8:1:200::/56"),
            ("::ffff:198.51.100.7", "198.51.100.0/24"),
        ],
    )
    def test_is_counted_by_its_network(self, address: str, network: str) -> None:
        assert network_of(ip_address(address)) == ip_network(network)


class TestEveryLimitedRoute:
    async def test_exists_and_says_so(self, http: httpx.AsyncClient, system: System) -> None:
        paths: Mapping[str, Any] = (await http.get("/v1/openapi.json")).json()["paths"]

        limited = {
            (method.upper(), path)
            for path, item in paths.items()
            for method, operation in item.items()
            if "429" in operation["responses"]
        }
        of_the_api = {it for it in limits_of(settings_of(system)) if it[1].startswith("/v1/")}
        assert limited == of_the_api


@asynccontextmanager
async def flooded(
    system: System, monkeypatch: pytest.MonkeyPatch, trusted_proxies: str = ""
) -> AsyncGenerator[httpx.AsyncClient]:
    """Serve an API whose limits a flood from 198.51.100.0/24 has used up."""
    monkeypatch.setattr(floods, "PAUSE", 0.0)
    async with in_process(system, limit_sessions="3/hour", trusted_proxies=trusted_proxies) as http:
        await asyncio.gather(*(http.post("/v1/sessions", json=CODE) for _ in range(10)))
        yield http


class TestAFlood:
    async def test_is_refused_as_a_problem_with_a_time(
        self, system: System, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with flooded(system, monkeypatch) as http:
            response = await http.post("/v1/sessions", json=CODE)
            figures = (await http.get("/metrics")).text

        assert_problem(response, 429, "too-many-requests")
        assert 0 < int(response.headers["retry-after"]) <= 3600
        assert "198.51.100" not in response.text
        assert 'held_off_total{route="/v1/sessions"} 8.0' in figures
        assert "198.51" not in figures

    async def test_from_one_network_delays_none_from_another(
        self, system: System, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with flooded(system, monkeypatch) as http:
            app = http._transport  # pyright: ignore[reportPrivateUsage]
            assert isinstance(app, httpx.ASGITransport)
            elsewhere = httpx.ASGITransport(app.app, client=("203.0.113.5", 1))
            async with httpx.AsyncClient(transport=elsewhere, base_url="http://x.example") as other:
                session = await other.post("/v1/sessions", json=CODE)
                complaint = await other.post("/v1/complaints", json=COMPLAINT, headers=fresh_key())
                register = await other.get("/v1/institutions")
            same_network = await http.get("/v1/institutions")

        assert (session.status_code, complaint.status_code) == (401, 202)
        assert (register.status_code, same_network.status_code) == (200, 200)

    async def test_gets_no_further_by_inventing_addresses(
        self, system: System, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with flooded(system, monkeypatch) as http:
            forged = {"X-Forwarded-For": "203.0.113.5", "Forwarded": "for=203.0.113.5"}
            response = await http.post("/v1/sessions", json=CODE, headers=forged)
        assert response.status_code == 429

    async def test_behind_our_proxy_is_told_from_others_behind_it(
        self, system: System, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async with flooded(system, monkeypatch, trusted_proxies="198.51.100.0/24") as http:
            other = {"X-Forwarded-For": "203.0.113.5"}
            assert (await http.post("/v1/sessions", json=CODE)).status_code == 429
            assert (await http.post("/v1/sessions", json=CODE, headers=other)).status_code == 401


class TestASlowSender:
    async def test_keeps_nobody_from_working(self) -> None:
        gate = Gate({SESSIONS: parse("100/hour")}, Calendar(), no_pause)
        answered: list[str] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            while (await receive()).get("more_body"):
                pass
            answered.append(scope["client"][0])

        middleware = Floods(app, gate, (), Figures())
        never = asyncio.Event()

        async def slowly() -> Message:
            await never.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def whole() -> Message:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: Message) -> None:
            raise AssertionError

        def request_from(address: str) -> Scope:
            method, path = SESSIONS
            return {**scope_of(address), "method": method, "path": path}

        slow = [
            asyncio.create_task(middleware(request_from("198.51.100.7"), slowly, send))
            for _ in range(AT_WORK)
        ]
        await asyncio.sleep(0)
        async with asyncio.timeout(30):  # otherwise a failure would hang
            await middleware(request_from("203.0.113.5"), whole, send)

        assert answered == ["203.0.113.5"]
        never.set()
        await asyncio.gather(*slow)
        assert len(answered) == AT_WORK + 1


class TestWhatIsNoRequest:
    async def test_is_passed_on(self) -> None:
        seen: list[str] = []

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            seen.append(scope["type"])

        async def nothing(*_: Any) -> Any:
            raise AssertionError

        await Floods(app, Gate(LIMITS, Calendar()), (), Figures())(
            {"type": "lifespan"}, nothing, nothing
        )
        assert seen == ["lifespan"]
