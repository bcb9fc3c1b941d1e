"""The Temporal UI of the embedded system, asked as a browser would: sign in, look, decode."""

import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from launcher.people import Json
from launcher.system import System
from tests.system.journeys import World


class Browser:
    """One browser, with its cookies; they count for all ports of the machine."""

    def __init__(self, system: System, http: httpx.AsyncClient) -> None:
        self._system = system
        self._http = http
        self._user: Json = {}

    async def signs_in_as(self, subject: str) -> None:
        """Follow the UI to the sign-in and back."""
        ui = self._system.temporal.ui_url
        sent = await self._http.get(f"{ui}/auth/sso", params={"returnUrl": f"{ui}/namespaces"})
        page = await self._http.get(sent.headers["location"])
        assert f'value="{subject}"' in page.text
        signed_in = await self._http.post(
            sent.headers["location"],
            data={"subject": subject},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        back = await self._http.get(signed_in.headers["location"])
        assert (back.status_code, back.headers["location"]) == (303, f"{ui}/namespaces")
        parts = sorted(
            (name, value)
            for name, value in self._http.cookies.items()
            if re.fullmatch(r"user\d", name)
        )
        self._user = json.loads(base64.b64decode("".join(value for _, value in parts)))

    async def history(self, workflow: str) -> httpx.Response:
        """Ask the UI's server for a history, as its page does."""
        headers: dict[str, str] = {}
        if self._user:
            headers["Authorization"] = f"Bearer {self._user['AccessToken']}"
            headers["Authorization-Extras"] = self._user["IDToken"]
        path = f"/api/v1/namespaces/default/workflows/{workflow}/history"
        return await self._http.get(self._system.temporal.ui_url + path, headers=headers)

    async def decodes(self, payloads: Json) -> httpx.Response:
        """Ask the codec, where and as the UI's settings say."""
        ui = self._system.temporal.ui_url
        codec = (await self._http.get(f"{ui}/api/v1/settings")).json()["Codec"]
        assert codec["IncludeCredentials"]
        assert not codec["PassAccessToken"]
        return await self._http.post(
            f"{codec['Endpoint']}/decode?preserveStorageRefs=true",
            json=payloads,
            headers={"Origin": ui, "X-Namespace": "default"},
        )


@pytest.fixture
async def browser(system: System) -> AsyncIterator[Browser]:
    if system.temporal.server is None or system.temporal.server.kind != "stock":
        pytest.skip("the UI within the Temporal CLI has no sign-in")
    async with httpx.AsyncClient(timeout=30, trust_env=False) as http:
        yield Browser(system, http)


def input_of(history: httpx.Response) -> Json:
    events: list[Any] = history.json()["history"]["events"]
    return events[0]["workflowExecutionStartedEventAttributes"]["input"]


class TestTheTemporalUi:
    async def test_shows_nobody_anything_before_a_sign_in(
        self, world: World, browser: Browser
    ) -> None:
        journey = await world.begins()
        assert (await browser.history(journey.workflow().id)).status_code == 401
        assert (await browser.decodes({"payloads": []})).status_code == 401

    async def test_shows_a_supervisor_what_payloads_say(
        self, world: World, browser: Browser
    ) -> None:
        journey = await world.begins()
        await browser.signs_in_as("supervisor-1")

        kept = input_of(await browser.history(journey.workflow().id))
        decoded = await browser.decodes(kept)

        assert journey.number not in json.dumps(kept)
        [payload] = decoded.json()["payloads"]
        assert json.loads(base64.b64decode(payload["data"]))["case"]["number"] == journey.number

    async def test_shows_a_mediator_ciphertext(self, world: World, browser: Browser) -> None:
        journey = await world.begins()
        await browser.signs_in_as("supervisor-1")
        await browser.signs_in_as("mediator-1")  # the later sign-in counts

        kept = input_of(await browser.history(journey.workflow().id))

        assert kept["payloads"][0]["metadata"]["encoding"] == "YmluYXJ5L2VuY3J5cHRlZA=="
        assert (await browser.decodes(kept)).status_code == 403

    async def test_comes_back_after_a_crash(self, system: System, browser: Browser) -> None:
        await system.temporal_ui.kill()
        assert not system.temporal_ui.running
        await system.restart(system.temporal_ui)
        await browser.signs_in_as("supervisor-1")
