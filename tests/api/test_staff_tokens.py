"""Who of the staff is let in: closed unless proven."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey
from sqlalchemy import text

from api.development_sign_in import PATH
from identity.development_provider import DevelopmentProvider
from launcher.people import Json
from launcher.system import System
from settings.application import API_AUDIENCE
from settings.secrets import load_secrets
from storage.database import Database
from tests.api.cases_in_hand import session_of
from tests.api.observing import assert_problem, bearer, held

NUMBER = "lusab-babad-r"
IN_PATHS = {
    "number": NUMBER,
    "entry": 1,
    **{name: uuid4() for name in ("attachment_id", "staff_id", "glass_id")},
}


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


@dataclass(frozen=True)
class Signer:
    """Signs as the provider of the running system does."""

    provider: DevelopmentProvider

    @property
    def kid(self) -> str | None:
        return self.provider._key.kid  # pyright: ignore[reportPrivateUsage]

    def claims(self, **changed: object) -> Json:
        now = int(datetime.now(UTC).timestamp())
        whole: Json = {
            "iss": self.provider.url,
            "aud": API_AUDIENCE,
            "sub": "supervisor-1",
            "iat": now,
            "exp": now + 600,
        }
        return {name: value for name, value in (whole | changed).items() if value is not None}

    def signed(self, changed: Json | None = None, kind: str = "at+jwt") -> str:
        key: ECKey = self.provider._key  # pyright: ignore[reportPrivateUsage]
        header = {"alg": "ES256", "typ": kind, "kid": key.kid}
        return jwt.encode(header, self.claims(**(changed or {})), key, algorithms=["ES256"])


@pytest.fixture(scope="session")
def signer(system: System) -> Signer:
    key = load_secrets(system.secrets_dir, may_create=False).signing_key()
    return Signer(DevelopmentProvider(key, system.api.url + PATH, API_AUDIENCE, {}))


async def staff_routes(http: httpx.AsyncClient) -> list[tuple[str, str]]:
    document = (await http.get("/v1/openapi.json")).json()
    return [
        (method.upper(), path.format(**IN_PATHS))
        for path, item in document["paths"].items()
        for method in item
        if path.startswith(("/v1/cases", "/v1/staff", "/v1/my-availability"))
    ]


class TestEveryRouteOfTheStaff:
    async def test_anonymous_is_not_let_in(
        self, http: httpx.AsyncClient, database: Database, submitted: tuple[str, str]
    ) -> None:
        before = await held(database)
        session = await session_of(http, submitted[1])
        routes = await staff_routes(http)

        assert len(routes) == 26
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
        self, http: httpx.AsyncClient, signer: Signer
    ) -> None:
        assert (await http.get("/v1/cases", headers=bearer(signer.signed()))).status_code == 200

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
        self, http: httpx.AsyncClient, signer: Signer, changed: Json
    ) -> None:
        response = await http.get("/v1/cases", headers=bearer(signer.signed(changed)))

        assert_problem(response, 401, "unauthenticated")

    async def test_is_refused_from_another_provider_with_our_name(
        self, http: httpx.AsyncClient, signer: Signer
    ) -> None:
        other = DevelopmentProvider(b"x" * 32, signer.provider.url, API_AUDIENCE, {})
        token = other.access_token("supervisor-1", datetime.now(UTC))

        assert_problem(await http.get("/v1/cases", headers=bearer(token)), 401, "unauthenticated")

    async def test_is_refused_when_it_is_an_id_token(
        self, http: httpx.AsyncClient, signer: Signer
    ) -> None:
        token = signer.signed(kind="JWT")

        assert_problem(await http.get("/v1/cases", headers=bearer(token)), 401, "unauthenticated")

    async def test_is_refused_under_another_algorithm(
        self, http: httpx.AsyncClient, signer: Signer
    ) -> None:
        parts = signer.signed().split(".")
        kid = signer.kid
        for algorithm in ("none", "None", "", None, 1, ["ES256"], {"ES256": 1}, "HS256", "RS256"):
            header = encoded({"alg": algorithm, "typ": "at+jwt", "kid": kid})
            for signature in ("", parts[2]):
                token = f"{header}.{parts[1]}.{signature}"
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
        self, http: httpx.AsyncClient, signer: Signer
    ) -> None:
        header, _, signature = signer.signed({"sub": "mediator-1"}).split(".")

        token = f"{header}.{encoded(signer.claims())}.{signature}"

        assert_problem(await http.get("/v1/cases", headers=bearer(token)), 401, "unauthenticated")

    @pytest.mark.parametrize("subject", ["somebody", "", "SUPERVISOR-1", "' OR 1=1 --", 7])
    async def test_of_a_stranger_opens_nothing(
        self, http: httpx.AsyncClient, signer: Signer, subject: object
    ) -> None:
        response = await http.get("/v1/cases", headers=bearer(signer.signed({"sub": subject})))

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

    async def test_lasts_eight_hours(self, http: httpx.AsyncClient, signer: Signer) -> None:
        issue, now = signer.provider.access_token, datetime.now(UTC)
        fresh = issue("supervisor-1", now - timedelta(hours=7, minutes=55))
        stale = issue("supervisor-1", now - timedelta(hours=8, minutes=1))

        assert (await http.get("/v1/cases", headers=bearer(fresh))).status_code == 200
        assert_problem(await http.get("/v1/cases", headers=bearer(stale)), 401, "unauthenticated")
