"""Break-glass: who asks, who answers, what is read, for how long, and what the complainant sees."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from domain.entries import EntryKind
from domain.reading import READABLE_FOR, UNANSWERED_FOR
from launcher.people import Complainant, Json, Letterbox, eventually
from storage.database import Database
from storage.models import CaseRow
from storage.states import Lifecycle
from tests.api.breaking_glass import AN_INSTANT, ANNA, Supervision, newcomer, supervision
from tests.api.cases_in_hand import (
    IN_CONFIDENCE,
    NOTE,
    REASON,
    Mediated,
    session_of,
)
from tests.api.observing import assert_problem, fresh_key, held

__all__ = ["newcomer", "supervision"]


def texts(response: httpx.Response) -> str:
    assert response.status_code == 200, response.text
    return str([entry["body"] for entry in response.json()["entries"]])


class TestReading:
    async def test_shows_the_story_and_not_who_it_is(self, supervision: Supervision) -> None:
        identifier = await supervision.approved()

        seen = texts(await supervision.reads(identifier))

        assert IN_CONFIDENCE in seen
        assert NOTE in seen
        assert ANNA not in seen
        assert "iemand@post.example" not in seen

    async def test_shows_who_it_is_only_when_that_was_asked(self, supervision: Supervision) -> None:
        identifier = await supervision.approved("identity")

        seen = texts(await supervision.reads(identifier))

        assert ANNA in seen
        assert IN_CONFIDENCE not in seen
        for what in ("attachments", f"attachments/{uuid4()}"):
            assert_problem(await supervision.reads(identifier, what=what), 403, "forbidden")

    async def test_gives_the_clean_copies(self, supervision: Supervision) -> None:
        http = supervision.http
        mine = await session_of(http, supervision.case.receipt_code)
        sent = {"file": ("planten.txt", b"Een begonia.", "text/plain")}
        await http.post("/v1/my-case/attachments", files=sent, headers=mine | fresh_key())
        identifier = await supervision.approved()

        found = (await supervision.reads(identifier, what="attachments")).json()["attachments"]
        copy = await supervision.reads(identifier, what=f"attachments/{found[0]['id']}")

        assert copy.content == b"Een begonia."

    async def test_opens_nothing_else(self, supervision: Supervision) -> None:
        await supervision.approved()
        number, headers = supervision.case.number, supervision.first

        entries = await supervision.http.get(f"/v1/cases/{number}/entries", headers=headers)
        attachments = await supervision.http.get(f"/v1/cases/{number}/attachments", headers=headers)

        assert {entry["body"] for entry in entries.json()["entries"]} == {None}
        assert_problem(attachments, 403, "forbidden")

    async def test_is_for_who_asked_alone(self, supervision: Supervision) -> None:
        identifier = await supervision.approved()

        answer = await supervision.reads(identifier, supervision.second)

        assert_problem(answer, 403, "forbidden")

    async def test_ends_after_a_quarter_of_an_hour(self, supervision: Supervision) -> None:
        identifier = await supervision.approved()
        assert (await supervision.reads(identifier)).status_code == 200

        await supervision.advance(READABLE_FOR + AN_INSTANT)

        for what in ("entries", "attachments"):
            late = await supervision.reads(identifier, what=what)
            assert_problem(late, 409, "break-glass-expired")
        assert (await supervision.requests())[-1]["over"]

    async def test_of_a_case_that_is_closed_is_noted_as_well(
        self, supervision: Supervision
    ) -> None:
        case = supervision.case
        complainant = Complainant(supervision.http, case.number, case.receipt_code)
        await complainant.does("withdrawals", {})
        identifier = await supervision.approved()

        assert IN_CONFIDENCE in texts(await supervision.reads(identifier))

        steps = [step["status"] for step in await supervision.steps()]
        assert steps == ["applied"] * 3

    async def test_needs_the_role_until_the_end(
        self,
        supervision: Supervision,
        newcomer: tuple[Callable[[list[str]], Awaitable[None]], dict[str, str]],
    ) -> None:
        now_have, headers = newcomer
        identifier = await supervision.asks(headers=headers)
        assert (await supervision.answers(identifier, supervision.second)).status_code == 202
        assert (await supervision.reads(identifier, headers)).status_code == 200

        await now_have(["mediator"])

        assert_problem(await supervision.reads(identifier, headers), 403, "forbidden")


class TestAnswering:
    async def test_is_for_a_second_person(self, supervision: Supervision) -> None:
        identifier = await supervision.asks()

        answer = await supervision.answers(identifier, supervision.first)

        assert_problem(answer, 403, "break-glass-second-person")
        assert_problem(await supervision.reads(identifier), 409, "break-glass-not-approved")

    async def test_with_no_lets_nobody_read(self, supervision: Supervision) -> None:
        identifier = await supervision.asks()

        await supervision.answers(
            identifier, supervision.second, approve=False, reason="Niet nodig."
        )

        assert_problem(await supervision.reads(identifier), 409, "break-glass-not-approved")
        steps = await supervision.steps()
        assert steps[-1]["kind"] == EntryKind.BREAK_GLASS_REFUSED
        assert steps[-1]["body"] == {"text": "Niet nodig."}

    async def test_happens_once_whoever_is_fastest(
        self,
        supervision: Supervision,
        newcomer: tuple[Callable[[list[str]], Awaitable[None]], dict[str, str]],
    ) -> None:
        identifier = await supervision.asks()
        before = len(await supervision.steps())

        answers = await asyncio.gather(
            *(
                supervision.answers(identifier, headers, approve=approve)
                for headers in (supervision.second, newcomer[1])
                for approve in (True, False)
            )
        )

        assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
        late = next(answer for answer in answers if answer.status_code == 409)
        assert_problem(late, 409, "break-glass-answered")
        assert len(await supervision.steps()) == before + 1

    async def test_comes_too_late_after_a_day(self, supervision: Supervision) -> None:
        identifier = await supervision.asks()

        await supervision.advance(UNANSWERED_FOR + AN_INSTANT)

        late = await supervision.answers(identifier, supervision.second)
        assert_problem(late, 409, "break-glass-expired")

    async def test_is_about_somebody_who_still_supervises(
        self,
        supervision: Supervision,
        newcomer: tuple[Callable[[list[str]], Awaitable[None]], dict[str, str]],
    ) -> None:
        now_have, headers = newcomer
        identifier = await supervision.asks(headers=headers)
        await now_have([])

        answer = await supervision.answers(identifier, supervision.second)

        assert_problem(answer, 409, "break-glass-asker-left")

    async def test_of_a_request_that_is_not_there_finds_nothing(
        self, supervision: Supervision
    ) -> None:
        assert_problem(
            await supervision.answers(str(uuid4()), supervision.second), 404, "not-found"
        )
        assert_problem(await supervision.reads(str(uuid4())), 404, "not-found")


class TestAsking:
    @pytest.mark.parametrize(
        ("body", "where"),
        [
            ({"scope": "story"}, "#/reason"),
            ({"scope": "story", "reason": " "}, "#/reason"),
            ({"reason": REASON}, "#/scope"),
            ({"scope": "everything", "reason": REASON}, "#/scope"),
        ],
    )
    async def test_says_what_and_why(
        self,
        http: httpx.AsyncClient,
        database: Database,
        mediated: Mediated,
        supervisor: dict[str, str],
        body: Json,
        where: str,
    ) -> None:
        before = await held(database)

        path = f"/v1/cases/{mediated.number}/break-glass"
        response = await http.post(path, json=body, headers=supervisor)

        assert_problem(response, 400, "invalid-request", where)
        assert await held(database) == before

    async def test_twice_with_one_key_asks_once(self, supervision: Supervision) -> None:
        body, headers = {"scope": "story", "reason": REASON}, supervision.first | fresh_key()

        answers = await asyncio.gather(
            *(supervision.http.post(supervision.path, json=body, headers=headers) for _ in "12345")
        )

        assert {answer.status_code for answer in answers} == {202}
        assert len(await supervision.requests()) == 1

    async def test_about_a_case_that_was_erased_finds_nothing(
        self, supervision: Supervision, database: Database
    ) -> None:
        case = supervision.case
        identifier = await supervision.approved()
        complainant = Complainant(supervision.http, case.number, case.receipt_code)
        await complainant.does("erasure-requests", {"confirm": True})
        await supervision.advance(timedelta(days=8))

        async def gone() -> bool | None:
            response = await supervision.reads(identifier)
            return True if response.status_code == 404 else None

        await eventually(gone, "the case was not erased")
        body = {"scope": "story", "reason": REASON}
        response = await supervision.http.post(
            supervision.path, json=body, headers=supervision.first
        )
        assert_problem(response, 404, "not-found")
        answer = await supervision.answers(identifier, supervision.second)
        assert_problem(answer, 404, "not-found")

        async def erased() -> bool | None:
            async with database.transaction() as session:
                row = await session.scalar(select(CaseRow).where(CaseRow.number == case.number))
            return (row is not None and row.lifecycle is Lifecycle.ERASED) or None

        # Its rows go later than its doors, and would be missed by tests that count them.
        await eventually(erased, "the case was not forgotten", within=120)


class TestTheCaseFile:
    async def test_tells_the_complainant_every_step_in_plain_words(
        self, supervision: Supervision
    ) -> None:
        identifier = await supervision.approved()
        for _ in range(3):
            await supervision.reads(identifier)

        steps = await supervision.steps()

        assert [step["title"] for step in steps] == [
            "Een toezichthouder vraagt te mogen lezen wat u schreef",
            "Een tweede toezichthouder laat de eerste 15 minuten lezen wat u schreef",
            "De toezichthouder heeft gelezen wat u schreef",
        ]
        assert {step["author"] for step in steps} == {"supervisor"}
        assert [step["body"] for step in steps] == [{"text": REASON}, None, None]
        assert all(step["receivedAt"] for step in steps)
        assert "actor" not in str(steps)

    async def test_tells_both_by_a_letter_once_somebody_may_read(
        self, supervision: Supervision, letterbox: Letterbox
    ) -> None:
        address = f"{supervision.case.mediator}@wederhoor.example"
        headers = await session_of(supervision.http, supervision.case.receipt_code)

        async def told() -> tuple[int, int]:
            mine = await supervision.http.get("/v1/my-case/letters", headers=headers)
            news = [one for one in mine.json()["letters"] if one["letter"] == "news"]
            return len(news), len(await letterbox.to(address, supervision.case.number))

        before = await told()
        await supervision.approved()

        async def both() -> bool | None:
            now = await told()
            return True if now == (before[0] + 1, before[1] + 1) else None

        await eventually(both, "the complainant and the mediator were not told")

    async def test_is_counted_by_state_and_nothing_else(self, supervision: Supervision) -> None:
        identifier = await supervision.approved()
        await supervision.reads(identifier)

        figures = (await supervision.http.get("/metrics")).text

        lines = [line for line in figures.splitlines() if line.startswith("wederhoor_break_glass{")]
        assert {line.split('"')[1] for line in lines} == {"asked", "approved", "refused", "read"}
        read = next(line for line in lines if 'state="read"' in line)
        assert float(read.rpartition(" ")[2]) >= 1
