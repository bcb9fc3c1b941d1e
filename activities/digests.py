"""The digest of a day: written once for each person who has something to do."""

from temporalio import activity

from activities.messages import WriteDigests
from domain.calendar import civil_date
from domain.clock import Clock
from domain.identifiers import StaffId
from domain.policy.rows import Policy
from domain.policy.selection import calendar_on
from domain.staff import Role
from storage import case_lists, digest_book
from storage.database import Database


class DigestActivities:
    """Writes the digests of today; the digest office sends them."""

    def __init__(self, database: Database, clock: Clock, policy: Policy) -> None:
        self._database = database
        self._clock = clock
        self._policy = policy

    @activity.defn
    async def write_digests(self, _: WriteDigests) -> None:
        """Write a digest to everybody for whom something has to be done today.

        The day is the present one, however late this is asked: what a digest of yesterday would
        say is in that of today. On a day that is not ordinary there is none.
        """
        now = self._clock()
        day = civil_date(now)
        if not calendar_on(self._policy, day).is_ordinary(day):
            return
        async with self._database.transaction() as session:
            for reader in await digest_book.readers(session):
                identifier = StaffId(reader.id)
                supervises = Role.SUPERVISOR in reader.roles
                figures = await case_lists.figures_for(
                    session, identifier, day, supervises=supervises
                )
                if figures.is_worth_a_mail:
                    await digest_book.write(session, identifier, day, figures, now)
