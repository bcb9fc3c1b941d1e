"""The whole ladder of every kind of institution, on the real server, with true calendar dates.

Each case begins three weeks before something that upsets calendars: Christmas, or one of the two
clock changes. What is expected comes from a slow model of the same law (``slow_calendar``).
"""

import asyncio
from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.utils import parsedate_to_datetime

import pytest
from sqlalchemy import select

from domain.calendar import civil_date
from domain.clock import CIVIL_TIME
from domain.letters import Contact
from domain.parties import Party
from launcher.people import Json, eventually
from storage.models import CaseRow, LetterRow, LetterStatus
from tests.domain.slow_calendar import SlowCalendar
from tests.system.institutions import InstitutionAtItsDesk, desk_of
from tests.system.journeys import Journey, World

WEEKS = {
    "voorbeeldstad": 6,
    "voorbeelddienst": 6,
    "politie-voorbeeldland": 10,
    "voorbeeldbank": 8,
    "voorbeeldbank-zakelijk": 6,
    "voorbeeldzorg": 6,
    "voorbeeldzorgverzekeraar": 6,
    "voorbeeldverzekeraar": 8,
    "voorbeeldinstelling": 6,
}
"""The term of each kind, as ``law.md`` and the statutes state it."""

NEXT_BODY = {
    "voorbeeldstad": "national_ombudsman",
    "voorbeelddienst": "national_ombudsman",
    "politie-voorbeeldland": "national_ombudsman",
    "voorbeeldbank": "kifid",
    "voorbeeldbank-zakelijk": "bank_business_routes",
    "voorbeeldzorg": "care_disputes_committee",
    "voorbeeldzorgverzekeraar": "skgz",
    "voorbeeldverzekeraar": "kifid",
    "voorbeeldinstelling": "adviser",
}
NO_LAST_DAY = {"bank_business_routes", "adviser"}
DECREED = [date(2027, 5, 7), date(2028, 4, 28), date(2028, 5, 26)]
SLOW = SlowCalendar(DECREED)
REPLY = "institution_replies"
RUNGS = ("reminder", "last_day", "passed", "coordinator", "board", "referral")


def _last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    return day - timedelta(days=(day.weekday() + 1) % 7)


def _christmas(year: int) -> date:
    return date(year, 12, 25)


def _summer_time(year: int) -> date:
    return _last_sunday(year, 3)


def _winter_time(year: int) -> date:
    return _last_sunday(year, 10)


def _three_weeks_before(event: Callable[[int], date], today: date) -> date:
    days = (event(year) - timedelta(weeks=3) for year in range(today.year, today.year + 3))
    return next(day for day in days if day > today)


def _a_year_later(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return date(day.year + 1, day.month, 28 if leap else day.day)


async def rest_until(journey: Journey, day: date) -> None:
    """Let a case lie still until a day, without a letter to anybody."""
    await journey.mediator.decides(journey.number, "pause_for_danger")
    await journey.until_day(day)
    entry = await journey.mediator.decides(journey.number, "resume")
    assert entry["status"] == "applied"


async def consents_to_everything(journey: Journey) -> None:
    case = await journey.complainant.get("")
    for consent in case["consents"]:
        if consent["needed"]:
            body = {"consent": True, "purpose": consent["purpose"]}
            entry = await journey.complainant.does("consents", body)
            assert entry["status"] == "applied"
    await journey.complainant.reaches("awaiting_institution", REPLY)


async def letters_of(journey: Journey, *recipients: Party) -> list[tuple[date, str, str]]:
    """Return the letters of a case that were called for, by the day on which they are dated."""
    async with journey.world.database.transaction() as session:
        rows = await session.scalars(
            select(LetterRow)
            .join(CaseRow, CaseRow.id == LetterRow.case_id)
            .where(
                CaseRow.number == journey.number,
                LetterRow.recipient.in_(recipients),
                LetterRow.status != LetterStatus.CANCELLED,
            )
            .order_by(LetterRow.written_at, LetterRow.queued_at)
        )
        return [(civil_date(row.written_at), row.letter.value, row.contact.value) for row in rows]


@pytest.mark.parametrize(
    ("institution", "event"),
    [
        ("voorbeeldstad", _christmas),
        ("voorbeelddienst", _winter_time),
        ("politie-voorbeeldland", _christmas),
        ("voorbeeldbank", _summer_time),
        ("voorbeeldbank-zakelijk", _christmas),
        ("voorbeeldzorg", _summer_time),
        ("voorbeeldzorgverzekeraar", _winter_time),
        ("voorbeeldverzekeraar", _christmas),
        ("voorbeeldinstelling", _summer_time),
    ],
)
class TestTheLadderOf:
    async def test_a_silent_institution_leads_from_the_reminder_to_the_next_body(
        self, world: World, institution: str, event: Callable[[int], date]
    ) -> None:
        journey = await world.begins_at("awaiting_consent", institution=institution)
        start = _three_weeks_before(event, civil_date(journey.now))
        await rest_until(journey, start)
        await consents_to_everything(journey)
        last = SLOW.walk(start, WEEKS[institution], "weeks", rolls=True).day
        assert (await journey.clock(REPLY))["lastDay"] == last.isoformat()

        for rung in RUNGS:
            await journey.until_next(REPLY)
            if rung == "board":
                await journey.shows(stepsToDecide=["board"])
                entry = await journey.mediator.decides(journey.number, "take_step")
                assert entry["status"] == "applied"
        offer = await journey.file_holds("referral_offer")

        def on(days: int) -> date:
            return last + timedelta(days=days)

        assert await letters_of(journey, Party.INSTITUTION) == [
            (start, "complaint_to_institution", Contact.HANDLER),
            (on(-7), "institution_reminder", Contact.HANDLER),
            (on(0), "term_ends_today", Contact.HANDLER),
            (on(1), "term_passed", Contact.HANDLER),
            (on(8), "next_contact", Contact.COORDINATOR),
            (on(22), "next_contact", Contact.BOARD),
        ]
        told = await letters_of(journey, Party.COMPLAINANT)
        assert (on(1), "institution_silent", Contact.HANDLER) in told
        assert (on(36), "referral_offer", Contact.HANDLER) in told
        await _arrived(journey, institution, on)

        case = await journey.complainant.get("")
        assert case["referral"]["code"] == NEXT_BODY[institution]
        until = case["referral"]["until"]
        if NEXT_BODY[institution] in NO_LAST_DAY:
            assert until is None
        elif NEXT_BODY[institution] == "kifid":
            # Three months from the end of the term, or a year from the complaint: the later.
            assert until == _a_year_later(start).isoformat()
        else:
            assert until == _a_year_later(last).isoformat()
        assert offer["status"] == "in_file"

        answer = await journey.complainant.does("responses", {"accept": True, "about": "referral"})
        assert answer["status"] == "applied"
        closed = await journey.complainant.reaches("closed")
        assert closed["outcome"]["code"] == "referred"
        closing = await journey.file_holds("closing")
        assert closed["referral"]["text"][0] in closing["text"].replace("\n", " ")


async def _arrived(journey: Journey, institution: str, on: Callable[[int], date]) -> None:
    """Check that each letter really reached its desk, dated on its day."""
    async with journey.world.database.transaction() as session:
        desks = await desk_of(session, institution)
    expected = [
        (desks[Contact.HANDLER], -7),
        (desks[Contact.HANDLER], 0),
        (desks[Contact.HANDLER], 1),
        (desks[Contact.COORDINATOR], 8),
        (desks[Contact.BOARD], 22),
    ]
    for address, days in expected:
        day = on(days)

        async def ask(address: str = address, day: date = day) -> Json | None:
            for letter in await journey.letters_to(address):
                dated = parsedate_to_datetime(letter["date"]).astimezone(CIVIL_TIME)
                if dated.date() == day:
                    return letter
            return None

        await eventually(ask, f"no letter to {address} dated {day}")


class TestALateAnswer:
    @pytest.mark.parametrize("rungs", range(1, 7), ids=RUNGS)
    async def test_is_welcome_at_each_rung_and_stops_what_has_become_pointless(
        self, world: World, rungs: int
    ) -> None:
        journey = await world.begins_at("awaiting_institution")
        institution = await journey.institution()
        for _ in range(rungs):
            await journey.until_next(REPLY)

        entry = await institution.replies("Toch nog ons antwoord.")

        assert entry["status"] == "applied"
        await journey.shows(stage="hearing_both_sides", replied=True)
        before = await letters_of(journey, Party.INSTITUTION)
        await journey.passes(timedelta(weeks=8))
        course = await journey.course()
        assert await letters_of(journey, Party.INSTITUTION) == before
        assert course["stepsToDecide"] == []
        running = {clock["code"] for clock in course["clocks"]}
        assert not running & {REPLY, "complainant_chooses_route"}


class TestAKindForWhichWeOnlyShowTheWay:
    @pytest.mark.parametrize(
        ("institution", "words"),
        [("voorbeeldverhuurder", "Huurcommissie"), ("voorbeeldexploitant", "Arbeidsinspectie")],
    )
    async def test_is_told_where_to_go_and_nobody_is_contacted(
        self, world: World, institution: str, words: str
    ) -> None:
        journey = await world.begins_at("finding_mediator", institution=institution)
        letter = await journey.file_holds("acknowledgement")
        assert words in letter["text"]

        entry = await journey.complainant.does("consents", {"consent": True})
        assert (entry["status"], entry["refusal"]) == ("refused", "signposting_only")
        await journey.is_accepted(waiting=("hearing_both_sides", "mediator_proposes"))
        await journey.mediator.decides(journey.number, "close_case", outcome="referred")
        await journey.complainant.reaches("closed")
        assert words in (await journey.file_holds("closing"))["text"]
        assert await letters_of(journey, Party.INSTITUTION) == []


class TestAnInstitutionThatTakesMoreTime:
    async def test_gets_it_once_by_itself_and_again_only_with_consent(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        start = civil_date(journey.now)
        desk = await InstitutionAtItsDesk.opens(world.http, await journey.institution())

        first = await desk.says("extensions", "Wij moeten meer mensen spreken.")
        assert first["status"] == "applied"
        once = SLOW.walk(SLOW.walk(start, 6, "weeks", rolls=True).day, 4, "weeks", rolls=True).day
        clock = await journey.clock(REPLY)
        assert (clock["lastDay"], clock["extensions"]) == (once.isoformat(), 1)
        noted = await journey.file_holds("extension_noted")
        assert "meer mensen spreken" in noted["text"]

        refused = await desk.says("extensions", "En nog meer.")
        assert (refused["status"], refused["refusal"]) == ("refused", "needs_consent")
        await journey.file_holds("extension_asked")
        assert (await journey.clock(REPLY))["lastDay"] == once.isoformat()

        body = {"consent": True, "purpose": "further_extension"}
        assert (await journey.complainant.does("consents", body))["status"] == "applied"
        second = await desk.says("extensions", "En nog meer, met goedvinden.")
        assert second["status"] == "applied"
        twice = SLOW.walk(once, 4, "weeks", rolls=True).day
        clock = await journey.clock(REPLY)
        assert (clock["lastDay"], clock["extensions"]) == (twice.isoformat(), 2)

        for rung in ("remind", "remind", "pass"):
            assert await journey.until_next(REPLY) == rung
        dated = [day for day, _, _ in await letters_of(journey, Party.INSTITUTION)]
        assert dated[1:] == [twice - timedelta(days=7), twice, twice + timedelta(days=1)]


class TestAPlugPulledAcrossADueMoment:
    async def test_fires_each_rung_once_after_recovery(self, world: World) -> None:
        journey = await world.begins_at("awaiting_institution")
        for _ in range(2):
            await journey.until_next(REPLY)
        moment = datetime.fromisoformat((await journey.clock(REPLY))["nextAt"])
        await journey.passes(moment - journey.now - timedelta(hours=1))
        system = world.system
        await system.worker.kill()
        await system.temporal.kill()
        await system.restart(system.temporal)
        passing = asyncio.create_task(journey.passes(timedelta(hours=2)))
        await asyncio.sleep(0.5)
        await system.temporal.kill()
        await system.restart(system.temporal)
        await system.restart(system.worker)
        await passing

        await journey.shows(attention="institution_silent", stage="hearing_both_sides")

        letters = [letter for _, letter, _ in await letters_of(journey, *Party)]
        for once in ("term_passed", "institution_silent", "wait_passed"):
            assert letters.count(once) == 1
        assert letters.count("institution_reminder") == letters.count("term_ends_today") == 1
