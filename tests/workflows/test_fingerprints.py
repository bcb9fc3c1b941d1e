"""What this code orders for cases of an earlier release is what they were promised."""

from pathlib import Path

import pytest

from tests.workflows.changed import Guarded, Unguarded
from tests.workflows.fingerprints import WHAT_TO_DO, fingerprint, fingerprint_file, moved
from tests.workflows.replaying import HISTORIES, recorded, replay

SETTLED = HISTORIES / "settled.1-complaint.json"


def committed(history: Path) -> list[str]:
    return fingerprint_file(history).read_text(encoding="utf-8").splitlines()


class TestTheFingerprint:
    @pytest.mark.parametrize("path", recorded(), ids=lambda path: path.stem)
    async def test_is_the_committed_one(self, path: Path) -> None:
        difference = moved(committed(path), fingerprint(await replay(path)))

        assert not difference, f"{path.stem}\n{difference}\n{WHAT_TO_DO}"

    def test_is_kept_for_every_history_and_for_no_other(self) -> None:
        assert set(HISTORIES.glob("*.commands")) == {fingerprint_file(path) for path in recorded()}


class TestAnUnguardedChange:
    async def test_shows_although_the_history_replays(self) -> None:
        """Temporal compares the types of activities, and not what they are asked."""
        heard = await replay(SETTLED, (Unguarded,))

        assert heard.failure is None
        assert sorted(fingerprint(heard)) == sorted(committed(SETTLED))
        difference = moved(committed(SETTLED), fingerprint(heard))
        assert "schedule_activity post_letter # Letter: closing" in difference

    async def test_passes_behind_a_patch(self) -> None:
        heard = await replay(SETTLED, (Guarded,))

        assert heard.failure is None
        assert fingerprint(heard) == committed(SETTLED)
