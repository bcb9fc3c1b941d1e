"""Temporal's remote codec, with which its UI and CLI show supervisors what a payload says.

Not a part of our API: what is sent and answered is Temporal's own protocol.
"""

import base64
import binascii
from collections.abc import Callable
from typing import Annotated, cast

from fastapi import APIRouter
from google.protobuf.json_format import MessageToDict
from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError
from temporalio.api.common.v1 import Payload, Payloads

from api.problems import MOST_ERRORS, FieldError, Problem
from api.schemas import Sent
from api.who import Inspector
from api.wire_format import StrictRoute
from api.wiring import Parts
from temporal_client.codec import Fault, PayloadRefused, is_encrypted

PATH = "/codec"
_TEXTS = {
    "not_encrypted": "not-encrypted",
    "unknown_key": "unknown-key",
    "damaged": "damaged",
    "already_encrypted": "already-encrypted",
}

router = APIRouter(prefix=PATH, route_class=StrictRoute, include_in_schema=False)


def _bytes(value: object) -> bytes:
    if not isinstance(value, str):
        raise PydanticCustomError("bytes_type", "not a text")
    try:
        return base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise PydanticCustomError("not_base64", "not written in base64") from None


def _metadata(value: object) -> dict[str, bytes]:
    """Read all of it at once: an error must not repeat a name that was sent."""
    if not isinstance(value, dict):
        raise PydanticCustomError("dict_type", "not an object")
    return {name: _bytes(it) for name, it in cast("dict[str, object]", value).items()}


class PayloadBody(Sent):
    """A payload in Temporal's JSON."""

    metadata: Annotated[dict[str, bytes], BeforeValidator(_metadata)] = Field(default={})
    data: Annotated[bytes, BeforeValidator(_bytes)] = b""


class PayloadsBody(Sent):
    """What Temporal's UI and CLI send."""

    payloads: list[PayloadBody]


@router.post("/encode")
async def encode(_: Inspector, parts: Parts, body: PayloadsBody) -> dict[str, object]:
    """Encrypt payloads, unless one of them is encrypted already."""

    def encrypted(payload: Payload) -> Payload:
        if is_encrypted(payload):
            raise PayloadRefused(Fault.ALREADY_ENCRYPTED)
        return parts.codec.encrypt(payload)

    return _each(body, encrypted)


@router.post("/decode")
async def decode(_: Inspector, parts: Parts, body: PayloadsBody) -> dict[str, object]:
    """Decrypt payloads, unless there is one that our codec did not encrypt."""
    return _each(body, parts.codec.decrypt)


def _each(body: PayloadsBody, change: Callable[[Payload], Payload]) -> dict[str, object]:
    """Return every payload changed.

    Raises:
        Problem: naming those that cannot be; nothing of the others is told then.
    """
    changed: list[Payload] = []
    errors: list[FieldError] = []
    for place, sent in enumerate(body.payloads):
        try:
            changed.append(change(Payload(metadata=sent.metadata, data=sent.data)))
        except PayloadRefused as refusal:
            errors.append(FieldError(f"#/payloads/{place}", _TEXTS[refusal.fault]))
    if errors:
        raise Problem(400, "invalid-request", errors[:MOST_ERRORS])
    return MessageToDict(Payloads(payloads=changed))
