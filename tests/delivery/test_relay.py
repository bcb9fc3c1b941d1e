"""The relay outlives whatever becomes of an entry that it has taken up."""

import pytest
from temporalio.client import Client

from delivery.courier import Courier
from delivery.relay import Relay
from domain.identifiers import EntryNumber
from storage import undelivered
from tests.storage.archive import Archive
from tests.storage.conftest import archive, database, server, url

__all__ = ["archive", "database", "server", "url"]

NOWHERE = "127.0.0.1:9"


class TestTheRelay:
    async def test_passes_over_an_entry_that_was_erased_meanwhile(
        self, archive: Archive, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        case = await archive.open_case()

        async def claimed(*_: object) -> list[object]:
            return [(case, EntryNumber(1))]

        monkeypatch.setattr(undelivered, "claim_due", claimed)
        client = await Client.connect(NOWHERE, lazy=True)
        courier = Courier(archive.database, client, archive.clock, "https://wederhoor.example")
        assert await Relay(archive.database, courier, archive.clock).deliver_due() == 1
