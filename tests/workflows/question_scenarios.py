"""Questions that are played for their histories, and an adviser beside a mediator."""

from tests.system.journeys import Journey, World


async def _answers(journey: Journey) -> None:
    adviser = journey.world.office.adviser
    await adviser.decides(journey.number, "answer_question", text="Nee.")
    await journey.complainant.reaches("answered")


async def _ends(journey: Journey, episode: int = 1) -> None:
    await journey.complainant.reaches("closed")
    await journey.workflow("advice", episode).result()


async def question_answered_late(world: World) -> Journey:
    """Reminded, late, answered, asked on, answered again, and closed by itself."""
    journey = await world.asks(kind="police", safety="not_safe")
    await journey.until_passed("adviser_answers")
    await journey.file_holds("answer_delayed")
    await _answers(journey)
    await journey.complainant.does("messages", {"text": "En hoe lang?"})
    await journey.complainant.reaches("awaiting_adviser")
    await journey.complainant.does("safety", {"safe": True})
    await _answers(journey)
    await journey.until_passed("complainant_follows_up")
    await _ends(journey)
    return journey


async def question_given_back(world: World) -> Journey:
    """The adviser asks, writes, gives it back; nobody is left; a supervisor names somebody."""
    journey = await world.asks()
    adviser_id = (await journey.course())["adviserId"]
    adviser, supervisor = world.office.adviser, world.office.supervisor
    await adviser.decides(journey.number, "ask_complainant", text="Sinds wanneer?")
    await journey.until_next("complainant_answers")
    await journey.complainant.does("messages", {"text": "Sinds mei."})
    await adviser.writes(journey.number, "Ik zoek het uit.", "complainant")
    await adviser.decides(journey.number, "recuse")
    await journey.shows(attention="no_adviser")
    await journey.until_passed("adviser_available")
    await supervisor.decides(journey.number, "reassign", mediatorId=adviser_id)
    await journey.complainant.does("consents", {"consent": True})
    await journey.complainant.does("withdrawals", {})
    await _ends(journey)
    return journey


async def question_reopened(world: World) -> Journey:
    """Closed by the adviser, who opens it again; somebody may help for a while."""
    journey = await world.asks()
    given = await journey.complainant.lets_in("Joke")
    await journey.complainant.lets_out(given["number"])
    await world.office.adviser.decides(journey.number, "close_case", outcome="not_advised")
    await _ends(journey)
    await world.office.adviser.decides(journey.number, "reopen_case")
    await journey.shows(episode=2, stage="awaiting_adviser")
    await journey.complainant.does("withdrawals", {})
    await _ends(journey, 2)
    return journey


async def question_became_complaint(world: World) -> Journey:
    """Turned into a complaint, by which it closes."""
    journey = await world.asks()
    await journey.complainant.turns_into_complaint("voorbeeldstad")
    await _ends(journey)
    return journey


async def adviser_beside_a_mediator(world: World) -> Journey:
    """A supervisor gives a complaint an adviser."""
    other = await world.asks()
    adviser_id = (await other.course())["adviserId"]
    journey = await world.begins_at("finding_mediator")
    await world.office.supervisor.decides(journey.number, "assign_adviser", adviserId=adviser_id)
    await journey.complainant.does("withdrawals", {})
    await journey.complainant.reaches("closed")
    await journey.workflow().result()
    return journey


QUESTIONS = (
    question_answered_late,
    question_given_back,
    question_reopened,
    question_became_complaint,
    adviser_beside_a_mediator,
)
