"""Every wait: answered, reminded, timed out, and answered late. Weeks pass by time skipping."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from temporalio.api.enums.v1 import EventType

from launcher.people import eventually
from tests.system.journeys import INSTITUTION_ADDRESS, Journey, World


class TestWaitingForAMediatorToAccept:
    async def test_offers_the_case_to_another_when_the_first_declines(self, world: World) -> None:
        journey = await world.begins_at("finding_mediator")
        first_id, first = await world.office.asked(journey.number)

        await first.decides(journey.number, "decline_case")

        second_id, second = await world.office.asked(journey.number, other_than=first_id)
        assert second_id != first_id
        entry = await second.decides(journey.number, "accept_case")
        assert entry["status"] == "applied"
        await journey.complainant.reaches("awaiting_consent")

    async def test_reminds_the_mediator_who_was_asked(self, world: World) -> None:
        journey = await world.begins_at("finding_mediator")
        first_id, _ = await world.office.asked(journey.number)

        await journey.until_next("mediator_accepts")

        address = _address_of(first_id)
        letters = await _grown(journey, address, 2)
        assert len(letters) == 2
        assert (await journey.course())["offeredId"] == first_id

    async def test_offers_the_case_to_another_on_silence_and_refuses_the_late_answer(
        self, world: World
    ) -> None:
        journey = await world.begins_at("finding_mediator")
        first_id, first = await world.office.asked(journey.number)

        await journey.until_passed("mediator_accepts")

        second_id, _ = await world.office.asked(journey.number, other_than=first_id)
        assert second_id != first_id
        for method, path, body in (
            ("GET", f"/v1/cases/{journey.number}", None),
            ("POST", f"/v1/cases/{journey.number}/decisions", {"decision": "accept_case"}),
        ):
            late = await world.http.request(method, path, json=body, headers=first.headers)
            assert late.status_code == 404
        assert (await journey.course())["offeredId"] == second_id


class TestWaitingForAnyMediator:
    async def test_asks_for_attention_and_lets_a_supervisor_offer_the_case(
        self, world: World
    ) -> None:
        journey = await world.begins_at("finding_mediator")
        first_id, first = await world.office.asked(journey.number)
        await first.decides(journey.number, "decline_case")
        second_id, second = await world.office.asked(journey.number, other_than=first_id)
        await second.decides(journey.number, "decline_case")

        await journey.shows(waitingFor="mediator_available", attention="no_mediator")
        entry = await world.office.supervisor.decides(
            journey.number, "offer_case", mediatorId=first_id, reason="Vrij."
        )

        assert entry["status"] == "applied"
        course = await journey.shows(waitingFor="mediator_accepts", offeredId=first_id)
        assert course["attention"] is None
        assert second_id != first_id

    async def test_considers_everybody_again_on_the_next_business_day(self, world: World) -> None:
        journey = await world.begins_at("finding_mediator")
        first_id, first = await world.office.asked(journey.number)
        await first.decides(journey.number, "decline_case")
        _, second = await world.office.asked(journey.number, other_than=first_id)
        await second.decides(journey.number, "decline_case")
        await journey.shows(waitingFor="mediator_available")

        assert await journey.until_next("mediator_available") == "remind"

        await journey.shows(waitingFor="mediator_accepts")

    async def test_never_again_asks_a_mediator_who_recused(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        recused_id = (await journey.course())["mediatorId"]

        await journey.mediator.decides(journey.number, "recuse")

        course = await journey.shows(stage="finding_mediator", waitingFor="mediator_accepts")
        assert course["offeredId"] != recused_id
        _, other = await world.office.asked(journey.number)
        await other.decides(journey.number, "decline_case")
        await journey.shows(waitingFor="mediator_available")
        assert await journey.until_next("mediator_available") == "remind"
        course = await journey.shows(waitingFor="mediator_accepts")
        assert course["offeredId"] != recused_id


class TestWaitingForConsent:
    async def test_reminds_the_complainant(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        await journey.until_next("complainant_consents")

        letter = await journey.file_holds("your_turn")
        due = (await journey.complainant.get(""))["waitingFor"]["until"]
        assert letter["writtenAt"] < due

    async def test_asks_for_attention_on_silence_and_begins_anew(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        before = await journey.course()

        await journey.until_passed("complainant_consents")

        course = await journey.shows(attention="complainant_silent")
        assert course["stage"] == "awaiting_consent"
        assert course["dueAt"] > before["dueAt"]

    async def test_welcomes_a_late_answer(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        await journey.until_passed("complainant_consents")
        await journey.shows(attention="complainant_silent")

        await journey.gets_consent()

        await journey.shows(stage="awaiting_institution", attention=None)


class TestWaitingForTheInstitution:
    async def test_reminds_before_the_term_and_only_once(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")

        await journey.until_next("institution_replies")
        await journey.passes(timedelta(days=3))

        await journey.letter_to(INSTITUTION_ADDRESS, "nog geen reactie")
        assert len(await journey.letters_to(INSTITUTION_ADDRESS)) == 2

    async def test_notices_that_the_term_passed_and_tells_everybody(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        due = (await journey.course())["dueAt"]

        await journey.until_passed("institution_replies")

        await journey.shows(stage="hearing_both_sides", attention="institution_silent")
        notice = await journey.letter_to(INSTITUTION_ADDRESS, "de termijn voorbij is")
        assert "ingebrekestelling" not in notice["text"].lower()
        told = await journey.file_holds("institution_silent")
        assert told["writtenAt"] >= due

    async def test_welcomes_a_late_reply(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        await journey.until_passed("institution_replies")
        await journey.shows(attention="institution_silent")

        entry = await (await journey.institution()).replies("Toch nog.")

        assert entry["status"] == "applied"
        await journey.shows(replied=True, attention=None)

    async def test_answered_in_time_is_neither_reminded_nor_late(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")

        await journey.passes(timedelta(weeks=7))

        await journey.shows(attention="mediator_silent")
        letters = await journey.letters_to(INSTITUTION_ADDRESS)
        assert len(letters) == 1


class TestWaitingForTheMediator:
    async def test_reminds_the_mediator(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        address = _address_of((await journey.course())["mediatorId"])
        before = len(await _grown(journey, address, 2))

        await journey.until_next("mediator_proposes")

        await _grown(journey, address, before + 1)

    async def test_asks_for_attention_on_silence_and_takes_a_late_proposal(
        self, world: World
    ) -> None:
        journey = await world.begins_at("hearing_both_sides")

        await journey.until_passed("mediator_proposes")

        await journey.shows(attention="mediator_silent")
        await journey.gets_a_proposal()
        await journey.shows(attention=None)


class TestWaitingForTheAnswerToAProposal:
    async def test_reminds_then_asks_for_attention_then_takes_a_late_answer(
        self, world: World
    ) -> None:
        journey = await world.begins_at("outcome_proposed")

        await journey.until_next("complainant_responds")
        await journey.file_holds("your_turn")
        await journey.until_passed("complainant_responds")
        await journey.shows(attention="complainant_silent", stage="outcome_proposed")

        entry = await journey.complainant.does("responses", {"accept": True})
        assert entry["status"] == "applied"
        await journey.complainant.reaches("closed")


class TestWaitingForTheAnswerToAQuestion:
    async def test_of_the_complainant_is_reminded_then_the_mediators_turn_then_welcome_late(
        self, world: World
    ) -> None:
        journey = await world.begins_at("hearing_both_sides")
        await journey.mediator.decides(journey.number, "ask_complainant", text="Wanneer was dat?")
        await journey.shows(waitingFor="complainant_answers", stage="hearing_both_sides")

        await journey.until_next("complainant_answers")
        await journey.file_holds("your_turn")
        await journey.until_passed("complainant_answers")
        await journey.shows(waitingFor="mediator_proposes", attention="complainant_silent")

        entry = await journey.complainant.does("messages", {"text": "Op maandag."})
        assert entry["status"] == "applied"
        await journey.shows(waitingFor="mediator_proposes", attention=None)

    async def test_of_the_institution_is_reminded_then_the_mediators_turn_then_welcome_late(
        self, world: World
    ) -> None:
        journey = await world.begins_at("hearing_both_sides")
        await journey.mediator.decides(journey.number, "contact_institution", text="Wie was er?")
        await journey.shows(waitingFor="institution_answers")
        await journey.letter_to(INSTITUTION_ADDRESS, "Wie was er?")

        await journey.until_next("institution_answers")
        await journey.letter_to(INSTITUTION_ADDRESS, "een vraag gesteld")
        await journey.until_passed("institution_answers")
        await journey.shows(attention="institution_silent")

        entry = await (await journey.institution()).replies("Alsnog: de collega.")
        assert entry["status"] == "applied"
        await journey.shows(attention=None)

    async def test_answered_in_time_is_neither_reminded_nor_late(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        await journey.mediator.decides(journey.number, "ask_complainant", text="Wanneer was dat?")
        await journey.complainant.does("messages", {"text": "Op maandag."})
        await journey.shows(waitingFor="mediator_proposes")

        await journey.passes(timedelta(days=20))

        await journey.shows(attention=None)
        assert "Reminder: the complainant's answer to a question of ours" in (
            await journey.summaries(EventType.EVENT_TYPE_TIMER_STARTED)
        )
        letters = (await journey.complainant.get("/letters"))["letters"]
        assert "your_turn" not in {letter["letter"] for letter in letters}


def _address_of(staff_id: str) -> str:
    return f"mediator-{staff_id[-1]}@wederhoor.example"


async def _grown(journey: Journey, address: str, count: int) -> list[dict[str, Any]]:
    async def ask() -> list[dict[str, Any]] | None:
        letters = await journey.letters_to(address)
        return letters if len(letters) >= count else None

    return await eventually(ask, f"{address} did not get {count} letters")


class TestAChangeOfOneClock:
    async def test_wakes_no_other(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        before = await journey.clock("next_body_window")
        last = date.fromisoformat((await journey.clock("mediator_proposes"))["lastDay"])

        entry = await journey.mediator.decides(
            journey.number,
            "extend_term",
            wait="mediator_proposes",
            until=(last + timedelta(days=9)).isoformat(),
        )

        assert entry["status"] == "applied"
        extended = await journey.clock("mediator_proposes")
        assert extended["lastDay"] == (last + timedelta(days=9)).isoformat()
        assert await journey.clock("next_body_window") == before
        started = Counter(await journey.summaries(EventType.EVENT_TYPE_TIMER_STARTED))
        assert started["Reminder: the window to go to the next body"] == 1
        assert started["Reminder: the mediator's proposal for an outcome"] == 2
