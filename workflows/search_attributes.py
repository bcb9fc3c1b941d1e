"""What supervisors can search cases by: enumerations, dates and ids, never anything personal."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from temporalio import workflow
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    SearchAttributeUpdate,
    TypedSearchAttributes,
)

from activities.messages import BeginAftercare
from domain import aftercare
from domain.aftercare import PlannedDuty
from domain.identifiers import StaffId
from domain.institutions import InstitutionKind
from domain.overview import Overview, Trouble
from domain.stages import Outcome, Stage
from domain.waits import Attention, Wait, by_urgency

STAGE = SearchAttributeKey.for_keyword("WederhoorStage")
INSTITUTION_KIND = SearchAttributeKey.for_keyword("WederhoorInstitutionKind")
MEDIATOR = SearchAttributeKey.for_keyword("WederhoorMediator")
"""The id of a member of the staff, which tells nobody who that is."""
WAITING_FOR = SearchAttributeKey.for_keyword("WederhoorWaitingFor")
WAITING_SINCE = SearchAttributeKey.for_datetime("WederhoorWaitingSince")
DUE_AT = SearchAttributeKey.for_datetime("WederhoorDueAt")
ATTENTION = SearchAttributeKey.for_keyword("WederhoorAttention")
"""The most urgent reason to look."""
ATTENTIONS = SearchAttributeKey.for_keyword_list("WederhoorAttentions")
"""Every reason to look: to search by, since a more urgent one would hide the others."""
OUTCOME = SearchAttributeKey.for_keyword("WederhoorOutcome")
POLICY_VERSION = SearchAttributeKey.for_keyword("WederhoorPolicyVersion")

NOTHING = "none"
"""A value to search by: Temporal cannot find what is absent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a case stands, as far as it can be searched by.

    Attributes:
        waiting_since: when the wait began, in UTC.
        due_at: what is due next, in UTC.
        attentions: the most urgent one in front.
    """

    stage: Stage
    kind: InstitutionKind | None = None
    mediator: StaffId | None = None
    waiting_for: Wait | None = None
    waiting_since: datetime | None = None
    due_at: datetime | None = None
    attentions: tuple[Attention, ...] = ()
    outcome: Outcome | None = None
    policy_version: str = ""


def standing_of(overview: Overview) -> Standing:
    """Return where a case stands by its read model."""
    return Standing(
        stage=overview.stage,
        kind=overview.details.kind,
        mediator=overview.mediator,
        waiting_for=overview.waiting_for,
        waiting_since=overview.waiting_since,
        due_at=overview.due_at,
        attentions=overview.details.attentions,
        outcome=overview.outcome,
        policy_version=overview.details.policy_version,
    )


def standing_after_closure(begin: BeginAftercare, trouble: Trouble | None = None) -> Standing:
    """Return where a closed case stands.

    Args:
        begin: what its aftercare would go on with.
        trouble: what cannot be done at present.
    """
    danger = [Attention.DANGER] if begin.danger else []
    failing = [] if trouble is None else [Attention.EFFECT_FAILING]
    asked = aftercare.why_look(begin.request, begin.erasure_asked_at)
    return Standing(
        stage=Stage.CLOSED,
        kind=begin.kind,
        mediator=begin.mediator,
        due_at=duty_of(begin).at,
        attentions=by_urgency([*danger, *failing, *asked]),
        outcome=begin.outcome,
        policy_version=begin.policy_version,
    )


def duty_of(begin: BeginAftercare) -> PlannedDuty:
    """Return what an aftercare has to do next, by what it goes on with."""
    planned = aftercare.duties(begin.closed_at, begin.outcome, begin.referral)
    return aftercare.next_duty(planned, begin.duties_done, begin.erasure_asked_at, begin.request)


def _values(standing: Standing) -> Mapping[SearchAttributeKey[Any], Any]:
    return {
        STAGE: standing.stage.value,
        INSTITUTION_KIND: standing.kind or NOTHING,
        MEDIATOR: str(standing.mediator or NOTHING),
        WAITING_FOR: standing.waiting_for or NOTHING,
        WAITING_SINCE: standing.waiting_since,
        DUE_AT: standing.due_at,
        ATTENTION: next(iter(standing.attentions), NOTHING),
        ATTENTIONS: [str(reason) for reason in standing.attentions] or [NOTHING],
        OUTCOME: standing.outcome or NOTHING,
        POLICY_VERSION: standing.policy_version or NOTHING,
    }


ALL: tuple[SearchAttributeKey[Any], ...] = tuple(_values(Standing(stage=Stage.RECEIVED)))


def at_start(standing: Standing) -> TypedSearchAttributes:
    """Return the attributes a workflow is started with."""
    return TypedSearchAttributes(
        [
            SearchAttributePair(key, value)
            for key, value in _values(standing).items()
            if value is not None
        ]
    )


def changes(before: Standing | None, after: Standing) -> list[SearchAttributeUpdate[Any]]:
    """Return what has to be set so that the search attributes say what ``after`` says.

    Args:
        before: what they say now; ``None`` when that is not known.
    """
    known: Mapping[SearchAttributeKey[Any], Any] = {} if before is None else _values(before)
    return [
        key.value_unset() if value is None else key.value_set(value)
        for key, value in _values(after).items()
        if key not in known or known[key] != value
    ]


def show(before: Standing | None, after: Standing) -> Standing:
    """Have the running workflow's search attributes say what ``after`` says; return that."""
    updates = changes(before, after)
    if updates:
        # The SDK leaves the type parameter of an update open.
        workflow.upsert_search_attributes(updates)  # pyright: ignore[reportUnknownMemberType]
    return after
