"""Who of the staff is let in: closed unless proven."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from sqlalchemy import text

from identity.development import AUDIENCE, DevelopmentIssuer
from launcher.people import Json
from launcher.system import System
from settings.secrets import load_secrets
from storage.database import Database
from tests.api.cases_in_hand import session_of
from tests.api.observing import assert_problem, bearer, held

ISSUER = "wederhoor-development"
NUMBER = "lusab-babad-r"


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@pytest.fixture(scope="session")
def key(system: System) -> bytes:
    return load_secrets(system.state_dir / "secrets", may_create=False).signing_key()


def claims(**changed: object) -> Json:
    now = int(datetime.now(UTC).timestamp())
    whole: Json = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "supervisor-1",
        "iat": now,
        "exp": now + 600,
    }
    return {name: value for name, value in (whole | changed).items() if value is not None}


def signed(key: bytes, algorithm: str = "HS256", changed: Json | None = None) -> str:
    content = claims(**(changed or {}))
    return jwt.encode({"alg": algorithm}, content, OctKey.import_key(key), algorithms=[algorithm])


async def staff_routes(http: httpx.AsyncClient) -> list[tuple[str, str]]:
    document = (await http.get("/v1/openapi.json")).json()
    return [
        (method.upper(), path.format(number=NUMBER, entry=1, attachment_id=uuid4()))
        for path, item in document["paths"].items()
        for method in item
        if path.startswith("/v1/cases")
    ]


class TestEveryRouteOfTheStaff:
    async def test_anonymous_is_not_let_in(
        self, http: httpx.AsyncClient, database: Database, submitted: tuple[str, str]
    ) -> None:
        before = await held(database)
        session = await session_of(http, submitted[1])
        routes = await staff_routes(http)

        assert len(routes) == 11
        for method, path in routes:
            body: Json | None = None if method == "GET" else {}
            for headers in ({}, session):
                response = await http.request(method, path, json=body, headers=headers)
                assert_problem(response, 401, "unauthenticated")
                assert response.headers["www-authenticate"] == "Bearer"
        after = await held(database)
        assert (after.cases, after.entries, after.keys) == (
            before.cases,
            before.entries,
            before.keys,
        )


class TestATokenOfTheStaff:
    async def test_opens_the_door_when_it_is_ours(
        self, http: httpx.AsyncClient, key: bytes
    ) -> None:
        assert (await http.get("/v1/cases", headers=bearer(signed(key)))).status_code == 200

    @pytest.mark.parametrize(
        "changed",
        [
            {"exp": int(datetime(2026, 1, 1, tzinfo=UTC).timestamp())},
            {"exp": None},
            {"exp": "tomorrow"},
            {"aud": "another-api"},
            {"aud": None},
            {"aud": ["another-api"]},
            {"iss": "somebody-else"},
            {"iss": None},
            {"sub": None},
            {"iat": None},
            {"nbf": int(datetime(2199, 1, 1, tzinfo=UTC).timestamp())},
        ],
        ids=str,
    )
    async def test_is_refused_when_a_claim_is_wrong(
        self, http: httpx.AsyncClient, key: bytes, changed: Json
    ) -> None:
        response = await http.get("/v1/cases", headers=bearer(signed(key, changed=changed)))

        assert_problem(response, 401, "unauthenticated")

    async def test_is_refused_from_another_issuer_with_our_name(
        self, http: httpx.AsyncClient
    ) -> None:
        token = DevelopmentIssuer(b"x" * 32, ISSUER).issue("supervisor-1", datetime.now(UTC))

        assert_problem(await http.get("/v1/cases", headers=bearer(token)), 401, "unauthenticated")

    async def test_is_refused_under_another_algorithm(
        self, http: httpx.AsyncClient, key: bytes
    ) -> None:
        parts = signed(key).split(".")
        tokens = [signed(key, algorithm="HS512")]
        for algorithm in ("none", "None", "nOnE", "", None, 1, ["HS256"], {"HS256": 1}, "RS256"):
            header = encoded({"alg": algorithm, "typ": "JWT"})
            tokens += [f"{header}.{parts[1]}.", f"{header}.{parts[1]}.{parts[2]}"]

        for token in tokens:
            response = await http.get("/v1/cases", headers=bearer(token))
            assert_problem(response, 401, "unauthenticated")

    @pytest.mark.parametrize(
        "token",
        [
            "x",
            ".",
            "..",
            "...",
            "a.b.c",
            "\xff.\xff.\xff",
            f"{encoded([])}.{encoded({})}.x",
            f"{encoded('x')}.{encoded({})}.x",
            f"{encoded({'alg': 'HS256', 'crit': ['x']})}.{encoded({})}.x",
            f"{encoded({'alg': 'HS256', 'b64': False, 'crit': ['b64']})}.{encoded({})}.x",
            f"{encoded({'alg': 'dir', 'enc': 'A256GCM'})}....",
            f"{encoded(b'[' * 10_000)}.{encoded({})}.x",
            "x" * 20_000,
        ],
        ids=lambda token: token[:20].encode().hex(),
    )
    async def test_is_refused_when_it_is_garbage(self, http: httpx.AsyncClient, token: str) -> None:
        headers = [(b"Authorization", b"Bearer " + token.encode("latin-1"))]

        assert_problem(await http.get("/v1/cases", headers=headers), 401, "unauthenticated")

    async def test_is_refused_when_its_content_was_changed(
        self, http: httpx.AsyncClient, key: bytes
    ) -> None:
        header, _, signature = signed(key, changed={"sub": "mediator-1"}).split(".")

        token = f"{header}.{encoded(claims())}.{signature}"

        assert_problem(await http.get("/v1/cases", headers=bearer(token)), 401, "unauthenticated")

    @pytest.mark.parametrize("subject", ["somebody", "", "SUPERVISOR-1", "' OR 1=1 --", 7])
    async def test_of_a_stranger_opens_nothing(
        self, http: httpx.AsyncClient, key: bytes, subject: object
    ) -> None:
        response = await http.get(
            "/v1/cases", headers=bearer(signed(key, changed={"sub": subject}))
        )

        assert response.status_code in {401, 403}
        assert_problem(
            response,
            response.status_code,
            "forbidden" if response.status_code == 403 else "unauthenticated",
        )

    async def test_of_somebody_unknown_says_forbidden(
        self, http: httpx.AsyncClient, token_for: Callable[[str], str]
    ) -> None:
        response = await http.get("/v1/cases", headers=bearer(token_for("somebody")))

        assert_problem(response, 403, "forbidden")

    async def test_opens_nothing_once_its_owner_has_left(
        self, http: httpx.AsyncClient, database: Database, token_for: Callable[[str], str]
    ) -> None:
        change = "UPDATE staff_members SET active = :active WHERE subject = 'supervisor-1'"
        async with database.transaction() as session:
            await session.execute(text(change), {"active": False})
        try:
            response = await http.get("/v1/cases", headers=bearer(token_for("supervisor-1")))
        finally:
            async with database.transaction() as session:
                await session.execute(text(change), {"active": True})

        assert_problem(response, 403, "forbidden")

    async def test_lasts_eight_hours(self, http: httpx.AsyncClient, key: bytes) -> None:
        issuer, now = DevelopmentIssuer(key, ISSUER), datetime.now(UTC)
        fresh = issuer.issue("supervisor-1", now - timedelta(hours=7, minutes=55))
        stale = issuer.issue("supervisor-1", now - timedelta(hours=8, minutes=1))

        assert (await http.get("/v1/cases", headers=bearer(fresh))).status_code == 200
        assert_problem(await http.get("/v1/cases", headers=bearer(stale)), 401, "unauthenticated")
