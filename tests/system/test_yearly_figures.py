"""The schedule of the yearly figures, on the real server: a year that has ended is published."""

from datetime import timedelta

import httpx
from sqlalchemy import insert, select
from temporalio.client import Client, ScheduleOverlapPolicy

from domain.figures import Measure
from domain.institutions import InstitutionKind
from domain.matter import Matter
from launcher.people import Complainant, Json
from storage.database import Database
from storage.figures_models import ClosureCountRow
from tests.system.journeys import World
from tests.system.scheduled import newest_done, runs_of
from workflows.identifiers import FIGURES, FIGURES_SCHEDULE

A_YEAR = 2017
"""Long before anything that the tests do."""


async def counted(database: Database, year: int, measure: Measure, value: str, cases: int) -> None:
    """Count closures as if they had been in an earlier year."""
    async with database.transaction() as session:
        await session.execute(
            insert(ClosureCountRow).values(
                year=year,
                kind=InstitutionKind.MUNICIPALITY,
                measure=measure,
                value=value,
                cases=cases,
            )
        )


async def closures(database: Database) -> dict[Measure, int]:
    async with database.transaction() as session:
        rows = await session.scalars(select(ClosureCountRow).where(ClosureCountRow.year > A_YEAR))
        counts = dict.fromkeys(Measure, 0)
        for row in rows:
            counts[row.measure] += row.cases
    return counts


def once_more(before: dict[Measure, int], matter: Matter) -> dict[Measure, int]:
    return {measure: count + (measure.matter is matter) for measure, count in before.items()}


class TestTheSchedule:
    async def test_was_made_by_the_worker_for_the_fifteenth_of_january(
        self, temporal: Client
    ) -> None:
        described = await temporal.get_schedule_handle(FIGURES_SCHEDULE).describe()

        (calendar,) = described.schedule.spec.calendars
        assert [(days.start, days.end) for days in calendar.day_of_month] == [(15, 15)]
        assert [(months.start, months.end) for months in calendar.month] == [(1, 1)]
        assert described.schedule.spec.time_zone_name == "Europe/Amsterdam"
        assert described.schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
        assert described.schedule.policy.catchup_window == timedelta(days=350)
        following, later, *_ = described.info.next_action_times
        assert (following.month, following.day, later.year - following.year) == (1, 15, 1)

    async def test_publishes_a_year_that_has_ended_and_knows_nothing_of_anybody(
        self, temporal: Client, database: Database, http: httpx.AsyncClient
    ) -> None:
        await counted(database, A_YEAR, Measure.OUTCOME, "settled", 40)
        await counted(database, A_YEAR, Measure.OUTCOME, "withdrawn", 20)
        before = len([run async for run in temporal.list_workflows(runs_of(FIGURES))])
        await temporal.get_schedule_handle(FIGURES_SCHEDULE).trigger()

        run = await newest_done(temporal, FIGURES, before)

        assert run.id.startswith(FIGURES_SCHEDULE)
        answer = await http.get(f"/v1/figures/{A_YEAR}")
        figures: Json = answer.raise_for_status().json()
        assert figures["closed"] == 60
        [outcomes] = figures["tables"]  # nothing else was counted in that year
        assert outcomes["totals"][0] == 40


class TestAComplaintThatCloses:
    async def test_is_counted_once_for_every_measure(
        self, world: World, database: Database, http: httpx.AsyncClient
    ) -> None:
        before = await closures(database)
        complainant = await Complainant.complains(http, "voorbeeldstad")
        await complainant.does("withdrawals", {})
        await complainant.reaches("closed")

        assert await closures(database) == once_more(before, Matter.COMPLAINT)


class TestAQuestionThatCloses:
    async def test_is_counted_once_for_every_measure_of_questions(
        self, world: World, database: Database
    ) -> None:
        before = await closures(database)
        journey = await world.asks(kind="police")
        adviser = world.office.adviser
        await adviser.decides(journey.number, "answer_question", text="Nee, dat mag niet.")
        await journey.complainant.reaches("answered", "complainant_follows_up")
        await adviser.decides(journey.number, "close_case", outcome="advised")
        await journey.complainant.reaches("closed")

        assert await closures(database) == once_more(before, Matter.QUESTION)
