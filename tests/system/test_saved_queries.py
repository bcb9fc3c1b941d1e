"""The saved queries: each finds the case that it is for, and leaves the other one alone."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from domain.identifiers import StaffId
from domain.stages import Stage
from domain.waits import Attention, Wait
from launcher.people import eventually
from tests.system.test_watch import BrokenWorkflow
from workflows.identifiers import COMPLAINT
from workflows.saved_queries import QUERIES, WORKFLOW_TASK_FAILING, SavedQuery, with_waiting
from workflows.search_attributes import Standing, at_start

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
ORDINARY = Standing(
    stage=Stage.AWAITING_INSTITUTION,
    mediator=StaffId(UUID("6f1c2f0e-7d1b-4a7e-9a51-0c5a3f6f0001")),
    waiting_since=NOW - timedelta(days=13),
    attentions=(Attention.DANGER,),
)
LOOKED_FOR = {
    "overdue at the institution": replace(
        ORDINARY, attentions=(Attention.DANGER, Attention.INSTITUTION_SILENT)
    ),
    "no mediator yet": replace(ORDINARY, mediator=None),
    "nobody could be found as mediator": replace(ORDINARY, attentions=(Attention.NO_MEDIATOR,)),
    "questions that wait for an answer": replace(ORDINARY, waiting_for=Wait.ADVISER_ANSWERS),
    "nobody could be found as adviser": replace(ORDINARY, attentions=(Attention.NO_ADVISER,)),
    "an answer is late": replace(ORDINARY, attentions=(Attention.ADVISER_SILENT,)),
    "a letter failed": replace(ORDINARY, attentions=(Attention.LETTER_FAILED,)),
    "an effect fails, and is tried again": replace(
        ORDINARY, attentions=(Attention.EFFECT_FAILING,)
    ),
    "waiting for the same since before 2026-11-11": replace(
        ORDINARY, waiting_since=NOW - timedelta(days=15)
    ),
}
BY_ATTRIBUTES = [
    saved for saved in with_waiting(NOW - timedelta(days=14)) if saved.finds in LOOKED_FOR
]


class Cases:
    """Workflows that only stand somewhere, for as long as a test."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._begun: list[WorkflowHandle[object, object]] = []

    async def begin(self, standing: Standing, task_queue: str = "nobody") -> str:
        handle = await self._client.start_workflow(
            COMPLAINT,
            id=f"standing-{uuid4()}",
            task_queue=task_queue,
            search_attributes=at_start(standing),
        )
        self._begun.append(handle)
        return handle.id

    async def until_found(self, query: str, wanted: str) -> list[str]:
        async def ask() -> list[str] | None:
            found = [run.id async for run in self._client.list_workflows(query)]
            return found if wanted in found else None

        return await eventually(ask, f"{wanted} was not found by {query}")

    async def end(self) -> None:
        for handle in self._begun:
            await handle.terminate("a test")


@pytest.fixture
async def cases(temporal: Client) -> AsyncIterator[Cases]:
    begun = Cases(temporal)
    yield begun
    await begun.end()


class TestASavedQuery:
    def test_is_tried_here_whichever_it_is(self) -> None:
        assert {saved.finds for saved in QUERIES} == {
            *(saved.finds for saved in BY_ATTRIBUTES if "before" not in saved.finds),
            "the workflow cannot go on",
        }

    @pytest.mark.parametrize("saved", BY_ATTRIBUTES, ids=lambda saved: saved.finds)
    async def test_finds_what_it_is_for_and_nothing_else(
        self, cases: Cases, saved: SavedQuery
    ) -> None:
        ordinary = await cases.begin(ORDINARY)
        wanted = await cases.begin(LOOKED_FOR[saved.finds])
        await cases.until_found(f'WorkflowId = "{ordinary}"', ordinary)

        assert ordinary not in await cases.until_found(saved.query, wanted)

    async def test_finds_a_workflow_whose_tasks_fail(self, temporal: Client, cases: Cases) -> None:
        queue = f"broken-{uuid4()}"
        async with Worker(temporal, task_queue=queue, workflows=[BrokenWorkflow]):
            ordinary = await cases.begin(ORDINARY)
            broken = await cases.begin(ORDINARY, queue)

            assert ordinary not in await cases.until_found(WORKFLOW_TASK_FAILING, broken)
