"""What must be nowhere: in no table, in no log."""

import json
from uuid import uuid4

import httpx
import pytest

from domain.receipt_code import parse_receipt_code
from launcher.system import System
from settings.logs import ALLOWED
from storage.database import Database
from tests.api.cases_in_hand import Mediated
from tests.api.observing import COMPLAINT, bearer, tables_with

ADDRESS = "192.0.2.77"
"""Of a client, as a proxy would tell it."""

BROWSER = f"zonnebloem-{uuid4().hex}"
TEXT = f"narcis-{uuid4().hex}"


@pytest.fixture
async def secrets(
    http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
) -> dict[str, str]:
    """Do a bit of everything; return the secrets that were used on the way."""
    key = str(uuid4())
    ours = {"Idempotency-Key": key, "X-Forwarded-For": ADDRESS, "User-Agent": BROWSER}
    body = {**COMPLAINT, "text": TEXT}
    receipt = (await http.post("/v1/complaints", json=body, headers=ours)).json()
    code = receipt["receiptCode"]
    opened = await http.post("/v1/sessions", json={"receiptCode": code}, headers=ours)
    session = opened.json()["token"]
    entry_key = str(uuid4())
    headers = ours | bearer(session) | {"Idempotency-Key": entry_key}
    await http.post("/v1/my-case/messages", json={"text": TEXT}, headers=headers)
    await http.post("/v1/my-case/messages", json={"text": code}, headers=headers)
    await http.post("/v1/my-case/messages", content=code.encode(), headers=headers)
    await http.get(f"/v1/my-case/{code}", headers=headers)
    await http.get(mediated.link, headers=ours)
    await http.get(f"/v1/cases/{mediated.number}", headers=mediator)
    await http.get("/v1/cases", headers=bearer(mediator["Authorization"][-30:]))
    await http.request("PATCH", f"/v1/institution-replies/{code}", headers=ours)
    return {
        "receipt code": code,
        "receipt code, unbroken": parse_receipt_code(code),
        "session": session,
        "key of a complaint": key,
        "key of a complaint, unbroken": key.replace("-", ""),
        "key of a message": entry_key,
        "reply token": mediated.link.rpartition("/")[2],
        "token of the staff": mediator["Authorization"].removeprefix("Bearer "),
        "client address": ADDRESS,
        "our own address": "127.0.0.1",
        "browser": BROWSER,
    }


class TestTheDatabase:
    async def test_holds_no_secret_of_a_request(
        self, database: Database, secrets: dict[str, str]
    ) -> None:
        known = COMPLAINT["institutionId"]
        assert "cases" in await tables_with(database, known)  # the search does find things

        found = {name: await tables_with(database, secret) for name, secret in secrets.items()}

        assert found == {name: [] for name in secrets}

    async def test_holds_nothing_in_clear_that_somebody_wrote(
        self, database: Database, secrets: dict[str, str]
    ) -> None:
        assert secrets
        assert await tables_with(database, TEXT) == []


class TestTheLogs:
    @pytest.mark.parametrize("part", ["api", "worker"])
    def test_are_lines_with_known_fields_alone(
        self, system: System, secrets: dict[str, str], part: str
    ) -> None:
        log = (system.state_dir / "logs" / f"{part}.log").read_text()

        assert secrets
        lines = [json.loads(line) for line in log.splitlines()]
        assert lines
        assert {field for line in lines for field in line} <= ALLOWED

    @pytest.mark.parametrize("part", ["api", "worker"])
    def test_hold_no_secret_of_a_request(
        self, system: System, secrets: dict[str, str], part: str
    ) -> None:
        log = (system.state_dir / "logs" / f"{part}.log").read_text(errors="replace")

        assert log
        ours = {name: it for name, it in secrets.items() if name != "our own address"}
        found = [name for name, it in ours.items() if it.lower() in log.lower()]
        assert found == []
        assert TEXT not in log
