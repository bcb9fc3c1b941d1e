"""The yearly figures: published once for each year that has ended."""

from temporalio import activity

from activities.messages import PublishFigures
from domain.calendar import civil_date
from domain.clock import Clock
from domain.policy.rows import Policy
from domain.policy.selection import row_on
from domain.year_figures import never_written_to, year_figures
from storage import yearly_figures
from storage.database import Database

_DISCLOSURE = "yearly-figures"


class FiguresActivities:
    """Publishes what was counted."""

    def __init__(self, database: Database, clock: Clock, policy: Policy) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy

    @activity.defn
    async def publish_figures(self, _: PublishFigures) -> None:
        """Publish every year that has ended and is not out, also one that was missed.

        Raises:
            domain.policy.selection.NoRules: when no row says which counts are hidden.
        """
        now = self._clock()
        today = civil_date(now)
        disclosure = row_on(self._policy.disclosure, _DISCLOSURE, today)
        async with self._database.transaction() as session:
            for year in await yearly_figures.unpublished(session, today.year):
                figures = year_figures(
                    year,
                    await yearly_figures.received_in(session, year),
                    await yearly_figures.asked_in(session, year),
                    await yearly_figures.closures_in(session, year),
                    hidden_below=disclosure.hidden_below,
                    without_mediation=never_written_to(self._policy, year),
                )
                await yearly_figures.publish(session, figures, now)
