"""The register of the staff: administrators keep it, and what it says counts at once."""

from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import any_, update

from domain.staff import Role
from launcher.people import Json
from launcher.system import System
from storage.database import Database
from storage.models import StaffRow
from tests.api.cases_in_hand import Mediated
from tests.api.observing import assert_problem, bearer
from tests.api.visiting import Visitor, path_of

ADMINISTRATOR = "6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0011"


@pytest.fixture
def administrator(token_for: Callable[[str], str]) -> dict[str, str]:
    return bearer(token_for("administrator-1"))


@pytest.fixture
async def newcomer(http: httpx.AsyncClient, administrator: dict[str, str]) -> AsyncIterator[Json]:
    """Somebody who was just added, and leaves when the test ends."""
    response = await http.post("/v1/staff", json=somebody(), headers=administrator)
    assert response.status_code == 201, response.text
    yield response.json()
    leaving = {"active": False}
    await http.patch(f"/v1/staff/{response.json()['id']}", json=leaving, headers=administrator)


def somebody(**changed: object) -> Json:
    return {
        "subject": f"somebody-{uuid4()}",
        "name": "Iemand",
        "address": "iemand@wederhoor.example",
        "roles": ["supervisor"],
        "languages": ["nl"],
    } | changed


class TestTheRegister:
    async def test_tells_who_works_here(
        self, http: httpx.AsyncClient, administrator: dict[str, str], newcomer: Json
    ) -> None:
        listed = (await http.get("/v1/staff", headers=administrator)).json()["staff"]
        assert newcomer in listed
        assert newcomer == {
            "id": newcomer["id"],
            "subject": newcomer["subject"],
            "name": "Iemand",
            "address": "iemand@wederhoor.example",
            "roles": ["supervisor"],
            "language": "nl",
            "languages": ["nl"],
            "active": True,
        }

    async def test_names_each_language_that_somebody_speaks(
        self, http: httpx.AsyncClient, administrator: dict[str, str], newcomer: Json
    ) -> None:
        every = {"languages": ["ro", "bg", "hu", "es", "pt", "en", "nl"]}
        address = f"/v1/staff/{newcomer['id']}"
        response = await http.patch(address, json=every, headers=administrator)
        assert response.json()["languages"] == every["languages"]

    async def test_lets_a_newcomer_in(
        self, http: httpx.AsyncClient, newcomer: Json, token_for: Callable[[str], str]
    ) -> None:
        headers = bearer(token_for(newcomer["subject"]))
        assert (await http.get("/v1/cases", headers=headers)).status_code == 200

    async def test_knows_a_subject_once(
        self, http: httpx.AsyncClient, administrator: dict[str, str], newcomer: Json
    ) -> None:
        again = somebody(subject=newcomer["subject"])
        response = await http.post("/v1/staff", json=again, headers=administrator)
        assert_problem(response, 400, "invalid-request", "#/subject")

    @pytest.mark.parametrize(
        ("wrong", "where"),
        [
            ({"roles": ["chief"]}, "#/roles/0"),
            ({"roles": ["mediator"] * 9}, "#/roles"),
            ({"languages": []}, "#/languages"),
            ({"languages": ["xx"]}, "#/languages/0"),
            ({"address": "nowhere"}, "#/address"),
            ({"name": "a\nb"}, "#/name"),
            ({"subject": ""}, "#/subject"),
            ({"active": True}, "#/active"),
        ],
        ids=str,
    )
    async def test_takes_no_nonsense(
        self, http: httpx.AsyncClient, administrator: dict[str, str], wrong: Json, where: str
    ) -> None:
        response = await http.post("/v1/staff", json=somebody(**wrong), headers=administrator)
        assert_problem(response, 400, "invalid-request", where)

    async def test_changes_what_is_named_alone(
        self, http: httpx.AsyncClient, administrator: dict[str, str], newcomer: Json
    ) -> None:
        changes = {"name": "Iemand Anders", "languages": ["en", "en"], "roles": []}
        response = await http.patch(
            f"/v1/staff/{newcomer['id']}", json=changes, headers=administrator
        )
        assert response.status_code == 200
        assert response.json() == newcomer | changes | {"languages": ["en"]}

    @pytest.mark.parametrize("path", [str(uuid4()), "nobody"])
    async def test_knows_nobody_else(
        self, http: httpx.AsyncClient, administrator: dict[str, str], path: str
    ) -> None:
        response = await http.patch(f"/v1/staff/{path}", json={}, headers=administrator)
        assert_problem(response, 404, "not-found")

    async def test_is_changed_by_json_alone(
        self, http: httpx.AsyncClient, administrator: dict[str, str], newcomer: Json
    ) -> None:
        response = await http.patch(
            f"/v1/staff/{newcomer['id']}", data={"active": "false"}, headers=administrator
        )
        assert_problem(response, 415, "unsupported-media-type")


class TestWhoIsTakenOut:
    @pytest.mark.parametrize("changes", [{"active": False}, {"roles": []}], ids=str)
    async def test_loses_everything_at_the_next_request(
        self,
        system: System,
        http: httpx.AsyncClient,
        administrator: dict[str, str],
        newcomer: Json,
        token_for: Callable[[str], str],
        mediated: Mediated,
        changes: Json,
    ) -> None:
        subject = newcomer["subject"]
        token = token_for(subject)
        headers = bearer(token)
        ui, cookie = system.temporal.ui_url, f"wederhoor-inspection={token}"
        ways_in = (headers, {"Origin": ui, "Cookie": cookie})
        case = f"/v1/cases/{mediated.number}"
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as browser:
            await Visitor(system, browser).signs_in(subject)
            for ask in ways_in:
                assert await self.decoding(http, ask) == 200
            assert (await http.get(case, headers=headers)).status_code == 200
            assert (await browser.get("/desk")).status_code == 200

            address = f"/v1/staff/{newcomer['id']}"
            assert (await http.patch(address, json=changes, headers=administrator)).is_success

            for ask in ways_in:
                assert await self.decoding(http, ask) == 403
            assert (await http.get(case, headers=headers)).status_code in {403, 404}
            assert path_of(await browser.get("/desk")) == "/desk/sign-in"

    @staticmethod
    async def decoding(http: httpx.AsyncClient, headers: dict[str, str]) -> int:
        answer = await http.post("/codec/decode", json={"payloads": []}, headers=headers)
        return answer.status_code

    async def test_has_no_session_left(
        self,
        system: System,
        http: httpx.AsyncClient,
        administrator: dict[str, str],
        newcomer: Json,
    ) -> None:
        address = f"/v1/staff/{newcomer['id']}"
        async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as browser:
            await Visitor(system, browser).signs_in(newcomer["subject"])
            for active in (False, True):
                await http.patch(address, json={"active": active}, headers=administrator)
            assert path_of(await browser.get("/desk")) == "/desk/sign-in"


class TestTheLastAdministrator:
    @pytest.mark.parametrize(
        ("changes", "where"),
        [({"active": False}, "#/active"), ({"roles": ["mediator"]}, "#/roles")],
        ids=str,
    )
    async def test_stays(
        self,
        http: httpx.AsyncClient,
        database: Database,
        administrator: dict[str, str],
        changes: Json,
        where: str,
    ) -> None:
        async with database.transaction() as session:
            others = StaffRow.subject != "administrator-1"
            keeps = any_(StaffRow.roles) == Role.ADMINISTRATOR.value
            await session.execute(update(StaffRow).where(others, keeps).values(active=False))
        address = f"/v1/staff/{ADMINISTRATOR}"
        response = await http.patch(address, json=changes, headers=administrator)
        assert_problem(response, 400, "invalid-request", where)
        assert (await http.get("/v1/staff", headers=administrator)).status_code == 200
