"""What goes wrong is encrypted too, and so is all that one can say beside a workflow."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import uuid4

import pytest
from google.protobuf.message import Message
from temporalio import activity, workflow
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.client import Client, WorkflowFailureError, WorkflowHandle
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError
from temporalio.worker import Worker

from launcher.people import eventually
from launcher.system import System
from temporal_client.codec import is_encrypted
from tests.temporal_client.payloads import payloads_in

PLANTED = "Plantwoord"
ONCE = RetryPolicy(maximum_attempts=1)
SOON = timedelta(seconds=30)


@activity.defn
async def fail() -> None:
    activity.heartbeat(f"{PLANTED}rozemarijn")
    raise ApplicationError(f"{PLANTED}salie", f"{PLANTED}tijm", type="Unlucky")


@workflow.defn(sandboxed=False)
class UnluckyWorkflow:
    """Says something in every place where one can, and fails."""

    @workflow.run
    async def run(self, planted: str) -> None:
        workflow.set_current_details(f"{PLANTED}ui")
        workflow.upsert_memo({"memo": f"{PLANTED}venkel"})
        await workflow.sleep(0.01, summary=f"{PLANTED}wilg")
        await workflow.execute_activity(
            fail, start_to_close_timeout=SOON, retry_policy=ONCE, summary=f"{PLANTED}yucca"
        )

    @workflow.signal(dynamic=True)
    def bell(self, name: str, args: Sequence[RawValue]) -> None: ...


@workflow.defn(sandboxed=False)
class TryingWorkflow:
    """Tries something that never succeeds, again and again."""

    @workflow.run
    async def run(self) -> None:
        await workflow.execute_activity(fail, start_to_close_timeout=SOON)


@pytest.fixture
async def client(system: System) -> Client:
    """The client of the application itself."""
    return await system.temporal_client()


def failures_in(message: Message) -> list[Failure]:
    """Return every failure within a message, causes included."""
    found: list[Failure] = [message] if isinstance(message, Failure) else []
    for field, value in message.ListFields():
        if field.message_type is None or field.message_type.GetOptions().map_entry:
            continue
        parts = [value] if isinstance(value, Message) else list(value)
        for part in parts:
            found += failures_in(part)
    return found


def assert_nothing_in_plain(*messages: Message) -> list[Payload]:
    """Assert that the word is nowhere, and that payloads are encrypted; return these."""
    assert messages
    found = [payload for message in messages for _, payload in payloads_in(message)]
    assert all(is_encrypted(payload) for payload in found)
    assert not any(PLANTED.encode() in message.SerializeToString() for message in messages)
    return found


class TestAFailure:
    async def test_is_not_readable_in_a_history(self, client: Client) -> None:
        handle: WorkflowHandle[UnluckyWorkflow, None]
        async with Worker(
            client, task_queue="unlucky", workflows=[UnluckyWorkflow], activities=[fail]
        ):
            handle = await client.start_workflow(
                UnluckyWorkflow.run,
                f"{PLANTED}anemoon",
                id=f"unlucky-{uuid4()}",
                task_queue="unlucky",
                memo={"another": f"{PLANTED}bosbes"},
                static_summary=f"{PLANTED}citroen",
                static_details=f"{PLANTED}druif",
            )
            await handle.signal("rung", f"{PLANTED}eik")
            with pytest.raises(WorkflowFailureError) as caught:
                await handle.result()

        history = await handle.fetch_history()
        description = await handle.describe()
        found = assert_nothing_in_plain(*history.events, description.raw_description)
        assert len(found) > 10
        failures = [it for event in history.events for it in failures_in(event)]
        # Temporal's own message about whose activity failed says nothing of why.
        assert len(failures) >= 3
        assert {failure.message for failure in failures} == {"Encoded failure"}
        assert not any(failure.stack_trace for failure in failures)

        # Who has the keys reads it all.
        error = caught.value.cause
        assert isinstance(error, FailureError)
        assert isinstance(error.cause, ApplicationError)
        assert error.cause.message == f"{PLANTED}salie"
        assert error.cause.details == (f"{PLANTED}tijm",)
        assert await description.static_summary() == f"{PLANTED}citroen"
        assert (await description.memo())["another"] == f"{PLANTED}bosbes"

    async def test_is_not_readable_while_it_is_tried_again(self, client: Client) -> None:
        async with Worker(
            client, task_queue="unlucky", workflows=[TryingWorkflow], activities=[fail]
        ):
            handle = await client.start_workflow(
                TryingWorkflow.run, id=f"trying-{uuid4()}", task_queue="unlucky"
            )

            async def failed_once() -> Message | None:
                described = (await handle.describe()).raw_description
                pending = described.pending_activities
                return described if pending and pending[0].HasField("last_failure") else None

            described = await eventually(failed_once, "the activity did not fail")
            await handle.terminate()

        assert_nothing_in_plain(described)
        assert {failure.message for failure in failures_in(described)} == {"Encoded failure"}
