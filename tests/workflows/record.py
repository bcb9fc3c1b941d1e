"""Records histories from the real server, for the replay test to keep.

Run ``python -m tests.workflows.record NAME`` after adding a scenario here, and commit what it
writes. Never record an old name again: an old history shows that a running case survives a
release. The data in them is made up, so they are kept in plain.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client

from launcher.folders import cache_folder, temporary_state
from launcher.system import System
from launcher.visit import visiting
from tests.system.digests import RUNS_OF_DIGESTS, one_digest_is_written
from tests.system.erasing import only_the_erasure_is_left, runs_query
from tests.system.institutions import InstitutionAtItsDesk
from tests.system.journeys import Journey, World
from tests.temporal_client.payloads import in_plain
from workflows.identifiers import DIGEST_SCHEDULE

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
    await journey.until_passed("institution_replies")
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


async def silent_until_referred(world: World) -> Journey:
    """The whole ladder, decided on by the mediator, and the way to the next body accepted."""
    journey = await world.begins_at("awaiting_institution")
    for step in ("remind", "remind", "pass", "contact_next", "contact_next", "offer_referral"):
        assert await journey.until_next("institution_replies") == step
        if (await journey.course())["stepsToDecide"]:
            await journey.mediator.decides(journey.number, "take_step")
    await journey.file_holds("referral_offer")
    await journey.complainant.does("responses", {"accept": True, "about": "referral"})
    await journey.complainant.reaches("closed")
    await journey.workflow().result()
    return journey


async def extended_and_in_danger(world: World) -> Journey:
    """More time taken once and refused once, danger and safety, terms moved, an objection."""
    journey = await world.begins_at("awaiting_institution")
    desk = await InstitutionAtItsDesk.opens(world.http, await journey.institution())
    await desk.says("extensions", "Wij hebben meer tijd nodig.")
    await desk.says("extensions", "Nog meer.")
    await journey.complainant.does("safety", {"safe": False})
    await journey.mediator.writes(journey.number, "Wij wachten even.", "both_sides")
    await journey.passes(timedelta(days=9))
    await journey.complainant.does("safety", {"safe": True})
    await desk.says("objections", "Wij doen niet mee.")
    await journey.shows(stage="hearing_both_sides")
    await journey.mediator.decides(journey.number, "restart_term", wait="mediator_proposes")
    await journey.mediator.decides(journey.number, "close_case", outcome="not_settled")
    await journey.complainant.reaches("closed")
    await journey.workflow().result()
    return journey


async def kept_until_erased(world: World) -> Journey:
    """Inadmissible with a ground; asked how it was; due to be erased, its doors closed."""
    journey = await world.begins_at("awaiting_consent")
    more = {"outcome": "inadmissible", "ground": "decision"}
    await journey.mediator.decides(journey.number, "close_case", **more)
    await journey.complainant.reaches("closed")
    await journey.workflow().result()
    await journey.passes(timedelta(days=31))
    await journey.file_holds("feedback_request")
    await journey.complainant.does("feedback", {"text": "Het was goed."})
    await journey.passes(timedelta(days=370))
    await journey.workflow("erasure").result()
    return journey


async def asked_to_be_erased(world: World) -> Journey:
    """Asked while the case was open, taken back after the closure, and asked again; it waits."""
    journey = await world.begins_at("awaiting_consent")
    await journey.complainant.does("erasure-requests", {"confirm": True})
    await journey.complainant.reaches("closed")
    await journey.workflow().result()
    await journey.complainant.does("erasure-cancellations", {})
    await journey.complainant.does("erasure-requests", {"confirm": True})
    return journey


async def erased_on_request(world: World) -> Journey:
    """Erased seven days after that was asked for; nothing but the erasure itself is left."""
    journey = await asked_to_be_erased(world)
    await journey.passes(timedelta(days=8))
    await journey.workflow("erasure").result()
    await only_the_erasure_is_left(journey)
    return journey


async def digest(world: World) -> str:
    """The digests of a day, by the schedule; what finds its runs."""
    await world.temporal.get_schedule_handle(DIGEST_SCHEDULE).trigger()
    await one_digest_is_written(world.temporal)
    return RUNS_OF_DIGESTS


SCENARIOS: dict[str, Callable[[World], Awaitable[Journey]]] = {
    "settled": settled,
    "silent_institution_then_reopened": silent_institution_then_reopened,
    "several_runs": several_runs,
    "silent_until_referred": silent_until_referred,
    "extended_and_in_danger": extended_and_in_danger,
    "kept_until_erased": kept_until_erased,
    "asked_to_be_erased": asked_to_be_erased,
    "erased_on_request": erased_on_request,
}

OF_NO_CASE: dict[str, Callable[[World], Awaitable[str]]] = {"digest": digest}


async def record(name: str) -> None:
    """Play a scenario and write every history of its case."""
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
            if name in OF_NO_CASE:
                query = await OF_NO_CASE[name](world)
            else:
                query = runs_query((await SCENARIOS[name](world)).number)
            await _write(visit.temporal, name, query)


async def _write(temporal: Client, name: str, query: str) -> None:
    found = [run async for run in temporal.list_workflows(query)]
    for place, run in enumerate(sorted(found, key=lambda run: run.start_time)):
        handle = temporal.get_workflow_handle(run.id, run_id=run.run_id)
        history = await in_plain(temporal, await handle.fetch_history())
        kind = run.workflow_type.lower()
        path = HISTORIES / f"{name}.{place + 1}-{kind}.json"
        path.write_text(history.to_json() + "\n", encoding="utf-8")
        sys.stdout.write(f"{path.name}: {len(history.events)} events\n")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or [*SCENARIOS, *OF_NO_CASE]:
        asyncio.run(record(wanted))
