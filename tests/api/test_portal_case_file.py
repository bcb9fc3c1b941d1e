"""The file of a case as pages: what was written, letters, the dossier and attachments."""

import html
import re

import httpx
import pytest

from catalogues.texts import catalogue
from domain.languages import Language
from launcher.system import System
from storage.database import Database
from tests.api.at_their_case import WRITTEN, Person, ends_sessions, said_on
from tests.api.attaching import File
from tests.api.cases_in_hand import IN_CONFIDENCE
from tests.api.observing import held
from tests.api.visiting import SAME_ORIGIN, main_forms_of

DUTCH, ENGLISH = catalogue(Language.DUTCH), catalogue(Language.ENGLISH)


class TestWhatWasWritten:
    async def test_stands_there_as_it_was_and_is_no_markup(self, newcomer: Person) -> None:
        page = await newcomer.does("/message", text=WRITTEN)
        for shown in (page, await newcomer.at("/entries")):
            assert html.escape(WRITTEN, quote=False) in shown.text
            assert "<script" not in shown.text

    async def test_comes_newest_first_with_a_way_to_what_is_older(
        self, newcomer: Person, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in range(22):
            await newcomer.case.sends("messages", {"text": f"Bericht {number}."})
        page = await newcomer.at("/entries")
        numbers = [int(it) for it in re.findall('<li value="([0-9]+)"', page.text)]
        assert numbers == sorted(numbers, reverse=True)
        assert "Bericht 21." in page.text
        [older] = re.findall(r'href="(/nl/case/entries\?before=[0-9]+)"', page.text)
        earlier = await newcomer.opens(older)
        found = [int(it) for it in re.findall('<li value="([0-9]+)"', earlier.text)]
        assert found
        assert max(found) < min(numbers)
        assert found[-1] == 1
        assert "?before=" not in earlier.text

    async def test_hides_what_programs_note_in_a_file(self, newcomer: Person) -> None:
        page = await newcomer.does("/contact", email="b@post.example", wholeLetters__boolean="true")
        assert "b@post.example" in page.text
        assert ">yes<" not in page.text

    async def test_of_others_is_shown_as_far_as_the_api_shows_it(self, reader: Person) -> None:
        # Other tests write in this case, too: the page may know more than the list before it.
        entries = (await reader.case.get("/entries"))["entries"]
        pages = [await reader.at("/entries")]
        while older := re.search(r'href="[^"]*(/entries\?[^"]+)"', pages[-1].text):
            pages.append(await reader.at(html.unescape(older[1])))
        assert any(IN_CONFIDENCE in said_on(page) for page in pages)
        shown = {int(it) for page in pages for it in re.findall('<li value="([0-9]+)"', page.text)}
        assert {one["number"] for one in entries} <= shown

    async def test_goes_into_no_log_and_no_address(self, newcomer: Person, system: System) -> None:
        seen: list[str] = []

        async def note(request: httpx.Request) -> None:
            seen.append(str(request.url))

        newcomer.http.event_hooks["request"].append(note)
        await newcomer.does("/message", text="Plantwoordzinnia")
        await newcomer.does("/identity", name="Plantwoordzinnia", postalAddress="Plantwoordzinnia")
        await newcomer.does("/message", text="")
        logs = [it.read_text() for it in (system.state_dir / "logs").rglob("*") if it.is_file()]
        assert logs
        for line in (*seen, *logs):
            assert "plantwoordzinnia" not in line.lower()
        for line in seen:
            assert newcomer.case.case_number not in line
            assert newcomer.case.receipt_code not in line


class TestTheLetters:
    async def test_come_newest_first_and_read_like_those_of_the_api(self, reader: Person) -> None:
        letters = (await reader.case.get("/letters"))["letters"]
        page = await reader.at("/letters")
        shown = re.findall(r'href="/nl/case/letters/([0-9a-f-]+)"', page.text)
        assert shown == [one["id"] for one in reversed(letters)]
        letter = await reader.at(f"/letters/{letters[-1]['id']}")
        assert " ".join(letters[-1]["text"].split()) in said_on(letter)
        for one in letters[-3:]:
            assert f"/letters/{one['id']}" in (await reader.at()).text

    async def test_make_no_second_page_that_is_empty(self, reader: Person) -> None:
        assert "?page=" not in (await reader.at("/letters")).text
        assert DUTCH["portal.letters.none"] in said_on(await reader.at("/letters?page=2"))


class TestWhatIsTakenAlong:
    async def test_is_given_to_save(self, reader: Person) -> None:
        letters = (await reader.case.get("/letters"))["letters"]
        page = await reader.at()
        for path, kind in (("/dossier/pdf", "application/pdf"), ("/export", "application/zip")):
            assert f'href="/nl/case{path}"' in page.text
            given = await reader.at(path)
            assert (given.status_code, given.headers["content-type"]) == (200, kind)
            assert given.headers["content-disposition"].startswith("attachment;")
        letter = await reader.at(f"/letters/{letters[0]['id']}")
        [address] = re.findall(r'href="(.*?/pdf)"', letter.text)
        assert (await reader.opens(address)).content.startswith(b"%PDF")

    @pytest.mark.parametrize("path", ["/dossier/pdf", "/export"])
    async def test_is_for_its_owner_alone(self, http: httpx.AsyncClient, path: str) -> None:
        answer = await http.get(f"/nl/case{path}")
        assert answer.headers["location"] == "/nl/case/open"


class TestTheDossier:
    async def test_is_that_of_the_api(self, reader: Person) -> None:
        page = said_on(await reader.at("/dossier"))
        dossier = await reader.case.get("/dossier")
        for letter in dossier["letters"]:
            assert " ".join(letter["text"].split()) in page
        for entry in dossier["entries"]:
            assert " ".join(entry["body"]["text"].split()) in page
        assert IN_CONFIDENCE not in page


async def upload(
    person: Person,
    headers: dict[str, str] = SAME_ORIGIN,
    fields: dict[str, str] | None = None,
    **files: File,
) -> httpx.Response:
    """Add a file on its page; return the page that tells what became of it."""
    page = await person.at("/attachments")
    _, hidden = main_forms_of(page)[0]
    sent = {"file": ("brief.txt", b"Wat er stond.", "text/plain")} | files
    answer = await person.http.post(
        page.url, data=hidden | (fields or {}), files=sent, headers=headers
    )
    return await person.opens(answer.headers["location"]) if answer.is_redirect else answer


class TestAFile:
    async def test_is_added_listed_and_given_as_a_clean_copy(self, newcomer: Person) -> None:
        page = await upload(newcomer)
        entry = await newcomer.entry(page)
        assert (entry["kind"], entry["status"]) == ("attachment", "applied")
        assert entry["body"]["sha256"] not in page.text
        listed = await newcomer.at("/attachments")
        [found] = (await newcomer.case.get("/attachments"))["attachments"]
        assert "brief.txt" in listed.text
        assert found["scanText"] in said_on(listed)
        copy = await newcomer.at(f"/attachments/{found['id']}")
        assert (copy.status_code, copy.content) == (200, b"Wat er stond.")
        assert copy.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert copy.headers["content-disposition"].startswith("attachment;")

    async def test_of_another_case_does_not_exist(self, newcomer: Person, reader: Person) -> None:
        await upload(newcomer)
        [found] = (await newcomer.case.get("/attachments"))["attachments"]
        assert (await reader.at(f"/attachments/{found['id']}")).status_code == 404

    @pytest.mark.parametrize(
        ("headers", "fields", "files", "status"),
        [
            ({"Sec-Fetch-Site": "cross-site"}, {}, {}, 403),
            (SAME_ORIGIN, {"form_token": "x"}, {}, 403),
            (SAME_ORIGIN, {"more": "x"}, {}, 400),
            (SAME_ORIGIN, {}, {"other": ("a.txt", b"a", "text/plain")}, 400),
            (SAME_ORIGIN, {}, {"file": ("a.exe", b"MZ\0", "text/plain")}, 415),
            (SAME_ORIGIN, {}, {"file": ("leeg.txt", b"", "text/plain")}, 422),
        ],
        ids=str,
    )
    async def test_is_refused_without_a_trace(
        self,
        newcomer: Person,
        database: Database,
        headers: dict[str, str],
        fields: dict[str, str],
        files: dict[str, File],
        status: int,
    ) -> None:
        before = await held(database)
        page = await upload(newcomer, headers, fields, **files)
        assert page.status_code == status
        assert page.headers["content-type"].startswith("text/html")
        assert await held(database) == before
        assert (await newcomer.case.get("/attachments"))["attachments"] == []

    async def test_may_be_as_large_as_by_the_api_and_no_larger(self, newcomer: Person) -> None:
        large = ("groot.txt", b"a" * 5_000_000, "text/plain")
        assert (await newcomer.entry(await upload(newcomer, file=large)))["kind"]
        too_large = ("groot.txt", b"a" * 12_000_000, "text/plain")
        headers = SAME_ORIGIN | {"Accept": "text/html"}
        page = await upload(newcomer, headers, file=too_large)
        assert page.status_code == 413
        assert DUTCH["problem.payload-too-large.title"] in said_on(page)

    async def test_sent_twice_with_one_form_counts_once(self, newcomer: Person) -> None:
        page = await newcomer.at("/attachments")
        _, hidden = main_forms_of(page)[0]
        for _ in range(2):
            files = {"file": ("brief.txt", b"Eens.", "text/plain")}
            await newcomer.http.post(page.url, data=hidden, files=files, headers=SAME_ORIGIN)
        assert len((await newcomer.case.get("/attachments"))["attachments"]) == 1

    async def test_after_the_session_asks_for_the_code(
        self, newcomer: Person, database: Database
    ) -> None:
        page = await newcomer.at("/attachments")
        _, hidden = main_forms_of(page)[0]
        await ends_sessions(database, newcomer.case.case_number)
        files = {"file": ("brief.txt", b"Te laat.", "text/plain")}
        answer = await newcomer.http.post(page.url, data=hidden, files=files, headers=SAME_ORIGIN)
        assert answer.status_code == 401
        assert DUTCH["portal.code.ended"] in said_on(answer)
