"""The fingerprint of a workflow: the commands that today's code gives for a recorded history.

Kept beside each history as ``NAME.commands``, one command a line.
"""

import asyncio
import difflib
from collections.abc import Callable, Mapping
from pathlib import Path

from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.contrib.pydantic import pydantic_data_converter

from tests.workflows.replaying import Replay, recorded, replay

WHAT_TO_DO = """
Cases that began under an earlier release would get other commands from this code, or the same ones
in another order. Either
- put the change behind `workflow.patched("what-changes")`, so that those cases keep theirs, and
  record a new scenario for what comes after it; or
- where only the words of a summary changed (the part after #): `make fingerprints`; or
- while no case of anybody runs on a release: `make histories` records everything anew.
See tests/workflows/histories/README.md.
"""


def fingerprint_file(history: Path) -> Path:
    """Return where the fingerprint of a history is kept."""
    return history.with_suffix(".commands")


def fingerprint(heard: Replay) -> list[str]:
    """Return the commands of a replay, a line for each, without anything that varies by data."""
    return [_line(command) for command in heard.commands]


def moved(before: list[str], after: list[str]) -> str:
    """Return what differs, as people read it; empty when nothing does."""
    return "\n".join(difflib.unified_diff(before, after, "committed", "today", lineterm="", n=2))


def _line(command: WorkflowCommand) -> str:
    kind = str(command.WhichOneof("variant"))
    detail = _DETAILS.get(kind, lambda _: "")(command)
    summary = _CONVERTER.from_payload(command.user_metadata.summary, str) if _told(command) else ""
    return " ".join(filter(None, (kind, detail, summary and f"# {summary}")))


def _told(command: WorkflowCommand) -> bool:
    return command.user_metadata.HasField("summary")


_CONVERTER = pydantic_data_converter.payload_converter
_DETAILS: Mapping[str, Callable[[WorkflowCommand], str]] = {
    "start_timer": lambda it: str(it.start_timer.seq),
    "cancel_timer": lambda it: str(it.cancel_timer.seq),
    "schedule_activity": lambda it: it.schedule_activity.activity_type,
    "schedule_local_activity": lambda it: it.schedule_local_activity.activity_type,
    "start_child_workflow_execution": lambda it: it.start_child_workflow_execution.workflow_type,
    "signal_external_workflow_execution": lambda it: (
        it.signal_external_workflow_execution.signal_name
    ),
    "set_patch_marker": lambda it: it.set_patch_marker.patch_id,
    "upsert_workflow_search_attributes": lambda it: " ".join(
        sorted(it.upsert_workflow_search_attributes.search_attributes.indexed_fields)
    ),
}
"""What belongs to the identity of a command, by its kind."""


async def write_fingerprint(history: Path) -> None:
    """Keep the fingerprint of a recorded history, as the code stands.

    Raises:
        Exception: when the history does not replay.
    """
    heard = await replay(history)
    if heard.failure is not None:
        raise heard.failure
    lines = "\n".join(fingerprint(heard))
    fingerprint_file(history).write_text(f"{lines}\n", encoding="utf-8")


async def _write_all() -> None:
    for path in recorded():
        await write_fingerprint(path)


if __name__ == "__main__":
    asyncio.run(_write_all())
