"""Replaying a history under today's code, and listening to every command that the code gives."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from temporalio.api.common.v1 import Payload
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import WorkflowHistory
from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import (
    Replayer,
    UnsandboxedWorkflowRunner,
    WorkflowInstance,
    WorkflowInstanceDetails,
    WorkflowRunner,
)
from temporalio.workflow import Info

from temporal_client.codec import EncryptingCodec
from temporal_client.connection import data_converter
from temporal_client.runtime import runtime
from tests.temporal_client.keys import new_keys
from tests.temporal_client.payloads import payloads_in
from worker import WORKFLOWS

HISTORIES = Path(__file__).with_name("histories")
KEYS = new_keys()
_CORES_OWN = re.compile(r"\.details\.(data|patch-data)\.")
"""What Core notes in a marker for itself; it never passes a codec."""


def recorded() -> list[Path]:
    """Return every recorded history."""
    return sorted(HISTORIES.glob("*.json"))


def history_of(path: Path) -> WorkflowHistory:
    """Return a recorded history as a worker meets it: encrypted, under a key of the tests."""
    content = json.loads(path.read_text(encoding="utf-8"))
    started = content["events"][0]["workflowExecutionStartedEventAttributes"]
    history = WorkflowHistory.from_json(started["workflowId"], content)
    codec = EncryptingCodec(KEYS)
    for event in history.events:
        for name, payload in list(payloads_in(event)):
            if not _CORES_OWN.search(name):
                payload.CopyFrom(codec.encrypt(payload))
    return history


@dataclass
class Replay:
    """What happened when a history was replayed.

    Attributes:
        activations: what the workflow was told, in plain.
        commands: what it answered, in order, in plain.
        failure: why it could not go on, if it could not.
    """

    workflow_type: str = ""
    activations: list[WorkflowActivation] = field(default_factory=list[WorkflowActivation])
    commands: list[WorkflowCommand] = field(default_factory=list[WorkflowCommand])
    failure: Exception | None = None


async def replay(
    path: Path,
    workflows: tuple[type, ...] = tuple(WORKFLOWS),
    runner: WorkflowRunner | None = None,
) -> Replay:
    """Replay a recorded history."""
    heard = Replay()
    replayer = Replayer(
        workflows=workflows,
        data_converter=data_converter(KEYS),
        workflow_runner=_Listening(runner or UnsandboxedWorkflowRunner(), heard),
        runtime=runtime(None),
    )
    result = await replayer.replay_workflow(history_of(path), raise_on_replay_failure=False)
    heard.failure = result.replay_failure
    return heard


class _Listening(WorkflowRunner):
    """Runs workflows as another runner does, and notes what is said."""

    def __init__(self, runner: WorkflowRunner, heard: Replay) -> None:
        self._runner = runner
        self._heard = heard

    def prepare_workflow(self, defn: object) -> None:
        self._runner.prepare_workflow(defn)  # pyright: ignore[reportArgumentType]

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        self._heard.workflow_type = det.info.workflow_type
        return _ListeningInstance(self._runner.create_instance(det), self._heard)


class _ListeningInstance(WorkflowInstance):
    def __init__(self, instance: WorkflowInstance, heard: Replay) -> None:
        self._instance = instance
        self._heard = heard

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        told = WorkflowActivation()
        told.CopyFrom(act)
        completion = self._instance.activate(act)
        answered = WorkflowActivationCompletion()
        answered.CopyFrom(completion)  # its payloads are about to be encrypted
        self._heard.activations.append(told)
        self._heard.commands.extend(answered.successful.commands)
        return completion

    def get_serialization_context(self, command_info: object) -> SerializationContext | None:
        return self._instance.get_serialization_context(command_info)  # pyright: ignore[reportArgumentType]

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:
        return self._instance.get_external_store_context(command_info)  # pyright: ignore[reportArgumentType]

    def get_info(self) -> Info:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()


def said(replay: Replay) -> Iterator[tuple[str, str, Payload]]:
    """Yield each argument and result of activities: ``argument`` or ``result``, name, payload.

    What workflows are begun with comes as an ``argument`` of the workflow's type.
    """
    names: dict[int, str] = {}
    for command in replay.commands:
        match command.WhichOneof("variant"):
            case "schedule_activity":
                scheduled = command.schedule_activity
            case "schedule_local_activity":
                scheduled = command.schedule_local_activity
            case "start_child_workflow_execution":
                child = command.start_child_workflow_execution
                for payload in child.input:
                    yield "argument", child.workflow_type, payload
                continue
            case _:
                continue
        names[scheduled.seq] = scheduled.activity_type
        for payload in scheduled.arguments:
            yield "argument", scheduled.activity_type, payload
    for job in (job for activation in replay.activations for job in activation.jobs):
        match job.WhichOneof("variant"):
            case "initialize_workflow":
                for payload in job.initialize_workflow.arguments:
                    yield "argument", job.initialize_workflow.workflow_type, payload
            case "resolve_activity" if job.resolve_activity.result.HasField("completed"):
                resolved = job.resolve_activity
                yield "result", names[resolved.seq], resolved.result.completed.result
            case _:
                pass
