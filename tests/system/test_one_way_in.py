"""Delivery: whatever arrives is read in order, once, and before anybody acts on the clock."""

import asyncio
from collections import Counter
from datetime import date, datetime, timedelta

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import Client

from launcher.people import eventually
from temporal_client.connection import data_converter
from tests.system.journeys import INSTITUTION_ADDRESS, Journey, World
from tests.temporal_client.keys import new_keys

PROPOSAL = {"decision": "propose_outcome", "outcome": "settled", "reason": "Zo kan het."}


class TestConsentThatIsRevokedBeforeItIsDelivered:
    async def test_lets_nothing_leave(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        system = world.system
        await system.temporal.kill()
        try:
            given = await journey.complainant.sends("consents", {"consent": True})
            revoked = await journey.complainant.sends("consents", {"consent": False})
            # Its revocation is delivered first, the consent only afterwards by the relay.
            number = int(revoked.rpartition("/")[2])
        finally:
            await system.restart(system.temporal)
        await journey.workflow().signal("complainant_decided", number)

        assert (await journey.complainant.answer(given))["status"] == "applied"
        assert (await journey.complainant.answer(revoked))["status"] == "applied"
        course = await journey.shows(stage="awaiting_consent")
        assert not course["consent"]
        assert not course["contacted"]
        await journey.passes(timedelta(days=1))
        assert await journey.letters_to(INSTITUTION_ADDRESS) == []

    async def test_tells_what_had_left_before(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution", language="en")
        await journey.institution()

        await journey.complainant.does("consents", {"consent": False})

        letter = await journey.file_holds("consent_revoked")
        assert "complaint to the institution" in letter["text"].lower()
        before = await journey.letters_to(INSTITUTION_ADDRESS)
        await journey.passes(timedelta(weeks=12))
        assert await journey.letters_to(INSTITUTION_ADDRESS) == before

    async def test_and_given_again_lets_the_letter_leave_once(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        for consent in (True, False, True):
            await journey.complainant.sends("consents", {"consent": consent})

        await journey.shows(contacted=True)

        await journey.institution()
        letters = await journey.letters_to(INSTITUTION_ADDRESS)
        assert len({letter["message_id"] for letter in letters}) == 1
        assert len(letters) == 1

    async def test_and_given_again_moves_no_term_of_a_letter_that_had_left(
        self, world: World
    ) -> None:
        journey = await world.begins_at("awaiting_institution")
        await journey.institution()
        before = await journey.clock("institution_replies")
        await journey.complainant.does("consents", {"consent": False})
        await journey.shows(stage="awaiting_consent")
        await journey.passes(timedelta(weeks=2))

        await journey.complainant.does("consents", {"consent": True})

        await journey.shows(stage="awaiting_institution")
        await journey.complainant.does("messages", {"text": "Dank u."})
        after = await journey.clock("institution_replies")
        assert after["lastDay"] == before["lastDay"]
        assert len(await journey.letters_to(INSTITUTION_ADDRESS)) == 1

    async def test_and_given_again_begins_the_term_of_a_letter_that_had_not(
        self, world: World
    ) -> None:
        journey = await world.begins_at("awaiting_consent")
        world.system.mail.set_fault("450")
        try:
            await journey.gets_consent()
            await journey.shows(contacted=True)
            before = await journey.clock("institution_replies")
            await journey.complainant.does("consents", {"consent": False})
            await journey.shows(stage="awaiting_consent")
            await journey.passes(timedelta(weeks=2))
        finally:
            world.system.mail.set_fault(None)

        await journey.complainant.does("consents", {"consent": True})

        await journey.institution()
        after = await journey.clock("institution_replies")
        later = date.fromisoformat(after["lastDay"]) - date.fromisoformat(before["lastDay"])
        assert later >= timedelta(days=13)


class TestANameThatIsTakenBack:
    NAME = "Noor Naamhouder"

    async def signs(self, world: World) -> Journey:
        journey = await world.begins_at("awaiting_consent", language="en")
        given = await journey.complainant.sets("identity", {"name": self.NAME})
        assert (await journey.complainant.answer(given))["status"] == "applied"
        await journey.complainant.does("consents", {"consent": True, "purpose": "name"})
        return journey

    async def test_before_the_letter_left_is_not_in_it(self, world: World) -> None:
        journey = await self.signs(world)
        world.system.mail.set_fault("450")
        try:
            await journey.gets_consent()
            await journey.shows(contacted=True)
            await journey.complainant.does("consents", {"consent": False, "purpose": "name"})
        finally:
            world.system.mail.set_fault(None)

        letter = await journey.letter_to(INSTITUTION_ADDRESS, "Dit is de klacht")
        assert self.NAME not in letter["text"]
        assert "geeft u nu geen naam" in " ".join(letter["text"].split())
        await journey.shows(stage="awaiting_institution", contacted=True)
        told = (await journey.file_holds("name_withdrawn"))["text"]
        assert "We had not told the institution your name" in " ".join(told.split())

    async def test_after_the_letter_left_is_told_to_have_been_in_it(self, world: World) -> None:
        journey = await self.signs(world)
        await journey.gets_consent()
        letter = await journey.letter_to(INSTITUTION_ADDRESS, "Dit is de klacht")
        assert self.NAME in letter["text"]

        await journey.complainant.does("consents", {"consent": False, "purpose": "name"})

        told = (await journey.file_holds("name_withdrawn"))["text"]
        assert "complaint to the institution" in told.lower()
        await journey.shows(stage="awaiting_institution", consent=True)


class TestAReplyRecordedDuringAnOutage:
    async def test_before_the_term_never_escalates(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        institution = await journey.institution()
        for _ in range(2):  # the reminders before the term and on its last day
            await journey.until_next("institution_replies")
        passing_at = datetime.fromisoformat((await journey.clock("institution_replies"))["nextAt"])
        await journey.passes(passing_at - journey.now - timedelta(hours=1))
        system = world.system
        await system.worker.stop()
        await system.temporal.kill()
        try:
            response = await world.http.post(institution.link, json={"text": "Op tijd."})
            assert response.status_code == 202
        finally:
            await system.restart(system.temporal)
        # The term passes before any worker sees the reply.
        passing = asyncio.create_task(journey.passes(timedelta(hours=2)))
        await asyncio.sleep(0.5)
        await system.restart(system.worker)
        await passing

        course = await journey.shows(stage="hearing_both_sides", replied=True)

        assert course["attention"] is None
        texts = [letter["text"] for letter in await journey.letters_to(INSTITUTION_ADDRESS)]
        assert not any("de termijn voorbij is" in text for text in texts)


class TestABell:
    @pytest.mark.parametrize(
        ("name", "arguments"),
        [
            ("mediator_decided", []),
            ("mediator_decided", [1, 2]),
            ("mediator_decided", ["not a number"]),
            ("mediator_decided", [{"text": "plaintext"}]),
            ("mediator_decided", [999999]),
            ("complainant_wrote", [-1]),
            ("never_heard_of", [4]),
        ],
    )
    async def test_that_is_forged_or_malformed_changes_nothing(
        self, world: World, name: str, arguments: list[object]
    ) -> None:
        journey = await world.begins_at("awaiting_consent")
        before = await journey.course()

        await journey.workflow().signal(name, args=arguments)
        await journey.gets_consent()

        after = await journey.course()
        assert after["entryCount"] == before["entryCount"] + 1
        assert await _failed_tasks(journey) == 0

    async def test_in_plaintext_without_our_converter_changes_nothing(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        plain = await Client.connect(
            world.system.temporal.address, namespace=world.system.temporal.namespace
        )

        handle = plain.get_workflow_handle(journey.workflow().id)
        await handle.signal("complainant_wrote", b"\x00\xff raw bytes")
        await journey.gets_consent()

        assert await _failed_tasks(journey) == 0

    async def test_that_was_encrypted_under_other_keys_changes_nothing(self, world: World) -> None:
        journey = await world.begins_at("awaiting_consent")
        stranger = await Client.connect(
            world.system.temporal.address,
            namespace=world.system.temporal.namespace,
            data_converter=data_converter(new_keys()),
        )

        handle = stranger.get_workflow_handle(journey.workflow().id)
        await handle.signal("complainant_wrote", 999999)
        await journey.gets_consent()

        assert await _failed_tasks(journey) == 0

    async def test_that_rings_twice_applies_its_entry_once(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides")
        location = await journey.mediator.sends(
            journey.number,
            "decisions",
            {"decision": "propose_outcome", "reason": "Omdat", "outcome": "settled"},
        )
        number = int(location.rpartition("/")[2])
        for _ in range(3):
            await journey.workflow().signal("mediator_decided", number)
        await journey.complainant.reaches("outcome_proposed", "complainant_responds")

        letters = (await journey.complainant.get("/letters"))["letters"]

        kinds = Counter(letter["letter"] for letter in letters)
        assert kinds["outcome_proposal"] == 1


class TestALongCase:
    async def test_applies_300_mixed_messages_across_several_runs(self, world: World) -> None:
        journey = await world.begins_at("hearing_both_sides", email="veel@post.example")
        first_run = (await journey.workflow().describe()).run_id
        locations: list[str] = []
        for batch in range(30):
            sent = await asyncio.gather(
                *(
                    journey.complainant.sends("messages", {"text": f"c {batch}-{n}"})
                    for n in range(4)
                ),
                *(
                    journey.mediator.sends(
                        journey.number,
                        "entries",
                        {"text": f"m {batch}-{n}", "audience": "complainant"},
                    )
                    for n in range(3)
                ),
                journey.mediator.sends(
                    journey.number, "entries", {"text": "note", "audience": "mediator_only"}
                ),
                journey.complainant.sends("consents", {"consent": True}),
                journey.complainant.sets("language", {"language": "en"}),
            )
            locations += sent
        assert len(locations) == 300

        answers = [await journey.complainant.answer(location) for location in _mine(locations)]
        assert {answer["status"] for answer in answers} == {"applied"}
        last = max(int(location.rpartition("/")[2]) for location in locations)

        async def caught_up() -> bool | None:
            entries = (
                await world.office.supervisor.get(
                    f"/v1/cases/{journey.number}/entries?after={last - 1}"
                )
            )["entries"]
            return True if entries[-1]["status"] == "applied" else None

        await eventually(caught_up, "the last message was not applied")
        statuses = await _all_statuses(world, journey)
        assert len(statuses) == last
        assert set(statuses) == {"applied"}

        # Acknowledgement, request, contact and reply, then each message of the mediator.
        announced = 4 + 90

        async def mails() -> Counter[str] | None:
            found = await journey.letters_to("veel@post.example")
            ids = Counter(letter["message_id"] for letter in found)
            return ids if len(ids) >= announced else None

        ids = await eventually(mails, "not every message was announced", 120)
        assert len(ids) == announced
        assert set(ids.values()) == {1}
        await journey.gets_a_proposal()
        runs = await _runs(world, journey)
        assert len(runs) >= 3
        assert (await journey.workflow().describe()).run_id != first_run


def _mine(locations: list[str]) -> list[str]:
    return [location for location in locations if location.startswith("/v1/my-case")]


async def _all_statuses(world: World, journey: Journey) -> list[str]:
    statuses: list[str] = []
    path: str | None = f"/v1/cases/{journey.number}/entries?limit=100"
    while path is not None:
        page = await world.office.supervisor.get(path)
        statuses += [entry["status"] for entry in page["entries"]]
        path = page["next"]
    return statuses


async def _runs(world: World, journey: Journey) -> list[str]:
    return [
        workflow.run_id
        async for workflow in world.temporal.list_workflows(
            f'WorkflowId = "complaint-{journey.number}.1"'
        )
    ]


async def _failed_tasks(journey: Journey) -> int:
    history = await journey.workflow().fetch_history()
    failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    return sum(event.event_type == failed for event in history.events)
