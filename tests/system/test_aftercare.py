"""After a closure: asked how it was, reminded of the window, and in the end erased."""

from datetime import date, timedelta

from domain.calendar import civil_date
from tests.system.journeys import Journey, World


async def _closed(world: World, outcome: str) -> Journey:
    journey = await world.begins_at("hearing_both_sides")
    await journey.mediator.decides(journey.number, "close_case", outcome=outcome)
    await journey.workflow().result()
    return journey


class TestFeedback:
    async def test_is_asked_for_after_thirty_days_and_welcome_until_the_end(
        self, world: World
    ) -> None:
        journey = await _closed(world, "not_settled")
        closed_on = civil_date(journey.now)

        await journey.passes(timedelta(days=30, minutes=5))

        letter = await journey.file_holds("feedback_request")
        assert date.fromisoformat(letter["writtenAt"][:10]) - closed_on <= timedelta(days=30)
        entry = await journey.complainant.does("feedback", {"text": "Ik ben gehoord."})
        assert entry["status"] == "applied"

    async def test_is_not_for_an_open_case(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")

        entry = await journey.complainant.does("feedback", {"text": "Nu al?"})

        assert (entry["status"], entry["refusal"]) == ("refused", "not_now")

    async def test_may_be_left_out(self, world: World) -> None:
        journey = await _closed(world, "not_settled")

        await journey.passes(timedelta(days=397))

        assert await journey.workflow("erasure").result() == "erased"


class TestTheWindowToTheNextBody:
    async def test_is_told_in_the_closing_letter_and_again_before_it_ends(
        self, world: World
    ) -> None:
        journey = await _closed(world, "not_settled")
        referral = (await journey.complainant.get(""))["referral"]
        until = date.fromisoformat(referral["until"])
        closing = await journey.file_holds("closing")
        assert referral["text"][0] in closing["text"].replace("\n", " ")

        await journey.until_day(until - timedelta(weeks=6))

        letter = await journey.file_holds("window_closing")
        assert date.fromisoformat(letter["writtenAt"][:10]) == until - timedelta(weeks=6)

    async def test_is_no_matter_when_the_case_was_settled(self, world: World) -> None:
        journey = await world.begins_at("outcome_proposed")
        await journey.complainant.does("responses", {"accept": True})
        await journey.workflow().result()

        await journey.passes(timedelta(days=380))

        letters = (await journey.complainant.get("/letters"))["letters"]
        kinds = [letter["letter"] for letter in letters]
        assert kinds.count("feedback_request") == 1
        assert "window_closing" not in kinds
