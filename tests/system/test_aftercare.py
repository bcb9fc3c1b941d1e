"""After a closure: asked how it was, reminded of the window, and in the end erased."""

from datetime import date, timedelta

from catalogues.texts import catalogue
from domain.calendar import civil_date
from domain.languages import Language
from launcher.people import Json, eventually
from tests.system.journeys import Journey, World

WISH = {"text": "Er is een nieuwe brief gekomen."}


async def _closed(world: World, outcome: str) -> Journey:
    journey = await world.begins_at("hearing_both_sides")
    await journey.mediator.decides(journey.number, "close_case", outcome=outcome)
    await journey.workflow().result()
    return journey


async def _told(journey: Journey, times: int) -> list[Json]:
    """Wait until the mediator was told so often that the case may have to be opened again."""
    subject = catalogue(Language.DUTCH)["letter.reopening_asked.subject"]

    async def ask() -> list[Json] | None:
        mails = await journey.world.letterbox.all()
        found = [it for it in mails if it["subject"] == subject and journey.number in it["text"]]
        return found if len(found) == times else None

    return await eventually(ask, f"the mediator was not told {times} times")


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


class TestAskingToReopen:
    async def test_is_answered_by_whoever_had_the_case(self, world: World) -> None:
        journey = await _closed(world, "not_settled")
        entry = await journey.complainant.does("reopening-requests", WISH)
        assert entry["status"] == "applied"
        shown = (await journey.complainant.get(""))["reopening"]
        assert not shown["possible"]
        answer_by = date.fromisoformat(shown["answerBy"])
        assert answer_by - date.fromisoformat(shown["askedOn"]) == timedelta(days=7)
        await journey.shows(attention="reopening_asked")
        [told] = await _told(journey, 1)
        assert WISH["text"] not in told["text"]

        entry = await journey.mediator.decides(journey.number, "reopen_case")

        assert entry["status"] == "applied"
        await journey.shows(episode=2, attention=None)

    async def test_is_told_why_not(self, world: World) -> None:
        journey = await _closed(world, "not_settled")
        await journey.complainant.does("reopening-requests", WISH)
        entry = await journey.mediator.decides(
            journey.number, "keep_closed", reason="Er is niets nieuws gebeurd."
        )
        assert entry["status"] == "applied"
        letter = await journey.file_holds("not_reopened")
        assert "Er is niets nieuws gebeurd." in letter["text"]
        await journey.shows(attention=None)
        shown = (await journey.complainant.get(""))["reopening"]
        assert (shown["possible"], shown["askedOn"]) == (True, None)

    async def test_without_an_answer_reminds_and_then_calls_a_supervisor(
        self, world: World
    ) -> None:
        journey = await _closed(world, "not_settled")
        await journey.complainant.does("reopening-requests", WISH)
        await _told(journey, 1)

        await journey.passes(timedelta(days=5))
        await _told(journey, 2)
        await journey.shows(attention="reopening_asked")

        await journey.passes(timedelta(days=3))
        await journey.shows(attention="reopening_late")

        supervisor = journey.world.office.supervisor
        entry = await supervisor.decides(journey.number, "keep_closed", reason="Te laat.")
        assert entry["status"] == "applied"
        await journey.shows(attention=None)

    async def test_is_too_late_after_six_weeks(self, world: World) -> None:
        journey = await _closed(world, "not_settled")
        assert (await journey.complainant.get(""))["reopening"]["possible"]
        await journey.passes(timedelta(days=43))
        assert not (await journey.complainant.get(""))["reopening"]["possible"]
        entry = await journey.complainant.does("reopening-requests", WISH)
        assert (entry["status"], entry["refusal"]) == ("refused", "window_passed")

    async def test_is_not_for_an_open_case(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        assert not (await journey.complainant.get(""))["reopening"]["possible"]
        entry = await journey.complainant.does("reopening-requests", WISH)
        assert (entry["status"], entry["refusal"]) == ("refused", "not_now")


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
