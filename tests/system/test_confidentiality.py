"""Steal the disk and read nothing: words planted everywhere are in no file but the letters sent."""

import asyncio
import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path

from launcher.postgres_programs import program_folder, unprivileged_user
from tests.api.observing import fresh_key
from tests.system.journeys import World
from tests.telemetry.collector import Collector

PLANTED = {
    "subject": "Plantwoordbegonia",
    "text": "Plantwoordcactus",
    "email": "plantwoorddahlia@post.example",
    "message": "Plantwoordedelweiss",
    "name": "Plantwoordfuchsia",
    "reply": "Plantwoordgeranium",
    "note": "Plantwoordhortensia",
    "proposal": "Plantwoordiris",
    "answer": "Plantwoordjasmijn",
    "phone": "06-91827364",
    "file": "Plantwoordklaproos",
    "file name": "plantwoordlavendel",
    "feedback": "Plantwoordmagnolia",
    "helper": "Plantwoordoleander",
    "organisation": "Plantwoordpetunia",
    "address": "203.0.113.77",
    "browser": "Plantwoordnarcis/1.0",
}


HELPER = {"name": "helper", "organisation": "organisation"}


def files_of(folder: Path, but: str) -> Iterator[Path]:
    """Yield every file of a running system, except below one folder."""
    for path in folder.rglob("*"):
        if path.is_file() and but not in path.relative_to(folder).parts:
            yield path


FROM_SOMEWHERE = {
    "User-Agent": PLANTED["browser"],
    "X-Forwarded-For": PLANTED["address"],
    "Forwarded": f"for={PLANTED['address']}",
}


def planted_in(content: bytes, words: Iterable[str]) -> set[str]:
    """Return which words are in something, written as bytes or in base64."""
    low = content.lower()
    return {
        word
        for word in words
        if word.lower().encode() in low or b64encode(word.encode()).rstrip(b"=") in content
    }


def contents_of(folder: Path) -> dict[str, bytes]:
    """Return every file of a folder, by name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


async def dumped(world: World, folder: Path) -> dict[str, bytes]:
    """Return a backup that was made, file by file, and what its dump says in plain."""
    programs = await program_folder(
        world.system.state_dir / "postgres" / "data", unprivileged_user()
    )
    environment = world.system.environment()
    environment["PATH"] = f"{programs}{os.pathsep}{environment['PATH']}"
    backup = [sys.executable, "-m", "operations", "backup", str(folder)]
    for command in (
        backup,
        ["pg_restore", "--file", str(folder / "in-plain.sql"), str(folder / "database.dump")],
    ):
        await asyncio.to_thread(
            subprocess.run, command, env=environment, check=True, capture_output=True
        )
    return contents_of(folder)


async def kept_by_temporal(world: World, number: str) -> bytes:
    """Return every history of a case as it is exported, and what lists of workflows show."""
    kept: list[str] = []
    async for run in world.temporal.list_workflows(f'WorkflowId STARTS_WITH "complaint-{number}"'):
        handle = world.temporal.get_workflow_handle(run.id, run_id=run.run_id)
        kept += [str(run.raw_info), (await handle.fetch_history()).to_json()]
    assert len(kept) >= 2
    return "".join(kept).encode()


def worker_metrics(world: World) -> str:
    """Return where the worker serves its figures."""
    return f"http://127.0.0.1:{world.system.settings['WEDERHOOR_METRICS_PORT']}/metrics"


class TestWhatIsOnTheDisk:
    async def test_tells_nothing_that_a_person_wrote(
        self, world: World, collector: Collector, tmp_path: Path
    ) -> None:
        world.http.headers.update(FROM_SOMEWHERE)
        journey = await world.begins_at(
            "awaiting_consent",
            subject=PLANTED["subject"],
            text=f"{PLANTED['text']} {PLANTED['phone']}",
            email=PLANTED["email"],
        )
        case, number = journey.complainant, journey.number
        await case.does("messages", {"text": PLANTED["message"]})
        await case.answer(await case.sets("identity", {"name": PLANTED["name"]}))
        helper = {name: PLANTED[plant] for name, plant in HELPER.items()}
        given = await world.http.post(
            "/v1/my-case/mandates", json=helper, headers=case.headers | fresh_key()
        )
        helpers_code = given.raise_for_status().json()["receiptCode"]
        sent = (f"{PLANTED['file name']}.txt", PLANTED["file"].encode(), "text/plain")
        response = await world.http.post(
            "/v1/my-case/attachments", files={"file": sent}, headers=case.headers
        )
        assert response.status_code == 202
        await case.does("consents", {"consent": True, "purpose": "name"})
        await journey.gets_consent()
        await (await journey.institution()).replies(PLANTED["reply"])
        await journey.mediator.writes(number, PLANTED["note"], "mediator_only")
        await journey.mediator.decides(
            number, "propose_outcome", outcome="settled", reason=PLANTED["proposal"]
        )
        await case.reaches("outcome_proposed")
        await case.does("responses", {"accept": True, "text": PLANTED["answer"]})
        await journey.workflow().result()
        await case.does("feedback", {"text": PLANTED["feedback"]})

        codes = [case.receipt_code, helpers_code]
        words = [*PLANTED.values(), *codes, *(code.replace("-", "") for code in codes)]
        state = world.system.state_dir
        found = {
            (word, path.relative_to(state).parts[0])
            for path in files_of(state, but="mail")
            for word in planted_in(path.read_bytes(), words)
        }
        assert found == set()
        logs = b"".join(path.read_bytes() for path in state.rglob("*.log"))
        assert b'"event": "worker_polls"' in logs  # they are among what was searched

        for name, content in (await dumped(world, tmp_path / "backup")).items():
            assert planted_in(content, words) == set(), name
        assert planted_in(await kept_by_temporal(world, number), words) == set()
        for address in (f"{world.system.api.url}/metrics", worker_metrics(world)):
            figures = (await world.http.get(address)).raise_for_status().content
            assert b"wederhoor" in figures
            assert planted_in(figures, [*words, number]) == set()
        assert collector.bodies  # traces are among what was searched
        assert planted_in(b"".join(collector.bodies), [*words, number]) == set()

        for letter in await world.letterbox.to("klachten@voorbeeldstad.example", number):
            said = f"{letter['subject']} {letter['headers']} {letter['envelope_from']}"
            assert planted_in(said.encode(), words) == set()
        for letter in await world.letterbox.to(PLANTED["email"]):
            others = [word for word in words if word != PLANTED["email"]]
            assert planted_in(str(letter).encode(), others) == set()

        # What workflows say is in Temporal's files, and not in plain; whose they are is.
        temporal = b"".join(path.read_bytes() for path in files_of(state / "temporal", but=""))
        assert f"complaint-{number}.1".encode() in temporal
        assert b"acknowledgement to the complainant" not in temporal
        assert f"Case {number}".encode() not in temporal

        # The same search finds what is there: what is no secret, and the letters that were sent.
        stored = b"".join(path.read_bytes() for path in files_of(state / "postgres", but=""))
        assert number.encode() in stored
        sent = b"".join(path.read_bytes().lower() for path in files_of(state / "mail", but=""))
        assert PLANTED["text"].lower().encode() in sent
