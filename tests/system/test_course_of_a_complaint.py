"""The whole way of a complaint, on the real server."""

from datetime import timedelta

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import EventType
from temporalio.api.sdk.v1 import WorkflowMetadata
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.common import TypedSearchAttributes, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError

from launcher.people import Json, eventually
from tests.system.journeys import INSTITUTION_ADDRESS, STAGES, Journey, World
from workflows import search_attributes
from workflows.identifiers import COMPLAINT
from workflows.options import TASK_QUEUE

MINUTE = timedelta(minutes=1)


class TestAComplaint:
    async def test_comes_in_and_comes_out_closed_with_both_sides_heard(self, world: World) -> None:
        journey = await world.begins_at("outcome_proposed", email="iemand@post.example")

        entry = await journey.complainant.does("responses", {"accept": True})
        case = await journey.complainant.reaches("closed")

        assert entry["status"] == "applied"
        assert case["outcome"]["code"] == "settled"
        assert case["waitingFor"] is None
        closing = await journey.file_holds("closing")
        assert "Opgelost".lower() in closing["text"].lower()
        await journey.letter_to(INSTITUTION_ADDRESS, "is afgesloten")
        assert await journey.workflow().result() == "settled"

    async def test_without_a_contact_address_leaves_letters_in_the_file(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        letter = await journey.file_holds("consent_request")

        assert letter["status"] == "in_file"
        assert await journey.letters_to("iemand@post.example") == []

    async def test_mails_only_that_there_is_news(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution", email="nieuws@post.example")

        letter = await journey.file_holds("institution_contacted")
        mail = await journey.letter_to("nieuws@post.example", "bericht")

        assert "Gemeente Voorbeeldstad" in letter["text"]
        assert "Voorbeeldstad" not in mail["text"] + mail["html"] + mail["subject"]

    async def test_speaks_the_language_that_the_complainant_chose(self, world: World) -> None:
        journey = await world.begins_at("finding_mediator", language="en")

        letter = await journey.file_holds("acknowledgement")

        assert "We received your complaint" in letter["text"]

    async def test_is_rejected_back_to_the_hearing_when_the_outcome_does_not_suit(
        self, world: World
    ) -> None:
        journey = await world.begins_at("outcome_proposed")

        await journey.complainant.does("responses", {"accept": False, "text": "Nee."})

        await journey.complainant.reaches("hearing_both_sides", "mediator_proposes")
        await journey.gets_a_proposal()
        await journey.complainant.does("responses", {"accept": True})
        await journey.complainant.reaches("closed")

    @pytest.mark.parametrize("outcome", ["inadmissible", "referred", "not_settled"])
    async def test_can_be_closed_by_its_mediator(self, world: World, outcome: str) -> None:
        journey = await world.begins_at("awaiting_consent")

        ground = {"ground": "too_old"} if outcome == "inadmissible" else {}
        await journey.mediator.decides(journey.number, "close_case", outcome=outcome, **ground)

        case = await journey.complainant.reaches("closed")
        assert case["outcome"]["code"] == outcome
        assert (case["ground"] is not None) == bool(ground)
        closing = await journey.file_holds("closing")
        if ground:
            assert case["ground"] in closing["text"].replace("\n", " ")
        assert "<svg" in closing["html"]

    async def test_is_not_closed_as_inadmissible_without_a_ground(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        entry = await journey.mediator.decides(journey.number, "close_case", outcome="inadmissible")

        assert (entry["status"], entry["refusal"]) == ("refused", "ground_missing")

    @pytest.mark.parametrize("stage", STAGES)
    async def test_can_be_withdrawn_in_every_stage(self, world: World, stage: str) -> None:
        journey = await world.begins_at(stage)

        entry = await journey.complainant.does("withdrawals", {})

        case = await journey.complainant.reaches("closed")
        assert entry["status"] == "applied"
        assert case["outcome"]["code"] == "withdrawn"
        await journey.file_holds("closing")
        letters = await _settled_letters(journey)
        contacted = stage not in {"finding_mediator", "awaiting_consent"}
        assert any("is afgesloten" in letter["text"] for letter in letters) == contacted

    async def test_withdrawn_before_anybody_looked_at_it_is_closed(self, world: World) -> None:
        await world.system.worker.stop()
        try:
            journey = await world.begins()
            location = await journey.complainant.sends("withdrawals", {})
        finally:
            await world.system.restart(world.system.worker)

        assert (await journey.complainant.answer(location))["status"] == "applied"
        await journey.complainant.reaches("closed")
        await journey.file_holds("acknowledgement")


class TestTheTemporalUi:
    async def test_finds_a_case_by_its_stage_and_what_it_waits_for(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")

        async def in_stage() -> TypedSearchAttributes | None:
            description = await journey.workflow().describe()
            attributes = description.typed_search_attributes
            stage = attributes.get(search_attributes.STAGE)
            return attributes if stage == "awaiting_institution" else None

        attributes = await eventually(in_stage, "the stage was not shown")
        assert attributes.get(search_attributes.WAITING_FOR) == "institution_replies"
        assert attributes.get(search_attributes.INSTITUTION_KIND) == "municipality"
        assert attributes.get(search_attributes.ATTENTION) == "none"
        due = attributes.get(search_attributes.DUE_AT)
        assert due is not None
        assert due.isoformat()[:19] == (await journey.course())["dueAt"][:19]

    async def test_reads_as_sentences(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")

        async def ask() -> list[str] | None:
            summaries = await journey.summaries(
                EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED, EventType.EVENT_TYPE_TIMER_STARTED
            )
            return summaries if "Reminder: the institution's reply" in summaries else None

        summaries = await eventually(ask, "the workflow did not come to rest")

        assert all(summaries)
        assert "Letter: complaint_to_institution to the institution" in summaries
        assert "Find a mediator who is free and speaks the language" in summaries

    async def test_tells_a_supervisor_where_the_case_stands(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        course = await journey.course()

        metadata = await journey.workflow().query(
            "__temporal_workflow_metadata", result_type=WorkflowMetadata
        )

        assert "Waiting for **the institution's reply** since" in metadata.current_details
        [clock] = [clock for clock in course["clocks"] if clock["code"] == "institution_replies"]
        assert f"until **{clock['lastDay']}**" in metadata.current_details
        assert f"/desk/cases/{journey.number})" in metadata.current_details
        assert "no authority" in metadata.current_details

    async def test_shows_nothing_that_a_person_wrote(self, world: World) -> None:
        planted = "Plantwoord"
        journey = await world.begins_at(
            "outcome_proposed",
            subject=f"{planted}1",
            text=f"{planted}2",
            email="plantwoord3@post.example",
        )
        await journey.complainant.does("messages", {"text": f"{planted}4"})
        await journey.complainant.does("responses", {"accept": True})
        await journey.complainant.reaches("closed")

        history = await journey.workflow().fetch_history()

        assert planted.lower() not in history.to_json().lower()
        assert journey.complainant.receipt_code not in history.to_json()


class TestAClosedCase:
    async def test_refuses_a_decision(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.mediator.decides(journey.number, "close_case", outcome="referred")
        await journey.complainant.reaches("closed")

        entry = await journey.mediator.decides(journey.number, "propose_outcome", outcome="settled")

        assert (entry["status"], entry["refusal"]) == ("refused", "closed")
        assert "afgesloten" in entry["refusalText"]

    async def test_is_reopened_as_its_next_episode(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.complainant.does("withdrawals", {})
        assert await journey.workflow().result() == "withdrawn"
        await journey.passes(timedelta(weeks=5))

        entry = await world.office.supervisor.decides(journey.number, "reopen_case")

        assert entry["status"] == "applied"
        await journey.complainant.reaches("finding_mediator")
        assert (await journey.course())["episode"] == 2
        await journey.file_holds("reopened")
        assert await journey.workflow("aftercare").result() == "reopened"
        await journey.is_accepted()
        await journey.gets_consent()
        await journey.complainant.does("withdrawals", {})
        await journey.complainant.reaches("closed")
        assert await journey.workflow(episode=2).result() == "withdrawn"

    async def test_is_not_reopened_after_its_window(self, world: World) -> None:
        journey = await _closed(world)
        await journey.passes(timedelta(weeks=7))

        entry = await world.office.supervisor.decides(journey.number, "reopen_case")

        assert (entry["status"], entry["refusal"]) == ("refused", "window_passed")
        assert (await journey.course())["episode"] == 1

    async def test_rejects_another_start_under_its_id(self, world: World) -> None:
        journey = await _closed(world)
        await journey.workflow().result()

        with pytest.raises(WorkflowAlreadyStartedError):
            await world.temporal.start_workflow(
                COMPLAINT,
                id=journey.workflow().id,
                task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
            )


class TestAnOpenCase:
    async def test_whose_workflow_was_deleted_does_not_begin_again(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.workflow().terminate("a test")
        await _delete(world, f"complaint-{journey.number}.1")

        location = await journey.complainant.sends("messages", {"text": "Nog iets."})

        await journey.shows(attention="workflow_missing")
        status = await journey.complainant.get(location.removeprefix("/v1/my-case"))
        assert status["status"] == "undelivered"
        found = [
            workflow.id
            async for workflow in world.temporal.list_workflows(
                f'WorkflowId = "complaint-{journey.number}.1" AND ExecutionStatus = "Running"'
            )
        ]
        assert found == []


async def _closed(world: World) -> Journey:
    journey = await world.begins_at("finding_mediator")
    await journey.complainant.does("withdrawals", {})
    await journey.workflow().result()
    return journey


async def _settled_letters(journey: Journey) -> list[Json]:
    """Return the institution's letters once the workflow has posted its last one."""
    await journey.workflow().result()
    return await journey.letters_to(INSTITUTION_ADDRESS)


async def _delete(world: World, workflow_id: str) -> None:
    async for workflow in world.temporal.list_workflows(f'WorkflowId = "{workflow_id}"'):
        await world.temporal.workflow_service.delete_workflow_execution(
            DeleteWorkflowExecutionRequest(
                namespace=world.temporal.namespace,
                workflow_execution=WorkflowExecution(
                    workflow_id=workflow.id, run_id=workflow.run_id
                ),
            )
        )

    async def gone() -> bool | None:
        try:
            await world.temporal.get_workflow_handle(workflow_id).describe()
        except RPCError:
            return True
        return None

    await eventually(gone, f"{workflow_id} was not deleted")
