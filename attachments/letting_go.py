"""Letting go of the files of a case, for good."""

from attachments.objects import Objects, ObjectsUnavailable
from domain.identifiers import CaseId
from storage.attachment_records import object_names
from storage.database import Database


class ObjectsOfCases:
    """The objects that rows of the database name; nothing here opens one, so it needs no key."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects

    async def delete_objects_of(self, case: CaseId) -> None:
        """Delete every object of a case; doing it again changes nothing.

        The rows stay: they say what is to be deleted when this is done again.

        Raises:
            ObjectsUnavailable: when their place is not there, or some are left.
        """
        async with self._database.transaction() as session:
            names = await object_names(session, case)
        await self._objects.check()
        await self._objects.delete(names)
        for name in names:
            if await self._objects.exists(name):
                raise ObjectsUnavailable
