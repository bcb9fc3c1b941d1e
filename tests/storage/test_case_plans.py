"""With a hundred thousand cases no list, count or search reads a table from end to end.

The statements are those that the functions of the desk send; the server explains them.
"""

import json
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from alembic import command
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.ext.asyncio import AsyncSession

from domain.identifiers import InstitutionId, StaffId
from domain.institutions import InstitutionKind
from domain.matter import Matter
from domain.stages import Stage
from domain.waits import Attention, Wait
from launcher.generated_cases import INSTITUTIONS, MEDIATORS, generate_cases, mediator_id
from storage import case_lists, case_words
from storage.case_lists import AnyOf, CaseFilter
from storage.database import Database
from tests.storage.archive import START
from tests.storage.migrating import alembic_on

CASES = 100_000
SMALL_TABLES = {"institutions", "staff_members"}
BUSY, QUIET = StaffId(mediator_id(0)), StaffId(mediator_id(MEDIATORS - 1))
SUPERVISOR = CaseFilter(reader=StaffId(mediator_id(MEDIATORS + 1)), all_cases=True)


@pytest.fixture(scope="module")
def many(make_database: Callable[[], str]) -> str:
    """A database of its own that holds a hundred thousand cases; its URL."""
    url = make_database()
    with alembic_on(url) as config:
        command.upgrade(config, "head")
    generate_cases(url, CASES, START)
    return url


@pytest.fixture
async def desk(many: str) -> AsyncIterator[Database]:
    opened = Database(many)
    yield opened
    await opened.close()


@dataclass(frozen=True)
class Plan:
    """How the server did one statement."""

    statement: str
    scanned: set[str]
    """Tables that were read from end to end."""
    rows: float
    """Rows that were looked at, whether they fitted or not."""
    pages: int
    """Pages of the tables and indexes that were looked at."""


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def read_plan(statement: str, explained: Any) -> Plan:
    top = (json.loads(explained) if isinstance(explained, str) else explained)[0]["Plan"]
    looked_at = 0.0
    for node in nodes(top):
        if "Relation Name" in node:
            passed_over = sum(
                node.get(f"Rows Removed by {why}", 0) for why in ("Filter", "Index Recheck")
            )
            looked_at += (node["Actual Rows"] + passed_over) * node["Actual Loops"]
    scanned = {node["Relation Name"] for node in nodes(top) if node["Node Type"] == "Seq Scan"}
    pages = top["Shared Hit Blocks"] + top["Shared Read Blocks"]
    return Plan(statement, scanned - SMALL_TABLES, looked_at, pages)


async def plans_of(desk: Database, ask: Callable[[AsyncSession], Awaitable[object]]) -> list[Plan]:
    """Return how the server does each statement that a function sends."""
    sent: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    async with desk.transaction() as session:
        engine: Engine = (await session.connection()).sync_connection.engine  # pyright: ignore[reportOptionalMemberAccess]
        event.listen(engine, "before_cursor_execute", note)
        try:
            await ask(session)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        connection = await session.connection()
        plans: list[Plan] = []
        for statement, parameters in sent:
            how = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "
            explained = await connection.exec_driver_sql(how + statement, parameters)
            plans.append(read_plan(statement, explained.scalar()))
    assert plans
    return plans


def listing(wanted: CaseFilter) -> Callable[[AsyncSession], Awaitable[object]]:
    return lambda session: case_lists.find_cases(session, wanted)


MEDIATORS_LISTS = {
    "today": CaseFilter(reader=BUSY),
    "of somebody with few cases": CaseFilter(reader=QUIET),
    "needs me": CaseFilter(reader=BUSY, needs_reader=True),
    "overdue": CaseFilter(reader=BUSY, due_before=START),
    "danger": CaseFilter(reader=BUSY, danger=True),
    "one stage": CaseFilter(reader=BUSY, stages=[Stage.HEARING_BOTH_SIDES]),
    "closed": CaseFilter(reader=BUSY, stages=[Stage.CLOSED]),
    "everything": CaseFilter(reader=BUSY, closed=True),
}
SUPERVISORS_LISTS = {
    "today": SUPERVISOR,
    "closed": replace(SUPERVISOR, stages=[Stage.CLOSED]),
    "everything": replace(SUPERVISOR, closed=True),
    "one stage": replace(SUPERVISOR, stages=[Stage.AWAITING_INSTITUTION]),
    "attention": replace(SUPERVISOR, attentions=[Attention.NO_MEDIATOR]),
    "any attention": replace(SUPERVISOR, needs_reader=True),
    "danger": replace(SUPERVISOR, danger=True),
    "overdue at the institution": replace(
        SUPERVISOR, waits=[Wait.INSTITUTION_REPLIES], due_before=START
    ),
    "a mediator's": replace(SUPERVISOR, mediators=[BUSY]),
    "an institution's": replace(SUPERVISOR, institutions=[InstitutionId("generated-50")]),
    "an institution's, closed too": replace(
        SUPERVISOR, institutions=[InstitutionId("generated-0")], closed=True
    ),
    "a kind": replace(SUPERVISOR, kinds=[InstitutionKind.POLICE]),
    "a kind, closed too": replace(SUPERVISOR, kinds=[InstitutionKind.POLICE], closed=True),
    "a kind with hardly any questions, and nothing else": replace(
        SUPERVISOR, kinds=[InstitutionKind.OTHER], closed=True
    ),
    "questions about a kind": replace(
        SUPERVISOR, kinds=[InstitutionKind.POLICE], matter=Matter.QUESTION, closed=True
    ),
    "reopened": replace(SUPERVISOR, reopened=True),
    "waiting": replace(SUPERVISOR, waits=[Wait.MEDIATOR_ACCEPTS]),
}
OWN_CASES = 2 * 8_000
"""Twice as many as anybody has: each case has a row in two tables."""
UNDER_WAY = 2 * 11_000
"""The same of open cases, and closed ones that ask for attention."""
PAGES_OF_OWN, PAGES_UNDER_WAY = 3_000, 12_000
"""Of 8 KiB. The tables themselves have more than twenty thousand."""


def held_to(plans: list[Plan], rows: int, pages: int) -> None:
    for plan in plans:
        sys.stdout.write(f"{plan.rows:>8.0f} rows {plan.pages:>7} pages\n")
        assert plan.scanned == set(), plan.statement
        assert plan.rows <= rows, plan.statement
        assert plan.pages <= pages, plan.statement


class TestAList:
    @pytest.mark.parametrize("name", MEDIATORS_LISTS)
    async def test_of_a_mediator_reads_no_more_than_their_cases(
        self, desk: Database, name: str
    ) -> None:
        plans = await plans_of(desk, listing(MEDIATORS_LISTS[name]))
        held_to(plans, OWN_CASES, PAGES_OF_OWN)

    @pytest.mark.parametrize("name", SUPERVISORS_LISTS)
    async def test_of_a_supervisor_reads_no_more_than_what_is_under_way(
        self, desk: Database, name: str
    ) -> None:
        plans = await plans_of(desk, listing(SUPERVISORS_LISTS[name]))
        held_to(plans, UNDER_WAY, PAGES_UNDER_WAY)

    @pytest.mark.parametrize("name", ["today", "everything", "one stage"])
    async def test_reads_little_more_than_a_page_on_every_page(
        self, desk: Database, name: str
    ) -> None:
        async with desk.transaction() as session:
            first = SUPERVISORS_LISTS[name]
            page = await case_lists.find_cases(session, first)
            following = replace(first, after=page[-1].position)
        for wanted in (first, following):
            held_to(await plans_of(desk, listing(wanted)), 3 * first.limit + INSTITUTIONS, 600)

    async def test_of_a_kind_has_what_comes_first_of_complaints_and_questions(
        self, desk: Database
    ) -> None:
        wanted = replace(SUPERVISORS_LISTS["a kind, closed too"], limit=500)
        every_case = (
            "SELECT case_id FROM overviews LEFT JOIN institutions ON id = institution_id"
            " WHERE about_kind = 'police' OR kind = 'police' ORDER BY place, case_id LIMIT 500"
        )
        async with desk.transaction() as session:
            page = await case_lists.find_cases(session, wanted)
            first = await session.scalars(text(every_case))
        assert [listed.case.id for listed in page] == first.all()
        assert {listed.case.matter for listed in page} == set(Matter)


class TestTheCounts:
    @pytest.mark.parametrize("reader", [BUSY, QUIET])
    async def test_of_a_mediator_read_no_more_than_their_cases(
        self, desk: Database, reader: StaffId
    ) -> None:
        plans = await plans_of(
            desk, lambda session: case_lists.count_cases(session, reader, all_cases=False)
        )
        held_to(plans, OWN_CASES, PAGES_OF_OWN)

    async def test_of_a_supervisor_read_no_more_than_what_is_under_way(
        self, desk: Database
    ) -> None:
        plans = await plans_of(
            desk,
            lambda session: case_lists.count_cases(session, SUPERVISOR.reader, all_cases=True),
        )
        held_to(plans, UNDER_WAY, PAGES_UNDER_WAY)

    async def test_for_a_digest_read_no_more_than_what_is_under_way(self, desk: Database) -> None:
        plans = await plans_of(
            desk,
            lambda session: case_lists.figures_for(session, BUSY, START.date(), supervises=True),
        )
        held_to(plans, UNDER_WAY, PAGES_UNDER_WAY)


class TestASearch:
    async def test_for_a_word_of_a_name_reads_the_register_alone(self, desk: Database) -> None:
        plans = await plans_of(desk, lambda it: case_words.institutions_with(it, "instelling"))
        held_to(plans, INSTITUTIONS, 50)

    async def test_for_a_part_of_a_number_reads_the_cases_that_have_it(
        self, desk: Database
    ) -> None:
        async with desk.transaction() as session:
            number = str(await session.scalar(text("SELECT number FROM cases LIMIT 1")))
            assert len(await case_words.cases_numbered(session, number[:5])) >= 1
        for part in (number[:3], number[:5]):
            plans = await plans_of(desk, lambda it, part=part: case_words.cases_numbered(it, part))
            held_to(plans, 600, 800)

    async def test_reads_no_more_than_a_list(self, desk: Database) -> None:
        async with desk.transaction() as session:
            number = str(await session.scalar(text("SELECT number FROM cases LIMIT 1")))
            numbered = AnyOf(cases=await case_words.cases_numbered(session, number[:3]))
            named = AnyOf(institutions=await case_words.institutions_with(session, "50"))
        staged = AnyOf(stages=[Stage.AWAITING_INSTITUTION], institutions=named.institutions)
        for words in ([numbered], [named], [staged], [named, staged], [AnyOf()]):
            for reader in (replace(SUPERVISOR, words=words), CaseFilter(reader=BUSY, words=words)):
                held_to(await plans_of(desk, listing(reader)), UNDER_WAY, PAGES_UNDER_WAY)

    async def test_of_closed_cases_reads_no_more_than_those_that_fit(self, desk: Database) -> None:
        async with desk.transaction() as session:
            named = AnyOf(institutions=await case_words.institutions_with(session, "50"))
        wanted = replace(SUPERVISOR, words=[named], closed=True)
        held_to(await plans_of(desk, listing(wanted)), UNDER_WAY, PAGES_UNDER_WAY)


class TestTheMeasure:
    async def test_sees_a_table_that_is_read_from_end_to_end(self, desk: Database) -> None:
        wanted = text("SELECT count(*) FROM overviews WHERE revision = 8")
        [plan] = await plans_of(desk, lambda session: session.execute(wanted))
        assert plan.scanned == {"overviews"}
        assert plan.rows == CASES
        assert plan.pages > PAGES_UNDER_WAY
