"""Registering our search attributes, and refusing a namespace where they mean something else."""

from collections.abc import Iterable
from typing import Any

from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import (
    AddSearchAttributesRequest,
    ListSearchAttributesRequest,
)
from temporalio.client import Client
from temporalio.common import SearchAttributeIndexedValueType, SearchAttributeKey
from temporalio.service import RPCError, RPCStatusCode

_TYPES = {
    SearchAttributeIndexedValueType.KEYWORD: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
    SearchAttributeIndexedValueType.KEYWORD_LIST: (
        IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST
    ),
    SearchAttributeIndexedValueType.DATETIME: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
    SearchAttributeIndexedValueType.BOOL: IndexedValueType.INDEXED_VALUE_TYPE_BOOL,
    SearchAttributeIndexedValueType.INT: IndexedValueType.INDEXED_VALUE_TYPE_INT,
}


class SearchAttributeMismatch(RuntimeError):
    """The namespace has a search attribute of ours with another type."""


async def register_search_attributes(
    client: Client, keys: Iterable[SearchAttributeKey[Any]]
) -> None:
    """Add the search attributes that the namespace lacks.

    Temporal accepts an existing name with another type in silence, so the types are compared.

    Raises:
        SearchAttributeMismatch: when one exists with another type.
    """
    wanted = {key.name: _TYPES[key.indexed_value_type] for key in keys}
    present = await _present(client)
    missing = {name: kind for name, kind in wanted.items() if name not in present}
    if missing:
        try:
            await client.operator_service.add_search_attributes(
                AddSearchAttributesRequest(namespace=client.namespace, search_attributes=missing)
            )
        except RPCError as error:
            if error.status is not RPCStatusCode.ALREADY_EXISTS:
                raise
        present = await _present(client)
    for name, kind in wanted.items():
        if present.get(name) != kind:
            raise SearchAttributeMismatch(
                f"search attribute {name} has type {present.get(name)}, not {kind}"
            )


async def _present(client: Client) -> dict[str, int]:
    answer = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    return dict(answer.custom_attributes)
