"""Every payload within what Temporal keeps, wherever it is."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from google.protobuf.message import Message
from temporalio.api.common.v1 import Payload, SearchAttributes
from temporalio.client import Client, WorkflowHistory


def payloads_in(message: Message, path: str = "") -> Iterator[tuple[str, Payload]]:
    """Yield each payload of a message, with the names of the fields that lead there.

    Search attributes are left out: Temporal needs them in plain, and ours are ids, dates and
    enumerations.
    """
    if isinstance(message, SearchAttributes):
        return
    if isinstance(message, Payload):
        yield path, message
        return
    for field, value in message.ListFields():
        for key, part in _messages(value):
            yield from payloads_in(part, f"{path}.{field.name}{key}")


def _messages(value: Any) -> Iterator[tuple[str, Message]]:
    """Yield each message of a field, with its key when the field is a map."""
    if isinstance(value, Message):
        yield "", value
    elif isinstance(value, Mapping):
        for key, part in cast("Mapping[object, object]", value).items():
            if isinstance(part, Message):
                yield f".{key}", part
    elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
        for part in cast("Sequence[object]", value):
            if isinstance(part, Message):
                yield "", part


async def in_plain(client: Client, history: WorkflowHistory) -> WorkflowHistory:
    """Return a history with every payload decrypted, and nothing else changed."""
    codec = client.data_converter.payload_codec
    assert codec is not None
    for event in history.events:
        for _, payload in payloads_in(event):
            [plain] = await codec.decode([payload])
            payload.CopyFrom(plain)
    return history
