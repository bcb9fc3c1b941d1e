"""Files and forms that are refused, files that come twice, and a store that is down."""

import asyncio
from collections.abc import AsyncGenerator

import httpx
import pytest
from fastapi import FastAPI

from api import problems
from api.wire_format import StandardHeaders
from attachments.depot import Infected
from domain.attachments import MOST_BYTES, MOST_PER_CASE
from domain.languages import SPOKEN, Language
from launcher.system import System
from storage.database import Database
from tests.api.attaching import NOTE, PATH, File, all_held, send, sent
from tests.api.observing import assert_problem, fresh_key
from tests.attachments.sample_files import bomb, document, photo


class TestABadFile:
    @pytest.mark.parametrize("language", SPOKEN)
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
