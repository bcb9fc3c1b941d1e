"""Erasing what is left of a case."""

from temporalio import activity

from activities.messages import CaseReference
from domain.clock import Clock
from storage import access
from storage.case_file import CaseFile
from storage.database import Database
from storage.models import Lifecycle
from storage.vault import Vault


class ErasureActivities:
    """Irrevocable: acts on a case only when its row says that it is due to be erased."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    @activity.defn
    async def close_doors(self, case: CaseReference) -> bool:
        """Destroy receipts, sessions, reply links and kept answers of a case that is due.

        Returns:
            Whether none is left. A case that is not due keeps its doors, and counts as done: it
            was reopened, or another attempt erased it.
        """
        async with self._database.transaction() as session:
            row = await CaseFile(session, self._vault, self._clock).lock(case.id)
            if row.lifecycle is not Lifecycle.ERASE_DUE:
                return True
            await access.close_doors(session, case.id)
        async with self._database.transaction() as session:
            return await access.open_doors(session, case.id) == 0
