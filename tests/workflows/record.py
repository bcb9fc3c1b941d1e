"""Records histories from the real server: ``make histories``, or with ``ONLY="name name"``.

When to record an old name again, and when never to: ``histories/README.md``.
"""

import asyncio
import sys
from collections.abc import Sequence

from temporalio.client import Client, WorkflowHistory

from launcher.folders import cache_folder, temporary_state
from launcher.system import System
from launcher.visit import visiting
from tests.system.erasing import runs_query
from tests.system.journeys import Journey, World
from tests.temporal_client.payloads import in_plain
from tests.workflows.fingerprints import write_fingerprint
from tests.workflows.replaying import HISTORIES
from tests.workflows.scenarios import ERASED, SCENARIOS


async def record(names: Sequence[str]) -> None:
    """Play scenarios on one system and keep every history of their cases, with fingerprints."""
    with temporary_state() as state:
        system = System(state, cache_folder(), mail_faults=True)
        async with system, visiting(system) as visit:
            world = World(
                system,
                visit.http,
                visit.office,
                visit.letterbox,
                visit.temporal,
                visit.database,
                visit.token_for,
            )
            for name in names:
                played = await SCENARIOS[name](world)
                await _keep(name, await _histories_of(visit.temporal, played), world)


async def _histories_of(temporal: Client, played: Journey | str) -> list[WorkflowHistory]:
    query = played if isinstance(played, str) else runs_query(played.number)
    found = [] if isinstance(played, str) else ERASED.get(played.number, [])
    async for run in temporal.list_workflows(query):
        handle = temporal.get_workflow_handle(run.id, run_id=run.run_id)
        found.append(await handle.fetch_history())
    return sorted(found, key=lambda history: history.events[0].event_time.ToNanoseconds())


async def _keep(name: str, histories: Sequence[WorkflowHistory], world: World) -> None:
    for old in HISTORIES.glob(f"{name}.*"):
        old.unlink()
    for place, encrypted in enumerate(histories, start=1):
        history = await in_plain(world.temporal, encrypted)
        kind = history.workflow_id.partition("-")[0]
        path = HISTORIES / f"{name}.{place}-{kind}.json"
        path.write_text(history.to_json() + "\n", encoding="utf-8")
        await write_fingerprint(path)
        sys.stdout.write(f"{path.name}: {len(history.events)} events\n")


if __name__ == "__main__":
    asyncio.run(record(sys.argv[1:] or list(SCENARIOS)))
