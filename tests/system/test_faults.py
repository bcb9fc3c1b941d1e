"""Any plug pulled at any moment and put back: nothing is lost, and nothing is sent twice."""

import os
import signal
import subprocess
from collections import Counter
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import select

from launcher.parts import Part, ProcessPart
from launcher.people import Complainant, Json, eventually
from storage.models import CaseRow, LetterRow
from tests.system.journeys import INSTITUTION_ADDRESS, Journey, World


@asynccontextmanager
async def killed(world: World, part: Part) -> AsyncGenerator[None]:
    """Kill a part for as long as the block runs, then bring it back."""
    await part.kill()
    try:
        yield
    finally:
        await world.system.restart(part)


@contextmanager
def frozen(part: ProcessPart) -> Generator[None]:
    """Let a part hang, with every process of it, for as long as the block runs."""
    assert part.pid is not None
    processes = _family(part.pid)
    for process in processes:
        os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


def _family(pid: int) -> list[int]:
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False)
    return [pid, *(one for child in found.stdout.split() for one in _family(int(child)))]


class TestTemporalDown:
    async def test_still_takes_in_complaints_and_acknowledges_them_later(
        self, world: World
    ) -> None:
        async with killed(world, world.system.temporal):
            journey = await world.begins()
            case = await journey.complainant.get("")
            assert case["stage"]["code"] == "received"

        await journey.complainant.reaches("finding_mediator")
        await journey.file_holds("acknowledgement")

    async def test_still_takes_in_messages_and_reads_them(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        async with killed(world, world.system.temporal):
            location = await journey.complainant.sends("messages", {"text": "Bent u er nog?"})
            entry = await journey.complainant.get(location.removeprefix("/v1/my-case"))
            assert entry["status"] == "undelivered"
            assert entry["body"] == {"text": "Bent u er nog?"}

        assert (await journey.complainant.answer(location))["status"] == "applied"

    async def test_says_that_it_is_missing(self, world: World) -> None:
        async with killed(world, world.system.temporal):
            response = await world.http.get("/health/ready")

        assert response.status_code == 200
        assert response.json() == {"status": "degraded", "missing": ["temporal"]}

    async def test_counts_what_waits_for_delivery(self, world: World) -> None:
        async with killed(world, world.system.temporal):
            journey = await world.begins()
            metrics = (await world.http.get("/metrics")).text

        waiting = next(
            float(line.rpartition(" ")[2])
            for line in metrics.splitlines()
            if line.startswith("wederhoor_entries_undelivered ")
        )
        assert waiting >= 1
        await journey.complainant.reaches("finding_mediator")


class TestTheWorkerDown:
    @pytest.mark.parametrize("stage", ["finding_mediator", "awaiting_consent", "outcome_proposed"])
    async def test_makes_everything_wait_and_loses_nothing(self, world: World, stage: str) -> None:
        journey = await world.begins_at(stage)

        async with killed(world, world.system.worker):
            locations = [
                await journey.complainant.sends("messages", {"text": f"bericht {number}"})
                for number in range(3)
            ]

        for location in locations:
            assert (await journey.complainant.answer(location))["status"] == "applied"

    async def test_lets_a_term_pass_at_its_own_date_when_it_comes_back(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.clock("complainant_consents")
        await world.system.restart(world.system.worker)

        await journey.until_passed("complainant_consents")

        await journey.shows(attention="complainant_silent")


class TestTheMailServerDown:
    async def test_lets_the_case_go_on_and_sends_the_letter_later(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        async with killed(world, world.system.mail):
            await journey.gets_consent()
            await journey.shows(contacted=True)
            letters = await _letters_of(world, journey)
            assert letters["complaint_to_institution"] == "queued"

        await journey.letter_to(INSTITUTION_ADDRESS, "Dit is de klacht")

    async def test_sends_nothing_for_which_consent_was_revoked_meanwhile(
        self, world: World
    ) -> None:
        journey = await world.begins_at("awaiting_consent")

        async with killed(world, world.system.mail):
            await journey.gets_consent()
            await journey.shows(contacted=True)
            entry = await journey.complainant.does("consents", {"consent": False})
            assert entry["status"] == "applied"

        async def cancelled() -> bool | None:
            status = (await _letters_of(world, journey))["complaint_to_institution"]
            return True if status == "cancelled" else None

        await eventually(cancelled, "the letter was not cancelled")
        assert await journey.letters_to(INSTITUTION_ADDRESS) == []

    @pytest.mark.parametrize("fault", ["450", "450-data"])
    async def test_that_answers_later_is_tried_again(self, world: World, fault: str) -> None:
        journey = await world.begins_at("awaiting_consent")
        world.system.mail.set_fault(fault)
        try:
            await journey.gets_consent()
            await journey.shows(contacted=True)
            assert await journey.letters_to(INSTITUTION_ADDRESS) == []
        finally:
            world.system.mail.set_fault(None)

        await journey.letter_to(INSTITUTION_ADDRESS, "Dit is de klacht")
        assert len(await journey.letters_to(INSTITUTION_ADDRESS)) == 1

    async def test_that_hangs_up_after_the_letter_gets_it_again_under_the_same_id(
        self, world: World
    ) -> None:
        journey = await world.begins_at("awaiting_consent")
        world.system.mail.set_fault("drop-after-data")
        try:
            await journey.gets_consent()

            async def repeated() -> list[Json] | None:
                letters = await journey.letters_to(INSTITUTION_ADDRESS)
                return letters if len(letters) >= 2 else None

            letters = await eventually(repeated, "the letter was not sent again")
        finally:
            world.system.mail.set_fault(None)

        assert len({letter["message_id"] for letter in letters}) == 1

    async def test_that_refuses_the_address_asks_for_attention(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        world.system.mail.set_fault("550")
        try:
            await journey.gets_consent()
            await journey.shows(attention="letter_failed")
        finally:
            world.system.mail.set_fault(None)

        assert (await _letters_of(world, journey))["complaint_to_institution"] == "failed"
        # The case itself goes on.
        entry = await journey.mediator.decides(journey.number, "close_case", outcome="not_settled")
        assert entry["status"] == "applied"


class TestTheDatabaseDown:
    async def test_answers_503_with_retry_after_and_no_effect(self, world: World) -> None:
        body = {"institutionId": "voorbeeldstad", "subject": "x", "text": "y"}
        headers = {"Idempotency-Key": str(uuid4())}
        async with killed(world, world.system.postgres):
            response = await world.http.post("/v1/complaints", json=body, headers=headers)
            ready = await world.http.get("/health/ready")
            live = await world.http.get("/health/live")

        assert response.status_code == 503
        assert response.headers["content-type"] == "application/problem+json"
        assert int(response.headers["retry-after"]) > 0
        assert ready.status_code == 503
        assert "database" in ready.json()["missing"]
        assert live.status_code == 200
        again = await world.http.post("/v1/complaints", json=body, headers=headers)
        assert again.status_code == 202

    @pytest.mark.parametrize("stage", ["awaiting_consent", "hearing_both_sides"])
    async def test_lets_a_case_go_on_where_it_was(self, world: World, stage: str) -> None:
        journey = await world.begins_at(stage)

        async with killed(world, world.system.postgres):
            # Something wakes the workflow while there is no ledger to read.
            await journey.workflow().signal("complainant_wrote", 1)

        entry = await journey.complainant.does("messages", {"text": "En nu verder."})
        assert entry["status"] == "applied"


class TestADatabaseThatHangs:
    async def test_is_answered_for_with_503_and_the_case_goes_on_afterwards(
        self, world: World
    ) -> None:
        journey = await world.begins_at("awaiting_consent")
        mine = journey.complainant.headers

        with frozen(world.system.postgres):
            ready = await world.http.get("/health/ready")
            reading = await world.http.get("/v1/my-case", headers=mine)

        assert ready.status_code == 503
        assert int(ready.headers["retry-after"]) > 0
        assert "database" in ready.json()["missing"]
        assert reading.status_code == 503
        assert reading.headers["content-type"] == "application/problem+json"
        assert int(reading.headers["retry-after"]) > 0
        await journey.gets_consent()


class TestEverythingDown:
    async def test_is_as_if_nothing_had_happened(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution", email="alles@post.example")
        location = await journey.complainant.sends("messages", {"text": "vlak ervoor"})
        for part in reversed(world.system.parts):
            await part.kill()
        for part in world.system.parts:
            await world.system.restart(part)

        assert (await journey.complainant.answer(location))["status"] == "applied"
        await journey.hears_the_institution()
        await journey.gets_a_proposal()
        await journey.complainant.does("responses", {"accept": True})
        await journey.complainant.reaches("closed")
        await journey.file_holds("closing")
        await journey.workflow().result()
        letters = await journey.letters_to(INSTITUTION_ADDRESS)
        sent = Counter(letter["message_id"] for letter in letters)
        assert len(sent) == 2

    async def test_gives_the_same_receipt_for_the_same_request(self, world: World) -> None:
        body = {"institutionId": "voorbeeldstad", "subject": "x", "text": "y"}
        headers = {"Idempotency-Key": str(uuid4())}
        first = await world.http.post("/v1/complaints", json=body, headers=headers)
        await world.system.api.kill()
        await world.system.restart(world.system.api)

        second = await world.http.post("/v1/complaints", json=body, headers=headers)

        assert first.json() == second.json()
        again = Complainant(world.http, first.json()["caseNumber"], first.json()["receiptCode"])
        await again.reaches("finding_mediator")


async def _letters_of(world: World, journey: Journey) -> dict[str, str]:
    """Return the status of every letter in a case, by its kind."""
    async with world.database.transaction() as session:
        rows = await session.execute(
            select(LetterRow.letter, LetterRow.status)
            .join(CaseRow, CaseRow.id == LetterRow.case_id)
            .where(CaseRow.number == journey.number)
        )
        return {letter.value: status.value for letter, status in rows}
