"""What an ordinary case costs: the events of its history, counted on the real system.

Counts, not seconds. They differ a little from run to run: a bell that rings while the workflow is
at work anyway costs less than one that wakes it. And whether the time of a refusal tells why, and
how long the lists of the desk take beside very many cases.
"""

from collections import Counter

from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowHistory

from launcher.bench_lists import compare_lists
from launcher.bench_sameness import compare_refusals
from launcher.folders import cache_folder, temporary_state
from launcher.people import Complainant, Institution, eventually
from launcher.progress import Progress
from launcher.system import System
from launcher.time_travel import workflows_of
from launcher.visit import Visit, visiting

_TIMER_STARTED = EventType.EVENT_TYPE_TIMER_STARTED
_INSTITUTION = "klachten@voorbeeldstad.example"


async def bench() -> None:
    """Play an ordinary case on a system of its own, and print what its history is made of.

    Raises:
        LauncherError: when the system does not start.
    """
    progress = Progress()
    with temporary_state() as state:
        system = System(state, cache_folder(), progress=progress)
        async with system, visiting(system) as visit:
            histories = await _ordinary_case(visit)
            await compare_refusals(visit)
            await compare_lists(visit, system.postgres.url)
    for name, history in histories.items():
        _print(name, history)


async def _ordinary_case(visit: Visit) -> dict[str, WorkflowHistory]:
    """Both sides heard in time, an outcome proposed and accepted; contact by e-mail."""
    case = await Complainant.complains(visit.http, "voorbeeldstad", email="iemand@post.example")
    number = case.case_number
    _, mediator = await visit.office.asked(number)
    await mediator.decides(number, "accept_case")
    await case.does("consents", {"consent": True})
    await case.reaches("awaiting_institution", "institution_replies")
    letter = await visit.letterbox.letter(_INSTITUTION, number)
    await Institution(visit.http, letter["text"]).replies("Onze excuses.")
    await case.reaches("hearing_both_sides")
    await mediator.decides(number, "propose_outcome", outcome="settled")
    await case.reaches("outcome_proposed")
    await case.does("responses", {"accept": True})
    workflows = await workflows_of(visit.database, number)
    handle = visit.temporal.get_workflow_handle(workflows.episode)
    await handle.result()
    aftercare = visit.temporal.get_workflow_handle(workflows.aftercare)

    async def at_rest() -> WorkflowHistory | None:
        history = await aftercare.fetch_history()
        timers = [event for event in history.events if event.event_type == _TIMER_STARTED]
        return history if timers else None

    return {
        "complaint": await handle.fetch_history(),
        "aftercare at rest": await eventually(at_rest, "the aftercare did not come to rest"),
    }


def _print(name: str, history: WorkflowHistory) -> None:
    kinds = Counter(
        EventType.Name(event.event_type).removeprefix("EVENT_TYPE_").lower()
        for event in history.events
    )
    size = sum(event.ByteSize() for event in history.events)
    print(f"\n{name}: {len(history.events)} events, {size / 1024:.0f} KiB")
    for kind, count in sorted(kinds.items(), key=lambda item: (-item[1], item[0])):
        print(f"  {count:>4}  {kind}")
