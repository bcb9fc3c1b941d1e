"""Danger: letters to the institution wait, and clocks that no law sets stand still."""

from datetime import date, timedelta

from launcher.people import eventually
from tests.system.journeys import INSTITUTION_ADDRESS, World


class TestDanger:
    async def test_keeps_the_first_letter_here_until_it_is_safe(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        assert (await journey.complainant.does("safety", {"safe": False}))["status"] == "applied"
        await journey.shows(attention="danger", inDanger=True)

        await journey.complainant.does("consents", {"consent": True})
        await journey.passes(timedelta(days=3))

        course = await journey.shows(stage="awaiting_institution", contacted=False)
        assert "institution_replies" not in {clock["code"] for clock in course["clocks"]}
        assert await journey.letters_to(INSTITUTION_ADDRESS) == []

        await journey.complainant.does("safety", {"safe": True})

        await journey.institution()
        await journey.shows(contacted=True, attention=None)

    async def test_stops_no_legal_clock_and_lets_its_letters_wait(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        await journey.institution()
        before = await journey.clock("institution_replies")
        await journey.complainant.does("safety", {"safe": False})

        await journey.until_passed("institution_replies")

        await journey.shows(stage="hearing_both_sides", inDanger=True)
        assert (await journey.clock("institution_replies"))["lastDay"] == before["lastDay"]
        assert len(await journey.letters_to(INSTITUTION_ADDRESS)) == 1

        await journey.complainant.does("safety", {"safe": True})

        await journey.letter_to(INSTITUTION_ADDRESS, "de termijn voorbij is")
        letters = await journey.letters_to(INSTITUTION_ADDRESS)
        # The reminders of days that have gone by are not sent any more.
        assert len(letters) == 2

    async def test_lets_the_clocks_of_our_own_stand_still(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        before = await journey.clock("mediator_proposes")
        await journey.mediator.decides(journey.number, "pause_for_danger")

        async def still() -> bool | None:
            clock = await journey.clock("mediator_proposes")
            return True if clock["paused"] and clock["nextAt"] is None else None

        await eventually(still, "the clock did not stand still")
        await journey.passes(timedelta(days=40))
        await journey.mediator.decides(journey.number, "resume")

        after = await journey.clock("mediator_proposes")
        moved = date.fromisoformat(after["lastDay"]) - date.fromisoformat(before["lastDay"])
        assert abs(moved - timedelta(days=40)) <= timedelta(days=1)  # summer time may begin
        assert (await journey.course())["attention"] is None


class TestDangerAtTheEnd:
    async def test_lets_nothing_go_to_the_institution_any_more(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        letters = len(await journey.letters_to(INSTITUTION_ADDRESS))
        await journey.complainant.does("safety", {"safe": False})
        await journey.mediator.decides(journey.number, "close_case", outcome="not_settled")
        await journey.workflow().result()

        await journey.file_holds("closing")
        await journey.passes(timedelta(days=2))

        assert len(await journey.letters_to(INSTITUTION_ADDRESS)) == letters

    async def test_is_carried_into_the_case_when_it_is_reopened(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        await journey.complainant.does("safety", {"safe": False})
        await journey.mediator.decides(journey.number, "close_case", outcome="not_settled")
        await journey.workflow().result()

        await world.office.supervisor.decides(journey.number, "reopen_case")

        await journey.shows(episode=2, inDanger=True, attention="danger")

    async def test_can_be_told_after_the_closure_and_is_carried_too(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        await journey.mediator.decides(journey.number, "close_case", outcome="not_settled")
        await journey.workflow().result()

        entry = await journey.complainant.does("safety", {"safe": False})

        assert entry["status"] == "applied"
        await journey.shows(attention="danger", attentions=["danger"], inDanger=True)
        await world.office.supervisor.decides(journey.number, "reopen_case")
        await journey.shows(episode=2, inDanger=True, attention="danger")


class TestIntakeInDanger:
    async def test_asks_a_person_to_look_and_tells_nobody_else(self, world: World) -> None:
        journey = await world.begins(intake={"safety": "not_safe"})

        await journey.shows(attention="danger", inDanger=True)

        letter = await journey.file_holds("acknowledgement")
        assert "112" in letter["text"]
        await journey.is_accepted()
        assert await journey.letters_to(INSTITUTION_ADDRESS) == []
