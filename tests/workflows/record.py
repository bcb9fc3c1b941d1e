"""Records histories from the real server, for the replay test to keep.

Run ``python -m tests.workflows.record NAME`` after adding a scenario here, and commit what it
writes. Never record an old name again: an old history shows that a running case survives a
release. The data in them is made up.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from temporalio.client import Client

from domain.institutions import InstitutionKind
from domain.policy.terms import INSTITUTION_TERMS
from identity.development import DevelopmentIssuer
from launcher.folders import cache_folder, temporary_state
from launcher.people import Letterbox, Office
from launcher.system import System
from settings.application import DEVELOPMENT_ISSUER
from settings.secrets import load_secrets
from storage.database import Database
from temporal_client.connection import data_converter
from tests.system.journeys import Journey, World

HISTORIES = Path(__file__).with_name("histories")


async def settled(world: World) -> Journey:
    """Both sides heard on time, an outcome proposed and accepted."""
    journey = await world.begins_at("outcome_proposed", email="iemand@post.example")
    await journey.complainant.does("responses", {"accept": True})
    await journey.complainant.reaches("closed")
    await journey.workflow().result()
    return journey


async def silent_institution_then_reopened(world: World) -> Journey:
    """Declined once, reminded, silent, recused, closed by the mediator, reopened, withdrawn."""
    journey = await world.begins_at("finding_mediator")
    first_id, first = await world.office.asked(journey.number)
    await first.decides(journey.number, "decline_case")
    await world.office.asked(journey.number, other_than=first_id)
    await journey.is_accepted()
    await journey.gets_consent()
    await journey.shows(contacted=True)
    term = INSTITUTION_TERMS[InstitutionKind.MUNICIPALITY]
    await journey.passes(term.due_after + timedelta(minutes=1))
    await journey.shows(attention="institution_silent")
    await journey.mediator.decides(journey.number, "close_case", outcome="referred")
    await journey.complainant.reaches("closed")
    await journey.workflow().result()
    await world.office.supervisor.decides(journey.number, "reopen_case")
    await journey.shows(episode=2, stage="finding_mediator")
    await journey.complainant.does("withdrawals", {})
    await journey.shows(stage="closed")
    await journey.workflow(episode=2).result()
    return journey


async def several_runs(world: World) -> Journey:
    """So many messages that the case goes on in further runs."""
    journey = await world.begins_at("hearing_both_sides")
    for number in range(80):
        await journey.mediator.writes(journey.number, f"bericht {number}", "complainant")
    await journey.gets_a_proposal()
    await journey.complainant.does("responses", {"accept": True})
    await journey.complainant.reaches("closed")
    await journey.workflow().result()
    return journey


SCENARIOS: dict[str, Callable[[World], Awaitable[Journey]]] = {
    "settled": settled,
    "silent_institution_then_reopened": silent_institution_then_reopened,
    "several_runs": several_runs,
}


async def record(name: str) -> None:
    """Play a scenario and write every history of its case."""
    with temporary_state() as state:
        async with System(state, cache_folder(), mail_faults=True) as system:
            secrets = load_secrets(state / "secrets", may_create=False)
            issuer = DevelopmentIssuer(secrets.signing_key(), DEVELOPMENT_ISSUER)

            def token_for(subject: str) -> str:
                return issuer.issue(subject, datetime.now(UTC))

            temporal = await Client.connect(
                system.temporal.address, data_converter=data_converter()
            )
            database = Database(system.postgres.url)
            async with httpx.AsyncClient(base_url=system.api.url, timeout=30) as http:
                office, letterbox = Office(http, token_for), Letterbox(system.mail.page_url)
                world = World(system, http, office, letterbox, temporal, database, token_for)
                journey = await SCENARIOS[name](world)
                await _write(temporal, name, journey.number)
            await database.close()


async def _write(temporal: Client, name: str, case_number: str) -> None:
    query = f'WorkflowId STARTS_WITH "complaint-{case_number}"'
    also = f'WorkflowId STARTS_WITH "aftercare-{case_number}"'
    found = [run async for run in temporal.list_workflows(f"{query} OR {also}")]
    for place, run in enumerate(sorted(found, key=lambda run: run.start_time)):
        handle = temporal.get_workflow_handle(run.id, run_id=run.run_id)
        history = await handle.fetch_history()
        kind = run.workflow_type.lower()
        path = HISTORIES / f"{name}.{place + 1}-{kind}.json"
        path.write_text(history.to_json() + "\n", encoding="utf-8")
        sys.stdout.write(f"{path.name}: {len(history.events)} events\n")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or SCENARIOS:
        asyncio.run(record(wanted))
