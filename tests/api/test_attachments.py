"""Files of a case over the running API: in by a form, out as a clean copy."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from api import problems
from api.wire_format import StandardHeaders
from attachments.clean_room import CleanRoom
from attachments.depot import Depot, Infected
from attachments.objects import open_objects
from domain.attachments import MOST_BYTES, MOST_PER_CASE
from domain.case_number import CaseNumber
from domain.clock import system_clock
from domain.identifiers import CaseId
from domain.languages import Language
from launcher.people import Complainant, Json
from launcher.system import System
from settings.secrets import load_secrets
from storage.case_file import CaseFile
from storage.database import Database
from storage.sealed_vault import KeyFromSecret, SealedVault
from tests.api.cases_in_hand import Mediated, session_of
from tests.api.handing_in import settled
from tests.api.observing import assert_problem, fresh_key, held, tables_with
from tests.attachments.conftest import settings_with
from tests.attachments.sample_files import GPS_MAKER, bomb, document, gps_of, photo

PATH = "/v1/my-case/attachments"
NOTE = ("notitie.txt", b"Wat er gebeurde.", "text/plain")

type File = tuple[str, bytes, str]


async def send(
    http: httpx.AsyncClient, headers: dict[str, str], file: File = NOTE, **more: str
) -> httpx.Response:
    return await http.post(PATH, files={"file": file}, headers=headers | more)


async def sent(http: httpx.AsyncClient, headers: dict[str, str], file: File = NOTE) -> Json:
    response = await send(http, headers, file)
    assert response.status_code == 202, response.text
    return response.json()["attachment"]


async def all_held(system: System, database: Database) -> object:
    """Return how much there is of everything a file could leave behind."""
    folder = system.state_dir / "attachments"
    async with database.transaction() as session:
        rows = await session.scalar(text("SELECT count(*) FROM attachments"))
    objects = await asyncio.to_thread(lambda: {path.name for path in folder.iterdir()})
    return await held(database), rows, objects


@pytest.fixture
async def own(http: httpx.AsyncClient) -> tuple[str, dict[str, str]]:
    """A case of its own, and the header of its complainant."""
    complainant = await Complainant.complains(http, "voorbeeldstad")
    return complainant.case_number, await session_of(http, complainant.receipt_code)


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

        secrets = load_secrets(system.state_dir / "secrets", may_create=False)
        vault = SealedVault(KeyFromSecret(secrets.wrapping_key()))
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


class TestABadFile:
    @pytest.mark.parametrize("language", Language)
    @pytest.mark.parametrize(
        ("file", "status", "slug"),
        [
            (("leeg.txt", b"", "text/plain"), 422, "unacceptable-file"),
            (("x.jpg", b"MZ\x90\0", "image/jpeg"), 415, "unsupported-file"),
            (("x.svg", b"<svg/>", "image/svg+xml"), 415, "unsupported-file"),
            (("x.html", b"<script>1</script>", "text/html"), 415, "unsupported-file"),
            (("x.gif", b"GIF89a%PDF-1.7", "application/pdf"), 415, "unsupported-file"),
            (("x.txt", b"caf\xe9", "text/plain"), 415, "unsupported-file"),
            (("x.jpg", photo()[:-100], "image/jpeg"), 422, "unacceptable-file"),
            (("x.pdf", document()[:-100], "application/pdf"), 422, "unacceptable-file"),
            (("x.pdf", document(password="x"), "application/pdf"), 422, "unacceptable-file"),
            (("x.png", bomb(), "image/png"), 422, "unacceptable-file"),
            (("x.txt", b"x" * (MOST_BYTES + 1), "text/plain"), 413, "payload-too-large"),
            (("x.txt", b"x" * (2 * MOST_BYTES), "text/plain"), 413, "payload-too-large"),
        ],
    )
    async def test_is_refused_and_leaves_nothing(
        self,
        http: httpx.AsyncClient,
        mine: dict[str, str],
        system: System,
        database: Database,
        file: File,
        status: int,
        slug: str,
        language: Language,
    ) -> None:
        before = await all_held(system, database)

        response = await send(http, mine | fresh_key(), file, **{"Accept-Language": language})

        assert_problem(response, status, slug, "#/file", language=language)
        assert await all_held(system, database) == before

    async def test_is_refused_in_chunks_that_find_no_end(
        self, http: httpx.AsyncClient, mine: dict[str, str], system: System, database: Database
    ) -> None:
        async def chunks() -> AsyncGenerator[bytes]:
            yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x.txt"\r\n\r\n'
            for _ in range(MOST_BYTES // 65536 + 2):
                yield b"x" * 65536

        before = await all_held(system, database)
        headers = mine | {"Content-Type": "multipart/form-data; boundary=b"}

        response = await http.post(PATH, content=chunks(), headers=headers)

        assert_problem(response, 413, "payload-too-large", "#/file")
        assert await all_held(system, database) == before

    async def test_of_exactly_the_largest_size_is_taken(
        self, http: httpx.AsyncClient, own: tuple[str, dict[str, str]]
    ) -> None:
        _, mine = own
        content = b"x" * MOST_BYTES
        attachment = await sent(http, mine, ("groot.txt", content, "text/plain"))
        response = await http.get(f"{PATH}/{attachment['id']}", headers=mine)
        assert response.content == content

    async def test_that_names_or_holds_a_receipt_code_is_refused(
        self, http: httpx.AsyncClient, mine: dict[str, str], submitted: tuple[str, str]
    ) -> None:
        for file in (
            (f"{submitted[1]}.txt", b"tekst", "text/plain"),
            ("x.txt", f"Mijn code is {submitted[1]}.".encode(), "text/plain"),
        ):
            assert_problem(await send(http, mine, file), 400, "invalid-request", "#/file")

    async def test_beyond_the_number_of_a_case_is_refused(
        self,
        http: httpx.AsyncClient,
        own: tuple[str, dict[str, str]],
        system: System,
        database: Database,
    ) -> None:
        _, mine = own
        answers = await asyncio.gather(*(send(http, mine) for _ in range(MOST_PER_CASE)))
        assert {answer.status_code for answer in answers} == {202}
        before = await all_held(system, database)

        response = await send(http, mine)

        assert_problem(response, 422, "unacceptable-file", "#/file")
        assert await all_held(system, database) == before


class TestAStoreThatIsDown:
    async def test_takes_nothing_in_and_says_when_to_come_back(
        self, http: httpx.AsyncClient, mine: dict[str, str], system: System, database: Database
    ) -> None:
        folder = system.state_dir / "attachments"
        aside = folder.with_name("attachments-aside")
        attachment = await sent(http, mine)
        before = await all_held(system, database)
        await asyncio.to_thread(folder.rename, aside)
        await asyncio.to_thread(folder.write_bytes, b"a file in its place")
        try:
            response = await send(http, mine | fresh_key())
        finally:
            await asyncio.to_thread(folder.unlink)
            await asyncio.to_thread(aside.rename, folder)

        assert_problem(response, 503, "service-unavailable")
        assert response.headers["retry-after"]
        assert await all_held(system, database) == before
        assert (await http.get(f"{PATH}/{attachment['id']}", headers=mine)).content == NOTE[1]

    async def test_that_lost_a_file_says_that_it_is_our_fault(
        self, http: httpx.AsyncClient, own: tuple[str, dict[str, str]], system: System
    ) -> None:
        _, mine = own
        folder = system.state_dir / "attachments"
        before = await asyncio.to_thread(lambda: set(folder.iterdir()))
        attachment = await sent(http, mine)
        for lost in await asyncio.to_thread(lambda: set(folder.iterdir()) - before):
            await asyncio.to_thread(lost.write_bytes, b"something else")

        response = await http.get(f"{PATH}/{attachment['id']}", headers=mine)

        assert_problem(response, 500, "internal-error")


class TestAnInfectedFile:
    async def test_is_a_problem_of_its_own(self) -> None:
        app = FastAPI()
        problems.install(app)

        @app.get("/")
        def give_out() -> None:
            raise Infected

        transport = httpx.ASGITransport(app=StandardHeaders(app))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
            assert_problem(await client.get("/"), 403, "attachment-infected")


class TestABadForm:
    @pytest.mark.parametrize("media_type", ["application/json", "text/plain", ""])
    async def test_of_another_media_type_is_refused(
        self, http: httpx.AsyncClient, mine: dict[str, str], media_type: str
    ) -> None:
        headers = mine | {"Content-Type": media_type}
        response = await http.post(PATH, content=b"{}", headers=headers)
        assert_problem(response, 415, "multipart-expected")

    @pytest.mark.parametrize(
        ("body", "boundary", "where"),
        [
            (b"", "", "#"),
            (b"no form", "; boundary=b", "#"),
            (b"--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", "; boundary=b", "#"),
            (b"--b--\r\n", "; boundary=b", "#/file"),
            (b"\0" * 2000, "; boundary=b", "#"),
            (b"--b\r\n" + b"x" * 100_000, "; boundary=b", "#"),
        ],
    )
    async def test_that_cannot_be_read_is_refused(
        self,
        http: httpx.AsyncClient,
        mine: dict[str, str],
        body: bytes,
        boundary: str,
        where: str,
    ) -> None:
        headers = mine | {"Content-Type": f"multipart/form-data{boundary}"}
        response = await http.post(PATH, content=body, headers=headers)
        assert_problem(response, 400, "invalid-request", where)

    async def test_with_anything_but_one_file_is_refused(
        self, http: httpx.AsyncClient, mine: dict[str, str]
    ) -> None:
        two = [("file", NOTE), ("file", NOTE)]
        assert_problem(await http.post(PATH, files=two, headers=mine), 400, "invalid-request", "#")
        more = await http.post(PATH, files={"file": NOTE}, data={"a": "b"}, headers=mine)
        assert_problem(more, 400, "invalid-request", "#")
        other = await http.post(PATH, files={"photo": NOTE}, headers=mine)
        assert_problem(other, 400, "invalid-request", "#/file")


class TestTheKeyOfAFile:
    async def test_gives_a_retry_the_same_file_though_the_form_has_another_boundary(
        self, http: httpx.AsyncClient, mine: dict[str, str], system: System, database: Database
    ) -> None:
        headers = mine | fresh_key()
        first = await send(http, headers)
        between = await all_held(system, database)

        again = await asyncio.gather(*(send(http, headers) for _ in range(3)))

        for second in again:
            assert second.request.headers["content-type"] != first.request.headers["content-type"]
            assert (second.status_code, second.content) == (202, first.content)
            assert second.headers["location"] == first.headers["location"]
        assert await all_held(system, database) == between

    async def test_makes_one_of_many_that_come_at_once(
        self, http: httpx.AsyncClient, own: tuple[str, dict[str, str]]
    ) -> None:
        _, mine = own
        key = fresh_key()

        answers = await asyncio.gather(*(send(http, mine | key) for _ in range(4)))

        assert {answer.status_code for answer in answers} == {202}
        assert len({answer.content for answer in answers}) == 1
        listed = (await http.get(PATH, headers=mine)).json()["attachments"]
        assert len(listed) == 1

    @pytest.mark.parametrize(
        "other",
        [
            ("notitie.txt", b"Iets anders.", "text/plain"),
            ("anders.txt", NOTE[1], "text/plain"),
        ],
    )
    async def test_refuses_another_file(
        self,
        http: httpx.AsyncClient,
        mine: dict[str, str],
        system: System,
        database: Database,
        other: File,
    ) -> None:
        key = fresh_key()
        await send(http, mine | key)
        between = await all_held(system, database)

        assert_problem(await send(http, mine | key, other), 409, "conflict-idempotency")
        assert await all_held(system, database) == between

    async def test_must_be_a_random_uuid(
        self, http: httpx.AsyncClient, mine: dict[str, str], system: System, database: Database
    ) -> None:
        before = await all_held(system, database)
        response = await send(http, mine | {"Idempotency-Key": "1"})
        assert_problem(response, 400, "idempotency-key-required", "Idempotency-Key")
        assert await all_held(system, database) == before
