"""Lists of cases: what needs the reader today, counts, and a search over what may be searched."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from pydantic import Field
from sqlalchemy.ext.asyncio import AsyncSession

from api import case_presenting
from api.case_answers import CaseBody, CasesBody, CountsBody, FoundBody
from api.problems import FieldError, Problem, language_of
from api.schemas import Day, InstitutionKey, Line, Sent
from api.who import SignedIn, Staff
from api.wire_format import StrictRoute
from api.wiring import Parts, Wiring
from catalogues.texts import text
from delivery.break_glass import awaiting_answer
from domain.calendar import civil_date, end_of
from domain.identifiers import CaseId, InstitutionId, StaffId
from domain.institutions import InstitutionKind
from domain.languages import SPOKEN
from domain.matter import Matter
from domain.staff import Role
from domain.stages import Stage
from domain.waits import Attention, Wait
from storage import case_lists, case_words, course_records
from storage.case_file import moment_of
from storage.case_lists import AnyOf, CaseFilter, ListedCase, Position

router = APIRouter(prefix="/cases", route_class=StrictRoute, tags=["staff"])

_MOST_WORDS = 8


class CaseQuery(Sent):
    """Which cases; what is left out is left open. Several values of one filter are alternatives."""

    stage: tuple[Stage, ...] = ()
    attention: tuple[Attention, ...] = ()
    institution: tuple[InstitutionKey, ...] = ()
    institution_kind: tuple[InstitutionKind, ...] = ()
    matter: Matter | None = None
    """Only complaints, or only questions."""
    mediator: tuple[UUID, ...] = ()
    waiting_for: tuple[Wait, ...] = ()
    due_before: Day | None = None
    """What is awaited is due on an earlier day than this."""
    overdue: bool = False
    """What is awaited is late."""
    needs_me: bool = False
    """The case needs something of the reader."""
    danger: bool | None = None
    reopened: bool | None = None
    closed: bool = False
    """Closed cases as well; without it, only those that ask for attention."""
    after: Annotated[str | None, Field(max_length=200)] = None
    """Where the page before ended, as that page told."""
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class SearchBody(CaseQuery):
    """A search: each word has to fit, as the beginning of a word."""

    words: Line
    """Of an institution's name, its kind, the stage in any language, or a case number."""


async def _reader(staff: SignedIn) -> Staff:
    """Return who asks, unless their work gives them no case to read."""
    if staff.roles <= {Role.ADMINISTRATOR}:
        raise Problem(403, "forbidden")
    return staff


Reader = Annotated[Staff, Depends(_reader)]


@router.get("")
async def list_cases(
    parts: Parts, reader: Reader, request: Request, query: Annotated[CaseQuery, Query()]
) -> CasesBody:
    """List cases: a mediator's or adviser's own and offered ones, or for a supervisor all.

    What needs somebody at once comes first, then what is due first.
    """
    wanted = _wanted(parts, reader, query, "after")
    async with parts.database.transaction() as session:
        found = await case_lists.find_cases(session, wanted)
        linked = await _linked(session, found)
    after = _after(parts, reader, query, found)
    following = f"/v1/cases?{_parameters(query, after)}" if after else None
    return CasesBody(cases=_bodies(parts, reader, request, found, linked), next=following)


@router.get("/counts")
async def count_cases(parts: Parts, reader: Reader) -> CountsBody:
    """Count the cases under way, by stage, by what is awaited, and by reasons to look."""
    async with parts.database.transaction() as session:
        counts = await case_lists.count_cases(session, reader.id, all_cases=_sees_all(reader))
        asked = await awaiting_answer(session, reader.id, parts.clock)
    return CountsBody(
        stages={stage: counts.stages.get(stage, 0) for stage in Stage},
        waiting_for={wait: counts.waits.get(wait, 0) for wait in Wait},
        attentions={reason: counts.attentions.get(reason, 0) for reason in Attention},
        needs_me=counts.needs_reader,
        reading_asked=list(asked),
    )


@router.post("/search")
async def search_cases(
    parts: Parts, reader: Reader, request: Request, body: SearchBody
) -> FoundBody:
    """Search by words that the database may know in clear; what people wrote cannot be searched.

    A POST, since what somebody looks for belongs in no address and in no log of addresses.
    """
    wanted = _wanted(parts, reader, body, "#/after")
    words = case_words.words_of(body.words)
    if not words or len(words) > _MOST_WORDS:
        raise Problem(400, "invalid-request", [FieldError("#/words", "value")])
    async with parts.database.transaction() as session:
        meanings = [await _meaning(session, word) for word in words]
        found = await case_lists.find_cases(session, replace(wanted, words=meanings))
        linked = await _linked(session, found)
    return FoundBody(
        cases=_bodies(parts, reader, request, found, linked),
        after=_after(parts, reader, body, found),
    )


async def _meaning(session: AsyncSession, word: str) -> AnyOf:
    kinds = _named(word, {kind: f"institution_kind.{kind}" for kind in InstitutionKind})
    return AnyOf(
        institutions=[
            *await case_words.institutions_with(session, word),
            *await case_words.institutions_of(session, kinds),
        ],
        stages=_named(word, {stage: f"stage.{stage}" for stage in Stage}),
        cases=await case_words.cases_numbered(session, word),
    )


def _named[E](word: str, keys: Mapping[E, str]) -> Sequence[E]:
    """Return what has a word in any language that begins like this one."""
    return [
        meant
        for meant, key in keys.items()
        if any(
            named.startswith(word)
            for language in SPOKEN
            for named in case_words.words_of(text(language, key))
        )
    ]


def _wanted(parts: Wiring, reader: Staff, query: CaseQuery, cursor: str) -> CaseFilter:
    ends = [
        *([end_of(query.due_before - timedelta(days=1))] if query.due_before else []),
        *([parts.clock()] if query.overdue else []),
    ]
    return CaseFilter(
        reader=reader.id,
        all_cases=_sees_all(reader),
        closed=query.closed,
        stages=query.stage,
        attentions=query.attention,
        institutions=[InstitutionId(key) for key in query.institution],
        kinds=query.institution_kind,
        matter=query.matter,
        mediators=[StaffId(mediator) for mediator in query.mediator],
        waits=query.waiting_for,
        due_before=min(ends, default=None),
        needs_reader=query.needs_me,
        danger=query.danger,
        reopened=query.reopened,
        after=_position(parts, reader, query.after, cursor),
        limit=query.limit,
    )


def _sees_all(reader: Staff) -> bool:
    return Role.SUPERVISOR in reader.roles


def _position(parts: Wiring, reader: Staff, after: str | None, where: str) -> Position | None:
    """Return where a page goes on.

    Raises:
        Problem: when no page of this reader ended so.
    """
    if after is None:
        return None
    try:
        place, _, case = parts.secrets.open_cursor(str(reader.id), after).partition(" ")
    except ValueError:
        raise Problem(400, "invalid-request", [FieldError(where, "value")]) from None
    return Position(datetime.fromisoformat(place), UUID(case))


def _after(
    parts: Wiring, reader: Staff, query: CaseQuery, found: Sequence[ListedCase]
) -> str | None:
    """Return where the next page begins, when this one is full."""
    if len(found) < query.limit:
        return None
    position = found[-1].position
    told = f"{position.place.isoformat()} {position.case}"
    return parts.secrets.seal_cursor(str(reader.id), told)


def _parameters(query: CaseQuery, after: str) -> str:
    """Return the parameters of the next page: the same filters, another place."""
    given = query.model_dump(
        mode="json", by_alias=True, exclude_defaults=True, exclude={"after", "limit"}
    )
    flags = {name: str(value).lower() for name, value in given.items() if isinstance(value, bool)}
    return urlencode({"after": after, "limit": query.limit, **given, **flags}, doseq=True)


async def _linked(
    session: AsyncSession, found: Sequence[ListedCase]
) -> Mapping[CaseId, Sequence[str]]:
    return await course_records.linked_cases(session, [CaseId(one.case.id) for one in found])


def _bodies(
    parts: Wiring,
    reader: Staff,
    request: Request,
    found: Sequence[ListedCase],
    linked: Mapping[CaseId, Sequence[str]],
) -> list[CaseBody]:
    language = language_of(request)
    return [
        case_presenting.case_body(
            listed.case,
            listed.overview,
            listed.institution,
            language,
            civil_date(moment_of(listed.case, parts.clock)),
            linked.get(CaseId(listed.case.id), ()),
            case_presenting.todo_of_staff(listed.overview, reader.id, reader.roles),
        )
        for listed in found
    ]
