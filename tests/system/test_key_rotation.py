"""Keys rotated while cases run: nothing stalls, and no process is started again."""

import asyncio

from sqlalchemy import select

from launcher.system import System
from settings.key_ring import VAULT_PURPOSES, KeyPurpose
from settings.key_stores import FileStore
from storage.models import CaseKeyRow, CaseRow
from tests.system.journeys import INSTITUTION_ADDRESS, Journey, World

_ADDRESS = "sleutel@post.example"


def versions(system: System, purpose: KeyPurpose) -> list[int]:
    ring = FileStore(system.state_dir / "secrets" / "keys").read(purpose)
    return [key.version for key in ring.keys]


def processes(system: System) -> list[int | None]:
    return [system.worker.pid, system.api.pid]


async def rotate(system: System) -> None:
    """Make new versions and destroy the old ones, as an operator does."""
    await system.run_module("operations", "keys-rotate", "--batch", "3")
    await system.run_module("operations", "keys-retire")


async def wrapped_by(world: World, journey: Journey) -> dict[KeyPurpose, int]:
    async with world.database.transaction() as session:
        rows = await session.scalars(
            select(CaseKeyRow)
            .join(CaseRow, CaseRow.id == CaseKeyRow.case_id)
            .where(CaseRow.number == journey.number)
        )
        return {row.purpose: row.version for row in rows}


class TestKeysRotatedWhileCasesRun:
    async def test_let_a_case_go_on_and_read_everything_from_before(self, world: World) -> None:
        before = processes(world.system)
        journey = await world.begins_at("awaiting_consent", email=_ADDRESS)
        identity = await journey.complainant.sets("identity", {"name": "Sleutelnaam"})
        assert (await journey.complainant.answer(identity))["status"] == "applied"
        old = {purpose: versions(world.system, purpose)[-1] for purpose in VAULT_PURPOSES}
        assert await wrapped_by(world, journey) == old

        await rotate(world.system)

        new = {purpose: version + 1 for purpose, version in old.items()}
        assert await wrapped_by(world, journey) == new
        for purpose in VAULT_PURPOSES:
            assert versions(world.system, purpose) == [new[purpose]]
        # The story, the identity and the contact address, each by the running processes.
        entry = await journey.complainant.get(identity.removeprefix("/v1/my-case"))
        assert entry["body"] == {"name": "Sleutelnaam"}
        entry = await journey.complainant.does("consents", {"purpose": "name", "consent": True})
        assert entry["status"] == "applied"
        await journey.gets_consent()
        letter = await journey.letter_to(INSTITUTION_ADDRESS, "Dit is de klacht")
        assert "Rekening geweigerd" in letter["text"]
        assert "Sleutelnaam" in letter["text"]
        await journey.hears_the_institution()
        await journey.letter_to(_ADDRESS, journey.number)
        assert await wrapped_by(world, journey) == new
        assert processes(world.system) == before

    async def test_over_and_over_stall_nothing(self, world: World) -> None:
        before = processes(world.system)
        first = {purpose: versions(world.system, purpose)[-1] for purpose in VAULT_PURPOSES}
        finished = asyncio.Event()

        async def rotating() -> None:
            while not finished.is_set():
                await rotate(world.system)

        rotations = asyncio.create_task(rotating())
        try:
            journeys = await asyncio.gather(
                *(world.begins_at("outcome_proposed", email=_ADDRESS) for _ in range(2))
            )
            for journey in journeys:
                entry = await journey.complainant.does("responses", {"accept": True})
                assert entry["status"] == "applied"
        finally:
            finished.set()
        await rotations
        await rotate(world.system)
        for purpose in VAULT_PURPOSES:
            [version] = versions(world.system, purpose)
            assert version >= first[purpose] + 2
        for journey in journeys:
            assert (await journey.file_holds("closing"))["text"]
        assert processes(world.system) == before


class TestTheIdentityRingTakenAway:
    async def test_closes_identities_at_once_and_nothing_else(self, world: World) -> None:
        before = processes(world.system)
        journey = await world.begins_at("awaiting_consent", email=_ADDRESS)
        complainant = journey.complainant
        identity = await complainant.sets("identity", {"name": "Sleutelnaam"})
        await complainant.answer(identity)
        ring = world.system.state_dir / "secrets" / "keys" / "identity.json"
        hidden = ring.rename(ring.with_suffix(".hidden"))
        try:
            entry = await complainant.get(identity.removeprefix("/v1/my-case"))
            assert "body" not in entry or entry["body"] is None
            said = await complainant.does("messages", {"text": "Het verhaal gaat door."})
            assert said["body"] == {"text": "Het verhaal gaat door."}
            answer = await world.http.get("/v1/my-case", headers=complainant.headers)
            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert int(answer.headers["retry-after"]) > 0
        finally:
            hidden.rename(ring)
        entry = await complainant.get(identity.removeprefix("/v1/my-case"))
        assert entry["body"] == {"name": "Sleutelnaam"}
        assert (await complainant.get(""))["newsByMail"] is True
        assert processes(world.system) == before
