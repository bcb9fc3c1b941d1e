"""Finding a mediator."""

from temporalio import activity

from activities.messages import ChooseMediator
from domain.clock import Clock
from domain.identifiers import StaffId
from storage import directory
from storage.case_file import CaseFile
from storage.database import Database
from storage.vault import Vault


class AssignmentActivities:
    """Chooses whom to offer a case."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    @activity.defn
    async def choose_mediator(self, request: ChooseMediator) -> StaffId | None:
        """Return a mediator who speaks the complainant's language, or ``None``.

        Only reads: the offer itself is the workflow's decision.
        """
        async with self._database.transaction() as session:
            file = CaseFile(session, self._vault, self._clock)
            language = await file.language_of(request.case.id)
            return await directory.least_burdened_mediator(session, language, request.excluded)
