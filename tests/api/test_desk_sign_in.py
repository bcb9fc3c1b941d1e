"""Signing in to the desk as a browser does: once, from here, for who stands in the register."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from sqlalchemy import text

from api.floods import limits_of
from catalogues.texts import catalogue
from domain.languages import Language
from launcher.system import System
from storage.database import Database
from storage.staff_sessions import AT_MOST, IDLE, SIGN_IN
from tests.api.cases_in_hand import Mediated
from tests.api.in_process import in_process, settings_of
from tests.api.observing import tables_with
from tests.api.visiting import SAME_ORIGIN, Visitor, forms_of, path_of

NOWHERE = "http://127.0.0.1:9/nobody"
DUTCH = catalogue(Language.DUTCH)


@pytest.fixture
async def visitor(system: System) -> AsyncIterator[Visitor]:
    async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
        yield Visitor(system, http)


def assert_page(response: httpx.Response, status: int, slug: str) -> None:
    """Assert that this is a problem as a page."""
    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert DUTCH[f"problem.{slug}.title"] in response.text


async def session_of(visitor: Visitor) -> dict[str, str]:
    """Sign in, and return the header that carries the session anywhere."""
    await visitor.signs_in("mediator-1")
    return {"Cookie": f"wederhoor-desk={visitor.http.cookies['wederhoor-desk']}"}


class TestWhoIsNotSignedIn:
    @pytest.mark.parametrize("path", ["/desk", "/desk/cases/lusab-babad-r"])
    async def test_is_sent_to_sign_in_and_comes_back_there(
        self, visitor: Visitor, path: str
    ) -> None:
        assert path_of(await visitor.http.get(path)) == "/desk/sign-in"
        assert path_of(await visitor.signs_in("supervisor-1", path)) == path

    async def test_is_sent_to_sign_in_from_an_address_that_no_cookie_can_hold(
        self, visitor: Visitor
    ) -> None:
        away = await visitor.http.get("/desk/cases/%E2%82%AC")
        begun = await visitor.signs_in("mediator-1", away.headers["location"])
        assert begun.headers["location"] == "/desk"

    async def test_is_not_let_in_by_a_token_of_the_api(
        self, visitor: Visitor, supervisor: dict[str, str]
    ) -> None:
        assert path_of(await visitor.http.get("/desk", headers=supervisor)) == "/desk/sign-in"

    async def test_cannot_decide(self, visitor: Visitor, mediated: Mediated) -> None:
        address = f"/desk/cases/{mediated.number}/decisions"
        answer = await visitor.http.post(
            address, data={"decision": "recuse", "reason": "Weg."}, headers=SAME_ORIGIN
        )
        assert_page(answer, 403, "forbidden")


class TestSigningIn:
    async def test_shows_the_desk(self, visitor: Visitor) -> None:
        begun = await visitor.signs_in("mediator-1")
        page = await visitor.http.get(begun.headers["location"])
        assert page.status_code == 200
        assert DUTCH["desk.list"] in page.text

    async def test_leaves_a_cookie_that_no_script_reads(self, visitor: Visitor) -> None:
        begun = await visitor.signs_in("mediator-1")
        cookie = visitor.cookie(begun, "wederhoor-desk")
        assert {"httponly", "path=/", "samesite=lax"} <= set(cookie.lower().split("; "))
        assert "max-age" not in cookie.lower()
        assert len(cookie.partition(";")[0].partition("=")[2]) == 43

    async def test_keeps_nothing_that_opens_a_session(
        self, visitor: Visitor, database: Database
    ) -> None:
        await visitor.signs_in("mediator-1")
        for value in visitor.http.cookies.values():
            assert await tables_with(database, value) == []

    async def test_begins_a_new_session_and_ends_the_old(self, visitor: Visitor) -> None:
        await visitor.signs_in("mediator-1")
        before = visitor.http.cookies["wederhoor-desk"]
        await visitor.signs_in("supervisor-1")
        assert visitor.http.cookies["wederhoor-desk"] != before
        visitor.http.cookies.clear()
        old = await visitor.http.get("/desk", headers={"Cookie": f"wederhoor-desk={before}"})
        assert path_of(old) == "/desk/sign-in"

    async def test_of_a_stranger_opens_nothing(self, visitor: Visitor, database: Database) -> None:
        change = "UPDATE staff_members SET active = :active WHERE subject = 'mediator-2'"
        back = await visitor.is_sent_back("mediator-2")
        async with database.transaction() as session:
            await session.execute(text(change), {"active": False})
        try:
            answer = await visitor.http.get(back)
        finally:
            async with database.transaction() as session:
                await session.execute(text(change), {"active": True})
        assert_page(answer, 403, "forbidden")
        assert "wederhoor-desk" not in visitor.http.cookies

    @pytest.mark.parametrize(
        "place",
        [
            "https://evil.example",
            "//evil.example",
            "/desk/../v1/cases",
            "/desk//evil.example",
            "/desk\\@evil.example",
            "/desk/cases/x?next=//evil.example",
            "/desk~x",
            "€",
            "/desk/cases/€",
        ],
    )
    async def test_leads_to_no_place_of_somebody_else(self, visitor: Visitor, place: str) -> None:
        address = str(httpx.URL("/desk/sign-in", params={"return_to": place}))
        begun = await visitor.signs_in("mediator-1", address)
        assert begun.headers["location"] == "/desk"


class TestTheAnswerOfTheProvider:
    async def test_counts_once(self, visitor: Visitor) -> None:
        back = await visitor.is_sent_back("mediator-1")
        kept = dict(visitor.http.cookies)
        assert (await visitor.http.get(back)).status_code == 303
        visitor.http.cookies.clear()
        cookie = "; ".join(f"{name}={value}" for name, value in kept.items())
        assert_page(await visitor.http.get(back, headers={"Cookie": cookie}), 400, "sign-in-failed")

    async def test_counts_in_the_browser_that_asked(self, visitor: Visitor, system: System) -> None:
        back = await visitor.is_sent_back("mediator-1")
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
            other = Visitor(system, http)
            assert_page(await http.get(back), 400, "sign-in-failed")
            await other.is_sent_away()
            assert_page(await http.get(back), 400, "sign-in-failed")
            assert "wederhoor-desk" not in http.cookies

    async def test_with_a_code_for_another_attempt_is_refused(self, visitor: Visitor) -> None:
        stolen = httpx.URL(await visitor.is_sent_back("supervisor-1")).params["code"]
        own = httpx.URL(await visitor.is_sent_back("mediator-1"))
        answer = await visitor.http.get(own.copy_set_param("code", stolen))
        assert_page(answer, 400, "sign-in-failed")

    @pytest.mark.parametrize(
        ("parameter", "value"),
        [("state", "x" * 43), ("iss", "https://evil.example"), ("code", "x" * 43)],
    )
    async def test_that_was_changed_is_refused(
        self, visitor: Visitor, parameter: str, value: str
    ) -> None:
        back = httpx.URL(await visitor.is_sent_back("mediator-1"))
        answer = await visitor.http.get(back.copy_set_param(parameter, value))
        assert_page(answer, 400, "sign-in-failed")
        assert "wederhoor-desk" not in visitor.http.cookies

    @pytest.mark.parametrize("parameter", ["state", "iss", "code"])
    async def test_that_lacks_something_is_refused(self, visitor: Visitor, parameter: str) -> None:
        back = httpx.URL(await visitor.is_sent_back("mediator-1"))
        answer = await visitor.http.get(back.copy_remove_param(parameter))
        assert_page(answer, 400, "sign-in-failed")

    async def test_that_is_a_refusal_signs_nobody_in(self, visitor: Visitor) -> None:
        address = await visitor.is_sent_away()
        query = {"error": "access_denied", "state": address.params["state"]}
        assert_page(await visitor.http.get("/desk/signed-in", params=query), 400, "sign-in-failed")


class TestASession:
    async def test_ends_when_it_is_not_used(self, visitor: Visitor, system: System) -> None:
        cookie, clock = await session_of(visitor), Later()
        async with in_process(system, clock) as http:
            for _ in range(3):
                clock.passed += IDLE - timedelta(seconds=5)
                assert (await http.get("/desk", headers=cookie)).status_code == 200
            clock.passed += IDLE
            assert path_of(await http.get("/desk", headers=cookie)) == "/desk/sign-in"

    async def test_ends_after_eight_hours(self, visitor: Visitor, system: System) -> None:
        cookie, clock = await session_of(visitor), Later()
        step = timedelta(minutes=14)
        async with in_process(system, clock) as http:
            while clock.passed + step < AT_MOST:
                clock.passed += step
                assert (await http.get("/desk", headers=cookie)).status_code == 200
            clock.passed += step
            assert path_of(await http.get("/desk", headers=cookie)) == "/desk/sign-in"

    @pytest.mark.parametrize(
        ("ago", "status"), [(SIGN_IN, 400), (SIGN_IN - timedelta(minutes=1), 303)]
    )
    async def test_has_to_begin_within_ten_minutes(
        self, visitor: Visitor, system: System, ago: timedelta, status: int
    ) -> None:
        clock = Later()
        clock.passed = -ago
        async with in_process(system, clock, public_url=system.api.url) as http:
            away = await http.get("/desk/sign-in")
        visitor.http.cookies["wederhoor-sign-in"] = away.cookies["wederhoor-sign-in"]
        chosen = await visitor.http.post(
            away.headers["location"], data={"subject": "mediator-1"}, headers=SAME_ORIGIN
        )
        assert (await visitor.http.get(chosen.headers["location"])).status_code == status

    @pytest.mark.parametrize("path", ["/v1/cases", "/v1/institutions/..", "/codec/decode"])
    async def test_opens_nothing_but_the_desk(self, visitor: Visitor, path: str) -> None:
        await visitor.signs_in("supervisor-1")
        method = "POST" if path.startswith("/codec") else "GET"
        answer = await visitor.http.request(method, path, json={"payloads": []})
        assert answer.status_code in {401, 404}

    @pytest.mark.parametrize("change", ["active = false", "roles = '{}'"])
    async def test_is_worth_nothing_at_once_when_its_owner_leaves(
        self, visitor: Visitor, database: Database, mediated: Mediated, change: str
    ) -> None:
        await visitor.signs_in("supervisor-1")
        address = f"/desk/cases/{mediated.number}"
        assert (await visitor.http.get(address)).status_code == 200
        back = "UPDATE staff_members SET active = true, roles = '{supervisor}'"
        async with database.transaction() as session:
            where = "WHERE subject = 'supervisor-1'"
            await session.execute(text(f"UPDATE staff_members SET {change} {where}"))
        try:
            answer = await visitor.http.get(address)
        finally:
            async with database.transaction() as session:
                await session.execute(text(f"{back} {where}"))
        assert answer.status_code in {303, 404}
        assert mediated.number not in answer.text


class TestSigningOut:
    async def test_ends_the_session_here_and_at_the_provider(self, visitor: Visitor) -> None:
        await visitor.signs_in("mediator-1")
        page = await visitor.http.get("/desk")
        action, hidden = next(it for it in forms_of(page) if it[0].endswith("sign-out"))
        held = visitor.http.cookies["wederhoor-desk"]

        out = await visitor.http.post(action, data=hidden, headers=SAME_ORIGIN)
        there = await visitor.http.get(out.headers["location"])
        here = await visitor.http.get(there.headers["location"])

        assert path_of(out) == "/development/sign-in/sign-out"
        assert path_of(there) == "/desk/signed-out"
        assert DUTCH["desk.signed_out"] in here.text
        assert here.headers["clear-site-data"] == '"cache"'
        assert "wederhoor-desk" not in visitor.http.cookies
        cookie = {"Cookie": f"wederhoor-desk={held}"}
        assert path_of(await visitor.http.get("/desk", headers=cookie)) == "/desk/sign-in"

    @pytest.mark.parametrize("address", ["https://evil.example", "http://127.0.0.1/desk"])
    async def test_leads_to_no_place_of_somebody_else(self, visitor: Visitor, address: str) -> None:
        query = {"client_id": "wederhoor-desk", "post_logout_redirect_uri": address}
        answer = await visitor.http.get("/development/sign-in/sign-out", params=query)
        assert answer.status_code == 400


class TestWhileTheProviderIsDown:
    async def test_nobody_signs_in_and_whoever_is_in_stays(
        self, visitor: Visitor, system: System
    ) -> None:
        cookie = await session_of(visitor)
        async with in_process(system, oidc_issuer=NOWHERE) as http:
            refused = await http.get("/desk/sign-in")
            assert_page(refused, 503, "sign-in-unavailable")
            assert int(refused.headers["retry-after"]) > 0
            assert (await http.get("/desk", headers=cookie)).status_code == 200

    async def test_a_token_is_neither_taken_nor_called_wrong(
        self, system: System, supervisor: dict[str, str]
    ) -> None:
        async with in_process(system, oidc_issuer=NOWHERE) as http:
            answer = await http.get("/v1/cases", headers=supervisor)
            assert answer.status_code == 503
            assert answer.json()["type"].endswith(":sign-in-unavailable")
            assert int(answer.headers["retry-after"]) > 0


class TestBehindHttps:
    async def test_cookies_belong_to_the_host_alone(self, system: System) -> None:
        async with in_process(system, public_url="https://portal.example") as http:
            answer = await http.get("/desk/sign-in")
            cookie = answer.headers["set-cookie"]
            assert cookie.startswith("__Host-wederhoor-sign-in=")
            assert {"secure", "path=/", "httponly"} <= set(cookie.lower().split("; "))
            assert "domain" not in cookie.lower()


class TestAFloodOfSignIns:
    @pytest.mark.parametrize("path", ["/desk/sign-in", "/desk/signed-in"])
    def test_is_slowed(self, system: System, path: str) -> None:
        assert ("GET", path) in limits_of(settings_of(system))


class Later:
    """A clock that can be moved."""

    def __init__(self) -> None:
        self.passed = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.passed
