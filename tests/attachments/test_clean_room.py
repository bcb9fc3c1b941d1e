"""The clean room: a process of its own, with limits, for each file."""

import asyncio
import sys
from pathlib import Path

import pytest

from attachments.clean_room import CleanRoom
from attachments.refusal import EXIT_CODES, FileRefused
from domain.attachments import MediaType, Unacceptable
from tests.attachments.sample_files import bomb, document, gps_of, photo


def python(program: str) -> tuple[str, ...]:
    """Return a command in place of the one that cleans; the media type is its first argument."""
    return (sys.executable, "-c", program)


def cleaning_as(function: str) -> tuple[str, ...]:
    """Return the command that cleans, with another function that does it."""
    return python(
        f"import os; from attachments import cleaning; cleaning.clean = {function}; "
        "os._exit(cleaning.main())"
    )


async def reason(room: CleanRoom, content: bytes, kind: MediaType) -> Unacceptable:
    with pytest.raises(FileRefused) as refused:
        await room.clean(content, kind)
    return refused.value.reason


class TestTheCleanRoom:
    async def test_gives_the_clean_copy(self) -> None:
        copies = await asyncio.gather(
            CleanRoom().clean(photo(), MediaType.JPEG),
            CleanRoom().clean(photo("HEIF"), MediaType.HEIC),
            CleanRoom().clean(document(), MediaType.PDF),
            CleanRoom().clean("één\u202e".encode(), MediaType.TEXT),
        )
        assert [gps_of(copy) for copy in copies[:2]] == [{}, {}]
        assert copies[2].startswith(b"%PDF-")
        assert copies[3].decode() == "één"

    async def test_gives_the_clean_copy_of_a_large_photo(self) -> None:
        large = photo(size=(8064, 6048))
        assert (await CleanRoom().clean(large, MediaType.JPEG)).startswith(b"\xff\xd8")

    @pytest.mark.parametrize(
        ("content", "kind", "expected"),
        [
            (photo()[:-200], MediaType.JPEG, Unacceptable.DAMAGED),
            (document(password="x"), MediaType.PDF, Unacceptable.ENCRYPTED),
            (bomb(), MediaType.PNG, Unacceptable.TOO_COMPLEX),
        ],
    )
    async def test_says_why_it_refuses(
        self, content: bytes, kind: MediaType, expected: Unacceptable
    ) -> None:
        assert await reason(CleanRoom(), content, kind) is expected

    async def test_gives_up_what_finds_no_end(self) -> None:
        room = CleanRoom(timeout=0.5, command=python("while True: pass"))
        assert await reason(room, b"x", MediaType.TEXT) is Unacceptable.TOO_COMPLEX

    @pytest.mark.parametrize("code", [1, 3, -6, -11])
    async def test_takes_a_file_on_which_it_breaks_for_damaged(self, code: int) -> None:
        end = f"os._exit({code})" if code > 0 else f"os.kill(os.getpid(), {-code})"
        room = CleanRoom(
            command=python(
                f"import os, resource; resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); {end}"
            )
        )
        assert await reason(room, b"x", MediaType.TEXT) is Unacceptable.DAMAGED

    async def test_takes_a_file_that_leaves_nothing_for_damaged(self) -> None:
        assert (
            await reason(CleanRoom(command=python("")), b"x", MediaType.TEXT)
            is Unacceptable.DAMAGED
        )

    @pytest.mark.skipif(sys.platform == "darwin", reason="macOS has no limit of address space")
    async def test_gives_a_file_only_so_much_memory(self) -> None:
        room = CleanRoom(command=cleaning_as("lambda *_: b'x' * (4 << 30)"))
        assert await reason(room, b"x", MediaType.TEXT) is Unacceptable.TOO_COMPLEX

    async def test_lets_a_file_write_nowhere(self, tmp_path: Path) -> None:
        leak = tmp_path / "leak"
        opened = f"os.open({str(leak)!r}, os.O_CREAT | os.O_WRONLY)"
        room = CleanRoom(command=cleaning_as(f"lambda *_: bytes(os.write({opened}, b'x'))"))
        assert await reason(room, b"x", MediaType.TEXT) is Unacceptable.DAMAGED
        assert await asyncio.to_thread(leak.read_bytes) == b""

    async def test_knows_no_secret(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("WEDERHOOR_DATABASE_URL", "narcis")
        shown = await CleanRoom(command=python("import os; print(dict(os.environ))")).clean(
            b"x", MediaType.TEXT
        )
        assert b"PATH" in shown
        assert b"WEDERHOOR" not in shown

    async def test_kills_the_process_of_a_request_that_went_away(self) -> None:
        room = CleanRoom(places=1, command=python("import time; time.sleep(600)"))
        gone = asyncio.create_task(room.clean(b"x", MediaType.TEXT))
        await asyncio.sleep(0)
        gone.cancel()
        with pytest.raises(asyncio.CancelledError):
            await gone
        waiting = asyncio.create_task(room.clean(b"x", MediaType.TEXT))
        await asyncio.sleep(0)  # its place is free again
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting

    def test_has_one_exit_code_for_each_reason(self) -> None:
        assert len(set(EXIT_CODES.values())) == len(Unacceptable)
        assert all(64 <= code < 128 for code in EXIT_CODES.values())
