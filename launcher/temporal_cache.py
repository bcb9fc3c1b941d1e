"""The folders of programs an earlier run left: complete or absent, never half."""

import contextlib
import json
import platform
import shutil
import sys
from collections.abc import Generator
from pathlib import Path

_COMPLETE = "complete.json"
"""Written last into a folder; without it the folder does not count."""


def machine() -> str:
    """Give the system and processor, since a home folder may be shared between machines."""
    return f"{sys.platform}-{platform.machine().lower()}"


def complete_folders(cache_dir: Path) -> list[Path]:
    """Give the complete folders for this machine, the stock build last."""
    found = [path.parent for path in cache_dir.glob(f"temporal-*-{machine()}/{_COMPLETE}")]
    return sorted(found, key=lambda folder: ("-stock-" in folder.name, folder.name))


def is_complete(folder: Path) -> bool:
    """Whether the folder was filled to the end."""
    return (folder / _COMPLETE).exists()


def note_of(folder: Path) -> dict[str, str]:
    """Read what a complete folder says it holds. Raises ``ValueError`` if that is unreadable."""
    try:
        return dict(json.loads((folder / _COMPLETE).read_text()))
    except (OSError, TypeError) as error:
        raise ValueError(str(error)) from None


@contextlib.contextmanager
def fresh_folder(folder: Path) -> Generator[Path]:
    """Give a new folder beside ``folder`` to fill; whatever is left there at the end is removed."""
    fresh = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        yield fresh
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def put_in_place(fresh: Path, folder: Path, note: dict[str, str]) -> None:
    """Mark a filled folder as complete and give it its name; a broken one there gives way."""
    (fresh / _COMPLETE).write_text(json.dumps(note) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    fresh.rename(folder)
