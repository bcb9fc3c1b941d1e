"""Steal the disk and read nothing: words planted everywhere are in no file but the letters sent."""

from collections.abc import Iterator
from pathlib import Path

from tests.system.journeys import World

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
}


def files_of(folder: Path, but: str) -> Iterator[Path]:
    """Yield every file of a running system, except below one folder."""
    for path in folder.rglob("*"):
        if path.is_file() and but not in path.relative_to(folder).parts:
            yield path


class TestWhatIsOnTheDisk:
    async def test_tells_nothing_that_a_person_wrote(self, world: World) -> None:
        journey = await world.begins_at(
            "awaiting_consent",
            subject=PLANTED["subject"],
            text=PLANTED["text"],
            email=PLANTED["email"],
        )
        case, number = journey.complainant, journey.number
        await case.does("messages", {"text": PLANTED["message"]})
        await case.answer(await case.sets("identity", {"name": PLANTED["name"]}))
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

        words = [*PLANTED.values(), case.receipt_code, case.receipt_code.replace("-", "")]
        state = world.system.state_dir
        found = {
            (word, path.relative_to(state).parts[0])
            for path in files_of(state, but="mail")
            for content in [path.read_bytes().lower()]
            for word in words
            if word.lower().encode() in content
        }
        assert found == set()

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
