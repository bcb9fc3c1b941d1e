"""Cases that are played on the real server for their histories; one function for each.

A scenario plays one case with what the system's tests use, and returns it. What a new one has to be
recorded with, and when: ``histories/README.md``.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio.client import WorkflowHandle, WorkflowHistory

from tests.system.erasing import only_the_erasure_is_left
from tests.system.institutions import InstitutionAtItsDesk
from tests.system.journeys import Journey, World
from tests.system.test_ladder import consents_to_everything
from tests.system.test_policy_changes import CORRECTED_EXTENSION, policy_of_an_operator
from tests.workflows.question_scenarios import QUESTIONS
from tests.workflows.staff_scenarios import (
    both_sides_are_asked,
    digest,
    ends,
    figures,
    supervisors_intervene,
)

type Scenario = Callable[[World], Awaitable[Journey | str]]
"""Returns the case that it played, or the query of the runs that are of none."""

SCENARIOS: dict[str, Scenario] = {}
ERASED: dict[str, list[WorkflowHistory]] = {}
"""Histories, by the case's number, that their own case erased while it was played."""


def scenario[R: (Journey, str)](
    play: Callable[[World], Awaitable[R]],
) -> Callable[[World], Awaitable[R]]:
    """Have a scenario recorded under the name of its function."""
    SCENARIOS[play.__name__] = play
    return play


@scenario
async def settled(world: World) -> Journey:
    """Both sides heard on time, an outcome proposed and accepted."""
    journey = await world.begins_at("outcome_proposed", email="iemand@post.example")
    await journey.complainant.does("responses", {"accept": True})
    await ends(journey)
    return journey


@scenario
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
    await ends(journey)
    await world.office.supervisor.decides(journey.number, "reopen_case")
    await journey.shows(episode=2, stage="finding_mediator")
    await journey.complainant.does("withdrawals", {})
    await journey.shows(stage="closed")
    await journey.workflow(episode=2).result()
    return journey


@scenario
async def several_runs(world: World) -> Journey:
    """So many messages that the case goes on in further runs."""
    journey = await world.begins_at("hearing_both_sides")
    for number in range(80):
        await journey.mediator.writes(journey.number, f"bericht {number}", "complainant")
    await journey.gets_a_proposal()
    await journey.complainant.does("responses", {"accept": True})
    await ends(journey)
    return journey


@scenario
async def silent_until_referred(world: World) -> Journey:
    """The whole ladder, decided on by the mediator, and the way to the next body accepted."""
    journey = await world.begins_at("awaiting_institution")
    for step in ("remind", "remind", "pass", "contact_next", "contact_next", "offer_referral"):
        assert await journey.until_next("institution_replies") == step
        if (await journey.course())["stepsToDecide"]:
            await journey.mediator.decides(journey.number, "take_step")
    await journey.file_holds("referral_offer")
    await journey.complainant.does("responses", {"accept": True, "about": "referral"})
    await ends(journey)
    return journey


@scenario
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
    await ends(journey)
    return journey


@scenario
async def kept_until_erased(world: World) -> Journey:
    """Inadmissible with a ground; asked how it was; due to be erased, its doors closed."""
    journey = await world.begins_at("awaiting_consent")
    await journey.mediator.decides(journey.number, "declare_inadmissible", ground="decision")
    await ends(journey)
    await journey.passes(timedelta(days=31))
    await journey.file_holds("feedback_request")
    await journey.complainant.does("feedback", {"text": "Het was goed."})
    async with whole(journey, "complaint", "aftercare"):
        await journey.passes(timedelta(days=370))
        await journey.workflow("erasure").result()
    return journey


@scenario
async def asked_to_be_opened_again(world: World) -> Journey:
    """Asked, reminded of, late, and kept closed; asked again, and opened by a supervisor."""
    journey = await world.begins_at("awaiting_consent")
    await journey.mediator.decides(journey.number, "declare_inadmissible", ground="decision")
    await ends(journey)
    wish = {"text": "Er is iets nieuws."}
    await journey.complainant.does("reopening-requests", wish)
    await journey.passes(timedelta(days=9))
    await journey.shows(attention="reopening_late")
    await journey.mediator.decides(journey.number, "keep_closed")
    await journey.file_holds("not_reopened")
    await journey.complainant.does("reopening-requests", wish)
    await journey.world.office.supervisor.decides(journey.number, "reopen_case")
    await journey.shows(episode=2)
    await journey.complainant.does("withdrawals", {})
    await journey.complainant.reaches("closed")
    await journey.workflow(episode=2).result()
    return journey


@scenario
async def asked_to_be_erased(world: World) -> Journey:
    """Asked while the case was open, taken back after the closure, and asked again; it waits."""
    journey = await world.begins_at("awaiting_consent")
    await journey.complainant.does("erasure-requests", {"confirm": True})
    await ends(journey)
    await journey.complainant.does("erasure-cancellations", {})
    await journey.complainant.does("erasure-requests", {"confirm": True})
    return journey


@scenario
async def erased_on_request(world: World) -> Journey:
    """Erased seven days after that was asked for; nothing but the erasure itself is left."""
    journey = await asked_to_be_erased(world)
    async with whole(journey, "aftercare"):
        await journey.passes(timedelta(days=8))
        await journey.workflow("erasure").result()
    await only_the_erasure_is_left(journey)
    return journey


@scenario
async def settled_in_part(world: World) -> Journey:
    """Consent taken back and given again; a first proposal rejected, a second one accepted."""
    journey = await world.begins_at("hearing_both_sides", email="iemand@post.example")
    case = journey.complainant
    await case.answer(await case.sets("language", {"language": "en"}))
    await case.answer(await case.sets("contact", {"email": "ander@post.example"}))
    await case.answer(await case.sets("identity", {"name": "Anna Voorbeeld"}))
    await case.does("consents", {"consent": True, "purpose": "name"})
    await case.does("consents", {"consent": False, "purpose": "name"})
    await attaches(journey)
    desk = await InstitutionAtItsDesk.opens(world.http, await journey.institution())
    await desk.says("corrections", "De datum klopt niet.")
    await case.does("consents", {"consent": False})
    await journey.shows(stage="awaiting_consent")
    await case.does("consents", {"consent": True})
    await journey.shows(stage="hearing_both_sides")
    await journey.gets_a_proposal()
    await case.does("responses", {"accept": False, "text": "Nee."})
    await journey.shows(stage="hearing_both_sides")
    await journey.mediator.decides(journey.number, "propose_outcome", outcome="partly_settled")
    await case.does("responses", {"accept": True})
    await ends(journey)
    return journey


@scenario
async def nobody_takes_it(world: World) -> Journey:
    """Declined by everybody, offered by a supervisor, recused, and offered again."""
    journey = await world.begins_at("finding_mediator")
    first_id, first = await world.office.asked(journey.number)
    await first.decides(journey.number, "decline_case")
    _, second = await world.office.asked(journey.number, other_than=first_id)
    await second.decides(journey.number, "decline_case")
    await journey.shows(waitingFor="mediator_available", attention="no_mediator")
    await world.office.supervisor.decides(journey.number, "offer_case", mediatorId=first_id)
    await journey.shows(offeredId=first_id)
    await journey.is_accepted()
    await journey.mediator.decides(journey.number, "recuse")
    await journey.shows(stage="finding_mediator", waitingFor="mediator_accepts")
    await journey.complainant.does("withdrawals", {})
    await ends(journey)
    return journey


@scenario
async def complainant_is_silent(world: World) -> Journey:
    """Silent about consent, then about a proposal; closed by the mediator."""
    journey = await world.begins_at("awaiting_consent")
    await journey.until_passed("complainant_consents")
    await journey.shows(attention="complainant_silent")
    await journey.gets_consent()
    await journey.hears_the_institution()
    await journey.gets_a_proposal()
    await journey.until_passed("complainant_responds")
    await journey.shows(attention="complainant_silent")
    await journey.mediator.decides(journey.number, "close_case", outcome="not_settled")
    await ends(journey)
    return journey


@scenario
async def mediator_holds_it(world: World) -> Journey:
    """The mediator pauses for danger, resumes, and moves terms of our own."""
    journey = await world.begins_at("hearing_both_sides")
    mediator, number = journey.mediator, journey.number
    await mediator.decides(number, "pause_for_danger")
    await journey.shows(attention="danger")
    await journey.passes(timedelta(days=3))
    await mediator.decides(number, "resume")
    day = (journey.now + timedelta(days=60)).date().isoformat()
    await mediator.decides(number, "extend_term", wait="mediator_proposes", until=day)
    await journey.until_passed("mediator_proposes")
    await journey.shows(attention="mediator_silent")
    await mediator.decides(number, "close_case", outcome="not_settled")
    await ends(journey)
    return journey


@scenario
async def in_danger_before_contact(world: World) -> Journey:
    """Not safe, so that nothing goes to the institution although there is consent."""
    journey = await world.begins_at("awaiting_consent")
    await journey.complainant.does("safety", {"safe": False})
    await journey.complainant.does("consents", {"consent": True})
    await journey.shows(stage="awaiting_institution", contacted=False)
    await journey.complainant.does("safety", {"safe": True})
    await journey.shows(contacted=True)
    await journey.complainant.does("withdrawals", {})
    await ends(journey)
    return journey


@scenario
async def referral_rejected(world: World) -> Journey:
    """Two steps skipped or taken by the mediator, and the way to the next body rejected."""
    journey = await world.begins_at("awaiting_institution")
    for step in ("remind", "remind", "pass", "contact_next", "contact_next", "offer_referral"):
        assert await journey.until_next("institution_replies") == step
        if (await journey.course())["stepsToDecide"]:
            await journey.mediator.decides(journey.number, "skip_step")
    await journey.file_holds("referral_offer")
    await journey.complainant.does("responses", {"accept": False, "about": "referral"})
    await journey.mediator.decides(journey.number, "close_case", outcome="not_settled")
    await ends(journey)
    return journey


@scenario
async def letter_refused(world: World) -> Journey:
    """The institution's mail server refuses the address; the case goes on."""
    journey = await world.begins_at("awaiting_consent")
    await journey.fails_to_reach_the_institution()
    await journey.mediator.decides(journey.number, "close_case", outcome="not_settled")
    await ends(journey)
    return journey


@scenario
async def institution_not_reached(world: World) -> Journey:
    """The address is mended late; the institution's term begins when the letter leaves."""
    journey = await world.begins_at("awaiting_consent")
    await journey.fails_to_reach_the_institution()
    await journey.until_passed("institution_reached")
    await world.office.supervisor.decides(journey.number, "retry_now")
    await journey.shows(contacted=True)
    await journey.complainant.does("withdrawals", {})
    await ends(journey)
    return journey


@scenario
async def rules_corrected(world: World) -> Journey:
    """A rule that nobody had verified is corrected: applied here, after other consents."""
    journey = await world.begins_at("awaiting_consent", institution="politie-voorbeeldland")
    await consents_to_everything(journey)
    with TemporaryDirectory() as folder:
        async with policy_of_an_operator(world, Path(folder), CORRECTED_EXTENSION):
            await journey.shows(attention="policy_corrected")
            await journey.mediator.decides(journey.number, "apply_correction")
            desk = await InstitutionAtItsDesk.opens(world.http, await journey.institution())
            await desk.says("extensions", "Wij hebben meer tijd nodig.")
            consent = {"consent": True, "purpose": "further_extension"}
            await journey.complainant.does("consents", consent)
            await desk.says("extensions", "Nog meer.")
            await journey.complainant.does("withdrawals", {})
            await ends(journey)
    return journey


@scenario
async def rules_kept(world: World) -> Journey:
    """The same correction, and the mediator keeps the rules with which the case began."""
    journey = await world.begins_at("awaiting_consent", institution="politie-voorbeeldland")
    await consents_to_everything(journey)
    with TemporaryDirectory() as folder:
        async with policy_of_an_operator(world, Path(folder), CORRECTED_EXTENSION):
            await journey.shows(attention="policy_corrected")
            await journey.mediator.decides(journey.number, "keep_rules")
            await journey.complainant.does("withdrawals", {})
            await ends(journey)
    return journey


@scenario
async def much_feedback(world: World) -> Journey:
    """So much after a closure that the aftercare goes on in a further run."""
    journey = await world.begins_at("awaiting_consent")
    await journey.complainant.does("withdrawals", {})
    await ends(journey)
    for number in range(110):
        await journey.complainant.does("safety", {"safe": number % 2 == 1})
    return journey


@asynccontextmanager
async def whole(journey: Journey, *kinds: str) -> AsyncGenerator[None]:
    """Follow histories to their end while the block erases them."""
    async with asyncio.TaskGroup() as group:
        followed = [group.create_task(_to_its_end(journey.workflow(kind))) for kind in kinds]
        yield
    ERASED[journey.number] = [task.result() for task in followed]


async def _to_its_end(workflow: WorkflowHandle[object, object]) -> WorkflowHistory:
    events = [event async for event in workflow.fetch_history_events(wait_new_event=True)]
    return WorkflowHistory(workflow.id, events)


async def attaches(journey: Journey) -> None:
    """Let the complainant hand in a file."""
    response = await journey.world.http.post(
        "/v1/my-case/attachments",
        files={"file": ("brief.txt", b"tekst")},
        headers=journey.complainant.headers,
    )
    await journey.complainant.answer(response.raise_for_status().headers["Location"])


for play in (both_sides_are_asked, supervisors_intervene, *QUESTIONS):
    scenario(play)
scenario(digest)
scenario(figures)
