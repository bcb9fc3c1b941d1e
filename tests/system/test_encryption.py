"""What Temporal keeps of a case is encrypted: every payload of its histories, and failures."""

import json
import re
from collections.abc import Iterable

import pytest
from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, WorkflowExecution
from temporalio.api.query.v1 import WorkflowQuery
from temporalio.api.workflowservice.v1 import QueryWorkflowRequest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer

from launcher.people import eventually
from settings import private_files
from settings.key_ring import KeyPurpose, KeyRing
from settings.key_stores import FileStore
from temporal_client.codec import EncryptingCodec, is_encrypted, key_id
from temporal_client.connection import data_converter
from tests.system.journeys import World
from tests.temporal_client.keys import fresh_ring, keys_of
from tests.temporal_client.payloads import payloads_in
from tests.workflows.scenarios import extended_and_in_danger, kept_until_erased
from worker import WORKFLOWS

WHERE_OUR_PAYLOADS_ARE = {
    "workflow_execution_started_event_attributes.input",
    "workflow_execution_completed_event_attributes.result",
    "workflow_execution_signaled_event_attributes.input",
    "activity_task_scheduled_event_attributes.input",
    "activity_task_completed_event_attributes.result",
    "marker_recorded_event_attributes.details",
    "start_child_workflow_execution_initiated_event_attributes.input",
    "user_metadata.summary",
}
BOOKKEEPING = {
    *("activation_index", "activity_id", "activity_type", "attempt", "backoff", "complete_time"),
    *("original_schedule_time", "seq"),
}


async def kept_of(world: World, number: str) -> tuple[list[WorkflowHistory], list[Message]]:
    """Return the histories of every run of a case, and what Temporal says of each run besides."""
    kinds = ("complaint", "aftercare", "erasure")
    query = " OR ".join(f'WorkflowId STARTS_WITH "{kind}-{number}"' for kind in kinds)
    histories: list[WorkflowHistory] = []
    descriptions: list[Message] = []
    async for run in world.temporal.list_workflows(query):
        handle = world.temporal.get_workflow_handle(run.id, run_id=run.run_id)
        histories.append(await handle.fetch_history())
        descriptions += [run.raw_info, (await handle.describe()).raw_description]
    return histories, descriptions


def payloads_of(messages: Iterable[Message]) -> list[tuple[str, Payload]]:
    return [found for message in messages for found in payloads_in(message)]


def is_bookkeeping_of_the_sdk(place: str, payload: Payload) -> bool:
    """Tell whether this is what the SDK's core notes of a local activity, below any codec.

    Its name and number, when it ended and how often it was tried: nothing that we gave it.
    """
    if not place.endswith(".marker_recorded_event_attributes.details.data.payloads"):
        return False
    content = json.loads(payload.data)
    assert content.keys() <= BOOKKEEPING
    return content["activity_type"] in {"read_ledger", "record_course"}


def ring_of(world: World) -> KeyRing:
    return FileStore(world.system.secrets_dir / "keys").read(KeyPurpose.TEMPORAL)


def failed_tasks(history: WorkflowHistory) -> list[Message]:
    return [it for it in history.events if it.HasField("workflow_task_failed_event_attributes")]


class TestWhatTemporalKeepsOfACase:
    async def test_is_encrypted_wherever_it_is(self, world: World) -> None:
        histories: list[WorkflowHistory] = []
        descriptions: list[Message] = []
        for scenario in (extended_and_in_danger, kept_until_erased):
            journey = await scenario(world)
            kept = await kept_of(world, journey.number)
            histories += kept[0]
            descriptions += kept[1]

        # Of the second one its erasure has left nothing else.
        kinds = {history.workflow_id.partition("-")[0] for history in histories}
        assert kinds == {"complaint", "aftercare", "erasure"}
        events = [event for history in histories for event in history.events]
        found = payloads_of(events)
        known = {key.fingerprint for key in ring_of(world).keys}
        ours = [it for it in found if not is_bookkeeping_of_the_sdk(*it)]
        assert [place for place, payload in ours if not is_encrypted(payload)] == []
        assert {key_id(payload) for _, payload in ours} <= known
        places = {".".join(place.split(".")[1:3]) for place, _ in found}
        assert places >= WHERE_OUR_PAYLOADS_ARE
        told = payloads_of(descriptions)
        assert any("user_metadata" in place for place, _ in told)
        assert [place for place, payload in told if not is_encrypted(payload)] == []

    async def test_is_read_by_who_has_the_keys(self, world: World) -> None:
        journey = await world.begins_at("finding_mediator")

        description = await journey.workflow().describe()
        assert await description.static_summary() == f"Case {journey.number}, episode 1"

        # The current details are not kept; the worker tells them when it is asked.
        asked = QueryWorkflowRequest(
            namespace=world.temporal.namespace,
            execution=WorkflowExecution(workflow_id=journey.workflow().id),
            query=WorkflowQuery(query_type="__temporal_workflow_metadata"),
        )
        answer = await world.temporal.workflow_service.query_workflow(asked)
        [told] = answer.query_result.payloads
        assert is_encrypted(told)
        [plain] = EncryptingCodec(keys_of(ring_of(world))).decrypt(told).data.splitlines()
        assert f"Case {journey.number}".encode() in plain


class TestARotation:
    async def test_in_the_middle_of_a_case_stalls_nothing(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        before = ring_of(world)

        said = await world.system.run_module("operations", "temporal-key-rotate")
        await journey.gets_consent()
        await world.system.restart(world.system.worker)
        await journey.hears_the_institution()
        await journey.gets_a_proposal()
        await journey.complainant.does("responses", {"accept": True})
        await journey.workflow().result()

        after = ring_of(world)
        assert re.search(rf"version {after.current_version} from now on", said)
        assert after.keys[:-1] == before.keys
        history = await journey.workflow().fetch_history()
        found = payloads_of(history.events)
        used = {key_id(payload) for _, payload in found if is_encrypted(payload)}
        assert used == {before.current.fingerprint, after.current.fingerprint}
        assert not failed_tasks(history)

        await Replayer(
            workflows=WORKFLOWS, data_converter=data_converter(keys_of(after))
        ).replay_workflow(history)
        with pytest.raises(RuntimeError):
            await Replayer(
                workflows=WORKFLOWS, data_converter=data_converter(keys_of(before))
            ).replay_workflow(history)


class TestALostRing:
    async def test_stops_a_case_until_it_is_put_back(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        path = world.system.secrets_dir / "keys" / "temporal.json"
        ring = path.read_bytes()
        private_files.replace(path, fresh_ring().text().encode())
        try:
            await world.system.restart(world.system.worker)
            consent = await journey.complainant.sends("consents", {"consent": True})

            async def stalled() -> bool | None:
                history = await journey.workflow().fetch_history()
                return True if failed_tasks(history) else None

            await eventually(stalled, "the case went on without its keys")
        finally:
            private_files.replace(path, ring)

        assert (await journey.complainant.answer(consent))["status"] == "applied"
        await journey.complainant.reaches("awaiting_institution", "institution_replies")
