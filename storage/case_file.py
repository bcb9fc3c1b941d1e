"""The case file: entries in, in order; facts and texts out, to whom they are meant for."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from domain.case_number import CaseNumber, draw_case_number
from domain.clock import Clock
from domain.entries import NO_DETAILS, Decision, EntryDetails, EntryFacts, EntryKind, Refusal
from domain.identifiers import CaseId, EntryNumber, InstitutionId, StaffId
from domain.institutions import InstitutionKind
from domain.languages import Language
from domain.matter import Matter
from domain.parties import Audience, Party
from domain.stages import Outcome
from storage import course_records
from storage.ledger_chain import LedgerChain
from storage.models import (
    CaseRow,
    EntryOutcomeRow,
    EntryRow,
    EntryStatus,
    LetterRow,
    LetterStatus,
    Lifecycle,
)
from storage.states import GONE
from storage.vault import KeyWithheld, Vault, is_identifying, place_of_entry

WHOLE_LETTERS = "whole_letters"
"""In a contact entry: the complainant asked for whole letters by mail."""

type Body = Mapping[str, str]
"""What a person wrote, as named texts; sealed as one JSON object."""


class CaseNotFound(LookupError):
    """There is no such case, or it is being erased."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """What arrives, before it has a number."""

    kind: EntryKind
    author: Party
    audience: Audience = Audience.MEDIATOR_ONLY
    body: Body | None = None
    actor: StaffId | None = None
    decision: Decision | None = None
    outcome: Outcome | None = None
    mediator: StaffId | None = None
    language: Language | None = None
    details: EntryDetails = NO_DETAILS


@dataclass(frozen=True, slots=True)
class EntryAnswer:
    """What became of an entry."""

    status: EntryStatus
    refusal: Refusal | None


@dataclass(frozen=True, slots=True)
class FiledEntry:
    """An entry with its text, as its readers see it."""

    facts: EntryFacts
    answer: EntryAnswer
    body: Body | None


class CaseFile:
    """The case file within one transaction.

    Args:
        session: the transaction; the caller commits.
        vault: seals and opens the texts.
        clock: gives the moment of arrival; a case's ``time_offset`` is added to it.
    """

    def __init__(self, session: AsyncSession, vault: Vault, clock: Clock) -> None:
        self._session = session
        self._vault = vault
        self._clock = clock

    async def open_case(
        self,
        institution: InstitutionId | None = None,
        about_kind: InstitutionKind | None = None,
    ) -> CaseRow:
        """Open a case under a new case number, still without any entry.

        Args:
            institution: whom a complaint is about; ``None`` for a question.
            about_kind: the kind of institution that a question is about, if that was said.
        """
        while True:
            row = CaseRow(
                id=uuid4(),
                number=draw_case_number(),
                episode=1,
                lifecycle=Lifecycle.OPEN,
                matter=Matter.QUESTION if institution is None else Matter.COMPLAINT,
                institution_id=institution,
                about_kind=about_kind,
                opened_at=self._clock(),
                closed_at=None,
                entry_count=0,
                workflow_started=False,
            )
            taken = select(exists().where(CaseRow.number == row.number))
            if await self._session.scalar(taken):
                continue
            self._session.add(row)
            await self._session.flush()
            await course_records.begin_overview(self._session, row)
            return row

    async def append(self, case: CaseId, entry: NewEntry, chain: LedgerChain) -> EntryNumber:
        """Append an entry as the case's next number, born undelivered, and link it to the chain.

        Raises:
            CaseNotFound: when there is no such case, or it is being erased.
        """
        row = await self.lock(case)
        if row.lifecycle in GONE:
            raise CaseNotFound
        row.entry_count += 1
        number = EntryNumber(row.entry_count)
        body = None
        if entry.body is not None:
            plain = json.dumps(dict(entry.body), ensure_ascii=False).encode()
            place = place_of_entry(case, number, entry.kind)
            body = await self._vault.seal(self._session, place, plain)
        self._session.add(
            EntryRow(
                case_id=case,
                number=number,
                kind=entry.kind,
                author=entry.author,
                audience=entry.audience,
                received_at=self._clock() + row.time_offset,
                actor_id=entry.actor,
                decision=entry.decision,
                outcome=entry.outcome,
                institution_id=row.institution_id,
                mediator_id=entry.mediator,
                language=entry.language,
                details=None if entry.details == NO_DETAILS else entry.details,
                body=body,
            )
        )
        # The tables are not linked by a relationship, so the order is said here.
        await self._session.flush()
        await chain.extend(self._session, row, number)
        self._session.add(
            EntryOutcomeRow(
                case_id=case,
                number=number,
                status=EntryStatus.UNDELIVERED,
                refusal=None,
                attempts=0,
                next_attempt_at=self._clock(),
                settled_at=None,
            )
        )
        await self._session.flush()
        return number

    async def lock(self, case: CaseId) -> CaseRow:
        """Return the case's row, locked until the transaction ends.

        Raises:
            CaseNotFound: when there is no such case.
        """
        row = await self._session.scalar(
            select(CaseRow)
            .where(CaseRow.id == case)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise CaseNotFound
        return row

    async def find(self, number: CaseNumber) -> CaseRow:
        """Return the case with this number.

        Raises:
            CaseNotFound: when there is none, or it is being erased.
        """
        row = await self._session.scalar(
            select(CaseRow).where(CaseRow.number == number, CaseRow.lifecycle.not_in(GONE))
        )
        if row is None:
            raise CaseNotFound
        return row

    async def facts_beyond(
        self, case: CaseId, cursor: EntryNumber, limit: int
    ) -> Sequence[EntryFacts]:
        """Return the routing facts of at most ``limit`` entries after ``cursor``, in order."""
        rows = await self._session.scalars(
            select(EntryRow)
            .where(EntryRow.case_id == case, EntryRow.number > cursor)
            .order_by(EntryRow.number)
            .limit(limit)
        )
        return [_facts(row) for row in rows]

    async def entries_for(
        self, case: CaseId, reader: Party, after: EntryNumber, limit: int
    ) -> Sequence[FiledEntry]:
        """Return at most ``limit`` entries after ``after`` that the reader may see, in order.

        A supervisor sees every entry, without its text. A side sees what was meant for it once it
        was applied, and always what it said itself.
        """
        rows = await self._session.execute(
            _with_outcomes()
            .where(EntryRow.case_id == case, EntryRow.number > after, *_may_read(reader))
            .order_by(EntryRow.number)
            .limit(limit)
        )
        return [await self._filed(entry, outcome, reader) for entry, outcome in rows.all()]

    async def entry_for(
        self, case: CaseId, reader: Party, number: EntryNumber
    ) -> FiledEntry | None:
        """Return one entry when it exists and the reader may see it."""
        filed = await self.entries_for(case, reader, EntryNumber(number - 1), 1)
        return filed[0] if filed and filed[0].facts.number == number else None

    async def entries_of_kind(self, case: CaseId, kind: EntryKind) -> Sequence[FiledEntry]:
        """Return every entry of a kind with its text, as the complainant sees it, in order."""
        rows = await self._session.execute(
            _with_outcomes()
            .where(EntryRow.case_id == case, EntryRow.kind == kind)
            .order_by(EntryRow.number)
        )
        return [await self._filed(entry, it, Party.COMPLAINANT) for entry, it in rows.all()]

    async def body_of(self, case: CaseId, number: EntryNumber) -> Body:
        """Return the text of an entry, empty when it carries none."""
        row = await self._session.get(EntryRow, (case, number))
        return {} if row is None else await self._body(row)

    async def latest(self, case: CaseId, kind: EntryKind) -> Body:
        """Return the newest text of a kind that the workflow did not refuse, empty if none."""
        row = await self._latest(case, kind)
        return {} if row is None else await self._body(row)

    async def latest_facts(self, case: CaseId, kind: EntryKind) -> EntryFacts | None:
        """Return the newest entry of a kind that the workflow did not refuse."""
        row = await self._latest(case, kind)
        return None if row is None else _facts(row)

    async def _latest(self, case: CaseId, kind: EntryKind) -> EntryRow | None:
        return await self._session.scalar(
            select(EntryRow)
            .join(EntryOutcomeRow)
            .where(
                EntryRow.case_id == case,
                EntryRow.kind == kind,
                EntryOutcomeRow.status != EntryStatus.REFUSED,
            )
            .order_by(EntryRow.number.desc())
            .limit(1)
        )

    async def language_of(self, case: CaseId) -> Language:
        """Return the language in which the complainant wishes to be addressed now."""
        language = await self._session.scalar(
            select(EntryRow.language)
            .where(
                EntryRow.case_id == case,
                EntryRow.language.is_not(None),
                EntryRow.author == Party.COMPLAINANT,
            )
            .order_by(EntryRow.number.desc())
            .limit(1)
        )
        return language or Language.DUTCH

    async def _filed(self, entry: EntryRow, outcome: EntryOutcomeRow, reader: Party) -> FiledEntry:
        body = None
        if reader is not Party.SUPERVISOR and entry.body is not None:
            body = await self._readable(entry)
        return FiledEntry(_facts(entry), EntryAnswer(outcome.status, outcome.refusal), body)

    async def _readable(self, row: EntryRow) -> Body | None:
        """Return the text, or nothing where it identifies somebody and that key is withheld."""
        try:
            return await self._body(row)
        except KeyWithheld:
            if is_identifying(row.kind):
                return None
            raise

    async def _body(self, row: EntryRow) -> Body:
        if row.body is None:
            return {}
        place = place_of_entry(CaseId(row.case_id), EntryNumber(row.number), row.kind)
        plain = await self._vault.open(self._session, place, row.body)
        return json.loads(plain)


async def holds_decision(
    session: AsyncSession, case: CaseId, numbers: Sequence[EntryNumber], decision: Decision
) -> bool:
    """Tell whether one of these entries of a case is a decision of this kind."""
    if not numbers:
        return False
    found = exists().where(
        EntryRow.case_id == case, EntryRow.number.in_(numbers), EntryRow.decision == decision
    )
    return bool(await session.scalar(select(found)))


def _with_outcomes() -> Select[EntryRow, EntryOutcomeRow]:
    return select(EntryRow, EntryOutcomeRow).join(EntryOutcomeRow)


def _may_read(reader: Party) -> Sequence[ColumnElement[bool]]:
    """Return the conditions under which a side may read an entry.

    What was refused, or was not answered yet, reaches nobody but its author, the mediator and, as
    its course, the supervisors: a message without consent is refused, and must not be read for all
    that. An objection to a mediator reaches no mediator: neither its words nor that there was one.
    What is said to an institution reaches it by its letter: one that waits for the end of a danger,
    or that was withheld because consent was taken back, cannot be read by an earlier link either.
    """
    if reader is Party.SUPERVISOR:
        return ()
    if reader in {Party.MEDIATOR, Party.ADVISER}:
        return (EntryRow.kind != EntryKind.MEDIATOR_OBJECTION,)
    meant_for_it = [audience for audience in Audience if audience.includes(reader)]
    is_read = and_(
        EntryOutcomeRow.status == EntryStatus.APPLIED, EntryRow.audience.in_(meant_for_it)
    )
    if reader is Party.INSTITUTION:
        is_read = and_(is_read, or_(~_goes_by_letter(), _left_by_letter()))
    return (or_(EntryRow.author == reader, is_read),)


def _goes_by_letter() -> ColumnElement[bool]:
    return or_(
        EntryRow.kind == EntryKind.MESSAGE,
        EntryRow.decision.is_not_distinct_from(Decision.CONTACT_INSTITUTION),
    )


def _left_by_letter() -> ColumnElement[bool]:
    return exists().where(
        LetterRow.case_id == EntryRow.case_id,
        LetterRow.about == EntryRow.number,
        LetterRow.recipient == Party.INSTITUTION,
        LetterRow.status == LetterStatus.SENT,
    )


def _facts(row: EntryRow) -> EntryFacts:
    return EntryFacts(
        number=EntryNumber(row.number),
        kind=row.kind,
        author=row.author,
        received_at=row.received_at,
        audience=row.audience,
        actor=_staff(row.actor_id),
        decision=row.decision,
        outcome=row.outcome,
        institution=InstitutionId(row.institution_id) if row.institution_id else None,
        mediator=_staff(row.mediator_id),
        language=row.language,
        details=row.details or NO_DETAILS,
    )


def _staff(identifier: UUID | None) -> StaffId | None:
    return None if identifier is None else StaffId(identifier)


def moment_of(row: CaseRow, clock: Clock) -> datetime:
    """Return the present moment in the time of one case."""
    return clock() + row.time_offset
