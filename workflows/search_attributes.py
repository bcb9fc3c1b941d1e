"""What supervisors can search cases by: enumerations, dates and ids, never anything personal."""

from typing import Any

from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

from domain.overview import Overview

STAGE = SearchAttributeKey.for_keyword("WederhoorStage")
WAITING_FOR = SearchAttributeKey.for_keyword("WederhoorWaitingFor")
DUE_AT = SearchAttributeKey.for_datetime("WederhoorDueAt")
ATTENTION = SearchAttributeKey.for_keyword("WederhoorAttention")
OUTCOME = SearchAttributeKey.for_keyword("WederhoorOutcome")
INSTITUTION_KIND = SearchAttributeKey.for_keyword("WederhoorInstitutionKind")

ALL: tuple[SearchAttributeKey[Any], ...] = (
    STAGE,
    WAITING_FOR,
    DUE_AT,
    ATTENTION,
    OUTCOME,
    INSTITUTION_KIND,
)

_NOTHING = "none"
"""A value to search by: Temporal cannot find what is absent."""


def at_start(stage: str) -> TypedSearchAttributes:
    """Return the attributes a workflow is started with."""
    return TypedSearchAttributes([SearchAttributePair(STAGE, stage)])


def changes(before: Overview | None, after: Overview) -> list[SearchAttributeUpdate[Any]]:
    """Return what has to be set so that the search attributes say what ``after`` says.

    Args:
        before: what they say now; ``None`` when that is not known.
    """
    updates: list[SearchAttributeUpdate[Any]] = []
    if before is None or before.stage != after.stage:
        updates.append(STAGE.value_set(after.stage.value))
    if before is None or before.waiting_for != after.waiting_for:
        updates.append(WAITING_FOR.value_set(after.waiting_for or _NOTHING))
    if before is None or before.attention != after.attention:
        updates.append(ATTENTION.value_set(after.attention or _NOTHING))
    if before is None or before.outcome != after.outcome:
        updates.append(OUTCOME.value_set(after.outcome or _NOTHING))
    if before is None or before.due_at != after.due_at:
        updates.append(
            DUE_AT.value_unset() if after.due_at is None else DUE_AT.value_set(after.due_at)
        )
    kind = after.details.kind
    if kind is not None and (before is None or before.details.kind != kind):
        updates.append(INSTITUTION_KIND.value_set(kind.value))
    return updates
