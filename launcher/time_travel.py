"""Letting weeks pass for one case, on the same real server as everything else.

For tests and the demo only: production refuses to start when the time of a case was moved.
"""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from activities.messages import CaseReference
from domain.case_number import CaseNumber
from domain.identifiers import CaseId
from storage.database import Database
from storage.models import CaseRow, Lifecycle
from storage.time_offsets import move_time
from workflows.identifiers import aftercare_workflow_id, episode_workflow_id


@dataclass(frozen=True, slots=True)
class CaseWorkflows:
    """The workflow ids of a case's present episode, and whether that episode is closed."""

    episode: str
    aftercare: str
    closed: bool


async def workflows_of(database: Database, case_number: str) -> CaseWorkflows:
    """Return which workflows look after a case now."""
    async with database.transaction() as session:
        row = (await session.scalars(select(CaseRow).where(CaseRow.number == case_number))).one()
        case = CaseReference(CaseId(row.id), CaseNumber(row.number), row.episode)
        closed = row.lifecycle is not Lifecycle.OPEN
    return CaseWorkflows(episode_workflow_id(case, row.matter), aftercare_workflow_id(case), closed)


async def advance(client: Client, database: Database, case_number: str, delta: timedelta) -> None:
    """Let time pass for one case: for its workflow, and for what arrives in it from now on.

    Every timer on the way fires at its own moment, so letters carry true calendar dates. A
    workflow that ends on the way is left at its end.
    """
    workflows = await workflows_of(database, case_number)
    if workflows.closed:
        # The workflow of the episode begins the aftercare as the last thing that it does.
        await client.get_workflow_handle(workflows.episode).result()
    current = workflows.aftercare if workflows.closed else workflows.episode
    await move_time(database, case_number, delta)
    await TimeSkipper(client).fast_forward(client.get_workflow_handle(current), delta)
