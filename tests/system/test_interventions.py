"""One stuck case, freed by each intervention, on the real system."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, text, update

from catalogues.texts import written_date
from domain.identifiers import CaseId
from domain.languages import Language
from launcher.people import Json, eventually
from storage.models import CaseRow, EntryOutcomeRow, EntryStatus, LetterRow
from tests.system.journeys import INSTITUTION_ADDRESS, Journey, World

WHY = "De zaak stond stil."
DAY = timedelta(days=1)
_MANY_ATTEMPTS = 6
"""After so many the next one is a quarter of a minute away."""
_NO_LETTERS = """
CREATE OR REPLACE FUNCTION no_letters() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'no letters now'; END $$
"""
_NO_LETTERS_OF = """
CREATE TRIGGER no_letters BEFORE INSERT ON letters FOR EACH ROW
WHEN (NEW.case_id = '{case}') EXECUTE FUNCTION no_letters()
"""


async def case_of(world: World, journey: Journey) -> CaseId:
    async with world.database.transaction() as session:
        found = await session.scalar(select(CaseRow.id).where(CaseRow.number == journey.number))
    assert found is not None
    return CaseId(found)


async def intervenes(world: World, journey: Journey, decision: str, **more: str) -> Json:
    """Let a supervisor decide; return the entry, which was applied."""
    entry = await world.office.supervisor.decides(journey.number, decision, reason=WHY, **more)
    assert entry["status"] == "applied", entry
    return entry


class TestRetrying:
    async def test_sends_a_letter_that_failed_again_under_the_same_id(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        world.system.mail.set_fault("550")
        try:
            await journey.gets_consent()
            await journey.shows(attention="letter_failed")
        finally:
            world.system.mail.set_fault(None)
        case = await case_of(world, journey)
        async with world.database.transaction() as session:
            failed = await session.scalar(
                select(LetterRow.id).where(
                    LetterRow.case_id == case, LetterRow.letter == "complaint_to_institution"
                )
            )
        assert await journey.letters_to(INSTITUTION_ADDRESS) == []

        await intervenes(world, journey, "retry_now")

        letter = await journey.letter_to(INSTITUTION_ADDRESS, "Dit is de klacht")
        assert str(failed) in letter["message_id"]
        await journey.shows(attention=None)

    async def test_begins_the_term_of_an_institution_that_had_received_nothing(
        self, world: World
    ) -> None:
        journey = await world.begins_at("awaiting_consent", email="iemand@post.example")
        await journey.fails_to_reach_the_institution()
        told = await journey.complainant.get("")
        assert told["waitingFor"]["code"] == "institution_reached"
        assert told["waitingFor"]["until"] is not None
        assert [clock["code"] for clock in told["clocks"]] == ["institution_reached"]

        await journey.until_passed("institution_reached")
        await journey.shows(attention="letter_failed", contacted=False)
        again = (await journey.clock("institution_reached"))["since"]
        await intervenes(world, journey, "retry_now")

        await journey.shows(contacted=True, attention=None)
        clock = await journey.clock("institution_replies")
        assert clock["since"] >= again
        day = written_date(date.fromisoformat(clock["lastDay"]), Language.DUTCH)
        [letter] = await journey.letters_to(INSTITUTION_ADDRESS)
        assert day in letter["text"]
        letters = (await journey.complainant.get("/letters"))["letters"]
        assert "institution_silent" not in {it["letter"] for it in letters}
        contacted = [it for it in letters if it["letter"] == "institution_contacted"]
        assert day in contacted[-1]["text"]

    async def test_has_an_entry_answered_whose_bell_was_lost(self, world: World) -> None:
        journey = await world.begins_at("finding_mediator")
        case = await case_of(world, journey)
        await world.system.temporal.kill()
        try:
            location = await journey.complainant.sends("messages", {"text": "Is daar iemand?"})
            async with world.database.transaction() as session:
                # As after a bell that was lost: told, never answered, and not due for a year.
                await session.execute(
                    update(EntryOutcomeRow)
                    .where(EntryOutcomeRow.case_id == case, EntryOutcomeRow.settled_at.is_(None))
                    .values(
                        status=EntryStatus.DELIVERED,
                        next_attempt_at=func.now() + timedelta(days=365),
                    )
                )
        finally:
            await world.system.restart(world.system.temporal)

        await intervenes(world, journey, "retry_now")

        assert (await journey.complainant.answer(location))["status"] == "applied"

    async def test_pushes_what_the_workflow_itself_tries_again(self, world: World) -> None:
        journey = await world.begins_at("finding_mediator")
        case = await case_of(world, journey)
        async with world.database.transaction() as session:
            for statement in (_NO_LETTERS, _NO_LETTERS_OF.format(case=case)):
                await session.execute(text(statement))
        _, mediator = await world.office.asked(journey.number)
        await mediator.sends(journey.number, "decisions", {"decision": "accept_case"})
        handle = journey.workflow()

        async def waits_long() -> tuple[str, datetime] | None:
            described = await handle.describe()
            for pending in described.raw_description.pending_activities:
                if pending.attempt >= _MANY_ATTEMPTS:
                    return pending.activity_id, pending.next_attempt_schedule_time.ToDatetime(UTC)
            return None

        activity_id, scheduled = await eventually(
            waits_long, "no activity failed again and again", 60
        )
        async with world.database.transaction() as session:
            await session.execute(text("DROP TRIGGER no_letters ON letters"))

        await intervenes(world, journey, "retry_now")

        await journey.complainant.reaches("awaiting_consent")
        events = (await handle.fetch_history()).events
        ordered = {
            event.event_id
            for event in events
            if event.activity_task_scheduled_event_attributes.activity_id == activity_id
        }
        begun = [
            event.event_time.ToDatetime(UTC)
            for event in events
            if event.activity_task_started_event_attributes.scheduled_event_id in ordered
        ]
        assert len(begun) == 1
        assert begun[0] < scheduled


class TestMovingTime:
    async def test_gives_a_complainant_more_of_it(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        clock = await journey.clock("complainant_consents")
        until = date.fromisoformat(clock["lastDay"]) + 10 * DAY

        await intervenes(
            world, journey, "extend_term", wait="complainant_consents", until=until.isoformat()
        )

        after = await journey.clock("complainant_consents")
        assert after["lastDay"] == until.isoformat()
        assert [one for one in after["why"] if "toezichthouder" in one]
        await journey.file_holds("news")

    async def test_counts_from_the_true_day_and_takes_a_passing_back(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        await journey.institution()
        await journey.until_passed("institution_replies")
        await journey.shows(stage="hearing_both_sides", attention="institution_silent")
        before = await journey.clock("institution_replies")
        day = date.fromisoformat(before["since"][:10]) + 21 * DAY

        await intervenes(
            world, journey, "correct_date", wait="institution_replies", day=day.isoformat()
        )

        await journey.shows(stage="awaiting_institution", attention=None)
        after = await journey.clock("institution_replies")
        assert date.fromisoformat(after["lastDay"]) > date.fromisoformat(before["lastDay"])
        await journey.until_passed("institution_replies")
        await journey.shows(stage="hearing_both_sides", attention="institution_silent")


class TestDanger:
    async def test_is_noted_and_ended_by_a_supervisor(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        await intervenes(world, journey, "pause_for_danger")
        await journey.shows(inDanger=True, attention="danger")
        assert (await journey.clock("complainant_consents"))["paused"]

        await intervenes(world, journey, "resume")
        await journey.shows(inDanger=False, attention=None)


class TestOverridingAStage:
    async def test_goes_on_where_the_facts_say_and_back_again(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        before = await journey.clock("institution_replies")

        await intervenes(world, journey, "override_stage", stage="hearing_both_sides")
        await journey.complainant.reaches("hearing_both_sides", "mediator_proposes")

        await intervenes(world, journey, "override_stage", stage="awaiting_institution")
        await journey.complainant.reaches("awaiting_institution", "institution_replies")
        assert (await journey.clock("institution_replies"))["lastDay"] == before["lastDay"]

        await intervenes(world, journey, "override_stage", stage="awaiting_consent")
        await journey.complainant.reaches("awaiting_consent", "complainant_consents")
        letters = await journey.letters_to(INSTITUTION_ADDRESS)
        await journey.gets_consent()
        assert await journey.letters_to(INSTITUTION_ADDRESS) == letters


class TestTheEnd:
    async def test_is_reached_and_undone_by_a_supervisor(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")

        await intervenes(world, journey, "close_case", outcome="not_settled")
        await journey.complainant.reaches("closed")
        await journey.file_holds("closing")

        await intervenes(world, journey, "reopen_case")
        await journey.complainant.reaches("finding_mediator")


class TestSignals:
    @pytest.mark.parametrize("workflow", ["complaint", "aftercare"])
    async def test_carry_no_authority(self, world: World, workflow: str) -> None:
        journey = await world.begins_at("hearing_both_sides")
        if workflow == "aftercare":
            await journey.complainant.does("withdrawals", {})
            await journey.complainant.reaches("closed")
            await journey.workflow().result()
        await journey.shows(attention=None)
        case = await case_of(world, journey)
        before = await journey.course()
        handle = journey.workflow(workflow)

        forged = (
            (10_000,),
            ("close_case", "not_settled"),
            ({"decision": "override_stage", "stage": "awaiting_consent", "reason": WHY},),
            (),
        )
        for arguments in forged:
            await handle.signal("supervisor_intervened", args=list(arguments))
        # Whatever the workflow made of them, it has done before it answers this one.
        what = "messages" if workflow == "complaint" else "feedback"
        told = await journey.complainant.does(what, {"text": "Dit is echt."})

        assert told["status"] == "applied"
        after = await journey.course()
        assert after.pop("entryCount") == before.pop("entryCount") + 1
        assert after == before
        async with world.database.transaction() as session:
            refused = await session.scalar(
                select(func.count())
                .select_from(EntryOutcomeRow)
                .where(
                    EntryOutcomeRow.case_id == case,
                    EntryOutcomeRow.status == EntryStatus.REFUSED,
                )
            )
        assert refused == 0
