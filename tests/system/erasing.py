"""What Temporal still lists of a case."""

from launcher.people import eventually
from tests.system.journeys import Journey


def runs_query(case_number: str) -> str:
    """Return the query for every run of a case."""
    kinds = ("complaint", "advice", "aftercare", "erasure")
    return " OR ".join(f'WorkflowId STARTS_WITH "{kind}-{case_number}."' for kind in kinds)


async def runs_of(journey: Journey) -> set[str]:
    """Return the workflows of a case that Temporal lists."""
    found = journey.world.temporal.list_workflows(runs_query(journey.number))
    return {run.id async for run in found}


async def only_the_erasure_is_left(journey: Journey, episode: int = 1) -> None:
    """Wait until Temporal lists nothing of a case but its erasure."""

    async def ask() -> bool | None:
        return await runs_of(journey) == {journey.workflow("erasure", episode).id} or None

    await eventually(ask, f"runs of {journey.number} are listed")
