"""What a crash left behind among the attachments goes when a worker starts."""

import asyncio
import os
from datetime import UTC, datetime

import httpx

from attachments.depot import GRACE
from launcher.people import Complainant, eventually
from launcher.system import System
from tests.api.cases_in_hand import session_of


class TestAnOrphan:
    async def test_goes_when_a_worker_starts_and_nothing_else_does(
        self, system: System, http: httpx.AsyncClient
    ) -> None:
        folder = system.state_dir / "attachments"
        mine = await session_of(
            http, (await Complainant.complains(http, "voorbeeldstad")).receipt_code
        )
        before = await asyncio.to_thread(lambda: set(folder.iterdir()))
        sent = await http.post(
            "/v1/my-case/attachments", files={"file": ("x.txt", b"tekst")}, headers=mine
        )
        attachment = sent.json()["attachment"]
        kept = await asyncio.to_thread(lambda: set(folder.iterdir()) - before)
        orphan, young = folder / ("0" * 32), folder / ("1" * 32)
        old = (datetime.now(UTC) - 2 * GRACE).timestamp()
        await asyncio.to_thread(orphan.write_bytes, b"frames:1:")
        await asyncio.to_thread(young.write_bytes, b"frames:1:")
        for path in (orphan, *kept):
            os.utime(path, (old, old))

        await system.restart(system.worker)

        async def gone() -> bool | None:
            return None if await asyncio.to_thread(orphan.exists) else True

        await eventually(gone, "the orphan is still there")
        assert await asyncio.to_thread(young.exists)
        copy = await http.get(f"/v1/my-case/attachments/{attachment['id']}", headers=mine)
        assert copy.content == b"tekst"
        await asyncio.to_thread(young.unlink)
