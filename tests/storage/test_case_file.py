"""The case file: numbers without gaps, and texts for whom they are meant."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from domain.case_number import parse_case_number
from domain.entries import Decision, EntryKind, Refusal, Verdict
from domain.identifiers import CaseId, EntryNumber
from domain.languages import Language
from domain.parties import Audience, Party
from domain.stages import Outcome
from storage import course_records
from storage.case_file import CaseNotFound, NewEntry, moment_of
from storage.models import CaseRow, EntryStatus, LetterRow, LetterStatus, Lifecycle
from tests.storage.archive import MEDIATOR_1, START, VOORBEELDSTAD, Archive, a_letter

NOBODY = CaseId(uuid4())
BEGINNING = EntryNumber(0)


async def numbers_of(archive: Archive, case: CaseId) -> list[int]:
    async with archive.file() as file:
        return [facts.number for facts in await file.facts_beyond(case, BEGINNING, 100)]


def _to_the_institution(
    case: CaseId, about: int, status: LetterStatus = LetterStatus.SENT
) -> LetterRow:
    return a_letter(
        case, key=f"message:{about}", recipient=Party.INSTITUTION, status=status, about=about
    )


class TestOpeningACase:
    async def test_gives_it_a_number_and_nothing_else_yet(self, archive: Archive) -> None:
        row = await archive.row(await archive.open_case())
        assert parse_case_number(row.number) == row.number
        assert (row.episode, row.lifecycle, row.entry_count) == (1, Lifecycle.OPEN, 0)
        assert (row.opened_at, row.closed_at, row.time_offset) == (START, None, timedelta(0))
        assert not row.workflow_started

    async def test_lets_it_be_found_by_its_number(self, archive: Archive) -> None:
        case = await archive.open_case()
        number = parse_case_number((await archive.row(case)).number)
        async with archive.file() as file:
            assert (await file.find(number)).id == case

    async def test_is_the_only_way_to_find_one(self, archive: Archive) -> None:
        async with archive.file() as file:
            with pytest.raises(CaseNotFound):
                await file.find(parse_case_number("lusab-babad-w"))


class TestAppending:
    async def test_numbers_entries_from_one(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        assert [await archive.append(case) for _ in range(3)] == [1, 2, 3]
        assert await archive.append(other) == 1
        assert (await archive.row(case)).entry_count == 3

    async def test_leaves_no_gap_when_twenty_arrive_at_once(self, archive: Archive) -> None:
        case = await archive.open_case()
        numbers = await asyncio.gather(*(archive.append(case) for _ in range(20)))
        assert sorted(numbers) == list(range(1, 21))
        assert await numbers_of(archive, case) == list(range(1, 21))

    async def test_leaves_no_gap_when_it_is_taken_back(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case)
        with pytest.raises(CaseNotFound):
            await self.append_and_fail(archive, case)
        assert await archive.append(case) == 2
        assert await numbers_of(archive, case) == [1, 2]

    @staticmethod
    async def append_and_fail(archive: Archive, case: CaseId) -> None:
        entry = NewEntry(kind=EntryKind.MESSAGE, author=Party.COMPLAINANT)
        async with archive.file() as file:
            assert await file.append(case, entry, archive.chain) == 2
            await file.append(NOBODY, entry, archive.chain)

    async def test_lets_an_entry_be_born_undelivered_and_due(self, archive: Archive) -> None:
        case = await archive.open_case()
        outcome = await archive.outcome_of(case, await archive.append(case))
        assert (outcome.status, outcome.attempts) == (EntryStatus.UNDELIVERED, 0)
        assert (outcome.next_attempt_at, outcome.settled_at, outcome.refusal) == (START, None, None)

    async def test_needs_a_case(self, archive: Archive) -> None:
        with pytest.raises(CaseNotFound):
            await archive.append(NOBODY)

    async def test_keeps_every_fact(self, archive: Archive) -> None:
        case = await archive.open_case()
        entry = NewEntry(
            kind=EntryKind.DECISION,
            author=Party.SUPERVISOR,
            audience=Audience.COMPLAINANT,
            actor=MEDIATOR_1,
            decision=Decision.OFFER_CASE,
            outcome=Outcome.SETTLED,
            mediator=MEDIATOR_1,
            language=Language.ENGLISH,
        )
        async with archive.file() as file:
            await file.append(case, entry, archive.chain)
        async with archive.file() as file:
            [facts] = await file.facts_beyond(case, BEGINNING, 10)
        assert (facts.number, facts.kind, facts.author) == (1, entry.kind, entry.author)
        assert (facts.audience, facts.actor, facts.mediator) == (
            Audience.COMPLAINANT,
            MEDIATOR_1,
            MEDIATOR_1,
        )
        assert (facts.decision, facts.outcome, facts.language) == (
            Decision.OFFER_CASE,
            Outcome.SETTLED,
            Language.ENGLISH,
        )
        assert (facts.institution, facts.received_at) == (VOORBEELDSTAD, START)


class TestTheMomentOfArrival:
    async def test_is_the_clocks(self, archive: Archive) -> None:
        case = await archive.open_case()
        archive.pass_by(timedelta(days=3))
        await archive.append(case)
        assert await self.received_at(archive, case) == START + timedelta(days=3)

    async def test_follows_the_moved_time_of_its_case(self, archive: Archive) -> None:
        case, unmoved = await archive.open_case(), await archive.open_case()
        await archive.execute(
            update(CaseRow).where(CaseRow.id == case).values(time_offset=timedelta(weeks=6))
        )
        await archive.append(case)
        await archive.append(unmoved)
        assert await self.received_at(archive, case) == START + timedelta(weeks=6)
        assert await self.received_at(archive, unmoved) == START
        assert moment_of(await archive.row(case), archive.clock) == START + timedelta(weeks=6)

    async def test_leaves_the_relays_clock_alone(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.execute(update(CaseRow).values(time_offset=timedelta(weeks=6)))
        outcome = await archive.outcome_of(case, await archive.append(case))
        assert outcome.next_attempt_at == START

    @staticmethod
    async def received_at(archive: Archive, case: CaseId):
        async with archive.file() as file:
            [facts] = await file.facts_beyond(case, BEGINNING, 10)
        return facts.received_at


class TestFactsBeyondACursor:
    async def test_come_in_order_and_at_most_as_many_as_asked(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        for _ in range(5):
            await archive.append(case)
            await archive.append(other)
        async with archive.file() as file:
            page = await file.facts_beyond(case, EntryNumber(1), 3)
            rest = await file.facts_beyond(case, EntryNumber(4), 3)
            nothing = await file.facts_beyond(case, EntryNumber(5), 3)
        assert [facts.number for facts in page] == [2, 3, 4]
        assert [facts.number for facts in rest] == [5]
        assert nothing == []


class TestReaders:
    @pytest.mark.parametrize(
        ("reader", "seen"),
        [
            (Party.MEDIATOR, [1, 2, 3, 4]),
            (Party.COMPLAINANT, [2, 4]),
            (Party.INSTITUTION, [3, 4]),
            (Party.SUPERVISOR, [1, 2, 3, 4]),
            (Party.PORTAL, []),
        ],
    )
    async def test_see_what_is_meant_for_them(
        self, archive: Archive, reader: Party, seen: list[int]
    ) -> None:
        case = await archive.open_case()
        for audience in (
            Audience.MEDIATOR_ONLY,
            Audience.COMPLAINANT,
            Audience.INSTITUTION,
            Audience.BOTH_SIDES,
        ):
            await archive.append(
                case, author=Party.MEDIATOR, audience=audience, body={"text": audience.value}
            )
        await archive.answer(case)
        async with archive.database.transaction() as session:
            for number in (3, 4):
                session.add(_to_the_institution(case, number))
        async with archive.file() as file:
            filed = await file.entries_for(case, reader, BEGINNING, 10)
            single = [await file.entry_for(case, reader, EntryNumber(n)) for n in range(1, 6)]
        assert [entry.facts.number for entry in filed] == seen
        assert [entry.facts.number for entry in single if entry is not None] == seen
        if reader is Party.SUPERVISOR:
            assert [entry.body for entry in [*filed, *single] if entry] == [None] * 8
        else:
            assert all(entry.body == {"text": entry.facts.audience.value} for entry in filed)

    @pytest.mark.parametrize(
        ("kind", "decision"),
        [(EntryKind.MESSAGE, None), (EntryKind.DECISION, Decision.CONTACT_INSTITUTION)],
    )
    @pytest.mark.parametrize("status", [None, *LetterStatus])
    async def test_at_an_institution_see_what_was_said_to_it_once_its_letter_has_left(
        self,
        archive: Archive,
        kind: EntryKind,
        decision: Decision | None,
        status: LetterStatus | None,
    ) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        said = await archive.append(
            case,
            kind,
            author=Party.MEDIATOR,
            audience=Audience.INSTITUTION,
            decision=decision,
            body={"text": "Kunt u dit uitleggen?"},
        )
        await archive.answer(case)
        async with archive.database.transaction() as session:
            session.add(_to_the_institution(other, said))
            session.add(_to_the_institution(case, said + 1))
            if status is not None:
                session.add(_to_the_institution(case, said, status))
        async with archive.file() as file:
            seen = await file.entries_for(case, Party.INSTITUTION, BEGINNING, 10)
        assert bool(seen) is (status is LetterStatus.SENT)

    async def test_at_an_institution_see_the_complaint(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case, EntryKind.COMPLAINT, audience=Audience.INSTITUTION)
        await archive.answer(case)
        async with archive.file() as file:
            assert len(await file.entries_for(case, Party.INSTITUTION, BEGINNING, 10)) == 1

    @pytest.mark.parametrize("author", [Party.COMPLAINANT, Party.INSTITUTION])
    async def test_always_see_what_they_wrote_themselves(
        self, archive: Archive, author: Party
    ) -> None:
        case = await archive.open_case()
        await archive.append(case, author=author, body={"text": "van mij"})
        async with archive.file() as file:
            [entry] = await file.entries_for(case, author, BEGINNING, 10)
        assert entry.body == {"text": "van mij"}

    @pytest.mark.parametrize("refusal", [Refusal.NO_CONSENT, None], ids=["refused", "unanswered"])
    @pytest.mark.parametrize("side", [Party.COMPLAINANT, Party.INSTITUTION])
    async def test_do_not_see_what_was_not_applied(
        self, archive: Archive, side: Party, refusal: Refusal | None
    ) -> None:
        case = await archive.open_case()
        await archive.append(
            case, author=Party.MEDIATOR, audience=Audience.BOTH_SIDES, body={"text": "geheim"}
        )
        if refusal is not None:
            await archive.answer(case, refusal)
        async with archive.file() as file:
            assert await file.entries_for(case, side, BEGINNING, 10) == []
            assert await file.entry_for(case, side, EntryNumber(1)) is None
            [seen] = await file.entries_for(case, Party.MEDIATOR, BEGINNING, 10)
        assert seen.body == {"text": "geheim"}

    @pytest.mark.parametrize("applied", [True, False], ids=["applied", "unanswered"])
    async def test_never_read_why_a_complainant_wants_another_mediator(
        self, archive: Archive, applied: bool
    ) -> None:
        case = await archive.open_case()
        await archive.append(case, EntryKind.MEDIATOR_OBJECTION, body={"text": "waarom"})
        if applied:
            await archive.answer(case)
        async with archive.file() as file:
            for reader in (Party.MEDIATOR, Party.INSTITUTION):
                assert await file.entries_for(case, reader, BEGINNING, 10) == []
            [for_supervisors] = await file.entries_for(case, Party.SUPERVISOR, BEGINNING, 10)
            [own] = await file.entries_for(case, Party.COMPLAINANT, BEGINNING, 10)
        assert for_supervisors.body is None
        assert own.body == {"text": "waarom"}

    async def test_get_full_pages_however_much_is_not_for_them(self, archive: Archive) -> None:
        case = await archive.open_case()
        for number in range(10):
            audience = Audience.BOTH_SIDES if number % 3 == 0 else Audience.MEDIATOR_ONLY
            await archive.append(case, author=Party.MEDIATOR, audience=audience)
        await archive.answer(case)
        async with archive.file() as file:
            first = await file.entries_for(case, Party.COMPLAINANT, BEGINNING, 2)
            second = await file.entries_for(case, Party.COMPLAINANT, first[-1].facts.number, 2)
        assert [entry.facts.number for entry in [*first, *second]] == [1, 4, 7, 10]

    async def test_see_nothing_of_another_case(self, archive: Archive) -> None:
        case, other = await archive.open_case(), await archive.open_case()
        await archive.append(other)
        async with archive.file() as file:
            assert await file.entries_for(case, Party.COMPLAINANT, BEGINNING, 10) == []
            assert await file.entry_for(case, Party.COMPLAINANT, EntryNumber(1)) is None


class TestTheLatestText:
    async def test_is_the_newest_that_was_not_refused(self, archive: Archive) -> None:
        case = await archive.open_case()
        for address in ("een@post.example", "twee@post.example", "drie@post.example"):
            await archive.append(case, EntryKind.CONTACT, body={"email": address})
        await archive.append(case, EntryKind.MESSAGE, body={"text": "iets anders"})
        refused = Verdict(EntryNumber(3), Refusal.NOT_ALLOWED)
        async with archive.database.transaction() as session:
            await course_records.record_verdicts(session, case, [refused], archive.now)
        async with archive.file() as file:
            assert await file.latest(case, EntryKind.CONTACT) == {"email": "twee@post.example"}

    async def test_is_empty_when_there_is_none(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case, EntryKind.CONSENT)
        async with archive.file() as file:
            assert await file.latest(case, EntryKind.CONTACT) == {}
            assert await file.latest(case, EntryKind.CONSENT) == {}
            assert await file.body_of(case, EntryNumber(1)) == {}
            assert await file.body_of(case, EntryNumber(9)) == {}

    async def test_can_be_taken_away_by_a_newer_one_without_it(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case, EntryKind.CONTACT, body={"email": "een@post.example"})
        await archive.append(case, EntryKind.CONTACT, body={})
        async with archive.file() as file:
            assert await file.latest(case, EntryKind.CONTACT) == {}

    @pytest.mark.parametrize("words", ["", "café, 🙂", "a\n\nb\u2028c", "\ud7ff", '"}{'])
    async def test_comes_back_as_it_was_written(self, archive: Archive, words: str) -> None:
        case = await archive.open_case()
        number = await archive.append(case, body={"text": words})
        async with archive.file() as file:
            assert await file.body_of(case, number) == {"text": words}


class TestTheLanguage:
    async def test_is_dutch_until_the_complainant_says_otherwise(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case)
        assert await self.language(archive, case) is Language.DUTCH

    async def test_is_the_complainants_last_word(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case, EntryKind.COMPLAINT, language=Language.DUTCH)
        await archive.append(case, EntryKind.LANGUAGE, language=Language.ENGLISH)
        await archive.append(case)
        assert await self.language(archive, case) is Language.ENGLISH

    async def test_is_not_the_institutions_choice(self, archive: Archive) -> None:
        case = await archive.open_case()
        await archive.append(case, author=Party.INSTITUTION, language=Language.ENGLISH)
        assert await self.language(archive, case) is Language.DUTCH

    @staticmethod
    async def language(archive: Archive, case: CaseId) -> Language:
        async with archive.file() as file:
            return await file.language_of(case)
