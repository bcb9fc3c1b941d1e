"""Letters on paper: for whom they were written, and nobody else."""

from uuid import uuid4

import httpx
import pytest
from sqlalchemy import update

from domain.letters import Letter
from launcher.people import Json
from launcher.system import System
from printing.typesetting import CannotPrint, Typesetter
from storage.database import Database
from storage.models import LetterRow, LetterStatus
from tests.api.cases_in_hand import Mediated, institution_session_of, session_of
from tests.api.in_process import in_process
from tests.api.observing import assert_problem
from tests.printing.reading import squeezed, tags_of, words_of

THEIRS = "/v1/institution-case/letters"
MINE = "/v1/my-case/letters"


async def letters_of(http: httpx.AsyncClient, path: str, headers: dict[str, str]) -> list[Json]:
    return (await http.get(path, headers=headers)).raise_for_status().json()["letters"]


class TestALetterOnPaper:
    @pytest.mark.parametrize("path", [MINE, THEIRS])
    async def test_says_what_the_letter_says(
        self, http: httpx.AsyncClient, mediated: Mediated, path: str
    ) -> None:
        headers = (
            await session_of(http, mediated.receipt_code)
            if path == MINE
            else await institution_session_of(http, mediated.link)
        )
        for letter in await letters_of(http, path, headers):
            response = await http.get(f"{path}/{letter['id']}/pdf", headers=headers)

            assert response.status_code == 200
            words = squeezed(words_of(response.content))
            lines = (line.lstrip(">- ") for line in letter["text"].splitlines())
            assert [line for line in lines if squeezed(line) not in words] == []
            assert tags_of(response.content)

    async def test_is_a_file_to_save_under_a_name_that_tells_nothing(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        headers = await session_of(http, mediated.receipt_code)
        [first, *_] = await letters_of(http, MINE, headers)

        response = await http.get(f"{MINE}/{first['id']}/pdf", headers=headers)

        assert response.headers["content-type"] == "application/pdf"
        assert response.headers["content-disposition"] == 'attachment; filename="letter.pdf"'
        assert response.headers["cache-control"] == "no-store"
        assert response.headers["content-security-policy"] == "default-src 'none'; sandbox"

    async def test_has_the_same_bytes_each_time(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        headers = await session_of(http, mediated.receipt_code)
        [first, *_] = await letters_of(http, MINE, headers)
        path = f"{MINE}/{first['id']}/pdf"

        once, again = [(await http.get(path, headers=headers)).content for _ in range(2)]

        assert once == again

    async def test_is_not_given_to_the_other_side(
        self, http: httpx.AsyncClient, mediated: Mediated
    ) -> None:
        mine = await session_of(http, mediated.receipt_code)
        theirs = await institution_session_of(http, mediated.link)
        my_letters = await letters_of(http, MINE, mine)
        their_letters = await letters_of(http, THEIRS, theirs)
        for path, headers, others in ((MINE, mine, their_letters), (THEIRS, theirs, my_letters)):
            for letter in [*others, {"id": uuid4()}]:
                response = await http.get(f"{path}/{letter['id']}/pdf", headers=headers)
                assert_problem(response, 404, "not-found")

    async def test_is_asked_for_again_later_when_it_cannot_be_made(
        self, system: System, submitted: tuple[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuses(*_: object) -> bytes:
            raise CannotPrint("a test")

        monkeypatch.setattr(Typesetter, "pdf", refuses)
        async with in_process(system) as here:
            headers = await session_of(here, submitted[1])
            for path in ("/v1/my-case/dossier/pdf", "/v1/my-case/export"):
                response = await here.get(path, headers=headers)

                assert_problem(response, 503, "service-unavailable")
                assert response.headers["retry-after"]


class TestTheLettersOfAnInstitution:
    async def test_hold_no_reply_link(self, http: httpx.AsyncClient, mediated: Mediated) -> None:
        headers = await institution_session_of(http, mediated.link)

        response = await http.get(THEIRS, headers=headers)

        assert response.json()["letters"][0]["letter"] == Letter.COMPLAINT_TO_INSTITUTION
        for hidden in (mediated.link.rpartition("/")[2], "[[reply-link]]"):
            assert hidden not in response.text

    @pytest.mark.parametrize("status", sorted(set(LetterStatus) - {LetterStatus.SENT}))
    async def test_are_those_alone_that_were_sent(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        status: LetterStatus,
    ) -> None:
        headers = await institution_session_of(http, mediated.link)
        [first, *others] = await letters_of(http, THEIRS, headers)
        await _mark(database, first["id"], status)
        try:
            left = await letters_of(http, THEIRS, headers)
            response = await http.get(f"{THEIRS}/{first['id']}/pdf", headers=headers)
        finally:
            await _mark(database, first["id"], LetterStatus.SENT)

        assert left == others
        assert_problem(response, 404, "not-found")


async def _mark(database: Database, letter: str, status: LetterStatus) -> None:
    async with database.transaction() as session:
        change = update(LetterRow).where(LetterRow.id == letter).values(status=status)
        await session.execute(change)
