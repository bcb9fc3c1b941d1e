"""The OpenAPI document: what FastAPI writes by itself, completed by what is true of every route."""

from typing import Any

from fastapi import FastAPI

from api.answers import ProblemBody
from api.problems import MEDIA_TYPE

type Node = dict[str, Any]
"""A part of the document."""

_REFUSALS = {
    400: "Something in the request is wrong; `errors` names the fields.",
    401: "Who asks did not sign in, or the session ended.",
    403: "Who asks may not do this.",
    404: "This does not exist, no more, or not for who asks.",
    409: "The Idempotency-Key was used with another request, or this step comes at a wrong time.",
    413: "The body is too large.",
    415: "The body, or the file in it, is of a kind that is not taken.",
    422: "The file is damaged, locked or too much; `errors` says which.",
    429: "Too many requests come from one place; `Retry-After` says when to try again.",
    503: "Nothing can be stored or looked up now; `Retry-After` says when to try again.",
}
_SAID_BY_FASTAPI = "Validation Error"
_LOCATION = {
    "description": "Where the entry can be followed; its `status` tells what became of it.",
    "schema": {"type": "string"},
}
_VERSION = {"description": "The version of the API.", "schema": {"type": "string"}}


def may_refuse(*statuses: int) -> dict[int | str, Node]:
    """Return the documentation of refusals that do not follow from what a route takes."""
    return {status: {"description": _REFUSALS[status]} for status in statuses}


class DocumentedApi(FastAPI):
    """A FastAPI application whose document tells every refusal, and no status that never comes."""

    def openapi(self) -> Node:
        """Return the document."""
        if self.openapi_schema is None:
            document = super().openapi()
            parts: Node = document["components"]
            schemas: Node = parts["schemas"]
            for unused in ("HTTPValidationError", "ValidationError"):
                schemas.pop(unused, None)
            problem = ProblemBody.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= problem.pop("$defs") | {"ProblemBody": problem}
            parts["headers"] = {"API-Version": _VERSION, "Location": _LOCATION}
            for path, item in document["paths"].items():
                for operation in item.values():
                    _complete(path, operation)
        return self.openapi_schema or {}


def _complete(path: str, operation: Node) -> None:
    answers: Node = operation["responses"]
    if answers.get("422", {}).get("description") == _SAID_BY_FASTAPI:
        del answers["422"]  # ours is a 400
    if path.startswith("/v1"):
        for status in _possible_refusals(path, operation):
            answers.setdefault(str(status), {"description": _REFUSALS[status]})
    for status, answer in answers.items():
        answer["headers"] = {"API-Version": {"$ref": "#/components/headers/API-Version"}}
        if status == "202" and "409" in answers:  # what arrived has become an entry
            answer["headers"]["Location"] = {"$ref": "#/components/headers/Location"}
        if status >= "400" and "content" not in answer:
            schema = {"$ref": "#/components/schemas/ProblemBody"}
            answer["content"] = {MEDIA_TYPE: {"schema": schema}}


def _possible_refusals(path: str, operation: Node) -> set[int]:
    parameters: list[Node] = operation.get("parameters", [])
    statuses = {503}
    if "requestBody" in operation or any(it["in"] == "query" for it in parameters):
        statuses |= {400}
    if "requestBody" in operation:
        statuses |= {413, 415}
    if any(it["name"] == "Idempotency-Key" for it in parameters):
        statuses |= {400, 409}
    if "{" in path:
        statuses |= {404}
    if "security" in operation:
        statuses |= {401}
    ways_in: list[Node] = operation.get("security", [])
    if {"staff": []} in ways_in or {"session": []} in ways_in:
        statuses |= {403}
    return statuses
