"""The sign-in for development, as a browser meets it: no password, and still not for everybody."""

import base64
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from identity.development_provider import client_secret
from launcher.people import Json
from launcher.system import System
from settings.secrets import load_secrets
from tests.api.observing import assert_problem

PATH = "/development/sign-in"
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def query(system: System) -> dict[str, str]:
    """What the Temporal UI asks for."""
    return {
        "client_id": "temporal-ui",
        "redirect_uri": f"{system.temporal.ui_url}/auth/sso/callback",
        "response_type": "code",
        "scope": "openid",
        "state": "a state & more",
        "nonce": "a nonce",
    }


@pytest.fixture
def as_client(system: System) -> dict[str, str]:
    secret = client_secret(
        load_secrets(system.secrets_dir, may_create=False).signing_key(), "temporal-ui"
    )
    return basic("temporal-ui", secret)


def basic(name: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{secret}".encode()).decode()}


async def signs_in(
    http: httpx.AsyncClient, query: dict[str, str], subject: str, headers: dict[str, str]
) -> httpx.Response:
    form = {"subject": subject}
    return await http.post(f"{PATH}/authorize", params=query, data=form, headers=headers)


class TestThePage:
    async def test_has_a_button_for_each_of_the_staff_and_loads_nothing(
        self, http: httpx.AsyncClient, query: dict[str, str], system: System
    ) -> None:
        page = await http.get(f"{PATH}/authorize", params=query)

        assert page.status_code == 200
        for subject in ("mediator-1", "mediator-2", "supervisor-1"):
            assert f'value="{subject}"' in page.text
        assert "src=" not in page.text
        assert page.headers["content-security-policy"] == (
            f"default-src 'none'; form-action 'self' {system.temporal.ui_url}; "
            "frame-ancestors 'none'"
        )

    @pytest.mark.parametrize(
        ("parameter", "value"),
        [("client_id", "another"), ("redirect_uri", "https://evil.example"), ("scope", "x")],
    )
    async def test_is_not_shown_to_whom_another_client_sends(
        self, http: httpx.AsyncClient, query: dict[str, str], parameter: str, value: str
    ) -> None:
        changed = query | {parameter: value}
        page = await http.get(f"{PATH}/authorize", params=changed)
        assert_problem(page, 400, "invalid-request", parameter)
        answer = await signs_in(http, changed, "supervisor-1", SAME_ORIGIN)
        assert_problem(answer, 400, "invalid-request", parameter)
        assert "set-cookie" not in answer.headers


class TestSigningIn:
    async def test_sends_back_with_a_code_and_leaves_a_cookie_for_the_codec_alone(
        self, http: httpx.AsyncClient, query: dict[str, str]
    ) -> None:
        answer = await signs_in(http, query, "supervisor-1", SAME_ORIGIN)

        assert answer.status_code == 303
        back = urlsplit(answer.headers["location"])
        assert answer.headers["location"].startswith(query["redirect_uri"] + "?")
        assert parse_qs(back.query)["state"] == [query["state"]]
        cookie = answer.headers["set-cookie"].lower()
        assert cookie.startswith("wederhoor-inspection=")
        for part in ("httponly", "path=/codec", "samesite=strict"):
            assert f"; {part}" in cookie

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
    async def test_works_from_its_own_page_alone(
        self, http: httpx.AsyncClient, query: dict[str, str], site: str | None
    ) -> None:
        headers = {} if site is None else {"Sec-Fetch-Site": site}
        answer = await signs_in(http, query, "supervisor-1", headers)
        assert_problem(answer, 403, "forbidden")
        assert "set-cookie" not in answer.headers

    @pytest.mark.parametrize("subject", ["", "nobody", "supervisor-1'"])
    async def test_is_for_the_staff(
        self, http: httpx.AsyncClient, query: dict[str, str], subject: str
    ) -> None:
        answer = await signs_in(http, query, subject, SAME_ORIGIN)
        assert_problem(answer, 400, "invalid-request", "subject")


class TestTheTokens:
    async def test_are_given_to_the_client_for_its_code_once(
        self, http: httpx.AsyncClient, query: dict[str, str], as_client: dict[str, str]
    ) -> None:
        form = await self.form(http, query)

        first = await http.post(f"{PATH}/token", data=form, headers=as_client)
        again = await http.post(f"{PATH}/token", data=form, headers=as_client)

        assert first.status_code == 200
        assert first.json().keys() == {"access_token", "token_type", "expires_in", "id_token"}
        assert_problem(again, 400, "invalid-request", "code")

    async def test_are_given_to_nobody_else(
        self, http: httpx.AsyncClient, query: dict[str, str]
    ) -> None:
        form = await self.form(http, query)
        nobody = await http.post(f"{PATH}/token", data=form)
        assert_problem(nobody, 401, "unauthenticated")
        other = await http.post(f"{PATH}/token", data=form, headers=basic("another", "x"))
        assert_problem(other, 401, "unauthenticated")
        wrong = await http.post(f"{PATH}/token", data=form, headers=basic("temporal-ui", "x"))
        assert_problem(wrong, 400, "invalid-request", "client_secret")

    async def test_are_not_given_for_anything_but_a_code(
        self, http: httpx.AsyncClient, query: dict[str, str], as_client: dict[str, str]
    ) -> None:
        form = await self.form(http, query) | {"grant_type": "password"}
        answer = await http.post(f"{PATH}/token", data=form, headers=as_client)
        assert_problem(answer, 400, "invalid-request", "grant_type")

    @staticmethod
    async def form(http: httpx.AsyncClient, query: dict[str, str]) -> Json:
        answer = await signs_in(http, query, "supervisor-1", SAME_ORIGIN)
        [code] = parse_qs(urlsplit(answer.headers["location"]).query)["code"]
        return {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": query["redirect_uri"],
        }
