"""Cases in which the staff ask, intervene and read; and what a schedule starts."""

from datetime import date, timedelta

from tests.system.journeys import Journey, World
from tests.system.scheduled import newest_done, runs_of
from workflows.identifiers import DIGEST, DIGEST_SCHEDULE, FIGURES, FIGURES_SCHEDULE


async def ends(journey: Journey) -> None:
    """Wait until the episode is closed, and its workflow has ended."""
    await journey.complainant.reaches("closed")
    await journey.workflow().result()


async def digest(world: World) -> str:
    """The digests of a day, by the schedule."""
    await world.temporal.get_schedule_handle(DIGEST_SCHEDULE).trigger()
    await newest_done(world.temporal, DIGEST)
    return runs_of(DIGEST)


async def figures(world: World) -> str:
    """The figures of the years that have ended, by the schedule."""
    await world.temporal.get_schedule_handle(FIGURES_SCHEDULE).trigger()
    await newest_done(world.temporal, FIGURES)
    return runs_of(FIGURES)


async def both_sides_are_asked(world: World) -> Journey:
    """Questions to either side, reminded of and answered, a recorded reply, linked, referred."""
    journey = await world.begins_at("hearing_both_sides")
    mediator = journey.mediator
    await mediator.decides(journey.number, "ask_complainant", text="Wanneer was dat?")
    await journey.until_next("complainant_answers")
    await journey.complainant.does("messages", {"text": "Op maandag."})
    await mediator.decides(journey.number, "contact_institution", text="Wie was er?")
    await journey.until_next("institution_answers")
    day = journey.now.date().isoformat()
    await mediator.decides(journey.number, "record_reply", text="Aan de telefoon.", day=day)
    await mediator.decides(journey.number, "link_case", caseNumber=await other_case(world, journey))
    await mediator.decides(journey.number, "refer")
    await ends(journey)
    return journey


async def other_case(world: World, journey: Journey) -> str:
    """Return another case of the same mediator."""
    mine = (await journey.course())["mediatorId"]
    while True:
        other = await world.begins_at("awaiting_consent")
        if (await other.course())["mediatorId"] == mine:
            return other.number


async def supervisors_intervene(world: World) -> Journey:
    """Tried again, dated anew, moved by hand, given to another, read by two, closed."""
    journey = await world.begins_at("awaiting_institution")
    supervisor = world.office.supervisor
    await supervisor.decides(journey.number, "retry_now")
    await journey.passes(timedelta(days=9))
    clock = await journey.clock("institution_replies")
    day = (date.fromisoformat(clock["since"][:10]) + timedelta(days=1)).isoformat()
    await supervisor.decides(journey.number, "correct_date", wait="institution_replies", day=day)
    await supervisor.decides(journey.number, "override_stage", stage="hearing_both_sides")
    await journey.shows(stage="hearing_both_sides")
    await supervisor.decides(journey.number, "reassign")
    await journey.shows(stage="finding_mediator")
    await journey.is_accepted(("hearing_both_sides", "mediator_proposes"))
    await journey.complainant.does("mediator-objection", {"reason": "Wij kennen elkaar."})
    await journey.shows(mediatorId=None)
    for approve in (False, True):
        await reads_by_two(world, journey, approve=approve)
    await supervisor.decides(journey.number, "close_case", outcome="referred")
    await ends(journey)
    return journey


async def reads_by_two(world: World, journey: Journey, *, approve: bool) -> None:
    """Have one supervisor ask to read the case, and another one answer."""
    path = f"/v1/cases/{journey.number}/break-glass"
    first, second = (world.office.member(f"supervisor-{digit}") for digit in "12")
    body = {"scope": "story", "reason": "Omdat het vastzit."}
    asked = await world.http.post(path, json=body, headers=first.headers)
    asked.raise_for_status()
    request = (await first.get(path))["requests"][-1]["id"]
    answered = await world.http.post(
        f"{path}/{request}/approval", json={"approve": approve}, headers=second.headers
    )
    answered.raise_for_status()
    if approve:
        await first.get(f"{path}/{request}/entries")
