"""A question on the real system: answered, asked on, late, given back, and become a complaint."""

from datetime import timedelta

from domain.calendar import civil_date
from launcher.people import Complainant, eventually
from tests.system.erasing import only_the_erasure_is_left
from tests.system.journeys import Journey, World
from tests.system.test_faults import killed
from workflows import search_attributes

ADVISER_ADDRESS = "adviser-1@wederhoor.example"


async def answers(journey: Journey, text: str = "Nee, niet zonder reden.") -> None:
    entry = await journey.world.office.adviser.decides(journey.number, "answer_question", text=text)
    assert entry["status"] == "applied", entry
    await journey.complainant.reaches("answered", "complainant_follows_up")


class TestAQuestion:
    async def test_is_answered_asked_on_and_closed(self, world: World) -> None:
        journey = await world.asks(email="vraag@post.example", kind="bank_private")
        received = await journey.file_holds("question_received")
        promised = await journey.clock("adviser_answers")
        assert promised["source"] == "service_level"
        await journey.letter_to(ADVISER_ADDRESS, "een vraag die u gaat beantwoorden")

        await answers(journey)
        letter = await journey.file_holds("answer")
        assert "Nee, niet zonder reden." in letter["text"]
        await journey.letter_to("vraag@post.example", "Er is nieuws in uw zaak")

        await journey.passes(timedelta(days=3))
        entry = await journey.complainant.does("messages", {"text": "En binnen welke tijd?"})
        assert entry["status"] == "applied"
        await journey.complainant.reaches("awaiting_adviser", "adviser_answers")
        again = await journey.clock("adviser_answers")
        assert again["since"][:10] == civil_date(journey.now).isoformat()
        await journey.letter_to(ADVISER_ADDRESS, "iets nieuws binnengekomen")
        await answers(journey, "Binnen twee maanden.")

        await journey.until_passed("complainant_follows_up")
        case = await journey.complainant.reaches("closed")
        assert case["outcome"]["code"] == "advised"
        assert (case["matter"], case["institution"]) == ("question", None)
        assert case["aboutKind"] == "bank_private"
        closing = await journey.file_holds("question_closed")
        assert received["id"] != closing["id"]
        assert await journey.workflow("advice").result() == "advised"
        aftercare = await journey.workflow("aftercare").describe()
        assert aftercare.typed_search_attributes.get(search_attributes.OUTCOME) == "advised"

    async def test_is_seen_by_supervisors_in_its_course_alone(self, world: World) -> None:
        journey = await world.asks(text="Zeg dit tegen niemand anders.")
        course = await journey.course()
        assert course["matter"] == "question"
        assert course["mediatorId"] is None
        assert course["adviserId"] is not None
        entries = await world.office.supervisor.get(f"/v1/cases/{journey.number}/entries")
        assert [entry["body"] for entry in entries["entries"]] == [None]
        mine = await world.office.adviser.get(f"/v1/cases/{journey.number}/entries")
        assert mine["entries"][0]["body"] == {"text": "Zeg dit tegen niemand anders."}

    async def test_stands_in_the_list_of_its_adviser(self, world: World) -> None:
        journey = await world.asks()
        listed = await world.office.adviser.get("/v1/cases?matter=question&needsMe=true&limit=100")
        found = [case for case in listed["cases"] if case["caseNumber"] == journey.number]
        assert [need["code"] for need in found[0]["needs"]] == ["answer_question"]
        complaints = await world.office.adviser.get("/v1/cases?matter=complaint")
        assert complaints["cases"] == []

    async def test_is_described_in_the_temporal_ui(self, world: World) -> None:
        journey = await world.asks(kind="police")
        described = await journey.workflow("advice").describe()
        assert described.workflow_type == "Advice"
        attributes = described.typed_search_attributes
        assert attributes.get(search_attributes.STAGE) == "awaiting_adviser"
        assert attributes.get(search_attributes.WAITING_FOR) == "adviser_answers"
        assert attributes.get(search_attributes.INSTITUTION_KIND) == "police"
        assert await described.static_summary() == f"Case {journey.number}, episode 1"


class TestAnAnswerThatDoesNotCome:
    async def test_is_reminded_of_escalated_and_welcome_when_it_comes_late(
        self, world: World
    ) -> None:
        journey = await world.asks()

        assert await journey.until_next("adviser_answers") == "remind"
        await journey.letter_to(ADVISER_ADDRESS, "Een vraag wacht op u.")
        assert (await journey.course())["attention"] is None
        assert await journey.until_next("adviser_answers") == "pass"

        await journey.shows(attention="adviser_silent")
        await journey.file_holds("answer_delayed")
        assert (await journey.clock("adviser_answers"))["round"] == 2
        await answers(journey)
        await journey.shows(attention=None, stage="answered")


class TestAQuestionOfTheAdviser:
    async def test_is_answered_and_then_the_answer_is_awaited_again(self, world: World) -> None:
        journey = await world.asks()
        adviser = world.office.adviser
        entry = await adviser.decides(journey.number, "ask_complainant", text="Sinds wanneer?")
        assert entry["status"] == "applied"
        await journey.complainant.reaches("awaiting_adviser", "complainant_answers")
        assert "Sinds wanneer?" in (await journey.file_holds("adviser_asks"))["text"]

        await journey.until_next("complainant_answers")
        await journey.complainant.does("messages", {"text": "Sinds mei."})

        await journey.complainant.reaches("awaiting_adviser", "adviser_answers")

    async def test_that_stays_open_leaves_it_to_the_adviser(self, world: World) -> None:
        journey = await world.asks()
        adviser = world.office.adviser
        await adviser.decides(journey.number, "ask_complainant", text="Sinds wanneer?")
        await journey.until_passed("complainant_answers")
        await journey.shows(attention="complainant_silent", waitingFor="adviser_answers")
        entry = await adviser.decides(journey.number, "close_case", outcome="not_advised")
        assert entry["status"] == "applied"
        case = await journey.complainant.reaches("closed")
        assert case["outcome"]["code"] == "not_advised"


class TestAnAdviser:
    async def test_who_gives_a_question_back_is_not_asked_again(self, world: World) -> None:
        journey = await world.asks()
        adviser_id = (await journey.course())["adviserId"]
        await world.office.adviser.decides(journey.number, "recuse")
        course = await journey.shows(attention="no_adviser", waitingFor="adviser_available")
        assert {"reason": "excluded", "mediators": 1} in course["unfit"]  # others work here, too

        entry = await world.office.supervisor.decides(
            journey.number, "reassign", mediatorId=adviser_id
        )

        assert entry["status"] == "applied"
        await journey.shows(stage="awaiting_adviser", adviserId=adviser_id, attention=None)


class TestTemporalDown:
    async def test_takes_in_a_question_and_delivers_it_later(self, world: World) -> None:
        async with killed(world, world.system.temporal):
            complainant = await Complainant.asks(world.http)
            case = await complainant.get("")
            assert case["stage"]["code"] == "received"
            entry = await complainant.get("/entries/1")
            assert entry["status"] == "undelivered"

        await complainant.reaches("awaiting_adviser")
        assert (await complainant.get("/entries/1"))["status"] == "applied"


class TestAComplaintThatAQuestionBecame:
    async def test_has_its_words_address_and_language_and_closes_it(self, world: World) -> None:
        journey = await world.asks(
            text="May they do that?", language="en", email="vraag@post.example"
        )
        adviser_id = (await journey.course())["adviserId"]

        complaint = await journey.complainant.turns_into_complaint("voorbeeldstad")

        case = await complaint.reaches("finding_mediator", "mediator_accepts")
        assert (case["matter"], case["language"]) == ("complaint", "en")
        assert case["newsByMail"]
        assert case["linkedCases"] == [journey.number]
        assert complaint.receipt_code != journey.complainant.receipt_code
        first = await complaint.get("/entries/1")
        assert first["body"] == {"subject": "May they do that?", "text": "May they do that?"}
        closed = await journey.complainant.reaches("closed")
        assert closed["outcome"]["code"] == "became_complaint"
        assert closed["linkedCases"] == [complaint.case_number]
        offer = {"mediatorId": adviser_id}
        response = await world.http.post(
            f"/v1/cases/{complaint.case_number}/decisions",
            json={"decision": "offer_case", "reason": "Vrij.", **offer},
            headers=world.office.supervisor.headers,
        )
        assert response.status_code == 400  # an adviser is no mediator

    async def test_leaves_the_question_open_when_that_is_wished(self, world: World) -> None:
        journey = await world.asks(subject="Rekening")
        await journey.complainant.turns_into_complaint(
            "voorbeeldstad", closeQuestion=False, text="Mijn klacht."
        )
        await journey.letter_to(ADVISER_ADDRESS, "iets nieuws binnengekomen")
        await answers(journey)
        case = await journey.complainant.get("")
        assert len(case["linkedCases"]) == 1


class TestErasure:
    async def test_takes_a_question_with_all_its_workflows(self, world: World) -> None:
        journey = await world.asks()
        await journey.complainant.does("erasure-requests", {"confirm": True})
        await journey.complainant.reaches("closed")
        await journey.workflow("advice").result()
        await journey.passes(timedelta(days=8))

        assert await journey.workflow("erasure").result() == "erased"
        await only_the_erasure_is_left(journey)

        async def gone() -> bool | None:
            code = {"receiptCode": journey.complainant.receipt_code}
            response = await world.http.post("/v1/sessions", json=code)
            return True if response.status_code == 401 else None

        await eventually(gone, "the receipt code still opens something")


class TestReopening:
    async def test_begins_the_question_again_with_the_same_adviser(self, world: World) -> None:
        journey = await world.asks()
        await answers(journey)
        await world.office.adviser.decides(journey.number, "close_case", outcome="advised")
        await journey.complainant.reaches("closed")
        await journey.workflow("advice").result()

        entry = await world.office.adviser.decides(journey.number, "reopen_case")

        assert entry["status"] == "applied"
        await journey.shows(episode=2, stage="awaiting_adviser")
        letter = await journey.file_holds("reopened")
        assert "een adviseur" in letter["text"].lower()
        await answers(journey)
