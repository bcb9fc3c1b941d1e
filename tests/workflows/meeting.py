"""What a workflow met and said in a replay: members of our enumerations, wherever they stand."""

import dataclasses
import inspect
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any, cast, get_type_hints

from temporalio.contrib.pydantic import pydantic_data_converter

from activities.assignment import AssignmentActivities
from activities.closure import ClosureActivities
from activities.digests import DigestActivities
from activities.erasure import ErasureActivities
from activities.figures import FiguresActivities
from activities.ledger import LedgerActivities
from activities.letters import LetterActivities
from domain.bells import Bell
from tests.workflows.replaying import Replay, said
from worker import WORKFLOWS

_CLASSES = (
    AssignmentActivities,
    ClosureActivities,
    DigestActivities,
    ErasureActivities,
    FiguresActivities,
    LedgerActivities,
    LetterActivities,
)


def _types_of(method: Any) -> tuple[type, type]:
    hints = get_type_hints(method)
    result = hints.pop("return", type(None))
    return next(iter(hints.values()), type(None)), result


TYPES: Mapping[str, tuple[type, type]] = {
    **{
        name: _types_of(method)
        for group in _CLASSES
        for name, method in inspect.getmembers(group, inspect.isfunction)
        if hasattr(method, "__temporal_activity_definition")
    },
    **{
        definition.__temporal_workflow_definition.name: _types_of(definition.run)
        for definition in cast("Sequence[Any]", WORKFLOWS)
    },
}
"""What each activity and workflow takes and returns, by its name."""


def met_in(replay: Replay) -> set[Enum]:
    """Return every member of an enumeration that a workflow was told or told others."""
    converter = pydantic_data_converter.payload_converter
    met: set[Enum] = set(_rung(replay))
    for direction, name, payload in said(replay):
        argument, result = TYPES[name]
        kind = argument if direction == "argument" else result
        [value] = converter.from_payloads([payload], [kind])
        met.update(_members(value))
    return met


def _rung(replay: Replay) -> Iterator[Bell]:
    for activation in replay.activations:
        for job in activation.jobs:
            if job.HasField("signal_workflow"):
                yield Bell(job.signal_workflow.signal_name)


def _members(value: object) -> Iterator[Enum]:
    if isinstance(value, Enum):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _members(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, part in cast("Mapping[object, object]", value).items():
            yield from _members(key)
            yield from _members(part)
    elif isinstance(value, Sequence | AbstractSet) and not isinstance(value, str | bytes):
        for part in cast("Sequence[object]", value):
            yield from _members(part)


def ways_out(replay: Replay) -> set[str]:
    """Return how the workflow ended: what it returned, ``continued``, or nothing while it runs."""
    converter = pydantic_data_converter.payload_converter
    ways: set[str] = set()
    for command in replay.commands:
        match command.WhichOneof("variant"):
            case "complete_workflow_execution":
                payload = command.complete_workflow_execution.result
                ways.add(str(converter.from_payload(payload, str)))
            case "continue_as_new_workflow_execution":
                ways.add("continued")
            case _:
                pass
    return ways
