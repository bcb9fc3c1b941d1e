"""Files of a case over the running API: in by a form, out as a clean copy."""

import asyncio
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest

from attachments.clean_room import CleanRoom
from attachments.depot import Depot
from attachments.objects import open_objects
from domain.case_number import CaseNumber
from domain.clock import system_clock
from domain.identifiers import CaseId
from launcher.system import System
from settings.key_stores import FileStore
from storage.case_file import CaseFile
from storage.database import Database
from storage.sealed_vault import SealedVault
from storage.wrapping_keys import RingKeys
from tests.api.attaching import NOTE, PATH, File, send, sent
from tests.api.cases_in_hand import Mediated, session_of
from tests.api.handing_in import settled
from tests.api.observing import assert_problem, tables_with
from tests.attachments.conftest import settings_with
from tests.attachments.sample_files import GPS_MAKER, document, gps_of, photo


class TestAFile:
    @pytest.mark.parametrize(
        ("file", "name", "media_type"),
        [
            (("../IMG_1.JPEG", photo(), "image/jpeg"), "IMG_1.jpg", "image/jpeg"),
            (("é\u202egnp.exe", photo("PNG"), "text/plain"), "égnp.png", "image/png"),
            (("IMG_2.HEIC", photo("HEIF"), ""), "IMG_2.jpg", "image/jpeg"),
            (("brief.pdf", document(), "application/pdf"), "brief.pdf", "application/pdf"),
            (NOTE, "notitie.txt", "text/plain"),
        ],
    )
    async def test_comes_back_as_a_clean_copy(
        self, http: httpx.AsyncClient, mine: dict[str, str], file: File, name: str, media_type: str
    ) -> None:
        attachment = await sent(http, mine, file)

        assert (attachment["name"], attachment["mediaType"]) == (name, media_type)
        assert attachment["scanState"] == "unscanned"
        assert "niet op virussen" in attachment["scanText"]
        response = await http.get(f"{PATH}/{attachment['id']}", headers=mine)
        assert response.status_code == 200
        assert len(response.content) == attachment["size"]
        assert GPS_MAKER not in response.content
        headers = response.headers
        assert headers["content-type"].partition(";")[0] == media_type
        assert headers["content-disposition"].startswith('attachment; filename="file.')
        assert headers["content-disposition"].endswith(f"filename*=UTF-8''{quote(name, safe='')}")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert headers["content-security-policy"] == "default-src 'none'; sandbox"

    async def test_of_a_photo_tells_no_more_where_it_was_made(
        self, http: httpx.AsyncClient, mine: dict[str, str]
    ) -> None:
        attachment = await sent(http, mine, ("foto.jpg", photo(), "image/jpeg"))
        response = await http.get(f"{PATH}/{attachment['id']}", headers=mine)
        assert gps_of(photo())
        assert gps_of(response.content) == {}

    async def test_is_an_entry_that_the_workflow_answers_and_the_mediator_hears_of(
        self, http: httpx.AsyncClient, mediated: Mediated, mediator: dict[str, str]
    ) -> None:
        mine = await session_of(http, mediated.receipt_code)

        response = await send(http, mine)

        assert response.json()["status"] == "undelivered"
        entry = await settled(http, response.headers["location"], mine)
        assert (entry["kind"], entry["status"], entry["title"]) == (
            "attachment",
            "applied",
            "Bijlage",
        )
        attachment = response.json()["attachment"]
        assert entry["body"]["attachmentId"] == attachment["id"]
        assert attachment["entryNumber"] == entry["number"]
        theirs = f"/v1/cases/{mediated.number}/attachments"
        listed = (await http.get(theirs, headers=mediator)).json()["attachments"]
        assert attachment in listed
        copy = await http.get(f"{theirs}/{attachment['id']}", headers=mediator)
        assert (copy.status_code, copy.content) == (200, NOTE[1])

    async def test_is_kept_as_it_was_for_who_has_the_keys(
        self,
        http: httpx.AsyncClient,
        own: tuple[str, dict[str, str]],
        database: Database,
        system: System,
    ) -> None:
        number, mine = own
        content = photo()
        attachment = await sent(http, mine, ("narcis.jpg", content, "image/jpeg"))

        vault = SealedVault(RingKeys(FileStore(system.secrets_dir / "keys")))
        objects = open_objects(settings_with(attachments_dir=system.state_dir / "attachments"))
        depot = Depot(database, vault, system_clock, objects, CleanRoom())
        async with database.transaction() as session:
            file = CaseFile(session, vault, system_clock)
            case = CaseId((await file.find(CaseNumber(number))).id)
        [(_, found)] = await depot.of_case(case)
        assert str(found.id) == attachment["id"]
        assert await depot.original(found) == content

    async def test_lies_nowhere_in_clear(
        self,
        http: httpx.AsyncClient,
        mine: dict[str, str],
        database: Database,
        system: System,
    ) -> None:
        word = f"narcis-{uuid4().hex}"
        await sent(http, mine, (f"{word}.txt", word.encode() * 50, "text/plain"))

        assert await tables_with(database, word) == []
        folder: Path = system.state_dir
        places = await asyncio.to_thread(
            lambda: [
                str(path)
                for part in ("attachments", "logs")
                for path in (folder / part).rglob("*")
                if path.is_file() and (word.encode() in path.read_bytes() or word in path.name)
            ]
        )
        assert places == []


class TestWhoSeesAFile:
    async def test_anonymous_sees_and_sends_none(self, http: httpx.AsyncClient) -> None:
        for response in (
            await send(http, {}),
            await http.get(PATH),
            await http.get(f"{PATH}/{uuid4()}"),
            await http.get("/v1/cases/1/attachments"),
        ):
            assert_problem(response, 401, "unauthenticated")

    async def test_anonymous_is_turned_away_before_a_form_is_read(
        self, http: httpx.AsyncClient
    ) -> None:
        for media_type in ("application/json", "multipart/form-data; boundary=b"):
            headers = {"Content-Type": media_type}
            response = await http.post(PATH, content=b"no form", headers=headers)
            assert_problem(response, 401, "unauthenticated")

    async def test_another_complainant_sees_none(
        self, http: httpx.AsyncClient, mine: dict[str, str], own: tuple[str, dict[str, str]]
    ) -> None:
        attachment = await sent(http, mine)
        _, others = own
        assert (await http.get(PATH, headers=others)).json() == {"attachments": []}
        response = await http.get(f"{PATH}/{attachment['id']}", headers=others)
        assert_problem(response, 404, "not-found")

    async def test_the_staff_see_none_unless_it_is_the_mediator_of_the_case(
        self,
        http: httpx.AsyncClient,
        mediated: Mediated,
        stranger: dict[str, str],
        supervisor: dict[str, str],
    ) -> None:
        mine = await session_of(http, mediated.receipt_code)
        attachment = await sent(http, mine)
        for path in ("attachments", f"attachments/{attachment['id']}"):
            theirs = f"/v1/cases/{mediated.number}/{path}"
            assert_problem(await http.get(theirs, headers=stranger), 404, "not-found")
            assert_problem(await http.get(theirs, headers=supervisor), 403, "forbidden")

    async def test_a_mediator_who_is_asked_sees_none_yet(
        self, http: httpx.AsyncClient, offered: tuple[str, dict[str, str]]
    ) -> None:
        number, headers = offered
        response = await http.get(f"/v1/cases/{number}/attachments", headers=headers)
        assert_problem(response, 403, "forbidden")

    async def test_the_institution_sees_none(
        self, http: httpx.AsyncClient, mediated: Mediated, institution: dict[str, str]
    ) -> None:
        mine = await session_of(http, mediated.receipt_code)
        response = await send(http, mine)
        await settled(http, response.headers["location"], mine)
        for shown in (
            await http.get("/v1/institution-case?limit=100", headers=institution),
            await http.get(f"{mediated.link}?limit=100"),
        ):
            assert shown.status_code == 200
            assert response.json()["attachment"]["id"] not in shown.text
            assert "attachment" not in {it["kind"] for it in shown.json()["entries"]}

    @pytest.mark.parametrize("identifier", ["x", "0", str(uuid4()), "..%2F..%2Fetc"])
    async def test_nobody_finds_one_that_does_not_exist(
        self, http: httpx.AsyncClient, mine: dict[str, str], identifier: str
    ) -> None:
        assert_problem(await http.get(f"{PATH}/{identifier}", headers=mine), 404, "not-found")
