"""Files that only their owner may read, written whole or not at all."""

import contextlib
import os
import tempfile
from collections.abc import Generator
from pathlib import Path


def create_once(path: Path, content: bytes) -> None:
    """Make a file (mode 0600), and its folder (0700), unless somebody else did so first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _written(path.parent, content) as fresh, contextlib.suppress(FileExistsError):
        os.link(fresh, path)
    reach_the_disk(path.parent)


def replace(path: Path, content: bytes) -> None:
    """Put new content (mode 0600) in the place of a file; a reader sees the old or the new one."""
    with _written(path.parent, content) as fresh:
        fresh.replace(path)
    reach_the_disk(path.parent)


@contextlib.contextmanager
def _written(folder: Path, content: bytes) -> Generator[Path]:
    handle, name = tempfile.mkstemp(dir=folder)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def reach_the_disk(path: Path) -> None:
    """Let a file, or the new entry of a folder, outlive a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
