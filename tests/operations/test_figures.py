"""Withholding a table by command: a revision says less than the one before, and never more."""

from datetime import UTC, datetime

from domain.figures import Measure
from storage import yearly_figures
from storage.figures_models import PublishedFiguresRow
from tests.api.publishing import YEAR, a_year
from tests.operations.conftest import Operator
from tests.storage.archive import Archive


async def newest(archive: Archive) -> PublishedFiguresRow:
    async with archive.database.transaction() as session:
        row = await yearly_figures.published(session, YEAR)
        assert row is not None
        return row


class TestTheCommand:
    async def test_publishes_a_revision_without_the_table_and_keeps_the_rest(
        self, archive: Archive, operator: Operator
    ) -> None:
        async with archive.database.transaction() as session:
            await yearly_figures.publish(session, a_year(), datetime(2020, 1, 15, tzinfo=UTC))
        code, said = await operator.does("figures-withhold", YEAR, "subject")
        assert (code, "revision 2" in said) == (0, True)

        row = await newest(archive)
        assert row.revision == 2
        assert row.figures.withheld == (Measure.SUBJECT,)
        assert row.figures.tables == tuple(
            table for table in a_year().tables if table.measure is not Measure.SUBJECT
        )
        async with archive.database.transaction() as session:
            [year] = await yearly_figures.published_years(session)
        assert year.revision == 2

    async def test_takes_away_a_table_about_questions_as_well(
        self, archive: Archive, operator: Operator
    ) -> None:
        async with archive.database.transaction() as session:
            await yearly_figures.publish(session, a_year(), datetime(2020, 1, 15, tzinfo=UTC))
        code, said = await operator.does("figures-withhold", YEAR, "question_answer")
        assert (code, "revision 2" in said) == (0, True)

        row = await newest(archive)
        assert row.figures.tables == a_year().tables
        assert row.figures.all_tables == tuple(
            table for table in a_year().all_tables if table.measure is not Measure.QUESTION_ANSWER
        )

    async def test_refuses_what_is_not_out(self, archive: Archive, operator: Operator) -> None:
        code, said = await operator.does("figures-withhold", YEAR, "subject")
        assert (code, str(YEAR) in said) == (1, True)
        async with archive.database.transaction() as session:
            await yearly_figures.publish(session, a_year(), datetime(2020, 1, 15, tzinfo=UTC))
        await operator.does("figures-withhold", YEAR, "subject")
        code, said = await operator.does("figures-withhold", YEAR, "subject")
        assert (code, "no table subject" in said) == (1, True)
        assert (await newest(archive)).revision == 2
