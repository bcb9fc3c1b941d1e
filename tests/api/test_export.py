"""The export: all that is the complainant's, for people and for programs, and nothing else."""

import io
import json
from collections.abc import Callable
from zipfile import ZipFile

import httpx
import pytest

from api.export import Pipe
from attachments.depot import Depot
from attachments.objects import ObjectsUnavailable
from launcher.people import Complainant, Institution, Json, Letterbox, StaffMember
from launcher.system import System
from storage.attachment_records import Attachment
from storage.database import Database
from tests.api.attaching import all_held, sent
from tests.api.cases_in_hand import (
    IN_CONFIDENCE,
    NOTE,
    Mediated,
    mediated_case,
    session_of,
)
from tests.api.in_process import in_process
from tests.api.observing import assert_problem
from tests.attachments.sample_files import photo
from tests.printing.reading import squeezed, words_of

PATH = "/v1/my-case/export"


async def begun(http: httpx.AsyncClient) -> dict[str, str]:
    """Return what opens a fresh case."""
    somebody = await Complainant.complains(http, "voorbeeldstad")
    return await session_of(http, somebody.receipt_code)


async def exported(http: httpx.AsyncClient, headers: dict[str, str]) -> dict[str, bytes]:
    """Return what is in an export, by path."""
    response = await http.get(PATH, headers=headers)
    assert response.status_code == 200, response.text
    with ZipFile(io.BytesIO(response.content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


class TestAnExport:
    async def test_is_given_to_nobody_but_the_complainant(self, http: httpx.AsyncClient) -> None:
        assert_problem(await http.get(PATH), 401, "unauthenticated")

    async def test_is_a_file_to_save_and_never_kept(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        response = await http.get(PATH, headers=await session_of(http, mediated.receipt_code))

        assert response.headers["content-type"] == "application/zip"
        assert response.headers["content-disposition"] == 'attachment; filename="export.zip"'
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"

    async def test_holds_all_that_is_theirs_for_people_and_programs(
        self, http: httpx.AsyncClient, token_for: Callable[[str], str], letterbox: Letterbox
    ) -> None:
        fresh = await mediated_case(http, token_for, letterbox)
        await Institution(http, f"Zie {fresh.page}").replies("Onze kant, voor de kopie.")
        headers = await session_of(http, fresh.receipt_code)
        await sent(http, headers, ("mijn foto.jpg", photo(), "image/jpeg"))
        await sent(http, headers)
        settled = Complainant(http, fresh.number, fresh.receipt_code)
        await settled.does("messages", {"text": "Daarna is alles verwerkt."})

        files = await exported(http, headers)

        assert list(files) == [
            "attachments/01-mijn foto.jpg",
            "attachments/02-notitie.txt",
            "dossier.pdf",
            "dossier.json",
            "dossier.schema.json",
            "README.txt",
        ]
        told: Json = json.loads(files["dossier.json"])
        case = (await http.get("/v1/my-case", headers=headers)).json()
        entries = (await http.get("/v1/my-case/entries?limit=100", headers=headers)).json()
        letters = (await http.get("/v1/my-case/letters", headers=headers)).json()
        assert told["case"] == case
        assert told["entries"] == entries["entries"]
        assert [it["id"] for it in told["letters"]] == [it["id"] for it in letters["letters"]]
        assert [one["path"] for one in told["attachments"]] == list(files)[:2]
        assert told["lettersToInstitution"][0]["status"] == "sent"
        everything = json.dumps(told, ensure_ascii=False)
        paper = squeezed(words_of(files["dossier.pdf"]))
        for words in (IN_CONFIDENCE, "Onze kant, voor de kopie.", "Anna Voorbeeld"):
            assert words in everything
            assert squeezed(words) in paper
        assert squeezed("Dit is de klacht") in paper
        assert case["caseNumber"] in files["README.txt"].decode()

    async def test_holds_the_clean_copies_of_files(self, http: httpx.AsyncClient) -> None:
        headers = await begun(http)
        attachment = await sent(http, headers, ("foto.jpg", photo(), "image/jpeg"))
        address = f"/v1/my-case/attachments/{attachment['id']}"

        files = await exported(http, headers)

        copy = (await http.get(address, headers=headers)).content
        assert files["attachments/01-foto.jpg"] == copy
        assert copy != photo()

    async def test_tells_the_meaning_of_every_field(self, http: httpx.AsyncClient) -> None:
        files = await exported(http, await begun(http))

        told, schema = json.loads(files["dossier.json"]), json.loads(files["dossier.schema.json"])
        assert told["format"] == "wederhoor-export-1"
        assert told.keys() == schema["properties"].keys()
        assert told["case"].keys() == schema["$defs"]["MyCaseBody"]["properties"].keys()

    async def test_keeps_out_what_is_the_mediators_and_nobody_elses(
        self,
        http: httpx.AsyncClient,
        token_for: Callable[[str], str],
        letterbox: Letterbox,
    ) -> None:
        fresh = await mediated_case(http, token_for, letterbox)
        mediator = StaffMember(http, token_for(fresh.mediator))
        await mediator.writes(fresh.number, "Een tweede aantekening.", "mediator_only")
        token = fresh.link.rpartition("/")[2]

        files = await exported(http, await session_of(http, fresh.receipt_code))

        words = files["dossier.json"].decode() + words_of(files["dossier.pdf"])
        words += files["README.txt"].decode()
        for hidden in (NOTE, "Een tweede aantekening.", token, fresh.receipt_code, "[[reply-link"):
            assert squeezed(hidden) not in squeezed(words)
        assert squeezed(IN_CONFIDENCE) in squeezed(words)  # the search does find things

    async def test_speaks_the_language_of_the_complainant(self, http: httpx.AsyncClient) -> None:
        somebody = await Complainant.complains(http, "voorbeeldstad", language="en")

        files = await exported(http, await session_of(http, somebody.receipt_code))

        assert files["README.txt"].decode().startswith("This is a copy of your case")
        assert "Where your case stands" in words_of(files["dossier.pdf"])

    async def test_leaves_nothing_behind(
        self,
        http: httpx.AsyncClient,
        system: System,
        database: Database,
    ) -> None:
        headers = await begun(http)
        await sent(http, headers)
        before = await all_held(system, database)

        await exported(http, headers)

        assert await all_held(system, database) == before

    async def test_says_which_file_could_not_be_opened(
        self,
        system: System,
        http: httpx.AsyncClient,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        headers = await begun(http)
        await sent(http, headers)
        await sent(http, headers, ("tweede.txt", b"Nog iets.", "text/plain"))
        opens = Depot.clean_copy

        async def opens_one(depot: Depot, attachment: Attachment) -> bytes:
            if attachment.name == "tweede.txt":
                raise ObjectsUnavailable
            return await opens(depot, attachment)

        monkeypatch.setattr(Depot, "clean_copy", opens_one)
        async with in_process(system) as here:
            files = await exported(here, headers)

        assert "attachments/01-notitie.txt" in files
        assert "attachments/02-tweede.txt" not in files
        assert "- attachments/02-tweede.txt" in files["README.txt"].decode()
        told = json.loads(files["dossier.json"])
        assert [one["path"] for one in told["attachments"]] == ["attachments/01-notitie.txt", None]

    async def test_holds_one_file_at_a_time(
        self,
        system: System,
        http: httpx.AsyncClient,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        headers = await begun(http)
        for number in range(3):
            await sent(http, headers, (f"{number}.txt", b"x", "text/plain"))
        happened: list[str] = []
        opens, taken = Depot.clean_copy, Pipe.taken

        async def opened(depot: Depot, attachment: Attachment) -> bytes:
            happened.append("opened")
            return await opens(depot, attachment)

        def given(pipe: Pipe) -> bytes:
            happened.append("given")
            return taken(pipe)

        monkeypatch.setattr(Depot, "clean_copy", opened)
        monkeypatch.setattr(Pipe, "taken", given)
        async with in_process(system) as here:
            await exported(here, headers)

        assert happened[:6] == ["opened", "given"] * 3
